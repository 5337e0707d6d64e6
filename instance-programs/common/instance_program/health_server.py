"""Says over HTTP whether the program is well."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable

PATH = "/healthz"


class HealthServer(ThreadingHTTPServer):
    """Answers GET /healthz with what `report` says: 200 when that which stands under the key `well` is true, 503 when not."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: str, port: int, report: Callable[[], dict[str, Any]], well: str) -> None:
        self.report, self.well = report, well
        super().__init__((address, port), _HealthHandler)

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, name="health", daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up early is no event."""


class _HealthHandler(BaseHTTPRequestHandler):
    timeout = 2  # seconds; a client that says nothing holds no thread for ever
    server: HealthServer

    def do_GET(self) -> None:
        if self.path != PATH:
            self.send_error(404)
            return
        report = self.server.report()
        body = json.dumps(report).encode()
        self.send_response(200 if report[self.server.well] else 503)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """A line for each question would drown the rest."""
