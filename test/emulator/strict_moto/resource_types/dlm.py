"""Snapshot policies.  moto has no Data Lifecycle Manager: shapes are all that is checked."""

from __future__ import annotations

import re
from typing import Any

from .. import aws, shape_checks
from ..resource import ResourceType

HOURS = (1, 2, 3, 4, 6, 8, 12, 24)


class LifecyclePolicy(ResourceType):
    type_name = "AWS::DLM::LifecyclePolicy"
    made_by = "nothing: the input of dlm.create_lifecycle_policy is checked"
    described_by = "nothing"
    shape_checked_only = True
    not_read_back = {name: "moto has no such service" for name in ("Description", "ExecutionRoleArn", "PolicyDetails", "State", "Tags")}

    def admit(self) -> None:
        role = self.properties.get("ExecutionRoleArn", "")
        self.call("iam", "get_role", RoleName=role.split("/")[-1])
        known = re.fullmatch(r"[0-9A-Za-z _-]{0,500}", self.properties.get("Description", ""))
        self.require(bool(known), "InvalidRequestException", "Description may hold letters, digits, blanks, _ and - only")
        details = self.properties.get("PolicyDetails", {})
        schedules = details.get("Schedules", [])
        self.require(1 <= len(schedules) <= 4, "InvalidRequestException", "a policy has one to four schedules")
        self.require(bool(details.get("TargetTags")), "InvalidRequestException", "a policy needs TargetTags")
        for schedule in schedules:
            self.check_schedule(schedule)

    def check_schedule(self, schedule: dict[str, Any]) -> None:
        rule = schedule.get("CreateRule", {})
        by_interval = "Interval" in rule
        self.require(by_interval != ("CronExpression" in rule), "InvalidRequestException", "CreateRule needs either Interval or CronExpression")
        if by_interval:
            interval = int(rule["Interval"])
            self.require(interval in HOURS, "InvalidRequestException", f"Interval {interval} is not one of {HOURS}")
            self.require(rule.get("IntervalUnit") == "HOURS", "InvalidRequestException", "IntervalUnit must be HOURS")
        times = rule.get("Times", [])
        valid = len(times) <= 1 and all(re.fullmatch(r"(0\d|1\d|2[0-3]):[0-5]\d", time) for time in times)
        self.require(valid, "InvalidRequestException", f"Times {times} must be one time as hh:mm")
        retain = schedule.get("RetainRule", {})
        by_count = "Count" in retain
        self.require(by_count != ("Interval" in retain), "InvalidRequestException", "RetainRule needs either Count or Interval")
        self.require(not by_count or 1 <= int(retain["Count"]) <= 1000, "InvalidRequestException", "RetainRule Count must be within 1 and 1000")

        for copy in schedule.get("CrossRegionCopyRules", []):
            elsewhere = copy.get("Target") != self.region
            self.require(elsewhere, "InvalidRequestException", f"a copy to {self.region} would be one to the Region of the policy itself")

    def create(self) -> str:
        shape_checks.check_input("dlm", "create_lifecycle_policy", self.region, **self.all_but("Tags"))
        return f"policy-{self.generated_name(64)[-12:]}"

    def attributes(self) -> dict[str, Any]:
        return {"Arn": f"arn:aws:dlm:{self.region}:{aws.ACCOUNT_ID}:policy/{self.physical_id}"}
