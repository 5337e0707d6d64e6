"""What the judgement wants to be done, and what it is answered."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, Union

from .messages import Message


class Start(NamedTuple):
    """Begin the work for the message; answered by work_ended()."""

    message: Message


class Kill(NamedTuple):
    """Tell the work to end, or make it; work_ended() follows by itself."""

    id: str
    hard: bool


class Delete(NamedTuple):
    """Answered by deleted()."""

    id: str
    receipt: str
    #: the address of the queue that the receipt is of
    queue: str


class Hide(NamedTuple):
    """Hide the message from others for so many seconds from now; answered by hidden()."""

    id: str
    receipt: str
    queue: str
    seconds: int
    #: it is given back to the queue, after that time
    back: bool


Action = Union[Start, Kill, Delete, Hide]


class Outcome(Enum):
    DONE = "done"
    FAILED = "failed"
    #: there is nothing that does the work, which says nothing about the message
    NOT_STARTED = "not started"


class Reply(Enum):
    OK = "ok"
    #: the receipt is valid no more: the message was deleted, or its visibility has ended
    ENDED = "ended"
    DENIED = "denied"
    FAILED = "failed"
