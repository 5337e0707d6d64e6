"""VPC endpoints: ways to a service of AWS that lead through no NAT."""

from __future__ import annotations

from typing import Any

from ..resource import ResourceType
from . import tags


class VpcEndpoint(ResourceType):
    type_name = "AWS::EC2::VPCEndpoint"
    made_by = "ec2.create_vpc_endpoint"
    described_by = "ec2.describe_vpc_endpoints"
    read_back = (
        "PolicyDocument",
        "PrivateDnsEnabled",
        "RouteTableIds",
        "SecurityGroupIds",
        "ServiceName",
        "SubnetIds",
        "Tags",
        "VpcEndpointType",
        "VpcId",
    )

    def admit(self) -> None:
        kind = self.properties.get("VpcEndpointType", "Gateway")
        self.require(kind in ("Gateway", "Interface"), "InvalidParameter", f"the emulator knows no endpoints of type {kind}")
        strange = {"Gateway": ("SubnetIds", "SecurityGroupIds", "PrivateDnsEnabled"), "Interface": ("RouteTableIds",)}[kind]
        for name in strange:
            self.require(name not in self.properties, "InvalidParameter", f"{name} cannot be given to an endpoint of type {kind}")
        service = self.properties["ServiceName"]
        self.require(service.startswith(f"com.amazonaws.{self.region}."), "InvalidServiceName", f"the service {service} is not in {self.region}")
        if kind == "Gateway":
            self.require(service.rsplit(".", 1)[1] in ("s3", "dynamodb"), "InvalidParameter", f"{service} has no endpoint of type Gateway")

    def create(self) -> str:
        answer = self.call(
            "ec2",
            "create_vpc_endpoint",
            **self.all_but("Tags"),
            TagSpecifications=tags.specification("vpc-endpoint", self.properties),
        )
        endpoint_id: str = answer["VpcEndpoint"]["VpcEndpointId"]
        return endpoint_id

    def describe(self) -> dict[str, Any]:
        answer = self.call("ec2", "describe_vpc_endpoints", VpcEndpointIds=[self.physical_id])
        endpoint: dict[str, Any] = answer["VpcEndpoints"][0]
        return endpoint | {"SecurityGroupIds": [group["GroupId"] for group in endpoint.get("Groups", [])]}
