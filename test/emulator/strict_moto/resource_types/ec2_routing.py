"""Route tables, routes and NAT gateways."""

from __future__ import annotations

from typing import Any

from ..resource import ResourceType
from . import tags


class RouteTable(ResourceType):
    type_name = "AWS::EC2::RouteTable"
    made_by = "ec2.create_route_table"
    described_by = "ec2.describe_route_tables"
    read_back = ("Tags", "VpcId")

    def create(self) -> str:
        specification = tags.specification("route-table", self.properties)
        answer = self.call("ec2", "create_route_table", **self.pick("VpcId"), TagSpecifications=specification)
        return answer["RouteTable"]["RouteTableId"]

    def describe(self) -> dict[str, Any]:
        return route_table(self, self.physical_id)

    def attributes(self) -> dict[str, Any]:
        return {"RouteTableId": self.physical_id}


class SubnetRouteTableAssociation(ResourceType):
    type_name = "AWS::EC2::SubnetRouteTableAssociation"
    made_by = "ec2.associate_route_table"
    described_by = "ec2.describe_route_tables"
    read_back = ("RouteTableId", "SubnetId")

    def admit(self) -> None:
        subnet = self.call("ec2", "describe_subnets", SubnetIds=[self.properties["SubnetId"]])["Subnets"][0]
        table = route_table(self, self.properties["RouteTableId"])
        self.require(
            subnet["VpcId"] == table["VpcId"],
            "InvalidParameterValue",
            f"{table['RouteTableId']} and {subnet['SubnetId']} belong to different networks",
        )
        own = explicit_table(self, self.properties["SubnetId"])
        self.require(own is None, "Resource.AlreadyAssociated", f"{subnet['SubnetId']} already has a route table")

    def create(self) -> str:
        return self.call("ec2", "associate_route_table", **self.pick("RouteTableId", "SubnetId"))["AssociationId"]

    def describe(self) -> dict[str, Any]:
        associations = route_table(self, self.properties["RouteTableId"])["Associations"]
        return next((a for a in associations if a["RouteTableAssociationId"] == self.physical_id), {})

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}


class Route(ResourceType):
    type_name = "AWS::EC2::Route"
    made_by = "ec2.create_route"
    described_by = "ec2.describe_route_tables"
    read_back = (
        "DestinationCidrBlock",
        "DestinationIpv6CidrBlock",
        "EgressOnlyInternetGatewayId",
        "GatewayId",
        "InstanceId",
        "NatGatewayId",
        "NetworkInterfaceId",
        "RouteTableId",
        "VpcPeeringConnectionId",
    )

    def admit(self) -> None:
        vpc_id = route_table(self, self.properties["RouteTableId"])["VpcId"]
        target_vpc = self.vpc_of_target(vpc_id)
        self.require(
            target_vpc == vpc_id,
            "InvalidParameterValue",
            f"route table {self.properties['RouteTableId']} of {vpc_id} and the route's target ({target_vpc}) belong to different networks",
        )

    def vpc_of_target(self, vpc_id: str) -> str | None:
        target = self.properties
        if "NatGatewayId" in target:
            gateways = self.call("ec2", "describe_nat_gateways", NatGatewayIds=[target["NatGatewayId"]])["NatGateways"]
            self.require(bool(gateways), "InvalidNatGatewayID.NotFound", target["NatGatewayId"])
            return gateways[0]["VpcId"]
        if "InstanceId" in target:
            answer = self.call("ec2", "describe_instances", InstanceIds=[target["InstanceId"]])
            return answer["Reservations"][0]["Instances"][0]["VpcId"]
        if "NetworkInterfaceId" in target:
            answer = self.call("ec2", "describe_network_interfaces", NetworkInterfaceIds=[target["NetworkInterfaceId"]])
            return answer["NetworkInterfaces"][0]["VpcId"]
        if "EgressOnlyInternetGatewayId" in target:
            wanted = [target["EgressOnlyInternetGatewayId"]]
            found = self.call("ec2", "describe_egress_only_internet_gateways", EgressOnlyInternetGatewayIds=wanted)["EgressOnlyInternetGateways"]
            self.require(bool(found), "InvalidGatewayID.NotFound", wanted[0])
            return found[0]["Attachments"][0]["VpcId"]
        if str(target.get("GatewayId", "")).startswith("igw-"):
            answer = self.call("ec2", "describe_internet_gateways", InternetGatewayIds=[target["GatewayId"]])
            attached = answer["InternetGateways"][0]["Attachments"]
            return attached[0]["VpcId"] if attached else None
        return vpc_id

    def check_result(self) -> None:
        if "NetworkInterfaceId" not in self.properties or self.destination not in ("0.0.0.0/0", "::/0"):
            return
        wanted = [self.properties["NetworkInterfaceId"]]
        interface = self.call("ec2", "describe_network_interfaces", NetworkInterfaceIds=wanted)["NetworkInterfaces"][0]
        self.require(
            not interface["SourceDestCheck"],
            "SourceDestCheck (ours: AWS makes the route, but no packet would pass)",
            f"{wanted[0]} drops what is neither from nor for itself",
        )

    def create(self) -> str:
        self.call("ec2", "create_route", **self.properties)
        return f"{self.properties['RouteTableId']}|{self.destination}"

    @property
    def destination(self) -> str:
        return self.properties.get("DestinationCidrBlock") or self.properties["DestinationIpv6CidrBlock"]

    def describe(self) -> dict[str, Any]:
        routes = route_table(self, self.properties["RouteTableId"])["Routes"]
        mine = (r for r in routes if self.destination in (r.get("DestinationCidrBlock"), r.get("DestinationIpv6CidrBlock")))
        return next(mine, {}) | {"RouteTableId": self.properties["RouteTableId"]}

    def attributes(self) -> dict[str, Any]:
        return {"CidrBlock": self.destination}


