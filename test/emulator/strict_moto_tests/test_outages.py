"""A zone is lost, an instance dies; what Auto Scaling makes of it."""

from __future__ import annotations

import urllib.request
from collections import Counter
from typing import Any
from urllib.error import HTTPError

import pytest
from botocore.exceptions import ClientError
from conftest import Emulator
from moto.moto_api._internal import moto_api_backend
from stacks import att, fleet, network, ref, resource, subnets, with_property
from strict_moto import aws

A, B, C = "eu-west-1a", "eu-west-1b", "eu-west-1c"


def tell(method: str, path: str) -> None:
    request = urllib.request.Request(f"{aws.endpoint()}/moto-api/emulator/{path}", method=method)
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def lose(zone: str) -> None:
    tell("PUT", f"lost-zones/{zone}")


def check_health() -> None:
    tell("POST", "health-checks")


def group(emulator: Emulator) -> dict[str, Any]:
    return emulator.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]


def running(emulator: Emulator) -> dict[str, int]:
    """Running instances by zone, as EC2 sees them, which must be those that Auto Scaling lists."""
    filters = [{"Name": "instance-state-name", "Values": ["running"]}]
    reservations = emulator.client("ec2").describe_instances(Filters=filters)["Reservations"]
    instances = [instance for reservation in reservations for instance in reservation["Instances"]]
    assert {i["InstanceId"] for i in instances} == {i["InstanceId"] for i in group(emulator)["Instances"]}
    return dict(Counter(instance["Placement"]["AvailabilityZone"] for instance in instances))


def registered(emulator: Emulator) -> set[str]:
    health = emulator.client("elbv2").describe_target_health(TargetGroupArn=emulator.physical_id("Targets"))
    return {item["Target"]["Id"] for item in health["TargetHealthDescriptions"]}


def six(zones: str = "abc", strategy: str = "balanced-best-effort") -> dict[str, Any]:
    stack = with_property(with_property(fleet(), "Group.DesiredCapacity", "6"), "Group.MaxSize", "12")
    distribution = {"CapacityDistributionStrategy": strategy}
    return with_property(with_property(stack, "Group.VPCZoneIdentifier", subnets(zones)), "Group.AvailabilityZoneDistribution", distribution)


def test_loses_the_instances_of_a_zone_and_launches_them_in_the_others(emulator: Emulator) -> None:
    emulator.deploy(six())
    assert running(emulator) == {A: 2, B: 2, C: 2}
    lose(A)
    assert running(emulator) == {B: 2, C: 2}
    assert len(registered(emulator)) == 4
    check_health()
    assert running(emulator) == {B: 3, C: 3}
    assert registered(emulator) == {instance["InstanceId"] for instance in group(emulator)["Instances"]}


def test_launches_again_in_a_zone_that_is_restored(emulator: Emulator) -> None:
    emulator.deploy(six("a"))
    lose(A)
    check_health()
    assert running(emulator) == {}
    tell("DELETE", f"lost-zones/{A}")
    assert running(emulator) == {}
    check_health()
    assert running(emulator) == {A: 6}


def test_leaves_the_share_of_a_lost_zone_unfilled_if_balance_is_all(emulator: Emulator) -> None:
    emulator.deploy(six(strategy="balanced-only"))
    lose(A)
    check_health()
    assert running(emulator) == {B: 2, C: 2}
    emulator.client("autoscaling").set_desired_capacity(AutoScalingGroupName=emulator.physical_id("Group"), DesiredCapacity=9)
    assert running(emulator) == {B: 3, C: 3}


@pytest.mark.parametrize(("strategy", "expected"), [("balanced-best-effort", {B: 3, C: 3}), ("balanced-only", {B: 2, C: 2})])
def test_spreads_a_group_that_is_made_while_a_zone_is_lost(emulator: Emulator, strategy: str, expected: dict[str, int]) -> None:
    lose(A)
    emulator.deploy(six(strategy=strategy))
    assert running(emulator) == expected


