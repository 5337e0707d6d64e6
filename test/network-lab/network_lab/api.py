"""The endpoints of AWS as the instances see them: TLS, signatures, permissions and faults in front of moto.

moto's own server closes each connection and shakes hands in the thread that accepts, so that one silent client would hold up all.
"""

from __future__ import annotations

import datetime
import http.server
import io
import socket
import socketserver
import ssl
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from moto.ec2.models import ec2_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import s3_backends

from . import faults, permissions
from .namespaces import Namespace
from .permissions import ACCOUNT, Asked, Caller, Denied

# how long an answer that never comes is not given
FOR_EVER = 600
MUTATING = {"ReplaceRoute", "AssociateAddress", "DisassociateAddress", "AttachNetworkInterface"}


@dataclass
class Call:
    """One request of an instance, as it came in."""

    at: float
    zone: str | None
    action: str
    parameters: dict[str, str]
    code: str = ""
    ended: float = 0.0


@dataclass
class Api:
    region: str
    faults: faults.Faults
    callers: dict[str, Caller] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    changed: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.moto = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def hosts(self) -> dict[str, str]:
        """Name of each endpoint and its address."""
        return {f"{service}.{self.region}.amazonaws.com": f"192.0.2.{10 + i}" for i, service in enumerate(("ec2", "monitoring", "s3", "sts"))}

    def serve(self, namespace: Namespace, folder: Path) -> str:
        """Returns the certificate that its clients are to trust."""
        context, certificate = make_certificate(folder, list(self.hosts()))
        self._server = _Server(namespace.within(listen), context, self)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 5}, daemon=True).start()
        return certificate

    def stop(self) -> None:
        if self._server:
            self._server.socket.close()

    def calls_of(self, action: str, zone: str | None = None, since: float = 0.0) -> list[Call]:
        return [call for call in self.calls if call.action == action and call.at >= since and zone in (None, call.zone)]

    # -- one request ---------------------------------------------------------------------------

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes] | None:
        """None: the connection breaks off."""
        host = headers.get("host", "").split(":")[0]
        service = host.split(".")[0]
        if service == "s3":
            return self.file(path, headers)
        parameters = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        action = parameters.get("Action", "")
        caller = self.callers.get(permissions.access_key_of(headers) or "")
        call = Call(time.monotonic(), caller.zone if caller else None, action, parameters)
        self.calls.append(call)
        striking = self.faults.striking(action, call.zone)
        answer = self._judge(service, host, method, path, headers, body, caller, call, {fault.kind: fault for fault in striking})
        call.ended = time.monotonic()
        return answer

    def _judge(
        self,
        service: str,
        host: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        caller: Caller | None,
        call: Call,
        striking: dict[str, faults.Fault],
    ) -> tuple[int, dict[str, str], bytes] | None:
        if faults.NEVER in striking:
            call.code = "never answered"
            time.sleep(min(FOR_EVER, striking[faults.NEVER].seconds or FOR_EVER))
            return None
        if faults.THROTTLED in striking:
            return refusal(
                service,
                503 if service == "ec2" else 400,
                "RequestLimitExceeded" if service == "ec2" else "Throttling",
                "Request limit exceeded.",
                call,
            )
        if faults.ERROR in striking:
            return refusal(service, 500, "InternalError", "An internal error has occurred", call)
        try:
            if caller is None:
                raise Denied("AuthFailure", "AWS was not able to validate the provided access credentials")
            permissions.check_signature(caller, method, host, path, headers, body, self.faults.now())
            if faults.DENIED in striking:
                code = "UnauthorizedOperation" if service == "ec2" else "AccessDenied"
                raise Denied(code, f"You are not authorized to perform this operation: {call.action}")
            permissions.check_allowed(caller, *self._asked(service, call))
        except Denied as denied:
            return refusal(service, 403, denied.code, denied.message, call)
        with self._lock:  # moto knows no threads
            answer = self._ask_moto(method, path, headers, body)
        call.code = "" if answer[0] == 200 else code_in(answer[2])
        if call.action in MUTATING:
            self.changed()
        if faults.LOST in striking:
            call.code = "answer lost"
            return None
        if faults.SLOW in striking:
            time.sleep(striking[faults.SLOW].seconds)
        return answer

    def _asked(self, service: str, call: Call) -> tuple[str, list[Asked]]:
        """The resources that AWS looks at for an action (Service Authorization Reference)."""
        given = call.parameters
        if service == "monitoring":
            return f"cloudwatch:{call.action}", [Asked("*", (("cloudwatch:namespace", given.get("Namespace", "")),))]
        kinds = {
            "ReplaceRoute": [("route-table", given.get("RouteTableId"))],
            "AttachNetworkInterface": [("network-interface", given.get("NetworkInterfaceId")), ("instance", given.get("InstanceId"))],
            "AssociateAddress": [("elastic-ip", given.get("AllocationId")), ("network-interface", given.get("NetworkInterfaceId"))],
        }.get(call.action)
        if kinds is None:
            return f"ec2:{call.action}", [Asked("*")]
        return f"ec2:{call.action}", [self._resource(kind, identifier or "") for kind, identifier in kinds]

    def _resource(self, kind: str, identifier: str) -> Asked:
        tags = ec2_backends[ACCOUNT][self.region].describe_tags({"resource-id": [identifier]})
        context = [(f"{prefix}:ResourceTag/{tag['key']}", tag["value"]) for tag in tags for prefix in ("aws", "ec2")]
        return Asked(f"arn:aws:ec2:{self.region}:{ACCOUNT}:{kind}/{identifier}", tuple(context))

    def _ask_moto(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        said: list[Any] = []
        parsed = urllib.parse.urlsplit(path)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parsed.path,
            "QUERY_STRING": parsed.query,
            "SERVER_NAME": headers["host"],
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        }
        content = b"".join(self.moto(environ, lambda status, sent, _exc=None: said.extend((status, sent))))
        kept = {name: value for name, value in said[1] if name.lower() in ("content-type", "x-amzn-requestid")}
        return int(said[0].split()[0]), kept, content

    def file(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """A stored object, for the `aws` stub, which tells who it is but does not sign."""
        caller = self.callers.get(headers.get("x-lab-access-key", ""))
        bucket, _, key = urllib.parse.unquote(path).lstrip("/").partition("/")
        if caller is None or not key:
            return 403, {}, b""
        try:
            permissions.check_allowed(caller, "s3:GetObject", [Asked(f"arn:aws:s3:::{bucket}/{key}")])
            content: bytes = s3_backends[ACCOUNT]["aws"].get_object(bucket, key).value
        except Denied as denied:
            return 403, {}, denied.message.encode()
        except Exception as error:
            return 404, {}, str(error).encode()
        return 200, {}, content


def refusal(service: str, status: int, code: str, message: str, call: Call) -> tuple[int, dict[str, str], bytes]:
    call.code = code
    text = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if service == "ec2":
        xml = f"<Response><Errors><Error>{text}</Error></Errors><RequestID>lab</RequestID></Response>"
    else:
        xml = f"<ErrorResponse><Error><Type>Sender</Type>{text}</Error><RequestId>lab</RequestId></ErrorResponse>"
    return status, {"Content-Type": "text/xml;charset=UTF-8"}, xml.encode()


def code_in(content: bytes) -> str:
    return content.partition(b"<Code>")[2].partition(b"</Code>")[0].decode() or "unreadable"


# -- HTTP over TLS ---------------------------------------------------------------------------------


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.api.answer(self.command, self.path, headers, body)
        if answer is None:
            self.close_connection = True
            return
        status, fields, content = answer
        self.wfile.write(self.head(status, {**fields, "Content-Length": str(len(content))}) + content)

    do_GET = do_POST
    do_PUT = do_POST

    def head(self, status: int, fields: dict[str, str]) -> bytes:
        lines = [f"HTTP/1.1 {status} {self.responses.get(status, ('',))[0]}", f"Date: {formatdate(self.server.api.faults.now(), usegmt=True)}"]
        return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in fields.items()), "", ""]).encode()

    def log_message(self, *_: Any) -> None:
        pass


class _Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def __init__(self, listening: socket.socket, context: ssl.SSLContext, api: Api):
        super().__init__(("", 443), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.context = context
        self.api = api

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(60)
        with self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, *_: Any) -> None:
        """A client that goes away, or only looks whether somebody listens, is no news."""


def listen() -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("0.0.0.0", 443))
    listening.listen(512)
    return listening


def make_certificate(folder: Path, names: list[str]) -> tuple[ssl.SSLContext, str]:
    """An authority of the lab's own, and one certificate for all endpoints."""
    now = datetime.datetime.now(datetime.timezone.utc)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "network lab")])

    def build(subject: x509.Name, public_key: Any, is_authority: bool) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(authority)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=400))
            .not_valid_after(now + datetime.timedelta(days=400))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )

    root = build(authority, authority_key.public_key(), True).sign(authority_key, hashes.SHA256())
    leaf_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    leaf = build(leaf_name, key.public_key(), False).add_extension(alternatives, critical=False).sign(authority_key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    chain, secret = folder / "server.pem", folder / "server.key"
    chain.write_bytes(leaf.public_bytes(pem))
    secret.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    return context, root.public_bytes(pem).decode()
