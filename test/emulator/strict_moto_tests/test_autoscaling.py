"""Auto Scaling groups that spread over zones and heal."""

from __future__ import annotations

from typing import Any

from conftest import Emulator
from stacks import fleet, with_property

ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def group(emulator: Emulator) -> dict[str, Any]:
    return emulator.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]


def zones(emulator: Emulator) -> list[str]:
    return sorted(instance["AvailabilityZone"] for instance in group(emulator)["Instances"])


def test_spreads_its_instances_over_all_zones(emulator: Emulator) -> None:
    emulator.deploy(fleet())
    assert zones(emulator) == ZONES
    ids = [instance["InstanceId"] for instance in group(emulator)["Instances"]]
    reservations = emulator.client("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    assert sorted(i["Placement"]["AvailabilityZone"] for r in reservations for i in r["Instances"]) == ZONES


def test_keeps_the_balance_when_it_grows(emulator: Emulator) -> None:
    emulator.deploy(fleet())
    emulator.client("autoscaling").set_desired_capacity(AutoScalingGroupName=emulator.physical_id("Group"), DesiredCapacity=6)
    assert zones(emulator) == sorted(ZONES * 2)


def test_replaces_a_terminated_instance_in_its_zone_and_registers_it(emulator: Emulator) -> None:
    emulator.deploy(fleet())
    lost = group(emulator)["Instances"][1]["InstanceId"]
    emulator.client("ec2").terminate_instances(InstanceIds=[lost])

    now = {instance["InstanceId"] for instance in group(emulator)["Instances"]}
    assert lost not in now
    assert zones(emulator) == ZONES
    health = emulator.client("elbv2").describe_target_health(TargetGroupArn=emulator.physical_id("Targets"))
    registered = {item["Target"]["Id"] for item in health["TargetHealthDescriptions"] if item["TargetHealth"]["State"] == "healthy"}
    assert registered == now


def test_gives_its_instances_the_security_groups_of_the_launch_template(emulator: Emulator) -> None:
    emulator.deploy(fleet())
    reservations = emulator.client("ec2").describe_instances()["Reservations"]
    groups = {g["GroupId"] for r in reservations for i in r["Instances"] for g in i["SecurityGroups"]}
    assert groups == {emulator.physical_id("Instances")}


def test_keeps_what_moto_forgets(emulator: Emulator) -> None:
    policy = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150}
    stack = with_property(fleet(), "Group.InstanceMaintenancePolicy", policy)
    emulator.deploy(with_property(stack, "Group.MaxInstanceLifetime", 86400))
    assert group(emulator)["InstanceMaintenancePolicy"] == policy
    assert group(emulator)["MaxInstanceLifetime"] == 86400
    assert group(emulator)["HealthCheckGracePeriod"] == 0
