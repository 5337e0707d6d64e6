"""VPCs, subnets and gateways."""

from __future__ import annotations

import ipaddress
from typing import Any

from ..resource import ResourceType
from . import tags


class Vpc(ResourceType):
    type_name = "AWS::EC2::VPC"
    made_by = "ec2.create_vpc"
    described_by = "ec2.describe_vpcs, ec2.describe_vpc_attribute"
    read_back = ("CidrBlock", "EnableDnsHostnames", "EnableDnsSupport", "InstanceTenancy", "Tags")

    def admit(self) -> None:
        if "CidrBlock" in self.properties:
            check_block(self, self.properties["CidrBlock"], "InvalidVpc.Range")

    def create(self) -> str:
        answer = self.call(
            "ec2",
            "create_vpc",
            **self.pick("CidrBlock", "InstanceTenancy"),
            TagSpecifications=tags.specification("vpc", self.properties),
        )
        vpc_id: str = answer["Vpc"]["VpcId"]
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            if name in self.properties:
                self.call("ec2", "modify_vpc_attribute", VpcId=vpc_id, **{name: {"Value": self.properties[name]}})
        return vpc_id

    def describe(self) -> dict[str, Any]:
        vpc = self.call("ec2", "describe_vpcs", VpcIds=[self.physical_id])["Vpcs"][0]
        return vpc | {"EnableDnsSupport": self.flag("enableDnsSupport"), "EnableDnsHostnames": self.flag("enableDnsHostnames")}

    def flag(self, name: str) -> bool:
        answer = self.call("ec2", "describe_vpc_attribute", VpcId=self.physical_id, Attribute=name)
        return bool(answer[name[0].upper() + name[1:]]["Value"])

    def attributes(self) -> dict[str, Any]:
        in_vpc = [{"Name": "vpc-id", "Values": [self.physical_id]}]
        default_group = [*in_vpc, {"Name": "group-name", "Values": ["default"]}]
        groups = self.call("ec2", "describe_security_groups", Filters=default_group)["SecurityGroups"]
        acls = self.call("ec2", "describe_network_acls", Filters=in_vpc)["NetworkAcls"]
        return {
            "VpcId": self.physical_id,
            "CidrBlock": self.describe()["CidrBlock"],
            "CidrBlockAssociations": [a["AssociationId"] for a in self.describe()["CidrBlockAssociationSet"]],
            "DefaultSecurityGroup": groups[0]["GroupId"],
            "DefaultNetworkAcl": next(acl["NetworkAclId"] for acl in acls if acl["IsDefault"]),
        }


class Subnet(ResourceType):
    type_name = "AWS::EC2::Subnet"
    made_by = "ec2.create_subnet"
    described_by = "ec2.describe_subnets"
    read_back = ("AvailabilityZone", "CidrBlock", "MapPublicIpOnLaunch", "Tags", "VpcId")

    def admit(self) -> None:
        check_block(self, self.properties["CidrBlock"], "InvalidSubnet.Range")
        zones = self.call("ec2", "describe_availability_zones")["AvailabilityZones"]
        wanted = self.properties.get("AvailabilityZone", zones[0]["ZoneName"])
        self.require(  # moto takes a zone of any Region
            wanted in {zone["ZoneName"] for zone in zones},
            "InvalidParameterValue",
            f"{wanted} is not an availability zone of {self.region}",
        )

    def create(self) -> str:
        zone = self.properties.get("AvailabilityZone") or self.first_zone()
        answer = self.call(
            "ec2",
            "create_subnet",
            **self.pick("VpcId", "CidrBlock"),
            AvailabilityZone=zone,
            TagSpecifications=tags.specification("subnet", self.properties),
        )
        subnet_id: str = answer["Subnet"]["SubnetId"]
        public = self.properties.get("MapPublicIpOnLaunch", False)
        self.call("ec2", "modify_subnet_attribute", SubnetId=subnet_id, MapPublicIpOnLaunch={"Value": public})
        return subnet_id

    def first_zone(self) -> str:
        zones = self.call("ec2", "describe_availability_zones")["AvailabilityZones"]
        return min(zone["ZoneName"] for zone in zones)

    def describe(self) -> dict[str, Any]:
        return self.call("ec2", "describe_subnets", SubnetIds=[self.physical_id])["Subnets"][0]

    def attributes(self) -> dict[str, Any]:
        subnet = self.describe()
        acls = self.call("ec2", "describe_network_acls", Filters=[{"Name": "association.subnet-id", "Values": [self.physical_id]}])["NetworkAcls"]
        association = acls[0]["Associations"][0]["NetworkAclAssociationId"] if acls else None
        shown = {name: subnet[name] for name in ("AvailabilityZone", "CidrBlock", "VpcId", "SubnetId")}
        return shown | {"AvailabilityZoneId": subnet.get("AvailabilityZoneId"), "NetworkAclAssociationId": association, "Ipv6CidrBlocks": []}


