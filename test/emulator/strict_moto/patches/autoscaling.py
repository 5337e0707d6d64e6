"""Auto Scaling groups that spread over zones and keep what they are told."""

from __future__ import annotations

from collections import Counter
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse

from ..outages import InsufficientInstanceCapacity

# Parameters of CreateAutoScalingGroup that moto takes and forgets -> its attribute name,
# from which moto's serializer then writes them into DescribeAutoScalingGroups.
FORGOTTEN = {
    "AvailabilityZoneDistribution": "availability_zone_distribution",
    "AvailabilityZoneImpairmentPolicy": "availability_zone_impairment_policy",
    "CapacityReservationSpecification": "capacity_reservation_specification",
    "DefaultInstanceWarmup": "default_instance_warmup",
    "DeletionProtection": "deletion_protection",
    "HealthCheckGracePeriod": "health_check_grace_period",  # 0 becomes 300
    "InstanceMaintenancePolicy": "instance_maintenance_policy",
    "MaxInstanceLifetime": "max_instance_lifetime",
}


def install() -> None:
    FakeAutoScalingGroup.set_desired_capacity = by_number(FakeAutoScalingGroup.set_desired_capacity)  # type: ignore[method-assign]
    FakeAutoScalingGroup.replace_autoscaling_group_instances = spread(FakeAutoScalingGroup.replace_autoscaling_group_instances)
    AutoScalingResponse.create_auto_scaling_group = keep_forgotten(AutoScalingResponse.create_auto_scaling_group)
    AutoScalingResponse.put_lifecycle_hook = keep_notification(AutoScalingResponse.put_lifecycle_hook)
    AutoScalingBackend.notify_terminate_instances = register_replacements(AutoScalingBackend.notify_terminate_instances)


def spread(launch: Any) -> Any:
    """moto launches every instance in the group's first subnet, and gives up if there is no capacity in it."""

    def launch_balanced(self: FakeAutoScalingGroup, count_needed: int, propagated_tags: dict[str, str]) -> None:
        if self.name not in self.autoscaling_backend.autoscaling_groups:
            return  # while the group is made, before it is told how to spread: see keep_forgotten
        all_subnets = self.vpc_zone_identifier
        subnets = (all_subnets or "").split(",")
        used = Counter(state.instance.subnet_id for state in self.instance_states)
        try:
            for _ in range(count_needed):
                by_balance = sorted(subnets, key=lambda subnet: used[subnet])
                for subnet in by_balance[:1] if balances_only(self) else by_balance:
                    used[subnet] += 1  # also where it fails: balanced-only leaves the zone's share unfilled
                    self.vpc_zone_identifier = subnet
                    try:
                        launch(self, 1, dict(propagated_tags))
                        break
                    except InsufficientInstanceCapacity:
                        continue
        finally:
            self.vpc_zone_identifier = all_subnets

    return launch_balanced


def balances_only(group: FakeAutoScalingGroup) -> bool:
    distribution = getattr(group, "availability_zone_distribution", None) or {}
    return distribution.get("CapacityDistributionStrategy") == "balanced-only"


def by_number(resize: Any) -> Any:
    """moto rounds the shares of On-Demand and Spot down, each by itself, and so loses an instance.

    Without weights the number of instances is the desired capacity, as if there were no policy.
    """

    def resize_by_number(self: FakeAutoScalingGroup, new_capacity: int | None) -> None:
        policy = self.mixed_instances_policy
        overrides = (policy or {}).get("LaunchTemplate", {}).get("Overrides", [])
        weighted = any("WeightedCapacity" in override for override in overrides)
        self.mixed_instances_policy = policy if weighted else None
        try:
            resize(self, new_capacity)
        finally:
            self.mixed_instances_policy = policy

    return resize_by_number


def keep_forgotten(create: Any) -> Any:
    def create_and_keep(self: AutoScalingResponse) -> Any:
        answer = create(self)
        parameters = self._get_params()
        group = self.autoscaling_backend.autoscaling_groups[parameters["AutoScalingGroupName"]]
        for parameter, attribute in FORGOTTEN.items():
            if parameter in parameters:
                setattr(group, attribute, parameters[parameter])
        group.set_desired_capacity(group.desired_capacity)
        return answer

    return create_and_keep


def keep_notification(put: Any) -> Any:
    """moto shows the same invented queue and role for every hook, and no metadata."""

    def put_and_keep(self: AutoScalingResponse) -> Any:
        answer = put(self)
        parameters = self._get_params()
        hook = self.autoscaling_backend.lifecycle_hooks[f"{parameters['AutoScalingGroupName']}_{parameters['LifecycleHookName']}"]
        hook.notification_target_arn = parameters.get("NotificationTargetARN")
        hook.notification_metadata = parameters.get("NotificationMetadata")  # type: ignore[attr-defined]
        hook.role_arn = parameters.get("RoleARN")
        return answer

    return put_and_keep


def register_replacements(notify: Any) -> Any:
    """moto replaces a terminated instance, but leaves the new one out of the target groups."""

    def notify_and_register(self: AutoScalingBackend, instance_ids: list[str]) -> None:
        notify(self, instance_ids)
        for name in self.autoscaling_groups:
            self.update_attached_target_groups(name)

    return notify_and_register
