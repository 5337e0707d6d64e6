"""Auto Scaling groups that spread over zones and keep what they are told."""

from __future__ import annotations

from collections import Counter
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse

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
    FakeAutoScalingGroup.replace_autoscaling_group_instances = spread(FakeAutoScalingGroup.replace_autoscaling_group_instances)
    AutoScalingResponse.create_auto_scaling_group = keep_forgotten(AutoScalingResponse.create_auto_scaling_group)
    AutoScalingResponse.put_lifecycle_hook = keep_notification(AutoScalingResponse.put_lifecycle_hook)
    AutoScalingBackend.notify_terminate_instances = register_replacements(AutoScalingBackend.notify_terminate_instances)


def spread(launch: Any) -> Any:
    """moto launches every instance in the group's first subnet."""

    def launch_balanced(self: FakeAutoScalingGroup, count_needed: int, propagated_tags: dict[str, str]) -> None:
        subnets = (self.vpc_zone_identifier or "").split(",")
        all_subnets = self.vpc_zone_identifier
        try:
            for _ in range(count_needed):
                running = Counter(state.instance.subnet_id for state in self.instance_states)
                self.vpc_zone_identifier = min(subnets, key=lambda subnet: running[subnet])
                launch(self, 1, dict(propagated_tags))
        finally:
            self.vpc_zone_identifier = all_subnets

    return launch_balanced


def keep_forgotten(create: Any) -> Any:
    def create_and_keep(self: AutoScalingResponse) -> Any:
        answer = create(self)
        parameters = self._get_params()
        group = self.autoscaling_backend.autoscaling_groups[parameters["AutoScalingGroupName"]]
        for parameter, attribute in FORGOTTEN.items():
            if parameter in parameters:
                setattr(group, attribute, parameters[parameter])
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
