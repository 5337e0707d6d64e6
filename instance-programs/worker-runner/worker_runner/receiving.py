"""Which queue is looked into next, and how long that waits: pure, with the dice given.

One look is under way at a time. A turn begins with a queue that chance picks by the shares, goes on with the others, the most important
first, and ends when something was found, or when each was looked into. So the important ones go first, and none waits for ever.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .configuration import Queue
from .pauses import pause

PACE = 1.0
"""Seconds. Of n queues one that was empty is asked again n of these after it was asked: idle, all together are asked once in each."""

SHORT_WAIT = 1
"""Seconds that a look at one of several queues waits. It has to wait a little: SQS looks into all of its servers only then."""


class Look(NamedTuple):
    """Receive at most so many messages from the queue (its address), and wait so many seconds for the first."""

    queue: str
    most: int
    wait: int


@dataclass
class _Known:
    """Of one queue."""

    #: something, at the last look
    found: bool = False
    not_before: float = float("-inf")
    failures: int = 0


class Receiving:
    """All times are seconds of one clock. `queues`: the most important first."""

    def __init__(self, queues: Sequence[Queue], batch: int, poll: int, chance: random.Random) -> None:
        self._queues, self._batch, self._poll, self._chance = queues, batch, poll, chance
        self._known = {queue.url: _Known() for queue in queues}
        self._turn: Sequence[Queue] = ()
        self._asked = 0.0
        self.under_way: Look | None = None

    def wanted(self, now: float, free: int) -> Look | None:
        """What to look into now, with room for so many messages; the caller answers with received() or failed()."""
        queue = None if self.under_way is not None or free <= 0 else self._next(now)
        if queue is None:
            return None
        # what was in an answer that got lost has used up a receive: as long as they get lost, one message each time is enough
        most = min(free, self._batch) if self._known[queue.url].failures == 0 else 1
        self._asked, self.under_way = now, Look(queue.url, most, self._wait(queue))
        return self.under_way

    def received(self, found: bool) -> None:
        known = self._answered()
        known.found, known.failures = found, 0
        if found:
            self._turn = ()
        elif len(self._queues) > 1:
            known.not_before = max(known.not_before, self._asked + len(self._queues) * PACE)

    def failed(self, now: float) -> None:
        known = self._answered()
        known.found, known.failures = False, known.failures + 1
        known.not_before = max(known.not_before, now + pause(known.failures, self._chance))

    def gave_up(self) -> None:
        """The look was not made after all."""
        self._answered()

    def hold_off(self, queue: str, until: float) -> None:
        known = self._known[queue]
        known.found, known.not_before = False, max(known.not_before, until)

    def _answered(self) -> _Known:
        assert self.under_way is not None
        known, self.under_way = self._known[self.under_way.queue], None
        return known

    def _next(self, now: float) -> Queue | None:
        """The next one of this turn that may be asked, or else of a new one."""
        due = [queue for queue in self._queues if now >= self._known[queue.url].not_before]
        left = [queue for queue in self._turn if queue in due]
        if not left and due:
            left = [queue for queue in self._drawn() if queue in due]
        self._turn = left[1:]
        return left[0] if left else None

    def _drawn(self) -> Sequence[Queue]:
        if len(self._queues) == 1:
            return self._queues
        [first] = self._chance.choices(self._queues, [queue.share for queue in self._queues])
        return [first, *(queue for queue in self._queues if queue is not first)]

    def _wait(self, queue: Queue) -> int:
        if len(self._queues) == 1:
            return self._poll
        # while another one has messages nothing waits here: what is missed so is found at a later look
        another_has = any(known.found for url, known in self._known.items() if url != queue.url)
        return 0 if another_has else min(self._poll, SHORT_WAIT)
