"""What applications notice: collects what the hosts of the zones report."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from .namespaces import Namespace

RESET_WITHIN = 0.5
# so many probes may be lost on a noisy machine where none should be; the bench allows none
NOISE = 1
# more than the second that a probe has: a fault strikes what began up to a second before
CALM = 1.2
PROBER = Path(__file__).parent / "prober.py"


@dataclass(frozen=True)
class Probe:
    started: float
    ended: float
    # that the server saw; None when there was no answer within the budget
    address: str | None
    # when the oldest one started that had not ended then
    under_way: float | None

    @property
    def was_reset(self) -> bool:
        return self.address is None and self.ended - self.started < RESET_WITHIN


@dataclass(frozen=True)
class Exchange:
    started: float
    ended: float
    connection: int
    broken: str | None


class Prober:
    """The host of one zone."""

    def __init__(self, zone: str, namespace: Namespace):
        self.zone = zone
        self.probes: list[Probe] = []
        self.exchanges: list[Exchange] = []
        self.process = subprocess.Popen(namespace.enter(sys.executable, str(PROBER)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            kind, *fields = json.loads(line)
            if kind == "probe":
                self.probes.append(Probe(*fields))
            else:
                self.exchanges.append(Exchange(*fields))

    def hold(self, connections: int) -> None:
        self.exchanges.clear()
        self._tell(f"hold {connections}")

    def drop(self) -> None:
        self._tell("drop")

    def _tell(self, command: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    # -- what it saw -------------------------------------------------------------------

    def since(self, moment: float, until: float = float("inf")) -> list[Probe]:
        return sorted((probe for probe in list(self.probes) if moment <= probe.started <= until), key=lambda probe: probe.started)

    def lost(self, since: float, until: float = float("inf")) -> list[Probe]:
        """Which got no answer within their budget.  See `reset` for the others."""
        return [probe for probe in self.since(since, until) if probe.address is None and not probe.was_reset]

    def reset(self, since: float, until: float = float("inf")) -> int:
        """Which were refused at once: opened in the very millisecond in which the route moved, so that two instances saw half of each."""
        return sum(probe.was_reset for probe in self.since(since, until))

    def addresses(self, since: float, until: float = float("inf")) -> set[str]:
        return {probe.address for probe in self.since(since, until) if probe.address}

    def outage(self, fault: float, until: float = float("inf")) -> float:
        """Seconds from the fault to the completion of the first success after the first loss; 0 when nothing was lost."""
        probes = self.since(fault - 1, until)
        losses = [probe.started for probe in probes if probe.address is None and not probe.was_reset and probe.ended > fault]
        if not losses:
            return 0.0
        successes = [probe.ended for probe in probes if probe.address and probe.started > losses[0] and probe.ended > fault]
        return min(successes) - fault if successes else float("inf")

    def is_losing(self, for_the_last: float = 0.3) -> bool:
        """Whether the newest probes that have ended were lost."""
        recent = [probe for probe in list(self.probes)[-10:] if probe.ended > time.monotonic() - for_the_last - 1]
        return not recent or any(probe.address is None for probe in recent[-5:])

    def has_ended(self, moment: float) -> bool:
        """Whether each that began before has its answer, or had its second."""
        return any(probe.started > moment and (probe.under_way or moment) >= moment for probe in list(self.probes)[-80:])

    def is_calm(self, asked: float) -> bool:
        """Whether none was lost that a fault from `asked` on would be blamed for."""
        return self.has_ended(asked) and all(probe.address for probe in self.since(time.monotonic() - CALM))

    def have_gone_on(self, moment: float) -> bool:
        """Whether each long-lived connection has exchanged something from its moment on, or has broken."""
        exchanges = list(self.exchanges)
        return {one.connection for one in exchanges} == {one.connection for one in exchanges if one.started > moment or one.broken}

    def survivors(self) -> tuple[int, int]:
        """How many of the long-lived connections work, and how many there are."""
        newest: dict[int, Exchange] = {}
        broken = set()
        for exchange in list(self.exchanges):
            newest[exchange.connection] = exchange
            if exchange.broken:
                broken.add(exchange.connection)
        alive = [exchange for number, exchange in newest.items() if number not in broken and exchange.ended > time.monotonic() - 2]
        return len(alive), len(newest)

    def longest_stall(self, since: float) -> float:
        return max(
            (exchange.ended - exchange.started for exchange in list(self.exchanges) if exchange.ended > since and not exchange.broken), default=0.0
        )


def median(values: list[float]) -> float:
    return statistics.median(values)
