"""What is known of the peers, from what they answered: pure, as the judgement that is built on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

FIRST_SIGHT = 10.0
"""Seconds of silence of a peer that was never seen up: it may be starting, as all are in a new group."""


class Answer(Enum):
    """What a peer answered when it was asked for its health."""

    GREEN = "green"
    RED = "red"
    SILENCE = "silence"


class Sight(Enum):
    """What is known of a peer."""

    UNKNOWN = "unknown"
    UP = "up"
    DOWN = "down"


@dataclass
class Peer:
    sight: Sight = Sight.UNKNOWN
    failures: int = 0
    failing_since: float | None = None
    down_since: float = 0.0


class Peers:
    """All times are seconds of one monotonic clock."""

    def __init__(self, members: Iterable[str], failures: int) -> None:
        self._failures = failures
        self._peers = {name: Peer() for name in members}

    def __getitem__(self, member: str) -> Peer:
        return self._peers[member]

    def checked(self, now: float, member: str, answer: Answer) -> bool:
        """Whether the peer has just gone down. Silence has to last; who says of itself that it is red is believed at once."""
        peer = self._peers[member]
        if answer is Answer.GREEN:
            self._peers[member] = Peer(Sight.UP)
            return False
        peer.failures += 1
        peer.failing_since = now if peer.failing_since is None else peer.failing_since
        lasted = peer.failures >= self._failures
        if peer.sight is Sight.UNKNOWN:
            lasted = lasted and now - peer.failing_since >= FIRST_SIGHT
        if peer.sight is Sight.DOWN or not (answer is Answer.RED or lasted):
            return False
        peer.sight, peer.down_since = Sight.DOWN, now
        return True

    def forget(self) -> None:
        self._peers = {name: Peer() for name in self._peers}

    def any_up(self) -> bool:
        return any(peer.sight is Sight.UP for peer in self._peers.values())

    def is_sound(self, member: str) -> bool:
        """Up, and without a failure since."""
        return self._peers[member].sight is Sight.UP and self._peers[member].failures == 0