class NatGateway(ResourceType):
    type_name = "AWS::EC2::NatGateway"
    made_by = "ec2.create_nat_gateway"
    described_by = "ec2.describe_nat_gateways"
    read_back = ("AllocationId", "AvailabilityMode", "AvailabilityZoneAddresses", "ConnectivityType", "SubnetId", "Tags", "VpcId")

    @property
    def is_regional(self) -> bool:
        return self.properties.get("AvailabilityMode") == "regional"

    @property
    def is_public(self) -> bool:
        return self.properties.get("ConnectivityType", "public") == "public"

    def admit(self) -> None:
        if self.is_regional:
            self.admit_regional()
        elif self.is_public:
            self.require("AllocationId" in self.properties, "MissingParameter", "a public NAT gateway needs an AllocationId")
            self.check_free(self.properties["AllocationId"])
            subnet = self.call("ec2", "describe_subnets", SubnetIds=[self.properties["SubnetId"]])["Subnets"][0]
            self.check_attached(subnet["VpcId"])

    def admit_regional(self) -> None:
        self.require("VpcId" in self.properties, "MissingParameter", "a regional NAT gateway needs a VpcId")
        zonal = [name for name in ("SubnetId", "AllocationId") if name in self.properties]
        self.require(not zonal, "InvalidParameterCombination", f"a regional NAT gateway takes no {', '.join(zonal)}")
        self.require(self.is_public, "InvalidParameterCombination", "a regional NAT gateway is public")
        self.check_attached(self.properties["VpcId"])
        for zone in self.properties.get("AvailabilityZoneAddresses", []):
            for allocation in zone["AllocationIds"]:
                self.check_free(allocation)

    def check_free(self, allocation_id: str) -> None:
        address = self.call("ec2", "describe_addresses", AllocationIds=[allocation_id])["Addresses"][0]
        self.require("AssociationId" not in address, "Resource.AlreadyAssociated", f"{address['PublicIp']} is in use")

    def check_attached(self, vpc_id: str) -> None:
        """AWS looks for the attached gateway; without it the NAT gateway goes to "failed" (Gateway.NotAttached)."""
        attached = self.call("ec2", "describe_internet_gateways", Filters=[{"Name": "attachment.vpc-id", "Values": [vpc_id]}])
        self.require(bool(attached["InternetGateways"]), "Gateway.NotAttached", f"{vpc_id} has no internet gateway attached")

    def check_result(self) -> None:
        if self.is_regional or not self.is_public:
            return
        subnet_id = self.properties["SubnetId"]
        table = explicit_table(self, subnet_id)
        routes = table["Routes"] if table else []
        self.require(
            any(leads_to_internet(route) for route in routes),
            "NatGateway.NoInternetRoute (ours: AWS makes it, but no packet would pass)",
            f"the route table of {subnet_id} has no route to an internet gateway",
        )

    def create(self) -> str:
        answer = self.call(
            "ec2",
            "create_nat_gateway",
            **self.pick("SubnetId", "AllocationId", "AvailabilityMode", "AvailabilityZoneAddresses", "ConnectivityType", "VpcId"),
            TagSpecifications=tags.specification("natgateway", self.properties),
        )
        return answer["NatGateway"]["NatGatewayId"]

    def describe(self) -> dict[str, Any]:
        gateway = self.call("ec2", "describe_nat_gateways", NatGatewayIds=[self.physical_id])["NatGateways"][0]
        addresses = gateway["NatGatewayAddresses"]
        zones = sorted({address["AvailabilityZone"] for address in addresses if "AvailabilityZone" in address})
        return gateway | {
            "AllocationId": addresses[0].get("AllocationId") if addresses else None,
            "AvailabilityZoneAddresses": [{"AvailabilityZone": zone, "AllocationIds": allocations_in(zone, addresses)} for zone in zones],
        }

    def attributes(self) -> dict[str, Any]:
        return {"NatGatewayId": self.physical_id}


def allocations_in(zone: str, addresses: list[dict[str, Any]]) -> list[str]:
    return [address["AllocationId"] for address in addresses if address.get("AvailabilityZone") == zone]


def leads_to_internet(route: dict[str, Any]) -> bool:
    return route.get("DestinationCidrBlock") == "0.0.0.0/0" and str(route.get("GatewayId", "")).startswith("igw-")


def route_table(resource: ResourceType, route_table_id: str) -> dict[str, Any]:
    return resource.call("ec2", "describe_route_tables", RouteTableIds=[route_table_id])["RouteTables"][0]


def explicit_table(resource: ResourceType, subnet_id: str) -> dict[str, Any] | None:
    filters = [{"Name": "association.subnet-id", "Values": [subnet_id]}]
    tables = resource.call("ec2", "describe_route_tables", Filters=filters)["RouteTables"]
    # moto answers with the main table when there is no association
    mine = (t for t in tables if any(a.get("SubnetId") == subnet_id for a in t["Associations"]))
    return next(mine, None)
