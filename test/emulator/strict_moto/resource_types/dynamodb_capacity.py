"""Provisioned capacity of global tables: CloudFormation makes the table at its minimum and registers it with Application Auto Scaling."""

from __future__ import annotations

from typing import Any

from .. import aws

Settings = dict[str, Any]


def provisioned(table: Settings, replica: Settings) -> Settings | None:
    """The capacity that the table of a Region is made with; None where it is on demand."""
    if table.get("BillingMode") != "PROVISIONED":
        return None
    write = table["WriteProvisionedThroughputSettings"]["WriteCapacityAutoScalingSettings"]
    read = replica["ReadProvisionedThroughputSettings"]
    units = read.get("ReadCapacityUnits") or read["ReadCapacityAutoScalingSettings"]["MinCapacity"]
    return {"ReadCapacityUnits": int(units), "WriteCapacityUnits": int(write["MinCapacity"])}


def register(region: str, name: str, table: Settings, replica: Settings) -> None:
    write = table["WriteProvisionedThroughputSettings"]["WriteCapacityAutoScalingSettings"]
    scale(region, name, "Write", write)
    read = replica["ReadProvisionedThroughputSettings"].get("ReadCapacityAutoScalingSettings")
    if read:
        scale(region, name, "Read", read)


def scale(region: str, name: str, kind: str, settings: Settings) -> None:
    target = scalable(name, kind)
    bounds = {key: int(settings[key]) for key in ("MinCapacity", "MaxCapacity")}
    aws.call("application-autoscaling", "register_scalable_target", region, **target, **bounds)
    metric = {"PredefinedMetricSpecification": {"PredefinedMetricType": f"DynamoDB{kind}CapacityUtilization"}}
    aws.call(
        "application-autoscaling",
        "put_scaling_policy",
        region,
        **target,
        PolicyName=f"{name}-{kind}",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=settings["TargetTrackingScalingPolicyConfiguration"] | metric,
    )


def shown(region: str, name: str, table: Settings) -> Settings:
    """The settings of both kinds, under the names that they have in a template."""
    settings = {kind: autoscaling(region, name, kind) for kind in ("Read", "Write")}
    read = {"ReadCapacityAutoScalingSettings": settings["Read"]} if settings["Read"] else {}
    return {
        "WriteProvisionedThroughputSettings": {"WriteCapacityAutoScalingSettings": settings["Write"]},
        "ReadProvisionedThroughputSettings": {"ReadCapacityUnits": table["ProvisionedThroughput"]["ReadCapacityUnits"]} | read,
    }


def autoscaling(region: str, name: str, kind: str) -> Settings | None:
    target = scalable(name, kind)
    chosen = {key: target[key] for key in ("ServiceNamespace", "ScalableDimension")}
    found = aws.call("application-autoscaling", "describe_scalable_targets", region, **chosen, ResourceIds=[target["ResourceId"]])["ScalableTargets"]
    if not found:
        return None
    policies = aws.call("application-autoscaling", "describe_scaling_policies", region, **chosen, ResourceId=target["ResourceId"])
    return found[0] | {"TargetTrackingScalingPolicyConfiguration": policies["ScalingPolicies"][0]["TargetTrackingScalingPolicyConfiguration"]}


def scalable(name: str, kind: str) -> Settings:
    return {"ServiceNamespace": "dynamodb", "ResourceId": f"table/{name}", "ScalableDimension": f"dynamodb:table:{kind}CapacityUnits"}
