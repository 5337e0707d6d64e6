"""What can be moved, and how AWS is asked to: the only place that knows of routes and addresses.

One more kind of thing that floats is one more branch here and one more `type` in the configuration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Callable
from xml.etree.ElementTree import Element

from aws_api.client import AwsClient
from aws_api.errors import AwsError

from .configuration import ElasticIpPart, FloatingObject, Part, RoutePart
from .decisions import NOBODY

EC2_VERSION = "2016-11-15"
WOULD_HAVE_DONE = "DryRunOperation"
"""How EC2 refuses a call that it was asked not to do, and would have done."""


class Ec2Parts:
    """Reads and moves the parts of floating objects.

    What leads to no member (a NAT gateway that an operator put there, a route that was deleted) is in foreign hands: it is neither
    read as owned nor moved, until it leads to a member again.
    """

    def __init__(self, ec2: AwsClient, objects: Sequence[FloatingObject]) -> None:
        self._ec2 = ec2
        self._objects = objects
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="move")
        self.foreign: set[str] = set()

    def read(self) -> Mapping[str, frozenset[str]]:
        """The members (or NOBODY) that the parts of each object lead to. Raises AwsError."""
        targets: dict[str, str | None] = {**self._read_routes(), **self._read_addresses()}
        owners = {part_name(part): _owner(part, targets.get(part_name(part))) for one in self._objects for part in one.parts}
        self.foreign = {name for name, owner in owners.items() if owner is None}
        return {one.name: frozenset(owner for owner in (owners[part_name(part)] for part in one.parts) if owner) for one in self._objects}

    def move(self, one: FloatingObject, to: str, wanted: Callable[[], bool]) -> None:
        """Points all parts to the member, side by side, since each waits for AWS. Raises the first error after all have ended."""
        tries = [self._pool.submit(self._move_part, part, to, wanted) for part in one.parts if part_name(part) not in self.foreign]
        errors = [error for error in [attempt.exception() for attempt in tries] if error]
        if errors:
            raise errors[0]

    def rehearse(self, to: str) -> Mapping[str, AwsError | None]:
        """Asks EC2 whether it would let this machine point to the member all that it may get, and moves nothing: for each action why not, or None."""
        answers: dict[str, AwsError | None] = {}
        for action, params in [_call_for(part, to) for one in self._objects if to in one.order for part in one.parts]:
            try:
                self._ec2.call(action, EC2_VERSION, {**params, "DryRun": "true"})
            except AwsError as error:
                if error.is_denied:
                    answers[action] = error
                elif error.code == WOULD_HAVE_DONE:
                    answers.setdefault(action, None)
        return answers

    def _move_part(self, part: Part, to: str, wanted: Callable[[], bool]) -> None:
        action, params = _call_for(part, to)
        self._ec2.call(action, EC2_VERSION, params, wanted=wanted)

    def _read_routes(self) -> Mapping[str, str | None]:
        tables = sorted({part.table for one in self._objects for part in one.parts if isinstance(part, RoutePart)})
        if not tables:
            return {}
        answer = self._ec2.call("DescribeRouteTables", EC2_VERSION, _numbered("RouteTableId", tables))
        return {
            f"{_text(table, 'routeTableId')} {_text(route, 'destinationCidrBlock')}": _text(route, "networkInterfaceId")
            for table in _items(answer, "routeTableSet")
            for route in _items(table, "routeSet")
        }

    def _read_addresses(self) -> Mapping[str, str | None]:
        allocations = sorted({part.allocation for one in self._objects for part in one.parts if isinstance(part, ElasticIpPart)})
        if not allocations:
            return {}
        answer = self._ec2.call("DescribeAddresses", EC2_VERSION, _numbered("AllocationId", allocations))
        return {
            str(_text(address, "allocationId")): " ".join(filter(None, (_text(address, "networkInterfaceId"), _text(address, "privateIpAddress"))))
            for address in _items(answer, "addressesSet")
        }


def part_name(part: Part) -> str:
    return f"{part.table} {part.destination}" if isinstance(part, RoutePart) else part.allocation


def _call_for(part: Part, to: str) -> tuple[str, dict[str, str]]:
    """The action that points a part to the member, and its parameters."""
    if isinstance(part, RoutePart):
        return "ReplaceRoute", {
            "RouteTableId": part.table,
            "DestinationCidrBlock": part.destination,
            "NetworkInterfaceId": part.targets[to],
        }
    interface, address = part.targets[to]
    return "AssociateAddress", {
        "AllocationId": part.allocation,
        "NetworkInterfaceId": interface,
        "PrivateIpAddress": address,
        "AllowReassociation": "true",
    }


def _owner(part: Part, target: str | None) -> str | None:
    """None for foreign hands."""
    if isinstance(part, ElasticIpPart) and target == "":
        return NOBODY
    for member in part.targets:
        if target == (part.targets[member] if isinstance(part, RoutePart) else " ".join(part.targets[member])):
            return member
    return None


def _numbered(name: str, values: Sequence[str]) -> dict[str, str]:
    return {f"{name}.{i}": value for i, value in enumerate(values, start=1)}


def _items(parent: Element, name: str) -> list[Element]:
    return parent.findall(f"{name}/item")


def _text(parent: Element, name: str) -> str | None:
    return parent.findtext(name) or None
