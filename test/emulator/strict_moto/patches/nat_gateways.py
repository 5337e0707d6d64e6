"""NAT gateways that stand in no subnet."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.responses.nat_gateways import NatGateways
from moto.ec2.utils import add_tag_specification, random_nat_gateway_id


class RegionalNatGateway(NatGateway):
    """It has its zones, each with its addresses, from the caller, or it finds both by itself."""

    def __init__(self, backend: Any, vpc_id: str, zones: list[dict[str, Any]], tags: dict[str, str]):
        self.id = random_nat_gateway_id()
        self.ec2_backend = backend
        self.vpc_id = backend.get_vpc(vpc_id).id
        self.subnet_id = None  # type: ignore[assignment]
        self.state = "available"
        self.connectivity_type = "public"
        self.availability_mode = "regional"
        self.auto_provision_zones = "disabled" if zones else "enabled"
        self.address_set = [
            {"allocationId": allocation, "availabilityZone": zone["AvailabilityZone"]} for zone in zones for allocation in zone["AllocationIds"]
        ]
        self.add_tags(tags)


def install() -> None:
    NatGateways.create_nat_gateway = with_regional(NatGateways.create_nat_gateway)  # type: ignore[method-assign]


def with_regional(create: Any) -> Any:
    """moto looks for a subnet, which a regional gateway has none of."""

    def create_either(self: NatGateways) -> Any:
        if self._get_param("AvailabilityMode") != "regional":
            return create(self)
        zones = self._get_param("AvailabilityZoneAddresses", [])
        tags = add_tag_specification(self._get_param("TagSpecifications", []))
        gateway = RegionalNatGateway(self.ec2_backend, self._get_param("VpcId"), zones, tags)
        self.ec2_backend.nat_gateways[gateway.id] = gateway
        return ActionResult({"NatGateway": gateway})

    return create_either
