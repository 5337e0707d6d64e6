"""What changes an Auto Scaling group: policies, schedules, lifecycle hooks."""

from __future__ import annotations

import itertools
from typing import Any

from ..resource import ResourceType
from .metric_math import check_metric_queries


class ScalingPolicy(ResourceType):
    type_name = "AWS::AutoScaling::ScalingPolicy"
    made_by = "autoscaling.put_scaling_policy"
    described_by = "autoscaling.describe_policies"
    read_back = (
        "AdjustmentType",
        "AutoScalingGroupName",
        "Cooldown",
        "EstimatedInstanceWarmup",
        "MetricAggregationType",
        "MinAdjustmentMagnitude",
        "PolicyType",
        "PredictiveScalingConfiguration",
        "ScalingAdjustment",
        "StepAdjustments",
        "TargetTrackingConfiguration",
    )

    def admit(self) -> None:
        kind = self.properties.get("PolicyType", "SimpleScaling")
        needed = {
            "SimpleScaling": "ScalingAdjustment",
            "StepScaling": "StepAdjustments",
            "TargetTrackingScaling": "TargetTrackingConfiguration",
            "PredictiveScaling": "PredictiveScalingConfiguration",
        }
        self.require(kind in needed, "ValidationError", f"unknown policy type {kind}")
        self.require(needed[kind] in self.properties, "ValidationError", f"{kind} needs {needed[kind]}")
        if kind in ("SimpleScaling", "StepScaling"):
            self.require("AdjustmentType" in self.properties, "ValidationError", f"{kind} needs an AdjustmentType")
        check_steps(self, self.properties.get("StepAdjustments", []))
        self.check_tracking(self.properties.get("TargetTrackingConfiguration"))

    def check_tracking(self, tracking: dict[str, Any] | None) -> None:
        if tracking is None:
            return
        metrics = {"PredefinedMetricSpecification", "CustomizedMetricSpecification"} & set(tracking)
        self.require(len(metrics) == 1, "ValidationError", "target tracking needs one metric specification")
        custom = tracking.get("CustomizedMetricSpecification", {})
        if "Metrics" in custom:
            self.require("MetricName" not in custom, "ValidationError", "Metrics and MetricName exclude each other")
            check_metric_queries(self, custom["Metrics"])
        predefined = tracking.get("PredefinedMetricSpecification", {})
        if predefined.get("PredefinedMetricType") == "ALBRequestCountPerTarget":
            label = predefined.get("ResourceLabel", "")
            self.require(
                label.startswith("app/") and "/targetgroup/" in label,
                "ValidationError",
                f"ALBRequestCountPerTarget needs the ResourceLabel app/.../targetgroup/..., not {label!r}",
            )

    def create(self) -> str:
        name = self.generated_name(255)
        self.call("autoscaling", "put_scaling_policy", PolicyName=name, **self.properties)
        return self.policy(name)["PolicyARN"]  # moto leaves it out of the answer

    def policy(self, name: str) -> dict[str, Any]:
        chosen = {"PolicyNames": [name], **self.pick("AutoScalingGroupName")}
        policies = self.call("autoscaling", "describe_policies", **chosen)["ScalingPolicies"]
        return policies[0] if policies else {}

    def describe(self) -> dict[str, Any]:
        return self.policy(self.generated_name(255))

    def attributes(self) -> dict[str, Any]:
        return {"Arn": self.physical_id, "PolicyName": self.generated_name(255)}


class ScheduledAction(ResourceType):
    type_name = "AWS::AutoScaling::ScheduledAction"
    made_by = "autoscaling.put_scheduled_update_group_action"
    described_by = "autoscaling.describe_scheduled_actions"
    read_back = ("AutoScalingGroupName", "DesiredCapacity", "EndTime", "MaxSize", "MinSize", "Recurrence", "StartTime", "TimeZone")

    def admit(self) -> None:
        sizes = {"DesiredCapacity", "MaxSize", "MinSize"} & set(self.properties)
        self.require(bool(sizes), "ValidationError", "a scheduled action must change a size")
        recurrence = self.properties.get("Recurrence")
        if recurrence:
            fields = len(recurrence.split())
            self.require(fields == 5, "ValidationError", f"Recurrence {recurrence!r} is no cron expression of 5 fields")

    def create(self) -> str:
        name = self.generated_name(255)
        self.call("autoscaling", "put_scheduled_update_group_action", ScheduledActionName=name, **self.properties)
        return name

    def describe(self) -> dict[str, Any]:
        chosen = {"ScheduledActionNames": [self.physical_id], **self.pick("AutoScalingGroupName")}
        actions = self.call("autoscaling", "describe_scheduled_actions", **chosen)["ScheduledUpdateGroupActions"]
        return actions[0] if actions else {}

    def attributes(self) -> dict[str, Any]:
        return {"ScheduledActionName": self.physical_id}


class LifecycleHook(ResourceType):
    type_name = "AWS::AutoScaling::LifecycleHook"
    made_by = "autoscaling.put_lifecycle_hook"
    described_by = "autoscaling.describe_lifecycle_hooks"
    read_back = (
        "AutoScalingGroupName",
        "DefaultResult",
        "HeartbeatTimeout",
        "LifecycleHookName",
        "LifecycleTransition",
        "NotificationMetadata",
        "NotificationTargetARN",
        "RoleARN",
    )

    def admit(self) -> None:
        check_hook(self, self.properties)

    def create(self) -> str:
        name = self.name("LifecycleHookName")
        self.call("autoscaling", "put_lifecycle_hook", **(self.properties | {"LifecycleHookName": name}))
        return name

    def describe(self) -> dict[str, Any]:
        chosen = {"LifecycleHookNames": [self.physical_id], **self.pick("AutoScalingGroupName")}
        hooks = self.call("autoscaling", "describe_lifecycle_hooks", **chosen)["LifecycleHooks"]
        return hooks[0] if hooks else {}

    def attributes(self) -> dict[str, Any]:
        return {"LifecycleHookName": self.physical_id}


def check_hook(resource: ResourceType, hook: dict[str, Any]) -> None:
    timeout = hook.get("HeartbeatTimeout", 3600)
    resource.require(30 <= timeout <= 7200, "ValidationError", f"HeartbeatTimeout {timeout} is not within 30 to 7200")
    transition = hook["LifecycleTransition"]
    known = ("autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING")
    resource.require(transition in known, "ValidationError", f"LifecycleTransition {transition} is not one of {', '.join(known)}")
    result = hook.get("DefaultResult", "ABANDON")
    resource.require(result in ("ABANDON", "CONTINUE"), "ValidationError", f"DefaultResult {result} is neither ABANDON nor CONTINUE")


def check_steps(policy: ResourceType, steps: list[dict[str, Any]]) -> None:
    """Steps must follow one another without gap or overlap."""
    low, high = float("-inf"), float("inf")
    bounds = sorted((step.get("MetricIntervalLowerBound", low), step.get("MetricIntervalUpperBound", high)) for step in steps)
    for (_, end), (start, _) in itertools.pairwise(bounds):
        policy.require(end == start, "ValidationError", f"StepAdjustment intervals have a gap or overlap at {end}, {start}")
