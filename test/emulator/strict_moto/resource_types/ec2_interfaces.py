"""Network interfaces, the addresses on them, and the way out over IPv6."""

from __future__ import annotations

from typing import Any

from ..resource import ResourceType
from . import tags
from .ec2_instances import check_groups_in_vpc


class NetworkInterface(ResourceType):
    type_name = "AWS::EC2::NetworkInterface"
    made_by = "ec2.create_network_interface, ec2.modify_network_interface_attribute"
    described_by = "ec2.describe_network_interfaces"
    read_back = ("Description", "GroupSet", "PrivateIpAddress", "SecondaryPrivateIpAddressCount", "SourceDestCheck", "SubnetId", "Tags")

    def admit(self) -> None:
        subnet = self.call("ec2", "describe_subnets", SubnetIds=[self.properties["SubnetId"]])["Subnets"][0]
        check_groups_in_vpc(self, self.properties.get("GroupSet", []), subnet["VpcId"])

    def create(self) -> str:
        answer = self.call(
            "ec2",
            "create_network_interface",
            **self.pick("Description", "PrivateIpAddress", "SecondaryPrivateIpAddressCount", "SubnetId", Groups="GroupSet"),
            TagSpecifications=tags.specification("network-interface", self.properties),
        )
        interface_id: str = answer["NetworkInterface"]["NetworkInterfaceId"]
        if "SourceDestCheck" in self.properties:
            check = {"Value": self.properties["SourceDestCheck"]}
            self.call("ec2", "modify_network_interface_attribute", NetworkInterfaceId=interface_id, SourceDestCheck=check)
        return interface_id

    def describe(self) -> dict[str, Any]:
        shown = interface(self, self.physical_id)
        return shown | {
            "GroupSet": [group["GroupId"] for group in shown["Groups"]],
            "SecondaryPrivateIpAddressCount": len(secondary_addresses(shown)),
            "Tags": shown["TagSet"],
        }

    def attributes(self) -> dict[str, Any]:
        shown = interface(self, self.physical_id)
        return {
            "Id": self.physical_id,
            "PrimaryPrivateIpAddress": shown["PrivateIpAddress"],
            "SecondaryPrivateIpAddresses": secondary_addresses(shown),
            "VpcId": shown["VpcId"],
        }


class EipAssociation(ResourceType):
    type_name = "AWS::EC2::EIPAssociation"
    made_by = "ec2.associate_address"
    described_by = "ec2.describe_addresses"
    read_back = ("AllocationId", "InstanceId", "NetworkInterfaceId")

    def admit(self) -> None:
        address = self.address()
        self.require("AssociationId" not in address, "Resource.AlreadyAssociated", f"{address['PublicIp']} is in use")
        if "NetworkInterfaceId" in self.properties:
            vpc_id = interface(self, self.properties["NetworkInterfaceId"])["VpcId"]
            attached = self.call("ec2", "describe_internet_gateways", Filters=[{"Name": "attachment.vpc-id", "Values": [vpc_id]}])
            self.require(bool(attached["InternetGateways"]), "Gateway.NotAttached", f"{vpc_id} has no internet gateway attached")

    def create(self) -> str:
        return self.call("ec2", "associate_address", **self.properties)["AssociationId"]

    def describe(self) -> dict[str, Any]:
        return self.address()

    def address(self) -> dict[str, Any]:
        return self.call("ec2", "describe_addresses", AllocationIds=[self.properties["AllocationId"]])["Addresses"][0]

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}


class EgressOnlyInternetGateway(ResourceType):
    type_name = "AWS::EC2::EgressOnlyInternetGateway"
    made_by = "ec2.create_egress_only_internet_gateway"
    described_by = "ec2.describe_egress_only_internet_gateways"
    read_back = ("Tags", "VpcId")

    def create(self) -> str:
        specification = tags.specification("egress-only-internet-gateway", self.properties)
        answer = self.call("ec2", "create_egress_only_internet_gateway", **self.pick("VpcId"), TagSpecifications=specification)
        return answer["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]

    def describe(self) -> dict[str, Any]:
        answer = self.call("ec2", "describe_egress_only_internet_gateways", EgressOnlyInternetGatewayIds=[self.physical_id])
        shown = answer["EgressOnlyInternetGateways"][0]
        return shown | {"VpcId": shown["Attachments"][0]["VpcId"]}

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}


def interface(resource: ResourceType, interface_id: str) -> dict[str, Any]:
    return resource.call("ec2", "describe_network_interfaces", NetworkInterfaceIds=[interface_id])["NetworkInterfaces"][0]


def secondary_addresses(shown: dict[str, Any]) -> list[str]:
    return [address["PrivateIpAddress"] for address in shown["PrivateIpAddresses"] if not address["Primary"]]
