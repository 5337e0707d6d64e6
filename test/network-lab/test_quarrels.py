"""Instances that do not see each other, or that come and go."""

from __future__ import annotations

import time

from network_lab import scenarios
from network_lab.probes import NOISE


def test_a_partition_between_two_instances_loses_nothing(lab, chance):
    started = time.monotonic()

    measured = scenarios.partition(lab, "a", chance)

    assert max(measured.lost, len(measured.lost_elsewhere)) <= NOISE, measured
    assert 1 <= len(lab.moves(started)) <= 4, lab.moves(started)
    lab.check_owners(started)
    lab.forget_quarrels()


def test_an_instance_that_flaps_is_not_followed_back_and_forth(lab):
    started = time.monotonic()

    for _ in range(5):
        lab.isolate("b")
        lab.pause(1)
        lab.mend()
        lab.pause(1)

    assert 1 <= len(lab.moves(started, ["b"])) <= 4, lab.moves(started)
    assert len(lab.lost(started, "b")) <= NOISE
    lab.check_owners(started)
    lab.forget_quarrels()
