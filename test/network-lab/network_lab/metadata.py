"""The instance metadata service, version 2, at 169.254.169.254 of each instance."""

from __future__ import annotations

import http.server
import json
import secrets
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from .namespaces import Namespace

ADDRESS = ("169.254.169.254", 80)


class MetadataService:
    """`values` gives the current tree of /latest/meta-data/ by path."""

    def __init__(self, namespace: Namespace, values: Callable[[], dict[str, str]]):
        self.values = values
        # path -> answer, for what only a fault sets, such as spot/instance-action
        self.extra: dict[str, str] = {}
        self.tokens: set[str] = set()
        self.broken = False
        namespace.ip("addr", "add", f"{ADDRESS[0]}/32", "dev", "lo")
        listening = namespace.within(self._listen)
        self.server = _Server(listening, self)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 5}, daemon=True).start()

    @staticmethod
    def _listen() -> socket.socket:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(ADDRESS)
        listening.listen(64)
        return listening

    def answer(self, path: str) -> str | None:
        tree = {**self.values(), **self.extra}
        if path in tree:
            return tree[path]
        folder = path.rstrip("/") + "/" if path else ""
        below = {name[len(folder) :].split("/")[0] + ("/" if "/" in name[len(folder) :] else "") for name in tree if name.startswith(folder)}
        return "\n".join(sorted(below)) or None

    def stop(self) -> None:
        threading.Thread(target=self.server.shutdown, daemon=True).start()
        self.server.socket.close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_PUT(self) -> None:
        if self.path != "/latest/api/token" or not self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "").isdigit():
            return self.reply(400, "")
        token = secrets.token_urlsafe(24)
        self.server.service.tokens.add(token)
        return self.reply(200, token)

    def do_GET(self) -> None:
        service = self.server.service
        if service.broken:
            return self.reply(500, "")
        if self.headers.get("X-aws-ec2-metadata-token") not in service.tokens:
            return self.reply(401, "")
        found = service.answer(self.path.removeprefix("/latest/meta-data").lstrip("/")) if self.path.startswith("/latest/meta-data") else None
        if self.path == "/latest/dynamic/instance-identity/document":
            found = service.answer("document")
        return self.reply(200, found) if found is not None else self.reply(404, "")

    def reply(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class _Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def __init__(self, listening: socket.socket, service: MetadataService):
        super().__init__(ADDRESS, _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.service = service

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is no news."""


def credentials_document(access_key: str, secret: str, token: str, lifetime: timedelta = timedelta(hours=6)) -> str:
    now = datetime.fromtimestamp(time.time(), timezone.utc)
    return json.dumps(
        {
            "Code": "Success",
            "LastUpdated": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Type": "AWS-HMAC",
            "AccessKeyId": access_key,
            "SecretAccessKey": secret,
            "Token": token,
            "Expiration": (now + lifetime).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    )
