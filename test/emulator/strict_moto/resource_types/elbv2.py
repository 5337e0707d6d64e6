"""Load balancers and target groups."""

from __future__ import annotations

import ipaddress
import json
import re
from typing import Any

from ..resource import ResourceType
from . import elbv2_attributes

SHARED = ipaddress.ip_network("100.64.0.0/10")


class LoadBalancer(ResourceType):
    type_name = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    made_by = "elbv2.create_load_balancer, elbv2.modify_load_balancer_attributes"
    described_by = "elbv2.describe_load_balancers, elbv2.describe_load_balancer_attributes, elbv2.describe_tags"
    read_back = ("IpAddressType", "LoadBalancerAttributes", "Name", "Scheme", "SecurityGroups", "SubnetMappings", "Subnets", "Tags", "Type")
    may_list_more = ("LoadBalancerAttributes",)  # the defaults

    def admit(self) -> None:
        subnet_ids = self.properties.get("Subnets") or [m["SubnetId"] for m in self.properties.get("SubnetMappings", [])]
        subnets = self.call("ec2", "describe_subnets", SubnetIds=subnet_ids)["Subnets"]
        zones = [subnet["AvailabilityZone"] for subnet in subnets]
        application = self.properties.get("Type", "application") == "application"
        self.require(
            not application or len(set(zones)) >= 2,
            "ValidationError",
            "At least two subnets in two different Availability Zones must be specified",
        )
        self.require(
            len(zones) == len(set(zones)),
            "InvalidConfigurationRequest",
            f"A load balancer cannot be attached to multiple subnets in the same Availability Zone: {sorted(zones)}",
        )
        vpcs = {subnet["VpcId"] for subnet in subnets}
        self.require(len(vpcs) == 1, "InvalidSubnet", f"the subnets are in several VPCs: {sorted(vpcs)}")
        groups = self.properties.get("SecurityGroups", [])
        found = self.call("ec2", "describe_security_groups", GroupIds=groups)["SecurityGroups"] if groups else []
        for group in found:
            self.require(group["VpcId"] in vpcs, "InvalidSecurityGroup", f"{group['GroupId']} is in another VPC")
        self.check_access_logs(elbv2_attributes.check_load_balancer(self))

    def check_access_logs(self, attributes: dict[str, str]) -> None:
        if attributes.get("access_logs.s3.enabled") != "true":
            return
        bucket = attributes.get("access_logs.s3.bucket", "")
        self.require(bool(bucket), "InvalidConfigurationRequest", "access logs need a bucket")
        denied = f"Access Denied for bucket: {bucket}. Please check S3bucket permission"
        try:
            policy = json.loads(self.call("s3", "get_bucket_policy", Bucket=bucket)["Policy"])
        except Exception:
            self.refuse("InvalidConfigurationRequest", denied)
            return
        allowed = any(
            s["Effect"] == "Allow" and any(a in ("s3:PutObject", "s3:*") for a in [s["Action"]] + list(s["Action"]))
            for s in policy["Statement"]
            if isinstance(s.get("Action"), (str, list))
        )
        self.require(allowed, "InvalidConfigurationRequest", denied)

    def create(self) -> str:
        given = self.pick("IpAddressType", "Scheme", "SecurityGroups", "SubnetMappings", "Subnets", "Tags", "Type")
        answer = self.call("elbv2", "create_load_balancer", Name=short_name(self, "Name"), **given)
        arn: str = answer["LoadBalancers"][0]["LoadBalancerArn"]
        attributes = self.properties.get("LoadBalancerAttributes")
        if attributes:
            self.call("elbv2", "modify_load_balancer_attributes", LoadBalancerArn=arn, Attributes=attributes)
        return arn

    def describe(self) -> dict[str, Any]:
        balancer = self.call("elbv2", "describe_load_balancers", LoadBalancerArns=[self.physical_id])["LoadBalancers"][0]
        attributes = self.call("elbv2", "describe_load_balancer_attributes", LoadBalancerArn=self.physical_id)
        subnets = [zone["SubnetId"] for zone in balancer["AvailabilityZones"]]
        return balancer | {
            "LoadBalancerAttributes": attributes["Attributes"],
            "Name": balancer["LoadBalancerName"],
            "Subnets": subnets,
            "SubnetMappings": [{"SubnetId": subnet} for subnet in subnets],
            "Tags": tags_of(self, self.physical_id),
        }

    def attributes(self) -> dict[str, Any]:
        balancer = self.call("elbv2", "describe_load_balancers", LoadBalancerArns=[self.physical_id])["LoadBalancers"][0]
        return {
            "CanonicalHostedZoneID": balancer["CanonicalHostedZoneId"],
            "DNSName": balancer["DNSName"],
            "LoadBalancerArn": self.physical_id,
            "LoadBalancerFullName": self.physical_id.split(":loadbalancer/")[1],
            "LoadBalancerName": balancer["LoadBalancerName"],
            "SecurityGroups": balancer.get("SecurityGroups", []),
        }


