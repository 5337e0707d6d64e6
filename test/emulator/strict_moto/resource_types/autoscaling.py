"""Auto Scaling groups."""

from __future__ import annotations

from typing import Any

from ..resource import ResourceType
from .autoscaling_capacity import check_impairment_policy, check_mixed_instances, check_reservations, launch_templates
from .autoscaling_policies import check_hook
from .ec2_instances import check_groups_in_vpc, check_template_exists

KEPT_AS_GIVEN = (
    "AvailabilityZoneDistribution",
    "AvailabilityZoneImpairmentPolicy",
    "CapacityRebalance",
    "CapacityReservationSpecification",
    "DefaultInstanceWarmup",
    "DeletionProtection",
    "DesiredCapacity",
    "HealthCheckGracePeriod",
    "HealthCheckType",
    "InstanceMaintenancePolicy",
    "LaunchTemplate",
    "MaxInstanceLifetime",
    "MaxSize",
    "MinSize",
    "MixedInstancesPolicy",
    "NewInstancesProtectedFromScaleIn",
    "PlacementGroup",
    "TargetGroupARNs",
    "TerminationPolicies",
)
TERMINATION_POLICIES = {
    "AllocationStrategy",
    "ClosestToNextInstanceHour",
    "Default",
    "NewestInstance",
    "OldestInstance",
    "OldestLaunchConfiguration",
    "OldestLaunchTemplate",
}

# What AWS enables if the template names no metrics; moto then enables none.
ALL_METRICS = [
    *(
        f"Group{measure}"
        for measure in (
            "MinSize",
            "MaxSize",
            "DesiredCapacity",
            "InServiceInstances",
            "PendingInstances",
            "StandbyInstances",
            "TerminatingInstances",
            "TotalInstances",
            "InServiceCapacity",
            "PendingCapacity",
            "StandbyCapacity",
            "TerminatingCapacity",
            "TotalCapacity",
        )
    ),
]


