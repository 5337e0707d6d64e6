"""Rules as text, the probes of the way out, and the readings; what the kernel makes of them is shown in the network lab."""

from __future__ import annotations

import copy
import socket
from pathlib import Path

import pytest
from failover_agent import machine
from failover_agent.connection_sync import conntrackd_configuration
from failover_agent.interface import Device
from failover_agent.machine import Egress, NatMachine
from failover_agent.readings import Readings
from failover_agent.ruleset import ruleset
from test_configuration import WHOLE
from world import configuration

FOLLOW = {key: WHOLE[key] for key in ("nat",)}


def test_without_sources_all_of_the_vpc_leaves_by_the_interfaces_address():
    rules = ruleset(configuration("a"), "ens6")
    assert 'ip saddr { 10.0.0.0/16 } ip daddr != { 10.0.0.0/16 } oifname "ens6" snat to 10.0.0.20' in rules
    assert rules.count('iifname "ens6" ip saddr != { 10.0.0.0/16 } ct state new drop') == 2  # through it, and to it


def test_with_sources_each_network_leaves_by_its_own_address():
    nat = copy.deepcopy(WHOLE["nat"])
    nat["sources"]["a"]["cidrs"].append("10.0.192.0/20")
    del nat["preserveConnections"]
    assert 'ip saddr { 10.0.128.0/20, 10.0.192.0/20 } ip daddr != { 10.0.0.0/16 } oifname "ens6" snat to 10.0.0.21' in ruleset(
        configuration("a", nat=nat), "ens6"
    )


def test_connections_that_are_to_survive_are_tracked_under_an_address_of_no_member():
    rules = ruleset(configuration("a", **FOLLOW), "ens6")
    assert "snat to 100.64.0.1" in rules
    assert 'iifname "ens6" ip saddr != { 10.0.0.0/16 } ip daddr 10.0.0.21 ip daddr set 100.64.0.1' in rules
    assert 'oifname "ens6" ip saddr 100.64.0.1 ip saddr set 10.0.0.21' in rules


def test_the_table_is_replaced_in_one_transaction():
    assert ruleset(configuration("a"), "ens6").startswith("table ip cdk_fault_tolerance_nat { }\ndelete table ip cdk_fault_tolerance_nat\ntable ip")


def test_the_connections_are_copied_to_the_peer_alone_and_those_of_the_members_are_not():
    text = conntrackd_configuration(configuration("a", **FOLLOW), "ens6", Path("/run/x"))
    assert "IPv4_address 10.0.0.20\n    IPv4_Destination_Address 10.0.1.20\n    Port 3780\n    Interface ens6" in text
    for own in ("127.0.0.1", "10.0.0.20", "10.0.1.20", "10.0.0.21"):
        assert f"      IPv4_address {own}\n" in text


