"""Traffic that leaves a zone by itself.  moto has no zonal shift: shapes are all that is checked."""

from __future__ import annotations

from typing import Any

from .. import shape_checks
from ..errors import Refused
from ..resource import ResourceType


class ZonalAutoshiftConfiguration(ResourceType):
    type_name = "AWS::ARCZonalShift::ZonalAutoshiftConfiguration"
    made_by = (
        "nothing: the input of arc-zonal-shift.create_practice_run_configuration and arc-zonal-shift.update_zonal_autoshift_configuration is checked"
    )
    described_by = "nothing"
    shape_checked_only = True
    not_read_back = dict.fromkeys(("PracticeRunConfiguration", "ResourceIdentifier", "ZonalAutoshiftStatus"), "moto has no such service")

    def admit(self) -> None:
        arn = self.properties.get("ResourceIdentifier", "")
        shifts = self.zonal_shift_of(arn)
        self.require(shifts is not None, "ResourceNotFoundException", f"{arn} is no load balancer or Auto Scaling group that exists here")
        self.require(bool(shifts), "ResourceNotFoundException", f"{arn} has zonal shift not enabled")
        practice = self.properties.get("PracticeRunConfiguration")
        enabled = self.properties.get("ZonalAutoshiftStatus") == "ENABLED"
        self.require(
            practice is not None or not enabled, "ConflictException", "PracticeConfigurationDoesNotExist: zonal autoshift needs a practice run"
        )
        for alarm in [*(practice or {}).get("OutcomeAlarms", []), *(practice or {}).get("BlockingAlarms", [])]:
            self.check_alarm(alarm)

    def zonal_shift_of(self, arn: str) -> bool | None:
        """None for what does not exist."""
        try:
            if ":loadbalancer/" in arn:
                shown = self.call("elbv2", "describe_load_balancer_attributes", LoadBalancerArn=arn)["Attributes"]
                return {"Key": "zonal_shift.config.enabled", "Value": "true"} in shown
            name = arn.split(":autoScalingGroupName/")[-1]
            groups = self.call("autoscaling", "describe_auto_scaling_groups", AutoScalingGroupNames=[name])["AutoScalingGroups"]
        except Refused:
            return None
        group = next((group for group in groups if group["AutoScalingGroupARN"] == arn), None)
        return None if group is None else group.get("AvailabilityZoneImpairmentPolicy", {}).get("ZonalShiftEnabled", False)

    def check_alarm(self, alarm: dict[str, str]) -> None:
        self.require(alarm["Type"] == "CLOUDWATCH", "ValidationException", f"an alarm of type {alarm['Type']}: only CLOUDWATCH is known")
        arn = alarm["AlarmIdentifier"]
        known = self.call("cloudwatch", "describe_alarms", AlarmNames=[arn.split(":alarm:")[-1]])["MetricAlarms"]
        exists = arn in {found["AlarmArn"] for found in known}
        self.require(exists, "ValidationException", f"InvalidAlarmCondition: no alarm {arn} in {self.region}")

    def create(self) -> str:
        arn: str = self.properties["ResourceIdentifier"]
        practice = self.properties.get("PracticeRunConfiguration")
        if practice is not None:
            given = lower_first(practice)
            shape_checks.check_input("arc-zonal-shift", "create_practice_run_configuration", self.region, resourceIdentifier=arn, **given)
        if "ZonalAutoshiftStatus" in self.properties:
            status = self.properties["ZonalAutoshiftStatus"]
            given = {"resourceIdentifier": arn, "zonalAutoshiftStatus": status}
            shape_checks.check_input("arc-zonal-shift", "update_zonal_autoshift_configuration", self.region, **given)
        return arn


def lower_first(value: Any) -> Any:
    """The service spells as CloudFormation does, but for the first letter."""
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: lower_first(item) for key, item in value.items()}
    return [lower_first(item) for item in value] if isinstance(value, list) else value
