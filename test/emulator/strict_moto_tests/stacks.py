"""Small stacks for the tests, and a way to change one thing in them."""

from __future__ import annotations

import copy
from typing import Any

Resources = dict[str, Any]


def ref(logical_id: str) -> dict[str, str]:
    return {"Ref": logical_id}


def att(logical_id: str, attribute: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, attribute]}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def network(zones: str = "abc") -> Resources:
    """A VPC with one public subnet in each zone."""
    made = {
        "Vpc": resource("EC2::VPC", CidrBlock="10.0.0.0/16"),
        "Gateway": resource("EC2::InternetGateway"),
        "Attachment": resource("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
        "Routes": resource("EC2::RouteTable", VpcId=ref("Vpc")),
        "ToInternet": resource("EC2::Route", RouteTableId=ref("Routes"), DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Gateway"))
        | {"DependsOn": "Attachment"},
    }
    for index, zone in enumerate(zones):
        name = f"Subnet{zone.upper()}"
        made[name] = resource("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"eu-west-1{zone}")
        made[f"{name}Routes"] = resource("EC2::SubnetRouteTableAssociation", SubnetId=ref(name), RouteTableId=ref("Routes"))
    return made


def subnets(zones: str = "abc") -> list[dict[str, str]]:
    return [ref(f"Subnet{zone.upper()}") for zone in zones]


def fleet() -> Resources:
    """Three instances behind a load balancer, over three zones."""
    return network() | {
        "Instances": resource("EC2::SecurityGroup", GroupDescription="instances", VpcId=ref("Vpc")),
        "Template": resource(
            "EC2::LaunchTemplate",
            LaunchTemplateData={
                "ImageId": "ami-12345678",
                "InstanceType": "t3.micro",
                "SecurityGroupIds": [att("Instances", "GroupId")],
            },
        ),
        "Targets": resource(
            "ElasticLoadBalancingV2::TargetGroup",
            VpcId=ref("Vpc"),
            Port=80,
            Protocol="HTTP",
            TargetType="instance",
            HealthCheckPath="/health",
            HealthCheckIntervalSeconds=10,
            HealthCheckTimeoutSeconds=5,
            TargetGroupAttributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}],
        ),
        "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer", Type="application", Subnets=subnets()),
        "Listener": resource(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("Balancer"),
            Port=80,
            Protocol="HTTP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
        "Group": resource(
            "AutoScaling::AutoScalingGroup",
            MinSize="3",
            MaxSize="6",
            VPCZoneIdentifier=subnets(),
            LaunchTemplate={"LaunchTemplateId": ref("Template"), "Version": att("Template", "LatestVersionNumber")},
            TargetGroupARNs=[ref("Targets")],
            HealthCheckType="ELB",
            HealthCheckGracePeriod=0,
        ),
    }


def with_property(resources: Resources, path: str, value: Any) -> Resources:
    """A copy with the property at Logical.Property.Path set; None takes it away."""
    changed = copy.deepcopy(resources)
    logical_id, *steps, last = path.split(".")
    target = changed[logical_id]["Properties"]
    for step in steps:
        target = target[int(step)] if isinstance(target, list) else target.setdefault(step, {})
    if value is None:
        del target[last]
    elif isinstance(target, list):
        target[int(last)] = value
    else:
        target[last] = value
    return changed