def test_refuses_an_instance_in_a_lost_zone(emulator: Emulator) -> None:
    emulator.deploy(network())
    lose(A)
    ec2 = emulator.client("ec2")
    given = {"ImageId": "ami-12345678", "MinCount": 1, "MaxCount": 1}
    interface = ec2.create_network_interface(SubnetId=emulator.physical_id("SubnetA"))["NetworkInterface"]["NetworkInterfaceId"]
    for place in (
        {"SubnetId": emulator.physical_id("SubnetA")},
        {"NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": emulator.physical_id("SubnetA")}]},
        {"NetworkInterfaces": [{"DeviceIndex": 0, "NetworkInterfaceId": interface}]},
        {"Placement": {"AvailabilityZone": A}},
    ):
        with pytest.raises(ClientError, match="InsufficientInstanceCapacity.*eu-west-1a"):
            ec2.run_instances(**given, **place)
    ec2.run_instances(**given, SubnetId=emulator.physical_id("SubnetB"))


def test_refuses_a_stack_with_an_instance_in_a_lost_zone(emulator: Emulator) -> None:
    lose(A)
    stack = network() | {"Alone": resource("EC2::Instance", ImageId="ami-12345678", InstanceType="t3.micro", SubnetId=ref("SubnetA"))}
    assert "InsufficientInstanceCapacity" in emulator.refusal(stack)


def test_loses_also_what_stands_alone_and_is_protected(emulator: Emulator) -> None:
    given = {"ImageId": "ami-12345678", "InstanceType": "t3.micro"}
    alone = {f"In{zone}": resource("EC2::Instance", **given, SubnetId=ref(f"Subnet{zone}")) for zone in "AB"}
    emulator.deploy(network() | alone)
    protected = {"InstanceId": emulator.physical_id("InA"), "DisableApiTermination": {"Value": True}}
    emulator.client("ec2").modify_instance_attribute(**protected)
    lose(A)
    shown = emulator.client("ec2").describe_instances()["Reservations"]
    assert {i["Placement"]["AvailabilityZone"]: i["State"]["Name"] for r in shown for i in r["Instances"]} == {A: "terminated", B: "running"}


def test_replaces_a_killed_instance_at_the_next_health_check(emulator: Emulator) -> None:
    emulator.deploy(six())
    victim = group(emulator)["Instances"][0]["InstanceId"]
    tell("DELETE", f"instances/{victim}")
    assert sum(running(emulator).values()) == 5
    assert victim not in registered(emulator)
    check_health()
    assert running(emulator) == {A: 2, B: 2, C: 2}
    assert victim not in registered(emulator) and len(registered(emulator)) == 6


def test_replaces_a_stopped_instance_at_the_next_health_check(emulator: Emulator) -> None:
    emulator.deploy(six())
    emulator.client("ec2").stop_instances(InstanceIds=[group(emulator)["Instances"][0]["InstanceId"]])
    check_health()
    assert running(emulator) == {A: 2, B: 2, C: 2}


def test_launches_as_many_as_are_desired_whatever_the_share_of_spot(emulator: Emulator) -> None:
    template = {"LaunchTemplateSpecification": {"LaunchTemplateId": ref("Template"), "Version": att("Template", "LatestVersionNumber")}}
    types = {"Overrides": [{"InstanceType": "m6i.large"}, {"InstanceType": "m5.large"}]}
    mixed = {"LaunchTemplate": template | types, "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 50}}
    emulator.deploy(with_property(with_property(fleet(), "Group.LaunchTemplate", None), "Group.MixedInstancesPolicy", mixed))
    assert running(emulator) == {A: 1, B: 1, C: 1}


def test_knows_the_zones_and_instances_that_there_are(emulator: Emulator) -> None:
    for method, path in (("PUT", "lost-zones/eu-west-1z"), ("DELETE", "instances/i-12345678")):
        with pytest.raises(HTTPError, match="404"):
            tell(method, path)


def test_forgets_a_lost_zone_with_the_reset(emulator: Emulator) -> None:
    lose(A)
    moto_api_backend.reset()
    emulator.deploy(six())
    assert running(emulator) == {A: 2, B: 2, C: 2}
