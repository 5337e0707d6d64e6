"""Ways in which the API of AWS fails, injected per action and per caller."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

THROTTLED = "throttled"
ERROR = "error"
SLOW = "slow"
NEVER = "never"
LOST = "lost"
DENIED = "denied"
KINDS = (THROTTLED, ERROR, SLOW, NEVER, LOST, DENIED)


@dataclass
class Fault:
    """`slow`: it acts, and answers late.  `never`: it neither acts nor answers.  `lost`: it acts, and the answer is lost."""

    kind: str
    action: str = "*"
    # zones of the callers that it strikes; empty: all
    zones: frozenset[str] = frozenset()
    seconds: float = 0.0
    # None: until it is lifted
    times: int | None = None
    struck: int = 0

    def strikes(self, action: str, zone: str | None) -> bool:
        return (self.action in ("*", action)) and (not self.zones or zone in self.zones) and (self.times is None or self.struck < self.times)


@dataclass
class Faults:
    active: list[Fault] = field(default_factory=list)
    # seconds that the clock of the service is ahead of the instances'
    clock_skew: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def inject(
        self, kind: str, action: str = "*", zones: frozenset[str] | set[str] = frozenset(), seconds: float = 0.0, times: int | None = None
    ) -> Fault:
        if kind not in KINDS:
            raise ValueError(f"no fault {kind}")
        fault = Fault(kind, action, frozenset(zones), seconds, times)
        with self._lock:
            self.active.append(fault)
        return fault

    def lift(self, fault: Fault) -> None:
        with self._lock:
            self.active = [other for other in self.active if other is not fault]

    def lift_all(self) -> None:
        with self._lock:
            self.active = []
            self.clock_skew = 0.0

    def striking(self, action: str, zone: str | None) -> list[Fault]:
        with self._lock:
            found = [fault for fault in self.active if fault.strikes(action, zone)]
            for fault in found:
                fault.struck += 1
            return found

    def now(self) -> float:
        return time.time() + self.clock_skew