class InternetGateway(ResourceType):
    type_name = "AWS::EC2::InternetGateway"
    made_by = "ec2.create_internet_gateway"
    described_by = "ec2.describe_internet_gateways"
    read_back = ("Tags",)

    def create(self) -> str:
        specification = tags.specification("internet-gateway", self.properties)
        answer = self.call("ec2", "create_internet_gateway", TagSpecifications=specification)
        return answer["InternetGateway"]["InternetGatewayId"]

    def describe(self) -> dict[str, Any]:
        answer = self.call("ec2", "describe_internet_gateways", InternetGatewayIds=[self.physical_id])
        return answer["InternetGateways"][0]

    def attributes(self) -> dict[str, Any]:
        return {"InternetGatewayId": self.physical_id}


class VpcGatewayAttachment(ResourceType):
    type_name = "AWS::EC2::VPCGatewayAttachment"
    made_by = "ec2.attach_internet_gateway"
    described_by = "ec2.describe_internet_gateways"
    read_back = ("InternetGatewayId", "VpcId")

    def admit(self) -> None:
        attached = self.call(
            "ec2",
            "describe_internet_gateways",
            Filters=[{"Name": "attachment.vpc-id", "Values": [self.properties["VpcId"]]}],
        )["InternetGateways"]
        self.require(not attached, "Resource.AlreadyAssociated", f"{self.properties['VpcId']} has an internet gateway")

    def create(self) -> str:
        self.call("ec2", "attach_internet_gateway", **self.pick("InternetGatewayId", "VpcId"))
        return f"IGW|{self.properties['VpcId']}"

    def describe(self) -> dict[str, Any]:
        gateways = self.call("ec2", "describe_internet_gateways", InternetGatewayIds=[self.properties["InternetGatewayId"]])
        gateway = gateways["InternetGateways"][0]
        return {"InternetGatewayId": gateway["InternetGatewayId"], "VpcId": gateway["Attachments"][0]["VpcId"]}


class Eip(ResourceType):
    type_name = "AWS::EC2::EIP"
    made_by = "ec2.allocate_address"
    described_by = "ec2.describe_addresses"
    read_back = ("Domain", "InstanceId", "Tags")
    quota = 5  # per Region, adjustable

    def admit(self) -> None:
        quota = quota_of(self)
        held = len(self.call("ec2", "describe_addresses")["Addresses"])
        self.require(held < quota, "AddressLimitExceeded", f"the Region's quota is {quota} addresses")

    def create(self) -> str:
        answer = self.call(
            "ec2",
            "allocate_address",
            **self.pick("Domain"),
            TagSpecifications=tags.specification("elastic-ip", self.properties),
        )
        if "InstanceId" in self.properties:
            self.call("ec2", "associate_address", AllocationId=answer["AllocationId"], **self.pick("InstanceId"))
        self.allocation_id: str = answer["AllocationId"]
        return answer["PublicIp"]

    def describe(self) -> dict[str, Any]:
        return self.call("ec2", "describe_addresses", AllocationIds=[self.allocation_id])["Addresses"][0]

    def attributes(self) -> dict[str, Any]:
        return {"AllocationId": self.allocation_id, "PublicIp": self.physical_id}


def quota_of(eip: Eip) -> int:
    """A test that needs more addresses raises the quota as a user would: by asking Service Quotas."""
    name = "/emulator/quotas/ec2-elastic-ips"
    found = eip.call("ssm", "get_parameters", Names=[name])["Parameters"]
    return int(found[0]["Value"]) if found else Eip.quota


def check_block(resource: ResourceType, block: str, code: str) -> None:
    try:
        network = ipaddress.ip_network(block)
    except ValueError as error:
        resource.refuse("InvalidParameterValue", f"{block}: {error}")
        return
    resource.require(16 <= network.prefixlen <= 28, code, f"{block} is not between /16 and /28")
