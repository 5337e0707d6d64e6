"""What the work for a message is, whoever does it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from typing import NamedTuple

from .actions import Outcome

LONGEST_TAIL = 4_096
"""Bytes of what a handler wrote last that are kept."""


class Result(NamedTuple):
    outcome: Outcome
    #: the exit code or the like, for the log
    detail: str
    #: what the handler wrote last
    tail: str = ""


class Work(ABC):
    """The work for one message."""

    @abstractmethod
    def run(self) -> Result:
        """Do it, in a thread of its own; it takes as long as it takes."""

    @abstractmethod
    def kill(self, hard: bool) -> None:
        """Tell it to end, or make it. Any thread may, before, during and after."""


class Tail:
    """The end of an endless text."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._length = 0

    def add(self, piece: bytes) -> None:
        self._pieces.append(piece[-LONGEST_TAIL:])
        self._length += len(self._pieces[-1])
        while self._length - len(self._pieces[0]) >= LONGEST_TAIL:
            self._length -= len(self._pieces.popleft())

    def text(self) -> str:
        return b"".join(self._pieces)[-LONGEST_TAIL:].decode(errors="replace")
