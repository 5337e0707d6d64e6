"""Servers on 127.0.0.1 that answer what a test says, and a clock that a test moves."""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Clock:
    """Time that passes only by sleeping, unless a test moves it."""

    def __init__(self, now: float = 1_800_000_000.0):
        self.now = now
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    #: the port of the client, which stands for the connection
    connection: int

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True)
class Answer:
    body: str = "<Response/>"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    #: break the connection off afterwards, without having said so
    hang_up: bool = False


class HangUp:
    """Breaks the connection off instead of an answer."""


class Silence:
    """No answer, for as long as the server stands."""


Respond = Callable[[Request], "Answer | HangUp | Silence"]


class LocalServer:
    def __init__(self, respond: Respond, context: ssl.SSLContext | None = None):
        self.requests: list[Request] = []
        self._over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet an answer; the delayed acknowledgement of a second one takes 40 ms

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (OSError, ValueError):  # a client that is gone
                    self.close_connection = True

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = Request(self.command, self.path, dict(self.headers.items()), body, self.client_address[1])
                outer.requests.append(request)
                answer = respond(request)
                if isinstance(answer, Silence):
                    outer._over.wait()
                if isinstance(answer, Answer):
                    self.send_response_only(answer.status)
                    for name, value in {"Content-Length": str(len(answer.body.encode())), **answer.headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(answer.body.encode())
                    self.wfile.flush()
                    self.close_connection = self.close_connection or answer.hang_up
                else:
                    self.close_connection = True

            do_GET = do_POST = do_PUT = answer

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def get_request(self):
                connection, address = super().get_request()
                if context is not None:  # the handshake is the thread's own affair, not that of the one who accepts
                    connection = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
                return connection, address

            def handle_error(self, request, client_address) -> None:
                pass  # a handshake that the client broke off

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.port = self._server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()


def one_after_the_other(*answers: Answer | HangUp | Silence) -> Respond:
    """The last one for all that follow."""
    left = list(answers)
    return lambda _request: left.pop(0) if len(left) > 1 else left[0]


class Certificates:
    """An authority of our own, and a server's certificate of it for 127.0.0.1."""

    def __init__(self, folder: Path):
        authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        authority = self._certificate("authority", authority_key, "authority", authority_key, is_authority=True)
        server = self._certificate("server", server_key, "authority", authority_key, is_authority=False)
        self.authority_file = folder / "authority.pem"
        self.authority_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        chain = folder / "server.pem"
        private = server_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        chain.write_bytes(private + server.public_bytes(serialization.Encoding.PEM))
        self.server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server_context.load_cert_chain(chain)

    @staticmethod
    def _certificate(name: str, key, issuer: str, issuer_key, *, is_authority: bool) -> x509.Certificate:
        now = datetime.datetime.now(datetime.timezone.utc)
        usage = dict.fromkeys(
            [
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ],
            False,
        )
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=is_authority, crl_sign=is_authority, **usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
            .sign(issuer_key, hashes.SHA256())
        )


class Metadata:
    """An instance metadata service that wants tokens. A test may put what it likes in its fields."""

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self.documents = {"/latest/meta-data/instance-id": "i-1"}
        self.tokens: dict[str, float] = {}
        #: answers instead of the right ones, used up first
        self.instead: list[Answer | HangUp | Silence] = []

    def __call__(self, request: Request) -> Answer | HangUp | Silence:
        if self.instead:
            return self.instead.pop(0)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if request.method == "PUT" and request.path == "/latest/api/token":
            token = f"token-{len(self.tokens) + 1}"
            self.tokens[token] = self._clock() + int(headers["x-aws-ec2-metadata-token-ttl-seconds"])
            return Answer(token)
        if self.tokens.get(headers.get("x-aws-ec2-metadata-token", ""), 0) <= self._clock():
            return Answer("", 401)
        document = self.documents.get(request.path)
        return Answer("", 404) if document is None else Answer(document)

    def give_role(self, number: int, *, ends: float) -> None:
        folder = "/latest/meta-data/iam/security-credentials/"
        self.documents[folder] = "NatRole"
        self.documents[f"{folder}NatRole"] = json.dumps(
            {
                "Code": "Success",
                "AccessKeyId": f"AKID{number}",
                "SecretAccessKey": f"secret{number}",
                "Token": f"session{number}",
                "Expiration": datetime.datetime.fromtimestamp(ends, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )
