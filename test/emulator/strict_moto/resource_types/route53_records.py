"""Records: single ones and groups."""

from __future__ import annotations

from typing import Any

from ..hosted_zones import CLOUDFRONT_ZONE, GLOBAL_ACCELERATOR_ZONE, LOAD_BALANCER_ZONES, S3_WEBSITE_ZONES
from ..resource import ResourceType

ROUTING = ("CidrRoutingConfig", "Failover", "GeoLocation", "GeoProximityLocation", "MultiValueAnswer", "Region", "Weight")
RECORD_PROPERTIES = (
    "AliasTarget",
    "Failover",
    "GeoLocation",
    "HealthCheckId",
    "MultiValueAnswer",
    "Name",
    "Region",
    "ResourceRecords",
    "SetIdentifier",
    "TTL",
    "Type",
    "Weight",
)
# what the name of an alias target in the zone must end with
ALIAS_TARGETS = {
    CLOUDFRONT_ZONE: ".cloudfront.net",
    GLOBAL_ACCELERATOR_ZONE: ".awsglobalaccelerator.com",
    **{zone: f"{region}.elb.amazonaws.com" for region, kinds in LOAD_BALANCER_ZONES.items() for zone in kinds.values()},
    **{zone: f"{region}.amazonaws.com" for region, zone in S3_WEBSITE_ZONES.items()},
}


