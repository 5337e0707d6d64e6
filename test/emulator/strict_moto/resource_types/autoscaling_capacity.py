"""Where the capacity of an Auto Scaling group comes from: reservations, warm pools, zones that shift."""

from __future__ import annotations

from typing import Any

from .. import shape_checks
from ..resource import ResourceType
from .ec2_instances import check_template_exists


class WarmPool(ResourceType):
    type_name = "AWS::AutoScaling::WarmPool"
    made_by = "autoscaling.put_warm_pool"
    described_by = "autoscaling.describe_warm_pool"
    read_back = ("AutoScalingGroupName", "InstanceReusePolicy", "MaxGroupPreparedCapacity", "MinSize", "PoolState")

    def admit(self) -> None:
        name = self.properties["AutoScalingGroupName"]
        groups = self.call("autoscaling", "describe_auto_scaling_groups", AutoScalingGroupNames=[name])["AutoScalingGroups"]
        self.require(bool(groups), "ValidationError", f"Auto Scaling group {name} not found")
        for template in launch_templates(groups[0]):
            data = check_template_exists(self, template)
            spot = data.get("InstanceMarketOptions", {}).get("MarketType") == "spot"
            self.require(not spot, "ValidationError", "a warm pool holds no Spot Instances")
            hibernates = data.get("HibernationOptions", {}).get("Configured", False)
            wanted = self.properties.get("PoolState") == "Hibernated"
            self.require(hibernates or not wanted, "ValidationError", "PoolState Hibernated needs a launch template with hibernation configured")

    def create(self) -> str:
        self.call("autoscaling", "put_warm_pool", **self.properties)
        return f"{self.properties['AutoScalingGroupName']}/WarmPool"

    def describe(self) -> dict[str, Any]:
        chosen = self.pick("AutoScalingGroupName")
        return chosen | self.call("autoscaling", "describe_warm_pool", **chosen)["WarmPoolConfiguration"]


def launch_templates(group: dict[str, Any]) -> list[dict[str, Any]]:
    """Those that a group launches from, in the form of its description and of a template alike."""
    if "LaunchTemplate" in group:
        return [group["LaunchTemplate"]]
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    overrides = [override["LaunchTemplateSpecification"] for override in mixed.get("Overrides", []) if "LaunchTemplateSpecification" in override]
    return [mixed["LaunchTemplateSpecification"], *overrides] if mixed else []


def check_reservations(group: ResourceType) -> None:
    """The reservations that the group launches into must exist."""
    target = group.properties.get("CapacityReservationSpecification", {}).get("CapacityReservationTarget", {})
    for reservation in target.get("CapacityReservationIds", []):
        known = shape_checks.is_known("AWS::EC2::CapacityReservation", reservation, group.region)
        group.require(known, "InvalidCapacityReservationId.NotFound", f"The capacity reservation ID '{reservation}' does not exist")


def check_mixed_instances(group: ResourceType) -> None:
    policy = group.properties.get("MixedInstancesPolicy")
    if policy is None:
        return
    group.require("LaunchTemplate" not in group.properties, "ValidationError", "LaunchTemplate and MixedInstancesPolicy exclude each other")
    distribution = policy.get("InstancesDistribution", {})
    percentage = distribution.get("OnDemandPercentageAboveBaseCapacity", 100)
    group.require(0 <= percentage <= 100, "ValidationError", f"OnDemandPercentageAboveBaseCapacity {percentage} is not within 0 to 100")
    strategies = {
        "OnDemandAllocationStrategy": ("lowest-price", "prioritized"),
        "SpotAllocationStrategy": ("capacity-optimized", "capacity-optimized-prioritized", "lowest-price", "price-capacity-optimized"),
    }
    for name, known in strategies.items():
        chosen = distribution.get(name, known[0])
        group.require(chosen in known, "ValidationError", f"{name} {chosen} is not one of {', '.join(known)}")
    types = [override.get("InstanceType") for override in policy["LaunchTemplate"].get("Overrides", [])]
    given = [name for name in types if name]
    group.require(len(given) == len(set(given)), "ValidationError", f"the overrides repeat an instance type: {given}")
    if given:
        offered = group.call("ec2", "describe_instance_type_offerings", Filters=[{"Name": "instance-type", "Values": given}])
        unknown = set(given) - {offering["InstanceType"] for offering in offered["InstanceTypeOfferings"]}
        group.require(not unknown, "ValidationError", f"{sorted(unknown)} are not offered in {group.region}")


def check_impairment_policy(group: ResourceType) -> None:
    """A group that shifts away from a zone must say what becomes of the instances there."""
    policy = group.properties.get("AvailabilityZoneImpairmentPolicy", {})
    if not policy.get("ZonalShiftEnabled"):
        return
    behavior = policy.get("ImpairedZoneHealthCheckBehavior")
    known = ("IgnoreUnhealthy", "ReplaceUnhealthy")
    group.require(
        behavior in known, "ValidationError", f"ZonalShiftEnabled needs an ImpairedZoneHealthCheckBehavior of {' or '.join(known)}, not {behavior}"
    )
    if group.properties.get("SkipZonalShiftValidation"):
        return
    for arn in group.properties.get("TargetGroupARNs", []):
        group.require(
            crosses_zones(group, arn),
            "ValidationError",
            f"zonal shift with the target group {arn}, which does not cross zones, may leave zones out of balance: SkipZonalShiftValidation",
        )


def crosses_zones(group: ResourceType, target_group: str) -> bool:
    """Application load balancers always do, unless the target group says no; the others only if told."""
    own = attributes_of(group, "describe_target_group_attributes", TargetGroupArn=target_group)["load_balancing.cross_zone.enabled"]
    if own != "use_load_balancer_configuration":
        return own == "true"
    attached = group.call("elbv2", "describe_target_groups", TargetGroupArns=[target_group])["TargetGroups"][0]["LoadBalancerArns"]
    return all(
        ":loadbalancer/app/" in arn
        or attributes_of(group, "describe_load_balancer_attributes", LoadBalancerArn=arn)["load_balancing.cross_zone.enabled"] == "true"
        for arn in attached
    )


def attributes_of(group: ResourceType, operation: str, **chosen: str) -> dict[str, str]:
    return {attribute["Key"]: attribute["Value"] for attribute in group.call("elbv2", operation, **chosen)["Attributes"]}
