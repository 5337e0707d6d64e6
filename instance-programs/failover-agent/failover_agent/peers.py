"""Asks the peers for their health."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import Callable

from instance_program.health_server import PATH

from .configuration import Profile
from .sights import Answer

LONGEST_ANSWER = 4096


def ask(address: str, port: int, timeout: float) -> tuple[Answer, tuple[str, ...]]:
    """What a peer says of itself, and what it says it holds.

    A connection of its own for each question, so that accepting one is tried as well. `timeout` (seconds) is for all of it: one that
    answers byte by byte must not hold the watch, which is why this is not http.client, whose time-outs are for each byte.
    """
    deadline = time.monotonic() + timeout
    try:
        with socket.create_connection((address, port), timeout=timeout) as connection:
            connection.sendall(f"GET {PATH} HTTP/1.0\r\nHost: {address}\r\n\r\n".encode())
            answer = _all_of(connection, deadline)
    except OSError:
        return Answer.SILENCE, ()
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1:2] if head.startswith(b"HTTP/1.") else []
    if status == [b"200"]:
        return Answer.GREEN, _holds(body)
    return (Answer.RED if status == [b"503"] else Answer.SILENCE), ()


def _all_of(connection: socket.socket, deadline: float) -> bytes:
    """What comes until the peer closes; raises TimeoutError at the deadline."""
    answer = b""
    while len(answer) < LONGEST_ANSWER:
        connection.settimeout(max(0.001, deadline - time.monotonic()))
        received = connection.recv(LONGEST_ANSWER)
        if not received:
            break
        answer += received
        if time.monotonic() > deadline:
            raise TimeoutError
    return answer


def _holds(body: bytes) -> tuple[str, ...]:
    try:
        holds = json.loads(body)["holds"]
        return tuple(name for name in holds if isinstance(name, str))
    except (ValueError, KeyError, TypeError):
        return ()  # whatever it says, it answers


class Watch(threading.Thread):
    """Asks one peer again and again, at even intervals from start to start, so that a time-out does not lengthen the next one."""

    def __init__(self, member: str, address: str, port: int, profile: Profile, tell: Callable[[str, Answer, tuple[str, ...]], None]) -> None:
        super().__init__(name=f"watch {member}", daemon=True)
        self._member, self._address, self._port, self._profile, self._tell = member, address, port, profile, tell

    def run(self) -> None:
        due = time.monotonic()
        while True:
            self._tell(self._member, *ask(self._address, self._port, self._profile.timeout))
            due = max(due + self._profile.interval, time.monotonic())
            time.sleep(max(0.0, due - time.monotonic()))