class Records(ResourceType):
    """What a record and a group of records have in common."""

    described_by = "route53.list_resource_record_sets"
    made_by = "route53.change_resource_record_sets"

    def records(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def zone_id(self) -> str:
        if "HostedZoneId" in self.properties:
            return self.properties["HostedZoneId"].split("/")[-1]
        wanted = absolute(self.properties.get("HostedZoneName", ""))
        zones = self.call("route53", "list_hosted_zones")["HostedZones"]
        found = [zone for zone in zones if zone["Name"] == wanted]
        self.require(len(found) == 1, "NoSuchHostedZone", f"{len(found)} hosted zones are named {wanted!r}")
        return found[0]["Id"].split("/")[-1]

    def admit(self) -> None:
        zone = self.call("route53", "get_hosted_zone", Id=self.zone_id())["HostedZone"]
        # of a group, each record is checked against the ones before it as well
        others = self.call("route53", "list_resource_record_sets", HostedZoneId=self.zone_id())["ResourceRecordSets"]
        for record in self.records():
            check_routing(self, record)
            check_value(self, record)
            check_alias(self, record, zone)
            check_place_in_zone(self, record, zone["Name"], others)
            if "HealthCheckId" in record:
                self.call("route53", "get_health_check", HealthCheckId=record["HealthCheckId"])
            others = [*others, record]

    def create(self) -> str:
        for record in self.records():
            given = {key: record[key] for key in RECORD_PROPERTIES if key in record}
            if "ResourceRecords" in given:
                given["ResourceRecords"] = [{"Value": value} for value in given["ResourceRecords"]]
            if "AliasTarget" in given:
                given["AliasTarget"] = {"EvaluateTargetHealth": False} | given["AliasTarget"]
            changes = [{"Action": "CREATE", "ResourceRecordSet": given}]
            self.call("route53", "change_resource_record_sets", HostedZoneId=self.zone_id(), ChangeBatch={"Changes": changes})
        return absolute(self.records()[0]["Name"]).rstrip(".") if self.records() else self.generated_name(64)

    def shown(self, record: dict[str, Any]) -> dict[str, Any]:
        """The record as Route 53 lists it, under the template's name if it is the same."""
        listed = self.call("route53", "list_resource_record_sets", HostedZoneId=self.zone_id())["ResourceRecordSets"]
        mine = next((other for other in listed if identity(other) == identity(record)), {})
        target = mine.get("AliasTarget", {})
        wanted_target = record.get("AliasTarget", {}).get("DNSName", "")
        if absolute(target.get("DNSName", "")).lower() == absolute(wanted_target).lower():
            target = target | {"DNSName": wanted_target}
        return mine | {
            "Name": record["Name"] if mine else None,
            "AliasTarget": target,
            "ResourceRecords": [item["Value"] for item in mine.get("ResourceRecords", [])],
        }


class RecordSet(Records):
    type_name = "AWS::Route53::RecordSet"
    read_back = (*RECORD_PROPERTIES, "HostedZoneId", "HostedZoneName")
    not_read_back = {"Comment": "belongs to the change, not to the record"}

    def records(self) -> list[dict[str, Any]]:
        return [self.properties]

    def describe(self) -> dict[str, Any]:
        return self.shown(self.properties) | self.pick("HostedZoneId", "HostedZoneName")


class RecordSetGroup(Records):
    type_name = "AWS::Route53::RecordSetGroup"
    read_back = ("HostedZoneId", "HostedZoneName", "RecordSets")
    not_read_back = {"Comment": "belongs to the change, not to the record"}

    def records(self) -> list[dict[str, Any]]:
        return self.properties["RecordSets"]

    def describe(self) -> dict[str, Any]:
        return self.pick("HostedZoneId", "HostedZoneName") | {"RecordSets": [self.shown(r) for r in self.records()]}


def absolute(name: str) -> str:
    return name if name.endswith(".") else f"{name}."


def identity(record: dict[str, Any]) -> tuple[str, str, str]:
    name = absolute(record["Name"]).lower().replace("\\052", "*")
    return name, record["Type"], record.get("SetIdentifier") or ""


def check_routing(resource: ResourceType, record: dict[str, Any]) -> None:
    policies = [name for name in ROUTING if name in record]
    resource.require(len(policies) <= 1, "InvalidInput", f"a record has one routing policy, not {policies}")
    identified = bool(record.get("SetIdentifier"))
    resource.require(identified or not policies, "InvalidInput", f"Missing field 'SetIdentifier', {policies} needs it")
    resource.require(bool(policies) or not identified, "InvalidInput", "SetIdentifier without a routing policy")
    if record.get("Failover") == "PRIMARY":
        if "AliasTarget" in record:
            watched = record["AliasTarget"].get("EvaluateTargetHealth") or "HealthCheckId" in record
            # Route 53 takes it, and then never fails over
            resource.require(bool(watched), "Failover without a health check", "a primary alias needs EvaluateTargetHealth or HealthCheckId")
        else:
            checked = "HealthCheckId" in record
            resource.require(checked, "InvalidChangeBatch", "A non-alias primary ResourceRecordSet must have an associated health check")


def check_value(resource: ResourceType, record: dict[str, Any]) -> None:
    if "AliasTarget" in record:
        extra = {"TTL", "ResourceRecords"} & set(record)
        resource.require(not extra, "InvalidInput", f"an alias record has no {sorted(extra)}")
    else:
        missing = {"TTL", "ResourceRecords"} - set(record)
        resource.require(not missing, "InvalidInput", f"a record that is no alias needs {sorted(missing)}")


def check_alias(resource: ResourceType, record: dict[str, Any], zone: dict[str, Any]) -> None:
    if "AliasTarget" not in record:
        return
    target_zone = record["AliasTarget"]["HostedZoneId"].split("/")[-1]
    target = record["AliasTarget"]["DNSName"].rstrip(".").lower()
    if target_zone in ALIAS_TARGETS:
        inside = target.endswith(ALIAS_TARGETS[target_zone])
        resource.require(inside, "InvalidChangeBatch", f"the alias target name {target} does not lie within the target zone {target_zone}")
        return
    own = zone["Id"].split("/")[-1]
    problem = f"the alias target zone {target_zone} is neither AWS's for {target} nor the record's own"
    resource.require(target_zone == own, "InvalidChangeBatch", problem)
    listed = resource.call("route53", "list_resource_record_sets", HostedZoneId=own)["ResourceRecordSets"]
    found = any(identity(other)[:2] == (absolute(target), record["Type"]) for other in listed)
    problem = f"Tried to create an alias that targets {target}, type {record['Type']}, but that target was not found"
    resource.require(found, "InvalidChangeBatch", problem)


def check_place_in_zone(resource: ResourceType, record: dict[str, Any], zone_name: str, others: list[dict[str, Any]]) -> None:
    name, kind, identifier = identity(record)
    inside = name == zone_name or name.endswith(f".{zone_name}")
    resource.require(inside, "InvalidChangeBatch", f"RRSet with DNS name {name} is not permitted in zone {zone_name}")
    apex = kind == "CNAME" and name == zone_name
    resource.require(not apex, "InvalidChangeBatch", f"RRSet of type CNAME is not permitted at apex in zone {zone_name}")
    for other in others:
        other_name, other_kind, other_identifier = identity(other)
        if other_name != name:
            continue
        resource.require(kind == other_kind or "CNAME" not in (kind, other_kind), "InvalidChangeBatch", f"a CNAME shares {name} with another record")
        if other_kind == kind:
            resource.require(other_identifier != identifier, "InvalidChangeBatch", f"the record {name} {kind} {identifier} already exists")
            same = [key for key in ROUTING if key in record] == [key for key in ROUTING if key in other]
            resource.require(same, "InvalidChangeBatch", f"the records of {name} {kind} have different routing policies")
            taken = "Failover" in record and record["Failover"] == other.get("Failover")
            resource.require(not taken, "InvalidChangeBatch", f"{name} {kind} has two {record.get('Failover')} records")
