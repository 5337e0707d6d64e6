"""The stacks of a web tier that the admission tests change one thing in."""

from __future__ import annotations

from typing import Any

from stacks import Resources, att, fleet, network, ref, resource, subnets, with_property

AUTOMATION = "arn:aws:ssm:eu-west-1:123456789012:automation-definition/Runbook:$DEFAULT"


def trusting(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return resource("IAM::Role", AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [statement]})


def attributes(**given: str) -> list[dict[str, str]]:
    """Of a load balancer or target group; a double underline stands for a point."""
    return [{"Key": key.replace("__", "."), "Value": value} for key, value in given.items()]


def reserved() -> Resources:
    """A group with a reservation, several instance types, a hook and a warm pool."""
    stack = with_property(fleet(), "Group.LaunchTemplate", None)
    template = {"LaunchTemplateId": ref("Template"), "Version": att("Template", "LatestVersionNumber")}
    mixed = {
        "LaunchTemplate": {"LaunchTemplateSpecification": template, "Overrides": [{"InstanceType": "m6i.large"}, {"InstanceType": "m5.large"}]},
        "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 100, "SpotAllocationStrategy": "price-capacity-optimized"},
    }
    target = {"CapacityReservationIds": [att("Reservation", "Id")]}
    specification = {"CapacityReservationPreference": "capacity-reservations-first", "CapacityReservationTarget": target}
    hook = {"LifecycleHookName": "Launching", "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING", "HeartbeatTimeout": 60}
    stack = with_property(stack, "Group.MixedInstancesPolicy", mixed)
    stack = with_property(stack, "Group.CapacityReservationSpecification", specification)
    stack = with_property(stack, "Group.LifecycleHookSpecificationList", [hook])
    return stack | {
        "Reservation": resource(
            "EC2::CapacityReservation", AvailabilityZone="eu-west-1a", InstanceCount=2, InstancePlatform="Linux/UNIX", InstanceType="m6i.large"
        ),
        "Pool": resource("AutoScaling::WarmPool", AutoScalingGroupName=ref("Group"), MinSize=1, PoolState="Stopped"),
    }


def shifting() -> Resources:
    """A group and a load balancer that leave an impaired zone."""
    policy = {"ZonalShiftEnabled": True, "ImpairedZoneHealthCheckBehavior": "IgnoreUnhealthy"}
    stack = with_property(fleet(), "Group.AvailabilityZoneImpairmentPolicy", policy)
    stack = with_property(stack, "Balancer.LoadBalancerAttributes", attributes(zonal_shift__config__enabled="true"))
    alarm = resource(
        "CloudWatch::Alarm",
        Namespace="N",
        MetricName="M",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=1,
    )
    practice = {"BlockedWindows": ["Mon:08:00-Mon:18:00"], "OutcomeAlarms": [{"AlarmIdentifier": att("Alarm", "Arn"), "Type": "CLOUDWATCH"}]}
    return stack | {
        "Alarm": alarm,
        "Shift": resource(
            "ARCZonalShift::ZonalAutoshiftConfiguration",
            ResourceIdentifier=ref("Balancer"),
            ZonalAutoshiftStatus="ENABLED",
            PracticeRunConfiguration=practice,
        ),
        "GroupShift": resource(
            "ARCZonalShift::ZonalAutoshiftConfiguration",
            ResourceIdentifier=att("Group", "AutoScalingGroupARN"),
            PracticeRunConfiguration=practice,
        ),
    }


def transport() -> Resources:
    """A network load balancer, with TCP and TLS."""
    group = {"VpcId": ref("Vpc"), "TargetType": "ip", "HealthCheckProtocol": "TCP"}
    return network() | {
        "Entrance": resource("EC2::SecurityGroup", GroupDescription="entrance", VpcId=ref("Vpc")),
        "Certificate": resource("CertificateManager::Certificate", DomainName="example.com"),
        "Balancer": resource(
            "ElasticLoadBalancingV2::LoadBalancer",
            Type="network",
            Subnets=subnets(),
            SecurityGroups=[att("Entrance", "GroupId")],
            LoadBalancerAttributes=attributes(dns_record__client_routing_policy="availability_zone_affinity", zonal_shift__config__enabled="true"),
        ),
        "Plain": resource("ElasticLoadBalancingV2::TargetGroup", **group, Protocol="TCP", Port=80, Targets=[{"Id": "10.0.0.9"}]),
        "Encrypted": resource(
            "ElasticLoadBalancingV2::TargetGroup",
            **group,
            Protocol="TLS",
            Port=443,
            Targets=[{"Id": "10.1.0.9", "AvailabilityZone": "all"}],
            TargetGroupAttributes=attributes(preserve_client_ip__enabled="false"),
        ),
        "Tcp": listener("TCP", 80, "Plain"),
        "Tls": listener("TLS", 443, "Encrypted", Certificates=[{"CertificateArn": ref("Certificate")}], SslPolicy="ELBSecurityPolicy-2016-08"),
    }


def listener(protocol: str, port: int, targets: str, **more: Any) -> dict[str, Any]:
    actions = [{"Type": "forward", "TargetGroupArn": ref(targets)}]
    return resource("ElasticLoadBalancingV2::Listener", LoadBalancerArn=ref("Balancer"), Port=port, Protocol=protocol, DefaultActions=actions, **more)


def private_origin() -> Resources:
    """A distribution before a load balancer that is reached by it only."""
    origin = {"Id": "web", "DomainName": att("Balancer", "DNSName"), "VpcOriginConfig": {"VpcOriginId": att("Origin", "Id")}}
    behavior = {"TargetOriginId": "web", "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}
    config = {"Enabled": True, "Origins": [origin], "DefaultCacheBehavior": behavior}
    return fleet() | {
        "Origin": resource("CloudFront::VpcOrigin", VpcOriginEndpointConfig={"Name": "web", "Arn": ref("Balancer")}),
        "Distribution": resource("CloudFront::Distribution", DistributionConfig=config),
    }


def runbook() -> Resources:
    """A runbook that an event starts, and a rule without targets."""
    steps = [
        {"name": "Look", "action": "aws:executeAwsApi", "inputs": {"InstanceIds": ["{{ Instance }}"]}, "nextStep": "Wait"},
        {"name": "Wait", "action": "aws:sleep", "inputs": {"Duration": "PT30S"}, "isEnd": True},
    ]
    content = {"schemaVersion": "0.3", "parameters": {"Instance": {"type": "String"}}, "mainSteps": steps}
    transformer = {"InputPathsMap": {"id": "$.detail.instance-id"}, "InputTemplate": '{"Instance":[<id>]}'}
    target = {"Id": "Runbook", "Arn": AUTOMATION, "RoleArn": att("Role", "Arn"), "InputTransformer": transformer}
    return {
        "Role": trusting("events.amazonaws.com"),
        "Other": trusting("ec2.amazonaws.com"),
        "Document": resource("SSM::Document", Name="Runbook", DocumentType="Automation", Content=content),
        "Rule": resource("Events::Rule", EventPattern={"source": ["aws.ec2"]}, Targets=[target]),
        "Unheard": resource("Events::Rule", EventPattern={"source": ["aws.ec2"]}),
    }
