"""Hosted zones and health checks."""

from __future__ import annotations

import ipaddress
from typing import Any

from ..resource import ResourceType
from .route53_records import absolute


class HostedZone(ResourceType):
    type_name = "AWS::Route53::HostedZone"
    made_by = "route53.create_hosted_zone, route53.associate_vpc_with_hosted_zone"
    described_by = "route53.get_hosted_zone, route53.list_tags_for_resource"
    read_back = ("HostedZoneConfig", "HostedZoneTags", "Name", "VPCs")
    not_read_back = {"QueryLoggingConfig": "moto shows it at another call; the log group is a resource of its own"}

    def create(self) -> str:
        vpcs = [{"VPCId": vpc["VPCId"], "VPCRegion": vpc["VPCRegion"]} for vpc in self.properties.get("VPCs", [])]
        config = self.properties.get("HostedZoneConfig", {}) | {"PrivateZone": bool(vpcs)}
        answer = self.call(
            "route53",
            "create_hosted_zone",
            **self.pick("Name"),
            HostedZoneConfig=config,
            VPC=vpcs[0] if vpcs else None,
            CallerReference=self.generated_name(100),
        )
        zone_id: str = answer["HostedZone"]["Id"].split("/")[-1]
        for vpc in vpcs[1:]:
            self.call("route53", "associate_vpc_with_hosted_zone", HostedZoneId=zone_id, VPC=vpc)
        if self.properties.get("HostedZoneTags"):
            self.call("route53", "change_tags_for_resource", ResourceType="hostedzone", ResourceId=zone_id, AddTags=self.properties["HostedZoneTags"])
        return zone_id

    def describe(self) -> dict[str, Any]:
        answer = self.call("route53", "get_hosted_zone", Id=self.physical_id)
        shown = self.call("route53", "list_tags_for_resource", ResourceType="hostedzone", ResourceId=self.physical_id)
        name = self.properties["Name"]
        same = answer["HostedZone"]["Name"] == absolute(name)
        return {
            "HostedZoneConfig": answer["HostedZone"]["Config"],
            "HostedZoneTags": shown["ResourceTagSet"]["Tags"],
            "Name": name if same else answer["HostedZone"]["Name"],
            "VPCs": answer.get("VPCs", []),
        }

    def attributes(self) -> dict[str, Any]:
        answer = self.call("route53", "get_hosted_zone", Id=self.physical_id)
        return {"Id": self.physical_id, "NameServers": answer.get("DelegationSet", {}).get("NameServers", [])}


class HealthCheck(ResourceType):
    type_name = "AWS::Route53::HealthCheck"
    made_by = "route53.create_health_check"
    described_by = "route53.get_health_check, route53.list_tags_for_resource"
    read_back = ("HealthCheckConfig", "HealthCheckTags")
    not_read_back = {
        "HealthCheckConfig.AlarmIdentifier": "moto drops it; its admission proves that the alarm exists",
        "HealthCheckConfig.InsufficientDataHealthStatus": "moto drops it",
    }

    def admit(self) -> None:
        config = self.properties["HealthCheckConfig"]
        kind = config["Type"]
        if kind == "CALCULATED":
            for child in config.get("ChildHealthChecks", []):
                self.call("route53", "get_health_check", HealthCheckId=child)
            self.require(bool(config.get("ChildHealthChecks")), "InvalidInput", "a calculated check needs ChildHealthChecks")
        elif kind == "CLOUDWATCH_METRIC":
            self.check_alarm(config.get("AlarmIdentifier"))
        elif kind != "RECOVERY_CONTROL":
            self.check_endpoint(config)

    def check_alarm(self, identifier: dict[str, str] | None) -> None:
        self.require(identifier is not None, "InvalidInput", "a check of an alarm needs an AlarmIdentifier")
        name = (identifier or {})["Name"]
        from_here = (identifier or {})["Region"] == self.region
        found = self.call("cloudwatch", "describe_alarms", AlarmNames=[name])["MetricAlarms"] if from_here else [name]
        self.require(bool(found), "InvalidInput", f"The specified alarm {name} does not exist")

    def check_endpoint(self, config: dict[str, Any]) -> None:
        named = "IPAddress" in config or "FullyQualifiedDomainName" in config
        self.require(named, "InvalidInput", "an endpoint check needs IPAddress or FullyQualifiedDomainName")
        if "IPAddress" in config:
            public = ipaddress.ip_address(config["IPAddress"]).is_global
            self.require(public, "InvalidInput", f"Route 53 cannot reach {config['IPAddress']}: not a public address")
        http = config["Type"].startswith("HTTP")
        self.require(http or config["Type"] != "TCP" or "Port" in config, "InvalidInput", "a TCP check needs a Port")
        path = config.get("ResourcePath")
        self.require(path is None or http, "InvalidInput", "ResourcePath belongs to HTTP checks")
        self.require(path is None or path.startswith("/"), "InvalidInput", f"ResourcePath {path} must start with /")
        search = config["Type"].endswith("STR_MATCH")
        self.require(search == ("SearchString" in config), "InvalidInput", "SearchString belongs to the STR_MATCH types, which need it")
        self.require(config.get("RequestInterval", 30) in (10, 30), "InvalidInput", "RequestInterval must be 10 or 30")
        self.require(1 <= config.get("FailureThreshold", 3) <= 10, "InvalidInput", "FailureThreshold must be within 1 and 10")
        regions = config.get("Regions")
        self.require(regions is None or len(regions) >= 3, "InvalidInput", "at least three Regions must check")

    def create(self) -> str:
        reference = self.generated_name(64)
        answer = self.call("route53", "create_health_check", **self.pick("HealthCheckConfig"), CallerReference=reference)
        health_check_id: str = answer["HealthCheck"]["Id"]
        if self.properties.get("HealthCheckTags"):
            self.call(
                "route53",
                "change_tags_for_resource",
                ResourceType="healthcheck",
                ResourceId=health_check_id,
                AddTags=self.properties["HealthCheckTags"],
            )
        return health_check_id

    def describe(self) -> dict[str, Any]:
        check = self.call("route53", "get_health_check", HealthCheckId=self.physical_id)["HealthCheck"]
        shown = self.call("route53", "list_tags_for_resource", ResourceType="healthcheck", ResourceId=self.physical_id)
        return check | {"HealthCheckTags": shown["ResourceTagSet"]["Tags"]}

    def attributes(self) -> dict[str, Any]:
        return {"HealthCheckId": self.physical_id}
