"""What is known of one message that is held."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .messages import Message

LAST_CALLS = 3.0
"""Seconds kept free at an end, so that a call may be made twice."""


class Phase(Enum):
    WAITING = "waiting"
    WORKING = "working"
    #: and is to be deleted
    DONE = "done"
    #: to the queue
    RETURNING = "returning"


WAITING, WORKING, DONE, RETURNING = Phase


@dataclass
class Held:
    message: Message
    received: float
    #: it is ours until then
    until: float
    phase: Phase = WAITING
    started: float = 0.0
    told_to_end: str | None = None
    told_at: float = 0.0
    killed: bool = False
    #: SQS has said that the receipt is valid no more
    lost: bool = False
    return_after: int = 0
    #: a call about it is under way, and no second one may be
    calling: bool = False
    #: its deletion was asked for at least once
    tried: bool = False
    failures: int = 0
    not_before: float = float("-inf")