class AutoScalingGroup(ResourceType):
    type_name = "AWS::AutoScaling::AutoScalingGroup"
    made_by = "autoscaling.create_auto_scaling_group"
    described_by = "autoscaling.describe_auto_scaling_groups, autoscaling.describe_lifecycle_hooks"
    read_back = tuple(
        sorted(
            (
                *KEPT_AS_GIVEN,
                "AutoScalingGroupName",
                "AvailabilityZones",
                "Cooldown",
                "LifecycleHookSpecificationList",
                "MetricsCollection",
                "Tags",
                "VPCZoneIdentifier",
            )
        )
    )
    not_read_back = {"SkipZonalShiftValidation": "a switch of the call, which AWS does not show either"}
    may_list_more = ("LifecycleHookSpecificationList",)  # AWS::AutoScaling::LifecycleHook adds its own

    def admit(self) -> None:
        minimum, maximum = int(self.properties["MinSize"]), int(self.properties["MaxSize"])
        desired = int(self.properties.get("DesiredCapacity", minimum))
        self.require(
            minimum <= desired <= maximum,
            "ValidationError",
            f"desired capacity {desired} must be between min size {minimum} and max size {maximum}",
        )
        check_mixed_instances(self)
        self.check_network()
        self.check_limits()
        check_reservations(self)
        for arn in self.properties.get("TargetGroupARNs", []):
            group = self.call("elbv2", "describe_target_groups", TargetGroupArns=[arn])["TargetGroups"][0]
            of_instances = group["TargetType"] == "instance"
            self.require(of_instances, "ValidationError", f"target group {arn} does not take instances")
        check_impairment_policy(self)
        for hook in self.properties.get("LifecycleHookSpecificationList", []):
            check_hook(self, hook)

    def check_network(self) -> None:
        subnet_ids = self.properties.get("VPCZoneIdentifier", [])
        zones = self.properties.get("AvailabilityZones", [])
        self.require(bool(subnet_ids or zones), "ValidationError", "At least one Availability Zone or VPC Subnet is required.")
        if not subnet_ids:
            return
        subnets = self.call("ec2", "describe_subnets", SubnetIds=subnet_ids)["Subnets"]
        vpcs = {subnet["VpcId"] for subnet in subnets}
        self.require(len(vpcs) == 1, "ValidationError", f"the subnets are in several VPCs: {sorted(vpcs)}")
        covered = {subnet["AvailabilityZone"] for subnet in subnets}
        self.require(
            not zones or set(zones) == covered,
            "ValidationError",
            f"the availability zones {zones} of the group and {sorted(covered)} of its subnets do not match",
        )
        for template in launch_templates(self.properties):
            data = check_template_exists(self, template)
            check_groups_in_vpc(self, data.get("SecurityGroupIds", []), vpcs.pop() if vpcs else subnets[0]["VpcId"])
            zone = data.get("Placement", {}).get("AvailabilityZone")
            self.require(zone is None or {zone} == covered, "ValidationError", f"the launch template pins zone {zone}")

    def check_limits(self) -> None:
        lifetime = self.properties.get("MaxInstanceLifetime", 0)
        self.require(
            lifetime == 0 or 86400 <= lifetime <= 31536000,
            "ValidationError",
            f"max instance lifetime {lifetime} must be 0 or between 86400 and 31536000 seconds",
        )
        for policy in self.properties.get("TerminationPolicies", []):
            known = policy in TERMINATION_POLICIES or policy.startswith("arn:")
            self.require(known, "ValidationError", f"unknown termination policy {policy}")
        needs_balancer = "ELB" in self.properties.get("HealthCheckType", "").split(",")
        attached = self.properties.get("TargetGroupARNs") or self.properties.get("LoadBalancerNames")
        # AWS takes it, and then never uses the check: the promise of the type would be empty
        self.require(
            bool(attached) or not needs_balancer,
            "ELB health check without a load balancer",
            "HealthCheckType names ELB, but the group has no target group",
        )

    def create(self) -> str:
        name = self.name("AutoScalingGroupName")
        parameters = self.pick(*KEPT_AS_GIVEN, "AvailabilityZones", "SkipZonalShiftValidation", "Tags", DefaultCooldown="Cooldown")
        if "VPCZoneIdentifier" in self.properties:
            parameters["VPCZoneIdentifier"] = ",".join(self.properties["VPCZoneIdentifier"])
        self.call("autoscaling", "create_auto_scaling_group", AutoScalingGroupName=name, **parameters)
        for hook in self.properties.get("LifecycleHookSpecificationList", []):
            self.call("autoscaling", "put_lifecycle_hook", AutoScalingGroupName=name, **hook)
        for collection in self.properties.get("MetricsCollection", []):
            chosen = {"Metrics": ALL_METRICS} | collection
            self.call("autoscaling", "enable_metrics_collection", AutoScalingGroupName=name, **chosen)
        return name

    def describe(self) -> dict[str, Any]:
        chosen = {"AutoScalingGroupNames": [self.physical_id]}
        group = self.call("autoscaling", "describe_auto_scaling_groups", **chosen)["AutoScalingGroups"][0]
        hooks = self.call("autoscaling", "describe_lifecycle_hooks", AutoScalingGroupName=self.physical_id)
        return group | {
            "Cooldown": group["DefaultCooldown"],
            "LifecycleHookSpecificationList": hooks["LifecycleHooks"],
            "MetricsCollection": metrics_collection(group["EnabledMetrics"]),
            "VPCZoneIdentifier": group.get("VPCZoneIdentifier", "").split(","),
        }

    def attributes(self) -> dict[str, Any]:
        chosen = {"AutoScalingGroupNames": [self.physical_id]}
        group = self.call("autoscaling", "describe_auto_scaling_groups", **chosen)["AutoScalingGroups"][0]
        return {"AutoScalingGroupARN": group["AutoScalingGroupARN"], "AutoScalingGroupName": self.physical_id}


def metrics_collection(enabled: list[dict[str, str]]) -> list[dict[str, Any]]:
    if not enabled:
        return []
    return [{"Granularity": enabled[0]["Granularity"], "Metrics": [metric["Metric"] for metric in enabled]}]
