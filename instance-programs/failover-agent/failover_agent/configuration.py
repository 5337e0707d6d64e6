"""The configuration of one member, checked whole before anything is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

from instance_program.configuration import InvalidConfiguration, Section, check, content_of

__all__ = ["Configuration", "InvalidConfiguration", "configuration_of", "read_configuration"]


@dataclass(frozen=True)
class Profile:
    """How often peers are asked, how long they may take (both in seconds), and how many times in a row they may fail."""

    interval: float
    timeout: float
    failures: int


@dataclass(frozen=True)
class RoutePart:
    """A route that leads to the interface of its owner."""

    table: str
    destination: str
    targets: Mapping[str, str]


@dataclass(frozen=True)
class ElasticIpPart:
    """An Elastic IP on a private address of its owner's interface."""

    allocation: str
    targets: Mapping[str, tuple[str, str]]


Part = Union[RoutePart, ElasticIpPart]


@dataclass(frozen=True)
class FloatingObject:
    """What moves as a whole: its parts, and who may hold it, its home first."""

    name: str
    order: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def home(self) -> str:
        return self.order[0]


@dataclass(frozen=True)
class Source:
    """Private networks, and the address of this member's interface by which they leave."""

    cidrs: tuple[str, ...]
    address: str


@dataclass(frozen=True)
class Nat:
    """What is translated; without sources all of the VPC leaves by the address of the interface."""

    vpc_cidrs: tuple[str, ...]
    canaries: tuple[tuple[str, int], ...]
    sources: Mapping[str, Source]
    shared_addresses: Mapping[str, str]


@dataclass(frozen=True)
class Configuration:
    group: str
    region: str
    member: str
    peers: Mapping[str, str]
    health_port: int
    profile: Profile
    automatic_failback: bool
    failback_after: float
    interface: str
    address: str
    objects: tuple[FloatingObject, ...]
    nat: Nat
    namespace: str
    dimensions: Mapping[str, str]

    def object(self, name: str) -> FloatingObject:
        return next(one for one in self.objects if one.name == name)


def read_configuration(path: str) -> Configuration:
    """Raises InvalidConfiguration for whatever cannot be meant."""
    return configuration_of(content_of(path))


def configuration_of(content: Any) -> Configuration:
    root = Section("configuration", content)
    member = root.text("member")
    members = root.texts("members")
    check(member in members, f"'member' is '{member}', which is not among the members {', '.join(members)}")
    check(len(set(members)) == len(members), "'members' names one twice")
    peers = {name: root.section("peers").address(name) for name in members if name != member}
    check(len(peers) > 0, "'members' has no peer: nobody could take over")
    profile, interface = root.section("profile"), root.section("interface")
    failback = root.text("failback")
    check(failback in ("automatic", "manual"), f"'failback' is '{failback}', and may be automatic or manual")
    return Configuration(
        group=root.text("group"),
        region=root.text("region"),
        member=member,
        peers=peers,
        health_port=int(root.number("healthPort", 1, 65535)),
        profile=Profile(
            profile.number("intervalSeconds", 0.05, 60), profile.number("timeoutSeconds", 0.05, 60), int(profile.number("failures", 1, 100))
        ),
        automatic_failback=failback == "automatic",
        failback_after=root.number("failbackAfterSeconds", 0, 86_400),
        interface=interface.text("id"),
        address=interface.address("address"),
        objects=_objects(root, members),
        nat=_nat(root.section("nat"), members),
        namespace=root.section("metrics").text("namespace"),
        dimensions=root.section("metrics").mapping("dimensions"),
    )


def _objects(root: Section, members: tuple[str, ...]) -> tuple[FloatingObject, ...]:
    objects = tuple(_object(section, members) for section in root.sections("objects"))
    check(len(objects) > 0, "'objects' is empty: there is nothing to keep up")
    check(len({one.name for one in objects}) == len(objects), "'objects' has one name twice")
    return objects


def _object(section: Section, members: tuple[str, ...]) -> FloatingObject:
    order = section.texts("order")
    strange = [name for name in order if name not in members]
    check(not strange, f"{section.name}.order names {', '.join(strange)}, which is no member")
    check(len(set(order)) == len(order), f"{section.name}.order names one twice")
    check(len(order) > 0, f"{section.name}.order is empty")
    parts = tuple(_part(part, order) for part in section.sections("parts"))
    check(len(parts) > 0, f"{section.name}.parts is empty")
    return FloatingObject(section.text("name"), order, parts)


def _part(section: Section, order: tuple[str, ...]) -> Part:
    kind = section.text("type")
    targets = section.section("targets")
    if kind == "route":
        return RoutePart(section.text("table"), section.network("destination"), {name: targets.text(name) for name in order})
    if kind == "elasticIp":
        pairs = {name: targets.section(name) for name in order}
        return ElasticIpPart(section.text("allocation"), {name: (pair.text("interface"), pair.address("address")) for name, pair in pairs.items()})
    raise InvalidConfiguration(f"{section.name}.type is '{kind}', and may be route or elasticIp")


def _nat(section: Section, members: tuple[str, ...]) -> Nat:
    sources = section.optional("sources")
    shared = section.optional("preserveConnections")
    canaries = tuple(_host_and_port(section.name, text) for text in section.texts("canaries"))
    check(len(canaries) > 0, "nat.canaries is empty: nothing would show that the way out works")
    check(shared is None or sources is not None, "nat.preserveConnections needs nat.sources")
    for section_of_members in filter(None, (sources, shared)):
        check(set(section_of_members.names()) == set(members), f"{section_of_members.name} has to name each member once")
    check(shared is None or len(members) == 2, "nat.preserveConnections is for two members")
    return Nat(
        vpc_cidrs=section.networks("vpcCidrs"),
        canaries=canaries,
        sources={}
        if sources is None
        else {name: Source(sources.section(name).networks("cidrs"), sources.section(name).address("address")) for name in sources.names()},
        shared_addresses={} if shared is None else {name: shared.address(name) for name in shared.names()},
    )


def _host_and_port(where: str, text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    check(bool(host and colon and port.isdigit() and 0 < int(port) < 65536), f"{where}.canaries has '{text}', which is no host:port")
    return host, int(port)
