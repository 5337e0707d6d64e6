"""Work that a server on this machine does, one request for each message."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import suppress

from .actions import Outcome
from .attributes import body, headers
from .configuration import HttpHandler
from .messages import Message
from .work import Result, Tail, Work

CONNECT_WITHIN = 5.0
PIECE = 65_536


class HttpWork(Work):
    """2xx, and the whole answer read, is done. To kill it breaks the connection off, and the server has to notice."""

    def __init__(self, handler: HttpHandler, message: Message) -> None:
        self._handler, self._message = handler, message
        self._lock = threading.Lock()
        self._connection = http.client.HTTPConnection(handler.host, handler.port, timeout=CONNECT_WITHIN)
        self._socket: socket.socket | None = None  # the connection forgets its own before an answer without a length is read
        self._killed = False

    def run(self) -> Result:
        try:
            return self._exchange()
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Result(Outcome.FAILED, f"{type(error).__name__}: {error}")
        finally:
            with self._lock:
                self._connection.close()

    def kill(self, hard: bool) -> None:
        with self._lock:
            self._killed = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads; to close does not

    def _exchange(self) -> Result:
        try:
            self._connection.connect()
        except OSError as error:
            return Result(Outcome.NOT_STARTED, f"{self._handler.host}:{self._handler.port}: {error}")
        with self._lock:
            if self._killed:
                return Result(Outcome.FAILED, "told to end before it began")
            self._socket = self._connection.sock
            assert self._socket is not None
            self._socket.settimeout(None)  # how long it may take is judged elsewhere
        sent = {"Content-Type": "application/octet-stream", **headers(self._message)}
        self._connection.request("POST", self._handler.path, body(self._message), sent)
        response = self._connection.getresponse()
        tail = Tail()
        while piece := response.read(PIECE):
            tail.add(piece)
        if response.length:
            return Result(Outcome.FAILED, "the answer broke off", tail.text())
        return Result(Outcome.DONE if 200 <= response.status < 300 else Outcome.FAILED, f"status {response.status}", tail.text())
