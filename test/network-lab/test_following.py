"""Where public addresses follow, and where connections outlive a takeover."""

from __future__ import annotations

import time

import pytest
from network_lab import scenarios
from network_lab.probes import NOISE

CRASH = 3.6


@pytest.mark.stack("FollowFast")
def test_the_public_address_stays_the_same(lab, chance):
    started = time.monotonic()
    before = {zone: prober.addresses(started - 1) for zone, prober in lab.probers.items()}

    measured = scenarios.crash(lab, "a", chance)

    assert measured.outage <= CRASH, measured
    assert len(measured.lost_elsewhere) <= NOISE, measured
    lab.replace("a")
    lab.wait_until_home(40)
    lab.pause(1)
    assert {zone: prober.addresses(started) for zone, prober in lab.probers.items()} == before
    assert all(len(addresses) == 1 for addresses in before.values())
    lab.check_owners(started, split_for=2)


@pytest.mark.stack("PreservingFast")
def test_connections_outlive_a_crash(lab, chance):
    measured = scenarios.crash_holding(lab, "a", chance)

    assert measured.outage <= CRASH, measured
    assert measured.survivors == (scenarios.HELD, scenarios.HELD), measured


@pytest.mark.stack("PreservingFast")
def test_connections_outlive_a_planned_stop_and_the_way_back(lab, chance):
    prober = lab.probers["b"]
    prober.hold(scenarios.HELD)
    lab.pause(1)
    moment = lab.stop_orderly("b")
    lab.wait(lambda: not lab.held_by("b", "b"), 20, "zone b to be handed over")
    lab.wait_until_home(40)
    scenarios.wait_for_probes(lab)
    scenarios.wait_for_connections(lab, "b")

    assert prober.survivors() == (scenarios.HELD, scenarios.HELD), lab.report()
    # there and back, route and address go by two calls each: what is opened between them waits for TCP's next try, longer than a probe
    assert len(lab.lost(moment)) <= 4
