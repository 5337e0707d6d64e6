"""Who should hold what: the whole judgement of the agent, without clock, thread or network, so that it can be tried at will.

The AWS object is the lock: whoever it points to holds it, and nothing else is remembered between the members. So a decision made
twice or too late does no harm that the next reading does not mend.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .configuration import Configuration, FloatingObject
from .sights import Answer, Peers, Sight

NOBODY = "-"
"""The owner of a part that leads nowhere: an address that is not associated, a route that is a black hole."""

RECONCILE_EVERY = 10.0
"""Seconds after which the owners are read although nothing has happened."""

READ_AGAIN_AFTER = 0.25
"""Seconds after a reading that failed; doubled each time."""

PATIENCE = 5.0
"""Seconds that each member in line leaves to the ones before it to relieve an owner that is down."""

LONGEST_RETRY = 30.0
"""Seconds between moves that fail, at most; the first is tried again after one interval."""

HINT_PAUSE = 1.0
"""Seconds between readings that only a peer's word gave rise to."""

FIRST_HOLD = 30.0
"""Seconds to stand back after an object was taken by a member that seems dead; doubled each time."""

LONGEST_HOLD = 900.0
CALM_AFTER = 600.0
"""Seconds without a quarrel after which it is forgotten."""


@dataclass(frozen=True)
class Move:
    """Point all parts of the object to the member."""

    object: str
    to: str
    why: str


@dataclass
class _Held:
    owners: frozenset[str] | None = None
    read_at: float | None = None
    was_mine: bool = False
    quarrels: int = 0
    last_quarrel: float = 0.0
    not_before: float = 0.0
    moving: bool = False
    moved_at: float = float("-inf")
    failed_moves: int = 0
    retry_at: float = 0.0


