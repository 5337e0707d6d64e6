"""Scaling of what is not an Auto Scaling group."""

from __future__ import annotations

from typing import Any

from ..resource import ResourceType

SCALABLE = ("ResourceId", "ScalableDimension", "ServiceNamespace")


class ScalableTarget(ResourceType):
    type_name = "AWS::ApplicationAutoScaling::ScalableTarget"
    made_by = "application-autoscaling.register_scalable_target"
    described_by = "application-autoscaling.describe_scalable_targets"
    read_back = (*SCALABLE, "MaxCapacity", "MinCapacity", "RoleARN", "SuspendedState")

    def admit(self) -> None:
        low, high = int(self.properties["MinCapacity"]), int(self.properties["MaxCapacity"])
        self.require(low <= high, "ValidationException", f"minimum capacity {low} must not exceed maximum capacity {high}")

    def create(self) -> str:
        self.call("application-autoscaling", "register_scalable_target", **self.properties)
        return "|".join(self.properties[name] for name in SCALABLE)

    def describe(self) -> dict[str, Any]:
        chosen = self.pick("ScalableDimension", "ServiceNamespace") | {"ResourceIds": [self.properties["ResourceId"]]}
        targets = self.call("application-autoscaling", "describe_scalable_targets", **chosen)["ScalableTargets"]
        return targets[0] if targets else {}

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}


class ScalingPolicy(ResourceType):
    type_name = "AWS::ApplicationAutoScaling::ScalingPolicy"
    made_by = "application-autoscaling.put_scaling_policy"
    described_by = "application-autoscaling.describe_scaling_policies"
    read_back = (
        *SCALABLE,
        "PolicyName",
        "PolicyType",
        "ScalingTargetId",
        "StepScalingPolicyConfiguration",
        "TargetTrackingScalingPolicyConfiguration",
    )

    def scalable(self) -> dict[str, str]:
        if "ScalingTargetId" in self.properties:
            return dict(zip(SCALABLE, self.properties["ScalingTargetId"].split("|"), strict=True))
        return self.pick(*SCALABLE)

    def create(self) -> str:
        given = self.all_but("ScalingTargetId") | self.scalable()
        return self.call("application-autoscaling", "put_scaling_policy", **given)["PolicyARN"]

    def describe(self) -> dict[str, Any]:
        answer = self.call(
            "application-autoscaling",
            "describe_scaling_policies",
            PolicyNames=[self.properties["PolicyName"]],
            ServiceNamespace=self.scalable()["ServiceNamespace"],
        )
        shown = answer["ScalingPolicies"][0]
        target = "|".join(shown[name] for name in SCALABLE)
        return shown | {"ScalingTargetId": target}
