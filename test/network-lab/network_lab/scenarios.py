"""What is measured, once for the tests and many times for the bench: one function for each thing that may happen."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from .lab import Lab

# a probe has a second, and the machine may be busy
PROBES_END = 5
# what is opened right after the last move is looked at, too
AFTERMATH = 0.1
PHASE = 0.5
HELD = 10


@dataclass(frozen=True)
class Measured:
    """Seconds without a way out for new connections in the zone that was struck, and what was lost where."""

    outage: float
    lost: int
    # zone and seconds since the fault
    lost_elsewhere: list[tuple[str, float]]
    # connections that were just being opened when a route moved, in all zones
    reset: int
    # long-lived connections that still work, of how many; only where they are promised to
    survivors: tuple[int, int] | None = None
    stall: float = 0.0


def measure(
    lab: Lab, zone: str, strike: Callable[[], float], chance: random.Random, patience: float = 20, quiet: float = 3.0, hold: bool = False
) -> Measured:
    """Strike at a random moment, wait until the zone has a way out again, and count.

    Something that loses nothing is believed to after `quiet` seconds.
    """
    prober = lab.probers[zone]
    asked = time.monotonic()
    lab.wait(lambda: all(other.is_calm(asked) for name, other in lab.probers.items() if not lab.is_cut_off(name)), 10, "all to get out before it")
    if hold:
        prober.hold(HELD)
        lab.pause(1)
        if prober.survivors() != (HELD, HELD):
            raise AssertionError(f"the connections do not come up: {prober.survivors()}\n{lab.report()}")
    lab.pause(chance.uniform(0, PHASE))
    moment = strike()
    deadline = moment + patience
    while True:
        lab.pause(0.05)
        outage, now = prober.outage(moment), time.monotonic()
        if 0 < outage < float("inf") and not prober.is_losing():
            break
        if outage == 0 and now > moment + quiet:
            break
        if now > deadline:
            raise AssertionError(f"zone {zone} has no way out after {patience} s\n{lab.report()}")
    wait_for_probes(lab)
    survivors, stall = None, 0.0
    if hold:
        wait_for_connections(lab, zone)
        survivors, stall = prober.survivors(), prober.longest_stall(moment)
    elsewhere = [(name, probe.started - moment) for name, probe in lab.lost(moment - 1, zone)]
    reset = sum(other.reset(moment - 1) for other in lab.probers.values())
    return Measured(prober.outage(moment), len(prober.lost(moment - 1)), elsewhere, reset, survivors, stall)


def wait_for_probes(lab: Lab) -> None:
    """Until those that are under way have ended."""
    moment = time.monotonic() + AFTERMATH
    lab.wait(lambda: all(prober.has_ended(moment) for prober in lab.probers.values()), PROBES_END, "all probes to end")


def wait_for_connections(lab: Lab, zone: str) -> None:
    """Until the long-lived connections of the zone go on.  What was sent into an outage is sent again after at most three seconds."""
    now = time.monotonic()
    while not lab.probers[zone].have_gone_on(now) and time.monotonic() < now + 3:
        lab.pause(0.05)


def crash(lab: Lab, zone: str, chance: random.Random) -> Measured:
    return measure(lab, zone, lambda: lab.crash(zone), chance)


def crash_holding(lab: Lab, zone: str, chance: random.Random) -> Measured:
    return measure(lab, zone, lambda: lab.crash(zone), chance, hold=True)


def link_down(lab: Lab, zone: str, chance: random.Random) -> Measured:
    return measure(lab, zone, lambda: lab.shell(zone, f"ip link set {lab.device(zone)} down"), chance)


def forwarding_off(lab: Lab, zone: str, chance: random.Random) -> Measured:
    return measure(lab, zone, lambda: lab.shell(zone, "echo 0 > /proc/sys/net/ipv4/ip_forward"), chance)


def rules_flushed(lab: Lab, zone: str, chance: random.Random) -> Measured:
    return measure(lab, zone, lambda: lab.shell(zone, "nft flush ruleset"), chance)


def rules_gone_for_good(lab: Lab, zone: str, chance: random.Random) -> Measured:
    """They are flushed, and cannot be loaded again."""

    def strike() -> float:
        moment = lab.shell(zone, "nft flush ruleset")
        lab.break_program(zone, "/usr/sbin/nft")
        return moment

    return measure(lab, zone, strike, chance)


def agent_killed(lab: Lab, zone: str, chance: random.Random) -> Measured:
    return measure(lab, zone, lambda: lab.kill_agent(zone), chance)


def hung(lab: Lab, zone: str, chance: random.Random) -> Measured:
    def freeze() -> float:
        moment = time.monotonic()
        lab.machine(zone).freeze()
        return moment

    return measure(lab, zone, freeze, chance)


def address_lost(lab: Lab, zone: str, chance: random.Random) -> Measured:
    return measure(lab, zone, lambda: lab.lose_address(zone), chance)


def partition(lab: Lab, zone: str, chance: random.Random) -> Measured:
    """Between the zone and the next one, which watches it."""
    return measure(lab, zone, lambda: lab.partition(zone, next_zone(lab, zone)), chance, quiet=5)


def planned_stop(lab: Lab, zone: str, chance: random.Random) -> Measured:
    return measure(lab, zone, lambda: lab.stop_orderly(zone), chance, quiet=5)


def failback(lab: Lab, zone: str, chance: random.Random) -> Measured:
    """From the moment a replacement is launched until the zone has its traffic back."""
    if not lab.machine(zone).crashed:
        crash(lab, zone, chance)
    moment = time.monotonic()
    lab.replace(zone)
    lab.wait_until_home(60)
    wait_for_probes(lab)
    elsewhere = [(name, probe.started - moment) for name, probe in lab.lost(moment, zone)]
    reset = sum(other.reset(moment) for other in lab.probers.values())
    return Measured(lab.probers[zone].outage(moment), len(lab.probers[zone].lost(moment)), elsewhere, reset)


def next_zone(lab: Lab, zone: str) -> str:
    return lab.zones[(lab.zones.index(zone) + 1) % len(lab.zones)]
