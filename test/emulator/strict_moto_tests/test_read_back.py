"""No property is lost: it is read back, named as not read back, or refused."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from conftest import Emulator
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.backends import list_of_moto_modules
from moto.dynamodb.models import DynamoDBBackend
from moto.ec2.models.subnets import Subnet
from moto.elbv2.models import ELBv2Backend
from stacks import fleet, network, resource, with_property
from strict_moto import read_back, resource_types
from strict_moto.resource import TYPES, ResourceType

resource_types.load()
TABLE = resource(
    "DynamoDB::Table",
    BillingMode="PAY_PER_REQUEST",
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
)


def test_property_that_aws_does_not_know_is_refused_by_name(emulator: Emulator) -> None:
    assert "'Colour' was unexpected" in emulator.refusal({"Topic": resource("SNS::Topic", Colour="red")})


def test_property_that_the_emulator_does_not_keep_is_refused_by_name(emulator: Emulator) -> None:
    stack = with_property(network(), "SubnetA.EnableDns64", True)
    assert "SubnetA (AWS::EC2::Subnet): the emulator does not support property EnableDns64" in emulator.refusal(stack)


def test_enum_value_that_aws_does_not_know_is_refused(emulator: Emulator) -> None:
    assert "BillingMode" in emulator.refusal(with_property({"Table": TABLE}, "Table.BillingMode", "FREE"))


def test_missing_required_property_is_refused(emulator: Emulator) -> None:
    assert "'KeySchema' is a required property" in emulator.refusal(with_property({"Table": TABLE}, "Table.KeySchema", None))


@pytest.mark.parametrize(
    ("kind", "method", "stack", "lost"),
    [
        (ELBv2Backend, "modify_target_group_attributes", fleet(), "Targets (AWS::ElasticLoadBalancingV2::TargetGroup): TargetGroupAttributes"),
        (DynamoDBBackend, "update_time_to_live", {"Table": TABLE}, "Table (AWS::DynamoDB::Table): TimeToLiveSpecification.Enabled"),
    ],
)
def test_setting_that_the_service_loses_is_found(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, kind: type, method: str, stack: dict[str, Any], lost: str
) -> None:
    monkeypatch.setattr(kind, method, lambda *_, **__: None)
    assert f"{lost} was not kept" in emulator.refusal(stack)


def test_zone_that_the_service_changes_is_found(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Subnet, "availability_zone", property(lambda self: "eu-west-1a"))
    reason = emulator.refusal(network())
    assert 'SubnetB (AWS::EC2::Subnet): AvailabilityZone was not kept: wanted "eu-west-1b", ec2.describe_subnets shows "eu-west-1a"' in reason


def test_property_that_moto_forgets_without_the_patch_is_found(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeAutoScalingGroup, "default_instance_warmup", property(lambda self: None, lambda self, value: None), raising=False)
    reason = emulator.refusal(with_property(fleet(), "Group.DefaultInstanceWarmup", 90))
    assert "Group (AWS::AutoScaling::AutoScalingGroup): DefaultInstanceWarmup was not kept" in reason


@pytest.mark.parametrize(
    ("wanted", "shown", "same"),
    [
        ("3", 3, True),
        (True, "true", True),
        ({"a": 1}, '{"a": 1}', True),
        ([1, 2], ["2", "1"], True),
        (None, read_back.NOTHING, True),
        ({"a": 1}, {"a": 1, "default": 2}, True),
        ([1], [1, 2], False),
        ([1, 1], [1, 2], False),
        ({"a": 1}, {}, False),
        ("a", "b", False),
        (0, read_back.NOTHING, False),
        (False, read_back.NOTHING, False),
    ],
)
def test_comparison(wanted: Any, shown: Any, same: bool) -> None:
    assert (not any(read_back.differences(wanted, shown, "Property", ResourceType))) == same


@pytest.mark.parametrize("kind", TYPES.values(), ids=lambda kind: kind.type_name)
def test_declares_only_properties_that_aws_knows(kind: type[ResourceType]) -> None:
    if kind.type_name.startswith("Custom::"):
        return
    known = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind.type_name).schema["properties"]
    declared = {*kind.read_back, *(name.split(".")[0] for name in kind.not_read_back)}
    assert declared <= set(known)


@pytest.mark.parametrize("kind", [kind for kind in TYPES.values() if kind.shape_checked_only], ids=lambda kind: kind.type_name)
def test_is_only_shape_checked_where_moto_lacks_the_call(kind: type[ResourceType]) -> None:
    calls = re.findall(r"([a-z0-9-]+)\.([a-z_]+)", kind.made_by)
    assert calls
    for service, operation in calls:
        assert not moto_has(service, operation)


def moto_has(service: str, operation: str) -> bool:
    return service in list_of_moto_modules() and any(
        hasattr(found, operation) for found in vars(importlib.import_module(f"moto.{service}.responses")).values() if isinstance(found, type)
    )


def test_finds_a_call_that_moto_has() -> None:
    assert moto_has("ec2", "create_vpc")
