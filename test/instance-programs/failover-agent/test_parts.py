"""Routes and addresses: what AWS is asked, and what its answers are taken for."""

from __future__ import annotations

import threading
from xml.etree import ElementTree

import pytest
from aws_api.errors import AwsError
from failover_agent.configuration import ElasticIpPart, FloatingObject, RoutePart
from failover_agent.decisions import NOBODY
from failover_agent.parts import Ec2Parts

ROUTE = RoutePart("rtb-1", "0.0.0.0/0", {"a": "eni-a", "b": "eni-b"})
SECOND_ROUTE = RoutePart("rtb-2", "0.0.0.0/0", {"a": "eni-a", "b": "eni-b"})
ADDRESS = ElasticIpPart("eipalloc-1", {"a": ("eni-a", "10.0.0.21"), "b": ("eni-b", "10.0.1.22")})


class Ec2:
    """Answers as EC2 does, and keeps what it was asked."""

    def __init__(
        self, routes: dict[str, str] | None = None, address: str = "", refused: str | None = None, code: str = "UnauthorizedOperation"
    ) -> None:
        self.routes, self.address, self.refused, self.code = routes or {}, address, refused, code
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._lock = threading.Lock()

    def call(self, action: str, version: str, params: dict[str, str], *, wanted=lambda: True) -> ElementTree.Element:
        with self._lock:
            self.asked.append((action, params))
        if self.refused in params.values():
            raise AwsError(action, self.code, "no", 403)
        if "DryRun" in params:
            raise AwsError(action, "DryRunOperation", "would have succeeded", 412)
        assert version == "2016-11-15"
        return ElementTree.fromstring(self._answer(action))

    def _answer(self, action: str) -> str:
        if action == "DescribeRouteTables":
            tables = "".join(
                f"<item><routeTableId>{table}</routeTableId><routeSet>"
                "<item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId></item>"
                f"<item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>{target}</item></routeSet></item>"
                for table, target in self.routes.items()
            )
            return f"<r><routeTableSet>{tables}</routeTableSet></r>"
        if action == "DescribeAddresses":
            return f"<r><addressesSet><item><allocationId>eipalloc-1</allocationId>{self.address}</item></addressesSet></r>"
        return "<r><return>true</return></r>"


def to(interface: str) -> str:
    return f"<networkInterfaceId>{interface}</networkInterfaceId><state>active</state>"


def on(interface: str, address: str) -> str:
    return f"<networkInterfaceId>{interface}</networkInterfaceId><privateIpAddress>{address}</privateIpAddress>"


def read(ec2: Ec2, *parts) -> frozenset[str]:
    return Ec2Parts(ec2, [FloatingObject("x", ("a", "b"), parts)]).read()["x"]


def test_a_route_belongs_to_whose_interface_it_leads_to():
    assert read(Ec2({"rtb-1": to("eni-b")}), ROUTE) == {"b"}


def test_a_route_to_a_stopped_machine_still_belongs_to_it():
    assert read(Ec2({"rtb-1": "<networkInterfaceId>eni-a</networkInterfaceId><state>blackhole</state>"}), ROUTE) == {"a"}


def test_an_address_belongs_to_the_member_whose_interface_and_private_address_it_is_on():
    assert read(Ec2(address=on("eni-b", "10.0.1.22")), ADDRESS) == {"b"}


def test_an_address_that_is_on_nothing_is_nobodys():
    assert read(Ec2(), ADDRESS) == {NOBODY}


def test_half_of_it_here_and_half_of_it_there_is_seen():
    assert read(Ec2({"rtb-1": to("eni-a")}, on("eni-b", "10.0.1.22")), ROUTE, ADDRESS) == {"a", "b"}


