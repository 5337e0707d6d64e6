"""The API of AWS fails while it is needed most."""

from __future__ import annotations

import time

import pytest
from network_lab import faults, scenarios
from network_lab.lab import Lab
from network_lab.probes import NOISE

# what a call may take longer, on top of three times the goal
CRASH = 3.6
# seconds, when nothing happens
READS_EVERY = 10


@pytest.mark.parametrize(
    ("kind", "times", "seconds", "more"),
    [
        (faults.THROTTLED, 3, 0, 3),
        (faults.ERROR, 3, 0, 3),
        (faults.SLOW, None, 1.0, 3),
        (faults.NEVER, 1, 30, 6),
        (faults.LOST, 1, 0, 3),
    ],
)
def test_a_takeover_gets_through(lab, chance, kind, times, seconds, more):
    started = time.monotonic()
    lab.faults.inject(kind, "ReplaceRoute", {"eu-west-1b"}, seconds, times)

    measured = scenarios.crash(lab, "a", chance)

    assert measured.outage <= CRASH + more, measured
    assert len(measured.lost_elsewhere) <= NOISE, measured
    lab.check_owners(started)


def test_a_clock_that_is_an_hour_off_delays_no_takeover(lab, chance):
    lab.faults.clock_skew = 3600

    measured = scenarios.crash(lab, "b", chance)

    assert measured.outage <= CRASH + 1, measured


def test_an_agent_that_starts_again_in_the_middle_ends_the_takeover(lab):
    started = time.monotonic()
    fault = lab.faults.inject(faults.NEVER, "ReplaceRoute", {"eu-west-1b", "eu-west-1c"}, 3)
    lab.crash("a")
    lab.wait(lambda: bool(lab.api.calls_of("ReplaceRoute", "eu-west-1b", started)), 10, "zone b to act")

    lab.kill_agent("b")
    lab.faults.lift(fault)

    lab.wait(lambda: lab.owners()["a"] in ({"b"}, {"c"}), 15, "the takeover to be ended")
    lab.wait(lambda: not any(prober.is_losing() for prober in lab.probers.values()), 5, "all to get out")
    lab.check_owners(started)


def test_what_is_missing_is_a_metric(lab):
    """Sent once a minute, so that the zone is chosen that sends next, but not before it has read its routes once more.

    Stands where zone c, whose agent nobody has started anew yet, is about to send for the first time.
    """
    started = time.monotonic()
    zone = f"eu-west-1{min(lab.zones, key=lambda letter: next_metrics_after_reading(lab, letter))}"
    lab.faults.inject(faults.DENIED, "DescribeRouteTables", {zone})

    def says_misconfigured() -> bool:
        sent = lab.api.calls_of("PutMetricData", zone, started)
        return any(value_of(call.parameters, "Misconfigured") == 1 for call in sent)

    lab.wait(says_misconfigured, 90, f"{zone} to say that it lacks a permission")
    assert len(lab.lost(started)) <= NOISE


def test_without_a_permission_nat_goes_on_and_the_log_names_the_action(lab, chance):
    started = time.monotonic()
    lab.faults.inject(faults.DENIED, "ReplaceRoute", {"eu-west-1b"})

    lab.crash("a")

    lab.wait(lambda: lab.held_by("a", "c"), 20, "zone c to stand in, as b must not")
    lab.wait(lambda: not lab.probers["a"].is_losing(), 5, "zone a to get out")
    lines = [line for line in lab.agent_log("b", started) if line.get("event") == "permission missing"]
    assert [line["action"] for line in lines] == ["ReplaceRoute"], lab.report()
    assert len(lab.lost(started, "a")) <= NOISE


def test_a_permission_that_only_a_takeover_needs_is_missed_when_the_agent_starts(lab):
    started = time.monotonic()
    lab.faults.inject(faults.DENIED, "ReplaceRoute", {"eu-west-1b"})

    for zone in ("b", "c"):
        lab.kill_agent(zone)
        lab.wait(lambda zone=zone: bool(rehearsed(lab, zone, started)), 15, f"zone {zone} to rehearse")

    lines = [line["action"] for line in lab.agent_log("b", started) if line.get("event") == "permission missing"]
    assert lines == ["ReplaceRoute"], lab.report()
    assert rehearsed(lab, "b", started) == {"UnauthorizedOperation"}
    assert rehearsed(lab, "c", started) == {"DryRunOperation"}


def next_metrics_after_reading(lab: Lab, zone: str) -> float:
    """A minute after the last ones, or after the start of the agent; a minute later if it does not read its routes before that."""
    sent = [call.at for call in lab.api.calls_of("PutMetricData", f"eu-west-1{zone}")]
    began = [line["at"] for line in lab.agent_log(zone) if line.get("event") == "started"]
    read = max(call.at for call in lab.api.calls_of("DescribeRouteTables", f"eu-west-1{zone}"))
    due = max([*sent, *began[-1:]]) + 60
    return due if due > read + READS_EVERY + 1 else due + 60


def rehearsed(lab: Lab, zone: str, since: float) -> set[str]:
    """What was answered to the calls that were only tried out, and that is heard of by now."""
    calls = lab.api.calls_of("ReplaceRoute", f"eu-west-1{zone}", since)
    return {call.code for call in calls if "DryRun" in call.parameters and call.code}


def value_of(parameters: dict[str, str], metric: str) -> float | None:
    for name, value in parameters.items():
        if name.endswith(".MetricName") and value == metric:
            return float(parameters[name.removesuffix("MetricName") + "Value"])
    return None
