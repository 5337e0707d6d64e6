"""What the runner measures: sums since the last report, and what is so now."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Union

from .actions import Outcome

Number = Union[int, float]


class Readings:
    """Any number of threads may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._durations: list[float] = []
        self._failed = 0
        #: what is denied, or not there: each makes Misconfigured 1 until it is well again
        self.faults: set[str] = set()

    def note_work(self, outcome: Outcome, seconds: float) -> None:
        with self._lock:
            if outcome is Outcome.DONE:
                self._durations.append(seconds)
            else:
                self._failed += 1

    def take(self, busy: int, oldest: float) -> Mapping[str, tuple[Number, str | None]]:
        """The values of the last minute, which then begins anew."""
        with self._lock:
            durations, failed = self._durations, self._failed
            self._durations, self._failed = [], 0
        mean = {"ProcessingTime": (sum(durations) / len(durations), "Seconds")} if durations else {}
        return {
            **mean,
            "MessagesDone": (len(durations), "Count"),
            "MessagesFailed": (failed, "Count"),
            "Busy": (busy, "Count"),
            "OldestInWorkSeconds": (round(oldest, 3), "Seconds"),
            "Misconfigured": (int(bool(self.faults)), None),
        }
