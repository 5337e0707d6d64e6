"""Intrinsic functions resolve to what CloudFormation makes of them."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Emulator
from stacks import att, ref, resource

TOPIC = resource("SNS::Topic")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Join": ["-", ["a", ref("AWS::Region")]]}, "a-eu-west-1"),
        ({"Fn::Select": [1, {"Fn::Split": [",", "a,b,c"]}]}, "b"),
        ({"Fn::Select": ["2", {"Fn::GetAZs": ""}]}, "eu-west-1c"),
        ({"Fn::Select": [1, {"Fn::Cidr": ["10.0.0.0/16", 2, 8]}]}, "10.0.1.0/24"),
        ({"Fn::Sub": "${AWS::Partition}:${!literal}"}, "aws:${literal}"),
        ({"Fn::Sub": ["${a}", {"a": ref("Parameter")}]}, "given"),
        ({"Fn::Base64": "x"}, "eA=="),
        ({"Fn::If": ["Holds", "yes", "no"]}, "yes"),
        ({"Fn::FindInMap": ["Map", ref("AWS::Region"), "key"]}, "mapped"),
        ({"Fn::ToJsonString": {"a": [1]}}, '{"a": [1]}'),
        ("{{resolve:ssm:/seeded}}", "from ssm"),
        ("{{resolve:secretsmanager:seeded:SecretString:user::}}", "admin"),
    ],
)
def test_resolves(emulator: Emulator, value: Any, expected: str) -> None:
    emulator.client("ssm").put_parameter(Name="/seeded", Value="from ssm", Type="String")
    emulator.client("secretsmanager").create_secret(Name="seeded", SecretString='{"user": "admin"}')
    outputs = emulator.deploy(
        {"Topic": TOPIC},
        Parameters={"Parameter": {"Type": "String", "Default": "given"}},
        Conditions={"Holds": {"Fn::Not": [{"Fn::Equals": [ref("Parameter"), "other"]}]}},
        Mappings={"Map": {"eu-west-1": {"key": "mapped"}}},
        Outputs={"Out": {"Value": value}},
    )
    assert outputs == {"Out": expected}


def test_no_value_takes_the_property_away(emulator: Emulator) -> None:
    emulator.deploy({"Topic": resource("SNS::Topic", DisplayName=ref("AWS::NoValue"))})


def test_exports_reach_other_stacks(emulator: Emulator) -> None:
    export = {"Out": {"Value": att("Topic", "TopicArn"), "Export": {"Name": "topic"}}}
    made = emulator.deploy({"Topic": TOPIC}, name="First", Outputs=export)
    seen = emulator.deploy({"Topic": TOPIC}, name="Second", Outputs={"Out": {"Value": {"Fn::ImportValue": "topic"}}})
    assert seen == made


def test_public_parameter_of_an_image_resolves(emulator: Emulator) -> None:
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64"
    parameter = {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": name}
    outputs = emulator.deploy({"Topic": TOPIC}, Parameters={"Image": parameter}, Outputs={"Out": {"Value": ref("Image")}})
    assert outputs["Out"].startswith("ami-")


def test_parameter_that_does_not_exist_is_refused(emulator: Emulator) -> None:
    parameter = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/nothing"}
    assert "no such SSM parameter" in emulator.refusal({"Topic": TOPIC}, Parameters={"Image": parameter})
