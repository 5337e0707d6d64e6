"""The machine as a NAT: makes it one, as often as needed, and finds out whether it still is."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .configuration import Configuration
from .interface import DEVICES, Device
from .ruleset import TABLE, ruleset

ROUTING_TABLE = 8642
RULE_PREFERENCE = 8642
COMMAND_TIMEOUT = 5
CONNTRACK_ROOM_PERCENT = 95
"""Fuller than this, new connections are about to be dropped."""

SECOND_CHANCE = 0.6
"""Seconds for all canaries, when one has not answered in the time of the profile: who is red is relieved at once, so it has to be sure."""


class MachineError(Exception):
    """A command on the machine failed."""


class NatMachine:
    """Everything is set by its final state, so that doing it twice changes nothing and doing it after an accident repairs."""

    def __init__(self, configuration: Configuration, device: Device, proc: Path = Path("/proc/sys/net")) -> None:
        self._configuration = configuration
        self._device = device
        self._proc = proc
        self._rules_as_loaded = ""

    def set_up(self) -> None:
        """Raises MachineError."""
        name = self._device.name
        # first the rules, then the way: nobody outside gets in between
        _run("nft", "-f", "-", given=ruleset(self._configuration, name))
        self._rules_as_loaded = _run("nft", "list", "table", "ip", TABLE)
        _run("ip", "link", "set", "dev", name, "up")
        for address in self._addresses():
            # without a route of its own: the primary interface is in the same subnet, and keeps the way to it
            _run("ip", "address", "replace", f"{address}/{self._device.prefix_length}", "dev", name, "noprefixroute")
        for address in self._configuration.nat.shared_addresses.values():
            # local, so that the machine can try out the way that translated traffic goes
            _run("ip", "address", "replace", f"{address}/32", "dev", "lo")
        _run("ip", "route", "replace", "default", "via", self._device.gateway, "dev", name, "onlink", "table", str(ROUTING_TABLE))
        present = _run("ip", "-4", "rule", "show")
        for selector in self._selectors():
            if not self._has_rule(present, selector):
                _run("ip", "rule", "add", *selector, "lookup", str(ROUTING_TABLE), "preference", str(RULE_PREFERENCE))
        for path, value in self._settings():
            self._set(path, value)

    def has_device(self) -> bool:
        """Whether the interface is attached still."""
        return (DEVICES / self._device.name).exists()

    def fault(self) -> str | None:
        """What is broken of that which set_up() sets; None when nothing is."""
        try:
            if any(self._get(path) != value for path, value in self._settings()):
                return "a kernel setting was changed"
            if _run("nft", "list", "table", "ip", TABLE) != self._rules_as_loaded:
                return "the translation rules were changed"
            rules = _run("ip", "-4", "rule", "show")
            if not all(self._has_rule(rules, selector) for selector in self._selectors()):
                return "the routing rules were changed"
            if f"dev {self._device.name}" not in _run("ip", "-4", "route", "show", "default", "table", str(ROUTING_TABLE)):
                return "the route out is gone"
        except (MachineError, OSError) as error:
            return str(error)
        return None

    def conntrack_used_percent(self) -> float:
        """How full the table of connections is. 0 where the kernel has none yet."""
        try:
            used = float(self._get("netfilter/nf_conntrack_count"))
            return 100 * used / float(self._get("netfilter/nf_conntrack_max"))
        except OSError:
            return 0.0

    def bytes_sent(self) -> int:
        return int((DEVICES / self._device.name / "statistics/tx_bytes").read_text())

    def allowance_exceeded(self) -> int | None:
        """Packets that AWS held back since the interface came up (bandwidth, packets, connections); None where the driver does not count."""
        try:
            lines = _run("ethtool", "-S", self._device.name).splitlines()
        except MachineError:
            return None
        counts = [int(line.rpartition(":")[2]) for line in lines if line.strip().partition(":")[0].endswith("_allowance_exceeded")]
        return sum(counts) if counts else None

    def _addresses(self) -> list[str]:
        return [self._configuration.address, *(source.address for source in self._configuration.nat.sources.values())]

    def _selectors(self) -> list[tuple[str, str]]:
        senders = [*self._addresses(), *self._configuration.nat.shared_addresses.values()]
        return [("iif", self._device.name), *(("from", address) for address in senders)]

    @staticmethod
    def _has_rule(shown: str, selector: tuple[str, str]) -> bool:
        what = f"from all iif {selector[1]} " if selector[0] == "iif" else f"from {selector[1]} "
        return any(line.startswith(f"{RULE_PREFERENCE}:") and what in f"{line} " and f"lookup {ROUTING_TABLE}" in line for line in shown.splitlines())

    def _settings(self) -> Sequence[tuple[str, str]]:
        name = self._device.name
        return [
            ("ipv4/ip_forward", "1"),
            # loose: what comes from private subnets would leave by the primary interface, were it for the main table
            ("ipv4/conf/all/rp_filter", "2"),
            (f"ipv4/conf/{name}/rp_filter", "2"),
            ("ipv4/conf/all/send_redirects", "0"),
            (f"ipv4/conf/{name}/send_redirects", "0"),
            # after a takeover old connections are taken up under the new address, so that the far end resets them and nobody hangs
            ("netfilter/nf_conntrack_tcp_loose", "1"),
        ]

    def _get(self, path: str) -> str:
        return (self._proc / path).read_text().strip()

    def _set(self, path: str, value: str) -> None:
        try:
            if self._get(path) != value:
                (self._proc / path).write_text(value)
        except OSError as error:
            raise MachineError(f"{path} cannot be set to {value}: {error.strerror}") from error


class Egress:
    """Whether a connection to one of the canaries can be opened, and how long that takes.

    One is asked, and all when that one fails. Names are looked up by look_up() alone, and the last answer that was had is used, so that
    an outage of the name service is none of the way out. A canary inside the VPC shows nothing, and is left out.
    """

    def __init__(self, canaries: Sequence[tuple[str, int]], vpc_cidrs: Sequence[str], timeout: float) -> None:
        self._canaries = canaries
        self._vpc = [ipaddress.IPv4Network(cidr) for cidr in vpc_cidrs]
        self._timeout = timeout
        self._known: dict[tuple[str, int], tuple[str, int]] = {}
        self._last_good = canaries[0]
        self._pool = ThreadPoolExecutor(max_workers=len(canaries), thread_name_prefix="canary")
        self.milliseconds: float | None = None

    def look_up(self) -> None:
        """To be called now and then, from a thread that may wait."""
        for canary in self._canaries:
            with contextlib.suppress(OSError):
                self._known[canary] = socket.getaddrinfo(*canary, socket.AF_INET, socket.SOCK_STREAM)[0][4]

    def works(self, source: str | None) -> bool:
        """`source`: the address to go out by; None for the machine's own choice. Takes the time-out and SECOND_CHANCE at most."""
        canaries = [canary for canary in self._canaries if not self._is_within(canary)]
        if not canaries:
            return True  # nothing here can show that it does not
        started = time.monotonic()
        if self._last_good in canaries and self._opens(self._last_good, source, self._timeout):
            self.milliseconds = 1000 * (time.monotonic() - started)
            return True
        # one packet may be lost and one canary be down, so all are asked, this one again among them
        opened = list(self._pool.map(lambda canary: self._opens(canary, source, SECOND_CHANCE), canaries))
        self._last_good = next((canary for canary, is_open in zip(canaries, opened) if is_open), self._last_good)
        return any(opened)

    def _is_within(self, canary: tuple[str, int]) -> bool:
        """Behind an interface endpoint of the VPC, to which the way out does not lead."""
        return canary in self._known and any(ipaddress.IPv4Address(self._known[canary][0]) in network for network in self._vpc)

    def _opens(self, canary: tuple[str, int], source: str | None, timeout: float) -> bool:
        target = self._known.get(canary)
        if target is None:
            return False
        try:
            socket.create_connection(target, timeout=timeout, source_address=(source, 0) if source else None).close()
            return True
        except OSError:
            return False


def _run(*command: str, given: str | None = None) -> str:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=COMMAND_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MachineError(f"'{' '.join(command)}' failed: {error}") from error
    if done.returncode != 0:
        raise MachineError(f"'{' '.join(command)}' failed: {done.stderr.strip()}")
    return done.stdout
