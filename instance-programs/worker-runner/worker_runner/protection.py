"""When the instance is to be protected from scale-in: pure, so that it can be tried under any clock."""

from __future__ import annotations

HOLD = 60.0
"""Seconds without long work after which the protection is taken off, so that it is no call for each message."""

AGAIN_AFTER = 60.0
"""Seconds after a call that failed."""


class Protection:
    """Only work that takes long protects: short work ends within the termination hook, and a fleet that always has a little of it could
    else never be scaled in.
    """

    def __init__(self, after: float | None) -> None:
        self._after = after
        self._on: bool | None = None  # not known after a start: the last run may have been killed
        self._calling = False
        self._not_before = float("-inf")
        self._last_long = float("-inf")
        self._started: float | None = None

    def wanted(self, now: float, oldest_in_work: float, *, leaving: bool = False) -> bool | None:
        """What to set now, if anything; the caller answers with told()."""
        if self._after is None or self._calling:
            return None
        self._started = now if self._started is None else self._started
        if oldest_in_work >= self._after and oldest_in_work > 0:
            self._last_long = now
        calm = leaving or now - max(self._last_long, self._started) >= HOLD
        want = True if self._last_long == now and not leaving else (False if calm else self._on)
        if want is None or want == self._on or (now < self._not_before and not leaving):
            return None
        self._calling = True
        return want

    def told(self, now: float, on: bool, ok: bool) -> None:
        self._calling = False
        if ok:
            self._on = on
        else:
            self._not_before = now + AGAIN_AFTER

    @property
    def may_be_on(self) -> bool:
        return self._after is not None and self._on is not False
