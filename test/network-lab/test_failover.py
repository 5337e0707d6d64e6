"""One instance fails, in one way or another: another zone stands in, and gives back."""

from __future__ import annotations

import time

import pytest
from network_lab import scenarios
from network_lab.lab import FAILBACK_AFTER, Lab
from network_lab.probes import NOISE
from network_lab.scenarios import Measured

# Three times the goals of the bench: a busy machine must fail nothing, and a broken takeover fails by far.
CRASH = {"PerAz": 7.5, "PerAzFast": 3.6}
BROKEN = 6.0
# there and back, each of which may reset the one connection that is being opened in that millisecond
MOVES = 2


def check_struck(lab: Lab, measured: Measured, limit: float) -> None:
    assert measured.outage <= limit, f"{measured}\n{lab.report()}"
    assert len(measured.lost_elsewhere) <= NOISE, f"{measured}\n{lab.report()}"


def check_unnoticed(measured: Measured) -> None:
    assert max(measured.lost, len(measured.lost_elsewhere)) <= NOISE, measured
    assert measured.reset <= MOVES, measured


@pytest.mark.parametrize("stack", ["PerAz", "PerAzFast"])
def test_a_zone_gets_out_through_the_next_one_when_its_instance_crashes(lab, chance, stack):
    started = time.monotonic()

    measured = scenarios.crash(lab, "a", chance)

    check_struck(lab, measured, CRASH[stack])
    assert measured.outage > 0
    assert lab.held_by("a", "b")
    assert lab.probers["a"].addresses(time.monotonic() - 1) == {lab.public_address("b")}
    back = scenarios.failback(lab, "a", chance)
    check_unnoticed(back)
    lab.check_owners(started)


def test_a_link_that_goes_down_is_brought_up_or_stood_in_for(lab, chance):
    check_struck(lab, scenarios.link_down(lab, "b", chance), BROKEN)


def test_forwarding_that_is_switched_off_comes_back(lab, chance):
    check_struck(lab, scenarios.forwarding_off(lab, "a", chance), BROKEN)


def test_rules_that_are_flushed_come_back(lab, chance):
    check_struck(lab, scenarios.rules_flushed(lab, "c", chance), BROKEN)


def test_a_live_instance_that_cannot_be_repaired_is_stood_in_for(lab, chance):
    try:
        check_struck(lab, scenarios.rules_gone_for_good(lab, "a", chance), BROKEN)
        assert lab.held_by("a", "b")
        assert not lab.is_green("a")
    finally:
        lab.mend_program("a", "/usr/sbin/nft")


def test_an_agent_that_is_killed_starts_again_and_nothing_is_lost(lab, chance):
    check_unnoticed(scenarios.agent_killed(lab, "b", chance))

    lab.wait(lambda: lab.is_green("b"), 10, "the agent to start again")


def test_a_hung_machine_is_stood_in_for_and_finds_its_way_back(lab, chance):
    measured = scenarios.hung(lab, "a", chance)

    check_struck(lab, measured, BROKEN)
    lab.wait(lambda: lab.held_by("a", "b"), 10, "zone b to stand in")
    thawed = time.monotonic()
    lab.machine("a").thaw()
    lab.wait_until_home(30)
    assert len(lab.lost(thawed)) <= NOISE


def test_a_zone_without_its_elastic_ip_goes_out_through_another_one(lab, chance):
    try:
        check_struck(lab, scenarios.address_lost(lab, "c", chance), BROKEN)
        assert lab.held_by("c", "a")
    finally:
        lab.return_address()


def test_a_planned_stop_loses_nothing(lab, chance):
    check_unnoticed(scenarios.planned_stop(lab, "a", chance))

    assert lab.moves(time.monotonic() - 10, ["a"]), "the zone was never handed over"


def test_all_instances_are_replaced_one_after_the_other_and_nothing_is_lost(lab):
    started = time.monotonic()

    for zone in lab.zones:
        former = lab.machine(zone).instance_id
        lab.stop_orderly(zone)
        lab.wait(lambda zone=zone, former=former: len(lab.machines()) == 3 and lab.machine(zone).instance_id != former, 30, "the next instance")
        lab.wait_until_home(40)

    assert len(lab.lost(started)) <= NOISE
    lab.check_owners(started)


