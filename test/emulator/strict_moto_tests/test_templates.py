"""What is refused before anything is made, and in which form."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Emulator
from stacks import att, ref, resource

TOPIC = resource("SNS::Topic")


def topic(**properties: Any) -> dict[str, Any]:
    return resource("SNS::Topic", **properties)


def test_unknown_type_is_refused_by_name(emulator: Emulator) -> None:
    assert "Thing (AWS::NoSuch::Type)" in emulator.refusal({"Thing": resource("NoSuch::Type")})


def test_type_that_the_table_lists_as_refused_comes_with_its_reason(emulator: Emulator) -> None:
    reason = emulator.refusal({"Rotation": resource("SecretsManager::RotationSchedule", SecretId="x")})
    assert "needs Docker" in reason


def test_unknown_custom_resource_is_refused_instead_of_left_hanging(emulator: Emulator) -> None:
    assert "Mine (Custom::Mine)" in emulator.refusal({"Mine": {"Type": "Custom::Mine", "Properties": {"ServiceToken": "x"}}})


@pytest.mark.parametrize("value", [ref("Nobody"), att("Nobody", "Arn"), {"Fn::Sub": "${Nobody}"}, {"Fn::Sub": "${Nobody.Arn}"}])
def test_unresolved_reference_is_refused(emulator: Emulator, value: Any) -> None:
    assert "[Nobody]" in emulator.refusal({"Topic": topic(DisplayName=value)})


def test_unresolved_dependency_is_refused(emulator: Emulator) -> None:
    assert "Unresolved dependency Nobody" in emulator.refusal({"Topic": TOPIC | {"DependsOn": "Nobody"}})


def test_unresolved_reference_of_an_output_is_refused(emulator: Emulator) -> None:
    assert "[Nobody] in the Outputs block" in emulator.refusal({"Topic": TOPIC}, Outputs={"Out": {"Value": ref("Nobody")}})


def test_attribute_that_the_type_lacks_is_refused(emulator: Emulator) -> None:
    reason = emulator.refusal({"Topic": TOPIC, "Other": topic(DisplayName=att("Topic", "Colour"))})
    assert "does not support attribute type Colour" in reason


def test_cycle_is_refused_with_its_path(emulator: Emulator) -> None:
    first, second = topic(DisplayName=att("Second", "TopicName")), topic(DisplayName=att("First", "TopicName"))
    assert "First -> Second -> First" in emulator.refusal({"First": first, "Second": second})


def test_unknown_intrinsic_function_is_refused(emulator: Emulator) -> None:
    assert "Fn::Transform" in emulator.refusal({"Topic": topic(DisplayName={"Fn::Transform": {"Name": "x"}})})


def test_resource_whose_condition_is_false_is_not_made(emulator: Emulator) -> None:
    conditions = {"Never": {"Fn::Equals": [ref("AWS::Region"), "elsewhere"]}}
    emulator.deploy({"Topic": TOPIC, "Not": TOPIC | {"Condition": "Never"}}, Conditions=conditions)
    listed = emulator.client("cloudformation").list_stack_resources(StackName="Stack")["StackResourceSummaries"]
    assert [item["LogicalResourceId"] for item in listed] == ["Topic"]


def test_reference_to_a_resource_whose_condition_is_false_is_refused(emulator: Emulator) -> None:
    conditions = {"Never": {"Fn::Equals": ["a", "b"]}}
    resources = {"Not": TOPIC | {"Condition": "Never"}, "Topic": topic(DisplayName=att("Not", "TopicName"))}
    assert "its condition is false" in emulator.refusal(resources, Conditions=conditions)


def test_missing_export_is_refused(emulator: Emulator) -> None:
    assert "No export named nothing" in emulator.refusal({"Topic": topic(DisplayName={"Fn::ImportValue": "nothing"})})


def test_refused_stack_leaves_no_stack_behind(emulator: Emulator) -> None:
    emulator.refusal({"Topic": topic(DisplayName={"Fn::ImportValue": "nothing"})})
    assert emulator.client("cloudformation").list_stacks()["StackSummaries"] == []


def test_failure_inside_the_emulator_is_an_error_with_a_message(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    from strict_moto.resource_types.sns import Topic

    monkeypatch.setattr(Topic, "create", lambda self: {}["missing"])
    assert "Topic (AWS::SNS::Topic): the emulator itself failed: KeyError: 'missing'" in emulator.refusal({"Topic": TOPIC})


def test_stack_updates_and_deletions_are_refused(emulator: Emulator) -> None:
    emulator.deploy({"Topic": TOPIC})
    client = emulator.client("cloudformation")
    for request in (lambda: client.delete_stack(StackName="Stack"), lambda: client.update_stack(StackName="Stack", TemplateBody="{}")):
        with pytest.raises(client.exceptions.ClientError, match="reset it"):
            request()


def test_what_makes_nothing_on_aws_is_passed_over(emulator: Emulator) -> None:
    emulator.deploy({"Topic": TOPIC, "Metadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "x"}}})
    listed = emulator.client("cloudformation").list_stack_resources(StackName="Stack")["StackResourceSummaries"]
    assert [item["LogicalResourceId"] for item in listed] == ["Topic"]
