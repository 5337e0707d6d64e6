"""What the agent knows of itself, as metrics."""

from __future__ import annotations

from collections.abc import Mapping

from .configuration import Configuration
from .machine import Egress, NatMachine


class Readings:
    """Written by the agent, read once a minute."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self.machine: NatMachine | None = None
        self.egress: Egress | None = None
        self.owners: dict[str, frozenset[str]] = {}
        self.foreign: list[str] = []
        self.denied: set[str] = set()
        self.held_since: dict[str, float] = {}
        self.takeover_seconds: float | None = None
        self._sent: int | None = None
        self._held_back: int | None = None

    def note_held(self, names: list[str], now: float) -> None:
        self.held_since = {name: self.held_since.get(name, now) for name in names}

    def values(self, green: bool) -> Mapping[str, tuple[float, str]]:
        """Each metric with its unit; counts are since the last time."""
        held = self.held_since
        values = {
            "NodeHealthy": (float(green), "None"),
            "ObjectsHeld": (float(len(held)), "Count"),
            "ForeignObjectsHeld": (float(sum(self._configuration.object(name).home != self._configuration.member for name in held)), "Count"),
            "Misconfigured": (float(bool(self.denied)), "None"),
        }
        if self.takeover_seconds is not None:
            values["TakeoverSeconds"] = (self.takeover_seconds, "Seconds")
            self.takeover_seconds = None
        if self.egress and self.egress.milliseconds is not None:
            values["EgressProbeMilliseconds"] = (self.egress.milliseconds, "Milliseconds")
        if self.machine:
            values.update(self._traffic(self.machine))
        return values

    def _traffic(self, machine: NatMachine) -> Mapping[str, tuple[float, str]]:
        values = {"ConntrackUsedPercent": (machine.conntrack_used_percent(), "Percent")}
        try:
            sent = machine.bytes_sent()
        except OSError:
            return values  # the interface has just been taken away
        if self._sent is not None:
            values["BytesOut"] = (float(max(0, sent - self._sent)), "Bytes")
        self._sent = sent
        held_back = machine.allowance_exceeded()
        if held_back is not None:
            if self._held_back is not None:
                values["AllowanceExceeded"] = (float(max(0, held_back - self._held_back)), "Count")
            self._held_back = held_back
        return values
