"""Chance strikes: whatever happens, in the end every zone has its own again and everybody gets out.

LAB_SEED=<seed> replays a sequence; LAB_SEQUENCES=<n> runs more of them.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from network_lab import faults
from network_lab.lab import Lab, seeded

SEQUENCES = int(os.environ.get("LAB_SEQUENCES", "1"))
STACKS = ["PerAzFast", "FollowFast"] if SEQUENCES > 1 else ["PerAzFast"]  # one sequence takes half a minute there
STRIKES = 6
# of standing back after a quarrel, and as long again
BACK_HOME = 120


def strikes(lab: Lab, chance: random.Random) -> dict[str, Callable[[str], object]]:
    """What may happen to a zone; all of it can be undone, or mends itself."""
    actions = ["ReplaceRoute", "DescribeRouteTables", "AssociateAddress", "*"]

    def api(zone: str) -> object:
        kind = chance.choice([faults.THROTTLED, faults.ERROR, faults.SLOW, faults.NEVER, faults.LOST])
        return lab.faults.inject(kind, chance.choice(actions), {f"eu-west-1{zone}"}, seconds=chance.uniform(0.2, 3), times=chance.randint(1, 4))

    def crash_and_replace(zone: str) -> object:
        lab.crash(zone)
        lab.pause(chance.uniform(0, 3))
        return lab.replace(zone)

    return {
        "crash": crash_and_replace,
        "stop": lab.stop_orderly,
        "agent": lab.kill_agent,
        "freeze": lambda zone: lab.machine(zone).freeze(),
        "thaw": lambda zone: lab.machine(zone).thaw(),
        "forwarding": lambda zone: lab.shell(zone, "echo 0 > /proc/sys/net/ipv4/ip_forward"),
        "rules": lambda zone: lab.shell(zone, "nft flush ruleset"),
        "link": lambda zone: lab.shell(zone, f"ip link set {lab.device(zone)} down"),
        "routes": lambda zone: lab.shell(zone, "ip rule flush; ip rule add pref 32766 lookup main; ip rule add pref 32767 lookup default"),
        "api": api,
    }


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("number", range(SEQUENCES))
def test_all_is_well_in_the_end(lab, stack, number):
    given = os.environ.get("LAB_SEED")
    chance, seed = seeded(int(given) + number if given else None)
    started = time.monotonic()
    struck = []
    try:
        for _ in range(STRIKES):
            what, zone = chance.choice(sorted(strikes(lab, chance))), chance.choice(lab.zones)
            struck.append(f"{time.monotonic() - started:.2f} {what} {zone}")
            with suppress(LookupError, RuntimeError):  # there may be nobody in the zone just now, or nobody who answers
                strikes(lab, chance)[what](zone)
            lab.pause(chance.uniform(0, 1.5))

        lab.reset(BACK_HOME)
        for owners in [owners for at, owners in lab.history if at >= started]:
            assert not any(found - {*lab.zones, "nobody"} for found in owners.values()), owners
    except BaseException as error:
        error.args = (f"LAB_SEED={seed} {stack}: {struck}\n{error}",)
        raise