def test_two_zones_fail_and_one_comes_back(lab):
    started = lab.crash("a")
    lab.crash("b")

    lab.wait(lambda: lab.held_by("a", "c") and lab.held_by("b", "c"), 15, "zone c to stand in for both")
    lab.wait(lambda: not any(prober.is_losing() for prober in lab.probers.values()), 5, "all to get out")
    lab.replace("b")
    lab.wait(lambda: lab.held_by("b", "b"), 30, "zone b to have its own back")
    lab.pause(1)
    assert len(lab.probers["c"].lost(started)) <= NOISE
    lab.check_owners(started)


def test_the_one_that_stands_in_fails_while_it_gives_back(lab, chance):
    started = time.monotonic()
    scenarios.crash(lab, "a", chance)
    lab.replace("a")
    lab.wait(lambda: lab.is_green("a"), 30, "the new instance to be well")
    lab.pause(chance.uniform(0, FAILBACK_AFTER + 0.5))  # around the moment at which it takes its own

    lab.crash("b")

    lab.wait(lambda: lab.held_by("a", "a") and lab.held_by("b", "c"), 15, "a to have its own, and c to stand in for b")
    lab.wait(lambda: not any(prober.is_losing() for prober in lab.probers.values()), 5, "all to get out")
    assert len(lab.probers["c"].lost(started)) <= NOISE
    lab.check_owners(started)


def test_a_crash_right_after_the_way_back_is_answered_like_any_other(lab, chance):
    """The one that has stood in must not believe that it still does."""
    scenarios.crash(lab, "a", chance)
    lab.replace("a")
    lab.wait(lambda: lab.held_by("a", "a"), 30, "zone a to have its own back")
    started = time.monotonic()

    moment = lab.crash("a")

    lab.wait(lambda: not lab.held_by("a", "a"), 15, "somebody to stand in again")
    lab.wait(lambda: not lab.probers["a"].is_losing(), 5, "zone a to get out")
    assert lab.probers["a"].outage(moment) <= BROKEN
    lab.check_owners(started)


def test_a_whole_zone_is_lost_and_the_others_notice_nothing(lab):
    moment = lab.lose_zone("c")

    lab.wait(lambda: lab.held_by("c", "a"), 15, "zone a to stand in")
    lab.pause(2)

    assert len(lab.lost(moment - 1, "c")) <= NOISE
    lab.restore_zone("c")
    lab.wait_until_home(40)


def test_a_peer_that_lies_about_its_health_harms_nobody_whose_instance_is_well(lab):
    """It says that all is well and that it holds everything, and does nothing.  It is not believed where the routes say otherwise."""
    started = time.monotonic()
    lab.shell("b", "systemctl stop failover-agent")
    try:
        lab.wait(lambda: not lab.held_by("b", "b"), 10, "zone b to be handed over")
        lab.shell("b", f"cat > /tmp/liar.py <<'END'\n{LIAR % lab.private['b']}END\nsetsid python3 /tmp/liar.py > /dev/null 2>&1 < /dev/null &")
        lab.wait(lambda: lab.is_green("b"), 5, "the liar to speak")

        lab.crash("a")

        lab.wait(lambda: lab.held_by("a", "c"), 15, "c to stand in for zone a, since b only says that it would")
        lab.pause(1)
        assert len(lab.lost(started, "a")) <= NOISE
        lab.check_owners(started)
    finally:
        lab.shell("b", "pkill --full '^python3 /tmp/liar.py' || true")
        lab.shell("b", "systemctl start failover-agent")


LIAR = """import http.server, json
class Liar(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"member": "eu-west-1b", "green": True, "why": None, "holds": ["eu-west-1a", "eu-west-1b", "eu-west-1c"]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
http.server.HTTPServer(("%s", 8642), Liar).serve_forever()
"""