class TargetGroup(ResourceType):
    type_name = "AWS::ElasticLoadBalancingV2::TargetGroup"
    made_by = "elbv2.create_target_group, elbv2.modify_target_group_attributes, elbv2.register_targets"
    described_by = "elbv2.describe_target_groups, elbv2.describe_target_group_attributes, elbv2.describe_target_health"
    read_back = (
        "HealthCheckEnabled",
        "HealthCheckIntervalSeconds",
        "HealthCheckPath",
        "HealthCheckPort",
        "HealthCheckProtocol",
        "HealthCheckTimeoutSeconds",
        "HealthyThresholdCount",
        "IpAddressType",
        "Matcher",
        "Name",
        "Port",
        "Protocol",
        "ProtocolVersion",
        "Tags",
        "TargetGroupAttributes",
        "TargetType",
        "Targets",
        "UnhealthyThresholdCount",
        "VpcId",
    )
    not_read_back = {"Targets.AvailabilityZone": "moto drops it"}
    may_list_more = ("TargetGroupAttributes",)  # the defaults

    def admit(self) -> None:
        self.check_health_check()
        elbv2_attributes.check_target_group(self)
        for target in self.properties.get("Targets", []):
            self.check_target(target)

    def check_target(self, target: dict[str, Any]) -> None:
        if self.properties.get("TargetType") != "ip":
            return
        address = ipaddress.ip_address(target["Id"])
        vpc = self.call("ec2", "describe_vpcs", VpcIds=[self.properties["VpcId"]])["Vpcs"][0]
        inside = any(address in ipaddress.ip_network(block["CidrBlock"]) for block in vpc["CidrBlockAssociationSet"])
        self.require(address.is_private or address in SHARED, "ValidationError", f"The IP address '{address}' is publicly routable")
        everywhere = target.get("AvailabilityZone") == "all"
        self.require(inside or everywhere, "ValidationError", f"You must specify the Availability Zone 'all' for '{address}', outside the VPC")

    def check_health_check(self) -> None:
        given = self.properties
        path = given.get("HealthCheckPath")
        self.require(path is None or str(path).startswith("/"), "ValidationError", f"Health check path '{path}' must begin with a '/' character")
        of_requests = given.get("HealthCheckProtocol") != "TCP"
        for name in ("HealthCheckPath", "Matcher"):
            self.require(of_requests or name not in given, "ValidationError", f"a health check by TCP has no {name}")
        interval, timeout = given.get("HealthCheckIntervalSeconds"), given.get("HealthCheckTimeoutSeconds")
        http = given.get("Protocol") in ("HTTP", "HTTPS")
        self.require(
            (timeout or 5) < (interval or 30) or not http,
            "ValidationError",
            f"Health check timeout '{timeout or 5}' must be smaller than the interval '{interval or 30}'",
        )
        port = str(given.get("HealthCheckPort", "traffic-port"))
        known = port == "traffic-port" or port.isdigit() and 1 <= int(port) <= 65535
        self.require(known, "ValidationError", f"Health check port '{port}' must be in the range 1-65535 or 'traffic-port'")
        code = given.get("Matcher", {}).get("HttpCode")
        codes = [] if code is None else [int(c) for c in re.findall(r"\d+", code)]
        self.require(all(200 <= c <= 499 for c in codes), "ValidationError", f"Health check matcher HTTP code '{code}' must be within 200 and 499")

    def create(self) -> str:
        given = self.all_but("Targets", "TargetGroupAttributes") | {"Name": short_name(self, "Name")}
        arn: str = self.call("elbv2", "create_target_group", **given)["TargetGroups"][0]["TargetGroupArn"]
        attributes = self.properties.get("TargetGroupAttributes")
        if attributes:
            self.call("elbv2", "modify_target_group_attributes", TargetGroupArn=arn, Attributes=attributes)
        if self.properties.get("Targets"):
            self.call("elbv2", "register_targets", TargetGroupArn=arn, Targets=self.properties["Targets"])
        return arn

    def describe(self) -> dict[str, Any]:
        group = self.call("elbv2", "describe_target_groups", TargetGroupArns=[self.physical_id])["TargetGroups"][0]
        attributes = self.call("elbv2", "describe_target_group_attributes", TargetGroupArn=self.physical_id)
        health = self.call("elbv2", "describe_target_health", TargetGroupArn=self.physical_id)
        return group | {
            "Name": group["TargetGroupName"],
            "Tags": tags_of(self, self.physical_id),
            "TargetGroupAttributes": attributes["Attributes"],
            "Targets": [item["Target"] for item in health["TargetHealthDescriptions"]],
        }

    def attributes(self) -> dict[str, Any]:
        group = self.call("elbv2", "describe_target_groups", TargetGroupArns=[self.physical_id])["TargetGroups"][0]
        return {
            "LoadBalancerArns": group.get("LoadBalancerArns", []),
            "TargetGroupArn": self.physical_id,
            "TargetGroupFullName": self.physical_id.split(":", 5)[5],
            "TargetGroupName": group["TargetGroupName"],
        }


def short_name(resource: ResourceType, prop: str) -> str:
    """Names of ELB have 32 characters; CloudFormation shortens what it makes up itself."""
    if prop in resource.properties:
        return resource.properties[prop]
    suffix = resource.generated_name(64)[-12:]
    return f"{resource.stack.name[:8]}-{resource.logical_id[:10]}-{suffix}".replace("--", "-")


def tags_of(resource: ResourceType, arn: str) -> list[dict[str, str]]:
    return resource.call("elbv2", "describe_tags", ResourceArns=[arn])["TagDescriptions"][0]["Tags"]