@pytest.mark.parametrize(
    "ec2",
    [
        Ec2({"rtb-1": "<natGatewayId>nat-1</natGatewayId>"}),
        Ec2({"rtb-1": to("eni-strange")}),
        Ec2({}),
    ],
    ids=["a NAT gateway", "an interface of somebody else", "no such route"],
)
def test_a_route_in_foreign_hands_is_neither_owned_nor_moved(ec2):
    parts = Ec2Parts(ec2, [one := FloatingObject("x", ("a", "b"), (ROUTE,))])
    assert parts.read() == {"x": frozenset()}
    assert parts.foreign == {"rtb-1 0.0.0.0/0"}
    ec2.asked.clear()
    parts.move(one, "b", lambda: True)
    assert ec2.asked == []


def test_an_address_on_another_address_of_the_interface_is_in_foreign_hands():
    assert read(Ec2(address=on("eni-a", "10.0.0.99")), ADDRESS) == set()


def test_one_reading_asks_once_for_all_tables():
    ec2 = Ec2({"rtb-1": to("eni-a"), "rtb-2": to("eni-b")})
    parts = Ec2Parts(ec2, [FloatingObject("x", ("a", "b"), (ROUTE,)), FloatingObject("y", ("b", "a"), (SECOND_ROUTE,))])
    assert parts.read() == {"x": {"a"}, "y": {"b"}}
    assert ec2.asked == [("DescribeRouteTables", {"RouteTableId.1": "rtb-1", "RouteTableId.2": "rtb-2"})]


def test_a_move_moves_every_part():
    ec2 = Ec2()
    one = FloatingObject("x", ("a", "b"), (ROUTE, SECOND_ROUTE, ADDRESS))
    Ec2Parts(ec2, [one]).move(one, "b", lambda: True)
    assert sorted(ec2.asked, key=str) == [
        (
            "AssociateAddress",
            {"AllocationId": "eipalloc-1", "NetworkInterfaceId": "eni-b", "PrivateIpAddress": "10.0.1.22", "AllowReassociation": "true"},
        ),
        ("ReplaceRoute", {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0", "NetworkInterfaceId": "eni-b"}),
        ("ReplaceRoute", {"RouteTableId": "rtb-2", "DestinationCidrBlock": "0.0.0.0/0", "NetworkInterfaceId": "eni-b"}),
    ]


def test_a_part_that_is_refused_holds_up_no_other_and_is_told():
    ec2 = Ec2(refused="rtb-1")
    one = FloatingObject("x", ("a", "b"), (ROUTE, SECOND_ROUTE))
    with pytest.raises(AwsError, match="ReplaceRoute"):
        Ec2Parts(ec2, [one]).move(one, "b", lambda: True)
    assert len(ec2.asked) == 2


def test_a_rehearsal_asks_for_each_part_and_moves_none():
    ec2 = Ec2()
    assert Ec2Parts(ec2, [FloatingObject("x", ("a", "b"), (ROUTE, SECOND_ROUTE, ADDRESS))]).rehearse("b") == {
        "ReplaceRoute": None,
        "AssociateAddress": None,
    }
    assert len(ec2.asked) == 3
    assert all(params["DryRun"] == "true" for _, params in ec2.asked)


@pytest.mark.parametrize("refused", ["rtb-1", "rtb-2"])
def test_a_rehearsal_tells_what_would_be_refused_of_any_part(refused):
    answers = Ec2Parts(Ec2(refused=refused), [FloatingObject("x", ("a", "b"), (ROUTE, SECOND_ROUTE, ADDRESS))]).rehearse("b")
    assert answers["AssociateAddress"] is None
    assert answers["ReplaceRoute"].is_denied


def test_a_rehearsal_says_nothing_of_what_ec2_did_not_decide():
    ec2 = Ec2(refused="rtb-1", code="RequestLimitExceeded")
    assert Ec2Parts(ec2, [FloatingObject("x", ("a", "b"), (ROUTE,))]).rehearse("b") == {}


def test_a_rehearsal_leaves_out_what_the_member_never_gets():
    ec2 = Ec2()
    assert Ec2Parts(ec2, [FloatingObject("x", ("a", "b"), (ROUTE,))]).rehearse("c") == {}
    assert ec2.asked == []