@dataclass
class Decisions:
    """Feed it what was seen, ask it what is wanted. All times are seconds of one monotonic clock."""

    configuration: Configuration
    _peers: Peers = field(init=False)
    _held: dict[str, _Held] = field(init=False)
    _green_since: float | None = None
    _red_since: float | None = None
    _checked_at: float | None = None
    _reading: bool = False
    _read_wanted: bool = True
    _failed_reads: int = 0
    _last_read: float = float("-inf")
    stopping: bool = False

    def __post_init__(self) -> None:
        self._peers = Peers(self.configuration.peers, self.configuration.profile.failures)
        self._held = {one.name: _Held() for one in self.configuration.objects}

    # --- what was seen

    def self_checked(self, now: float, green: bool) -> None:
        self._checked_at = now
        if green:
            self._red_since = None
            self._green_since = now if self._green_since is None else self._green_since
        else:
            self._green_since = None
            self._red_since = now if self._red_since is None else self._red_since
            for held in self._held.values():
                held.was_mine = False  # it may be taken from one that is red: no quarrel

    def peer_checked(self, now: float, member: str, answer: Answer, holds: Iterable[str] = ()) -> None:
        if self._peers.checked(now, member, answer):
            # it may have got back, just before, what seems to be here; and what failed before is no reason to wait now
            self._read_wanted, self._failed_reads = True, 0
        if answer is Answer.GREEN:
            self._follow_hint(now, member, frozenset(holds))

    def owners_read(self, now: float, owners: Mapping[str, frozenset[str]] | None) -> None:
        """The members (or NOBODY) that the parts of each object point to; None when the reading failed.

        Of what was moved since the reading began it says nothing: it may have seen one half of it there and the other here.
        """
        self._reading = False
        if owners is None:
            self._failed_reads += 1
            self._read_wanted = True
            return
        self._failed_reads = 0
        for name, found in owners.items():
            if self._held[name].moved_at <= self._last_read:
                self._note_owners(now, name, found)

    def moved(self, now: float, name: str, done: bool) -> None:
        """A move ended; whether or not it was heard of, what it did is read."""
        held = self._held[name]
        held.moving, held.owners, held.moved_at = False, None, now
        held.failed_moves = 0 if done else held.failed_moves + 1
        if not done:
            pause = min(LONGEST_RETRY, self.configuration.profile.interval * 2 ** (held.failed_moves - 1))
            held.retry_at = now + pause
        self._read_wanted = True

    def woke(self) -> None:
        """The agent has slept (stopped, suspended): nothing that it knew holds any more."""
        self._peers.forget()
        self._green_since = self._red_since = self._checked_at = None
        for held in self._held.values():
            held.owners, held.was_mine = None, False
        self._read_wanted = True

    # --- what follows from it

    def is_green(self, now: float) -> bool:
        """A check that has not come back for long is none: who cannot look at itself takes nothing."""
        fresh = self._checked_at is not None and now - self._checked_at <= 3 * self.configuration.profile.interval + 1
        return fresh and self._green_since is not None

    def red_for(self, now: float) -> float:
        return 0.0 if self._red_since is None else now - self._red_since

    def sight(self, member: str) -> Sight:
        return self._peers[member].sight

    def failing_since(self, member: str) -> float | None:
        return self._peers[member].failing_since

    def has_let_go(self) -> bool:
        """Whether nothing more can be pushed away: all is elsewhere, or nobody is there to take it."""
        if not self.any_peer_up():
            return True
        return all(held.owners is not None and not held.moving and self.configuration.member not in held.owners for held in self._held.values())

    def any_peer_up(self) -> bool:
        return self._peers.any_up()

    def owners(self, name: str) -> frozenset[str] | None:
        return self._held[name].owners

    def holds(self) -> list[str]:
        """The objects of which every part was last seen here."""
        return [name for name, held in self._held.items() if held.owners == {self.configuration.member}]

    def reading_wanted(self, now: float) -> bool:
        """Whether the owners are to be read; the caller reads then, and answers with owners_read()."""
        pause = RECONCILE_EVERY
        if self._read_wanted:
            pause = min(RECONCILE_EVERY, READ_AGAIN_AFTER * 2**self._failed_reads) if self._failed_reads else 0
        if self._reading or now - self._last_read < pause:
            return False
        self._reading, self._read_wanted, self._last_read = True, False, now
        return True

    def moves_wanted(self, now: float) -> list[Move]:
        """What is to be moved now; the caller moves it, and answers with moved()."""
        wanted = [move for one in self.configuration.objects for move in [self._move_of(now, one)] if move]
        for move in wanted:
            self._held[move.object].moving = True
        return wanted

    def is_still_wanted(self, now: float, move: Move) -> bool:
        """Asked before each try of a call, since the world may have changed while AWS did not answer."""
        if move.to != self.configuration.member:
            return self.stopping
        return self.is_green(now) and not self.stopping and self._reason(now, self.configuration.object(move.object)) is not None

    def _move_of(self, now: float, one: FloatingObject) -> Move | None:
        held = self._held[one.name]
        if held.moving or held.owners is None or self.configuration.member not in one.order:
            return None
        if self.stopping:
            return self._push(one)
        if not self.is_green(now) or now < held.not_before:
            return None
        reason = self._reason(now, one)
        if reason is None:
            held.failed_moves, held.retry_at = 0, 0.0  # the next need is a new one
            return None
        if now < held.retry_at or self._reads_first(now, one):
            return None
        return Move(one.name, self.configuration.member, reason)

    def _push(self, one: FloatingObject) -> Move | None:
        if self.configuration.member not in (self._held[one.name].owners or ()):
            return None
        healthy = [name for name in one.order if name != self.configuration.member and self._peers.is_sound(name)]
        return Move(one.name, healthy[0], "planned stop") if healthy else None

    def _reason(self, now: float, one: FloatingObject) -> str | None:
        """Why the object should be here, if it should."""
        me, owners = self.configuration.member, self._held[one.name].owners or frozenset()
        others = owners - {me}
        before = one.order[: one.order.index(me)]
        if not others or not (all(self._is_down(name) for name in before) or self._has_waited(now, others, len(before))):
            return None
        if any(self._is_down(name) for name in others):
            return "takeover"
        if me in owners:
            return "repair"  # half of it is here: a move that was never ended
        if one.home == me and self._may_fail_back(now) and all(self.sight(name) is Sight.UP for name in others):
            return "failback"
        return None

    def _has_waited(self, now: float, others: frozenset[str], rank: int) -> bool:
        """Those before in line are there, and could have acted for long: they cannot (a permission, a way to AWS)."""
        since = [self._peers[name].down_since for name in others if name != NOBODY and self._is_down(name)]
        return any(now - start >= PATIENCE * rank for start in since)

    def _is_down(self, name: str) -> bool:
        return name == NOBODY or self._peers[name].sight is Sight.DOWN

    def _may_fail_back(self, now: float) -> bool:
        return (
            self.configuration.automatic_failback and self._green_since is not None and now - self._green_since >= self.configuration.failback_after
        )

    def _reads_first(self, now: float, one: FloatingObject) -> bool:
        """The next in line acts at once; who comes later looks first, since others may have acted before."""
        rank = one.order.index(self.configuration.member)
        if rank < 2:
            return False
        held = self._held[one.name]
        late = max((self._peers[name].failing_since or 0 for name in one.order[:rank]), default=0)
        if held.read_at is not None and held.read_at > late + self.configuration.profile.interval * self.configuration.profile.failures:
            return False
        self._read_wanted = True
        return True

    def _note_owners(self, now: float, name: str, found: frozenset[str]) -> None:
        held, me = self._held[name], self.configuration.member
        if held.was_mine and me not in found and self._is_quarrel(found, self.configuration.object(name)):
            calm = now - held.last_quarrel > CALM_AFTER
            held.quarrels = 1 if calm else held.quarrels + 1
            held.last_quarrel = now
            held.not_before = now + min(LONGEST_HOLD, FIRST_HOLD * 2 ** (held.quarrels - 1))
        held.owners, held.read_at = found, now
        held.was_mine = found == {me} and self.is_green(now) and not self.stopping

    def _is_quarrel(self, found: frozenset[str], one: FloatingObject) -> bool:
        """It was taken from a green member, so the two do not see each other: no race over it. A home that takes its own is right."""
        if one.home == self.configuration.member:
            return True
        return any(name not in (NOBODY, one.home) and self._peers[name].sight is not Sight.UP for name in found)

    def _follow_hint(self, now: float, member: str, holds: frozenset[str]) -> None:
        """A peer's word on what it holds is never believed, only looked into."""
        agrees = all((name in holds) == (held.owners == {member}) for name, held in self._held.items())
        if not agrees and now - self._last_read >= HINT_PAUSE:
            self._read_wanted = True
