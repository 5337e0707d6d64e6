"""Rules of EventBridge."""

from __future__ import annotations

import json
import re
from typing import Any

from ..resource import ResourceType

SCHEDULE = re.compile(r"rate\(1 (minute|hour|day)\)|rate\(([2-9]|[1-9]\d+) (minutes|hours|days)\)|cron\((\S+ ){5}\S+\)")


class Rule(ResourceType):
    type_name = "AWS::Events::Rule"
    made_by = "events.put_rule, events.put_targets"
    described_by = "events.describe_rule, events.list_targets_by_rule"
    read_back = ("Description", "EventBusName", "EventPattern", "Name", "RoleArn", "ScheduleExpression", "State", "Targets")
    not_read_back = {"Tags": "no promise rests on a rule's tags"}

    def admit(self) -> None:
        schedule = self.properties.get("ScheduleExpression")
        given = schedule is not None or "EventPattern" in self.properties
        self.require(given, "ValidationException", "a rule needs EventPattern or ScheduleExpression")
        known = schedule is None or SCHEDULE.fullmatch(schedule)
        self.require(bool(known), "ValidationException", f"Parameter ScheduleExpression is not valid: {schedule}")
        identifiers = [target["Id"] for target in self.properties.get("Targets", [])]
        self.require(len(identifiers) <= 5, "LimitExceededException", "a rule has at most five targets")
        self.require(len(identifiers) == len(set(identifiers)), "ValidationException", f"target ids repeat: {identifiers}")
        for target in self.properties.get("Targets", []):
            self.check_target(target)

    def check_target(self, target: dict[str, Any]) -> None:
        inputs = sorted({"Input", "InputPath", "InputTransformer"} & set(target))
        self.require(
            len(inputs) <= 1, "ValidationException", f"Only one of Input, InputPath, or InputTransformer must be provided for target {target['Id']}"
        )
        runbook = ":automation-definition/" in target["Arn"]
        self.require(not runbook or "RoleArn" in target, "ValidationException", f"RoleArn is required for target {target['Arn']}.")
        if "RoleArn" in target:
            self.check_role(target["RoleArn"])

    def check_role(self, arn: str) -> None:
        role = self.call("iam", "get_role", RoleName=arn.split("/")[-1])["Role"]
        trusts = "events.amazonaws.com" in json.dumps(role["AssumeRolePolicyDocument"])
        self.require(trusts, "ValidationException", f"Provided role '{arn}' cannot be assumed by principal 'events.amazonaws.com'.")

    def create(self) -> str:
        name = self.name("Name", 64)
        bus = self.pick("EventBusName")
        given = self.pick("Description", "RoleArn", "ScheduleExpression", "State")
        if "EventPattern" in self.properties:
            given["EventPattern"] = json.dumps(self.properties["EventPattern"])
        self.call("events", "put_rule", Name=name, **given, **bus)
        if self.properties.get("Targets"):
            answer = self.call("events", "put_targets", Rule=name, Targets=self.properties["Targets"], **bus)
            self.require(not answer["FailedEntryCount"], "ValidationException", f"{answer['FailedEntries']}")
        return name

    def describe(self) -> dict[str, Any]:
        bus = self.pick("EventBusName")
        rule = self.call("events", "describe_rule", Name=self.physical_id, **bus)
        return rule | self.call("events", "list_targets_by_rule", Rule=self.physical_id, **bus)

    def attributes(self) -> dict[str, Any]:
        return {"Arn": self.call("events", "describe_rule", Name=self.physical_id, **self.pick("EventBusName"))["Arn"]}