class Listener:
    """Something to connect to, until it is closed."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.canary = ("127.0.0.1", self.socket.getsockname()[1])

    def close(self) -> None:
        self.socket.close()


def egress_to(*listeners: Listener, vpc_cidrs: tuple[str, ...] = ()) -> Egress:
    egress = Egress([listener.canary for listener in listeners], vpc_cidrs, 1)
    egress.look_up()
    return egress


def test_one_canary_that_answers_is_a_way_out():
    first, second, third = Listener(), Listener(), Listener()
    egress = egress_to(first, second, third)
    first.close()
    third.close()
    assert egress.works(None)
    assert egress.works("127.0.0.1")


def test_no_canary_is_no_way_out_and_its_return_is_seen():
    first = Listener()
    egress = egress_to(first)
    first.close()
    assert not egress.works(None)
    again = socket.create_server(first.canary)
    assert egress.works(None)
    again.close()


def test_a_canary_inside_the_vpc_shows_nothing():
    inside = Listener()
    outside = ("127.0.0.2", Listener().canary[1])  # nobody there
    egress = Egress([inside.canary, outside], ["127.0.0.0/31"], 0.2)
    egress.look_up()
    assert not egress.works(None)


def test_where_all_canaries_are_inside_the_vpc_the_way_out_is_taken_for_granted():
    inside = Listener()
    egress = egress_to(inside, vpc_cidrs=("127.0.0.0/8",))
    inside.close()
    assert egress.works(None)


def test_a_source_address_that_is_not_here_is_no_way_out():
    assert not egress_to(Listener()).works("192.0.2.77")


def test_names_that_are_not_found_any_more_keep_their_last_address(monkeypatch):
    listener = Listener()
    egress = egress_to(listener)

    def fail(*_):
        raise socket.gaierror("no such name")

    with monkeypatch.context() as patch:
        patch.setattr(machine.socket, "getaddrinfo", fail)
        egress.look_up()
    assert egress.works(None)


def test_a_name_that_was_never_found_is_no_way_out():
    assert not Egress([("canary.invalid", 443)], [], 0.2).works(None)


@pytest.fixture
def proc(tmp_path):
    folder = tmp_path / "netfilter"
    folder.mkdir()
    (folder / "nf_conntrack_count").write_text("96\n")
    (folder / "nf_conntrack_max").write_text("100\n")
    return tmp_path


def test_the_room_for_connections_is_read_from_the_kernel(proc):
    nat = NatMachine(configuration("a"), Device("ens6", 20, "10.0.0.1"), proc)
    assert nat.conntrack_used_percent() == 96


def test_a_kernel_without_connection_tracking_yet_has_room(tmp_path):
    assert NatMachine(configuration("a"), Device("ens6", 20, "10.0.0.1"), tmp_path).conntrack_used_percent() == 0


@pytest.mark.parametrize(
    ("shown", "selector", "there"),
    [
        ("8642:\tfrom all iif ens6 lookup 8642\n", ("iif", "ens6"), True),
        ("8642:\tfrom all iif ens66 lookup 8642\n", ("iif", "ens6"), False),
        ("8642:\tfrom 10.0.0.20 lookup 8642\n", ("from", "10.0.0.20"), True),
        ("8642:\tfrom 10.0.0.200 lookup 8642\n", ("from", "10.0.0.20"), False),
        ("8642:\tfrom 10.0.0.20 lookup main\n", ("from", "10.0.0.20"), False),
        ("100:\tfrom 10.0.0.20 lookup 8642\n", ("from", "10.0.0.20"), False),
        ("", ("iif", "ens6"), False),
    ],
)
def test_a_routing_rule_is_recognized(shown, selector, there):
    assert NatMachine._has_rule(shown, selector) is there


def test_what_is_missing_on_the_machine_is_a_fault_with_its_command(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    for path, value in (nat := NatMachine(configuration("a"), Device("ens6", 20, "10.0.0.1"), tmp_path))._settings():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(value)
    assert "'nft list table ip cdk_fault_tolerance_nat' failed" in str(nat.fault())
    (tmp_path / "ipv4/ip_forward").write_text("0")
    assert nat.fault() == "a kernel setting was changed"


class Machine:
    def __init__(self, sent: int, held_back: int | None) -> None:
        self.sent, self.held_back = sent, held_back

    def conntrack_used_percent(self) -> float:
        return 12.5

    def bytes_sent(self) -> int:
        return self.sent

    def allowance_exceeded(self) -> int | None:
        return self.held_back


def test_counters_are_told_as_what_came_since_the_last_time():
    readings = Readings(configuration("a"))
    readings.machine = Machine(1000, 5)
    assert {"BytesOut", "AllowanceExceeded"}.isdisjoint(readings.values(True))
    readings.machine = Machine(1800, 7)
    values = readings.values(True)
    assert (values["BytesOut"], values["AllowanceExceeded"]) == ((800, "Bytes"), (2, "Count"))
    readings.machine = Machine(100, 0)  # a new interface begins at 0
    assert readings.values(True)["BytesOut"] == (0, "Bytes")


def test_what_is_held_for_others_is_counted_apart():
    readings = Readings(configuration("a"))
    readings.note_held(["a", "b"], 10)
    values = readings.values(False)
    assert (values["ObjectsHeld"][0], values["ForeignObjectsHeld"][0], values["NodeHealthy"][0], values["Misconfigured"][0]) == (2, 1, 0, 0)


def test_a_takeover_is_told_once():
    readings = Readings(configuration("a"))
    readings.takeover_seconds = 1.5
    assert readings.values(True)["TakeoverSeconds"] == (1.5, "Seconds")
    assert "TakeoverSeconds" not in readings.values(True)


def test_a_missing_permission_makes_it_misconfigured_until_it_is_there():
    readings = Readings(configuration("a"))
    readings.denied.add("ReplaceRoute")
    assert readings.values(True)["Misconfigured"][0] == 1
    readings.denied.clear()
    assert readings.values(True)["Misconfigured"][0] == 0


def test_the_time_since_which_something_is_held_stays():
    readings = Readings(configuration("a"))
    readings.note_held(["a"], 10)
    readings.note_held(["a", "b"], 20)
    assert readings.held_since == {"a": 10, "b": 20}
    readings.note_held(["b"], 30)
    assert readings.held_since == {"b": 20}
