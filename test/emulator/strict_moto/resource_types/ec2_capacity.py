"""Capacity that is reserved.  moto has no capacity reservations: shapes are all that is checked."""

from __future__ import annotations

from typing import Any

from .. import aws, shape_checks
from ..resource import ResourceType


class CapacityReservation(ResourceType):
    type_name = "AWS::EC2::CapacityReservation"
    made_by = "nothing: the input of ec2.create_capacity_reservation is checked"
    described_by = "nothing"
    shape_checked_only = True
    not_read_back = dict.fromkeys(
        (
            "AvailabilityZone",
            "AvailabilityZoneId",
            "EbsOptimized",
            "EndDate",
            "EndDateType",
            "InstanceCount",
            "InstanceMatchCriteria",
            "InstancePlatform",
            "InstanceType",
            "TagSpecifications",
            "Tenancy",
        ),
        shape_checks.REASON,
    )

    def admit(self) -> None:
        zone, zone_id = (self.properties.get(name) for name in ("AvailabilityZone", "AvailabilityZoneId"))
        self.require((zone is None) != (zone_id is None), "InvalidParameterCombination", "a reservation needs one zone, by name or by id")
        self.check_offered(zone, zone_id)
        count = self.properties["InstanceCount"]
        self.require(1 <= count <= 1000, "InvalidParameterValue", f"InstanceCount {count} is not within 1 to 1000")
        limited = self.properties.get("EndDateType", "unlimited") == "limited"
        self.require(limited == ("EndDate" in self.properties), "InvalidParameterCombination", "EndDate belongs to the EndDateType limited")

    def check_offered(self, zone: str | None, zone_id: str | None) -> None:
        place = ("availability-zone", zone) if zone else ("availability-zone-id", zone_id)
        instance_type = self.properties["InstanceType"]
        filters = [{"Name": "location", "Values": [place[1]]}, {"Name": "instance-type", "Values": [instance_type]}]
        offered = self.call("ec2", "describe_instance_type_offerings", LocationType=place[0], Filters=filters)["InstanceTypeOfferings"]
        self.require(bool(offered), "Unsupported", f"{instance_type} is not offered in {place[1]}")

    def create(self) -> str:
        shape_checks.check_input("ec2", "create_capacity_reservation", self.region, **self.properties)
        return shape_checks.remember(self, f"cr-{self.generated_name(64)[-12:].zfill(17)}", self.region)

    def attributes(self) -> dict[str, Any]:
        return self.pick(
            "AvailabilityZone", "InstanceType", "Tenancy", AvailableInstanceCount="InstanceCount", TotalInstanceCount="InstanceCount"
        ) | {
            "CapacityReservationArn": f"arn:aws:ec2:{self.region}:{aws.ACCOUNT_ID}:capacity-reservation/{self.physical_id}",
            "Id": self.physical_id,
        }
