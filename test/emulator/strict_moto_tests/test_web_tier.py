"""What AWS refuses of a web tier and moto accepts, and what of it is really kept."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from conftest import Emulator
from moto.moto_api._internal import moto_api_backend
from stacks import att, fleet, ref, resource, with_property
from web_tier_stacks import attributes, private_origin, reserved, runbook, shifting, transport

STACKS = [reserved, shifting, transport, private_origin, runbook]
NOBODY = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/nobody/0123456789abcdef"


@pytest.mark.parametrize("build", STACKS, ids=lambda build: build.__name__)
def test_unchanged_stack_deploys(emulator: Emulator, build: Any) -> None:
    emulator.deploy(build())


def sticky(**more: str) -> list[dict[str, str]]:
    return attributes(stickiness__enabled="true", stickiness__type="lb_cookie", **more)


def algorithm(kind: str, **more: str) -> list[dict[str, str]]:
    return attributes(load_balancing__algorithm__type=kind, **more)


HEALTHY = "target_group_health__{}__minimum_healthy_targets__count"
SLOW = {"slow_start__duration_seconds": "30"}
OF_GROUP, OF_BALANCER = "Targets.TargetGroupAttributes", "Balancer.LoadBalancerAttributes"
MIXED, IMPAIRMENT = "Group.MixedInstancesPolicy", "Group.AvailabilityZoneImpairmentPolicy"
RESERVATIONS = "Group.CapacityReservationSpecification.CapacityReservationTarget"
STEPS = "Document.Content.mainSteps"
CASES = [
    # capacity
    (reserved, f"{RESERVATIONS}.CapacityReservationIds", ["cr-0"], "InvalidCapacityReservationId"),
    (reserved, "Group.CapacityReservationSpecification.CapacityReservationPreference", "first", "capacity-reservations-first"),
    (reserved, "Reservation.AvailabilityZone", None, "needs one zone"),
    (reserved, "Reservation.AvailabilityZone", "eu-west-1z", "Unsupported"),
    (reserved, "Reservation.InstanceType", "m6i.enormous", "m6i.enormous is not offered"),
    (reserved, "Reservation.InstanceCount", 0, "InstanceCount 0"),
    (reserved, "Reservation.EndDateType", "limited", "EndDate belongs to"),
    (reserved, f"{MIXED}.InstancesDistribution.OnDemandPercentageAboveBaseCapacity", 101, "not within 0 to 100"),
    (reserved, f"{MIXED}.InstancesDistribution.SpotAllocationStrategy", "cheapest", "SpotAllocationStrategy cheapest"),
    (reserved, f"{MIXED}.LaunchTemplate.Overrides.1.InstanceType", "m6i.large", "repeat an instance type"),
    (reserved, f"{MIXED}.LaunchTemplate.Overrides.1.InstanceType", "m6i.enormous", "m6i.enormous.* not offered"),
    (reserved, "Group.LifecycleHookSpecificationList.0.HeartbeatTimeout", 10, "HeartbeatTimeout 10"),
    (reserved, "Group.LifecycleHookSpecificationList.0.LifecycleTransition", "launching", "LifecycleTransition launching"),
    (reserved, "Pool.AutoScalingGroupName", "nobody", "Auto Scaling group nobody not found"),
    (reserved, "Pool.PoolState", "Hibernated", "needs a launch template with hibernation"),
    (reserved, "Template.LaunchTemplateData.InstanceMarketOptions", {"MarketType": "spot"}, "no Spot Instances"),
    # zonal shift
    (shifting, f"{IMPAIRMENT}.ImpairedZoneHealthCheckBehavior", None, "'ImpairedZoneHealthCheckBehavior' is a required property"),
    (shifting, f"{IMPAIRMENT}.ImpairedZoneHealthCheckBehavior", "Wait", "not one of|not Wait"),
    (shifting, OF_GROUP, attributes(load_balancing__cross_zone__enabled="false"), "does not cross zones"),
    (shifting, f"{IMPAIRMENT}.ZonalShiftEnabled", False, "GroupShift.* has zonal shift not enabled"),
    (shifting, OF_BALANCER, [], "Shift.* has zonal shift not enabled"),
    (shifting, "Shift.ResourceIdentifier", NOBODY, "ResourceNotFoundException"),
    (shifting, "Shift.ResourceIdentifier", ref("Listener"), "ResourceNotFoundException"),
    (shifting, "Shift.PracticeRunConfiguration", None, "PracticeConfigurationDoesNotExist"),
    (shifting, "Shift.PracticeRunConfiguration.OutcomeAlarms", None, "OutcomeAlarms"),
    (shifting, "Shift.PracticeRunConfiguration.OutcomeAlarms.0.AlarmIdentifier", "arn:aws:cloudwatch:eu-west-1:1:alarm:no", "InvalidAlarmCondition"),
    (shifting, "Shift.PracticeRunConfiguration.OutcomeAlarms.0.Type", "PROMETHEUS", "PROMETHEUS"),
    (shifting, "Shift.PracticeRunConfiguration.BlockedWindows", ["at night"], "at night|expected minimum length"),
    # attributes of target groups
    (fleet, OF_GROUP, algorithm("weighted_random", **SLOW), "slow start mode is not supported with the algorithm weighted_random"),
    (fleet, OF_GROUP, algorithm("least_outstanding_requests", **SLOW), "slow start mode is not supported with the algorithm least"),
    (fleet, OF_GROUP, algorithm("round_robin", load_balancing__algorithm__anomaly_mitigation="on"), "anomaly mitigation needs"),
    (fleet, OF_GROUP, algorithm("random"), "load_balancing.algorithm.type random"),
    (fleet, OF_GROUP, attributes(slow_start__duration_seconds="20"), "20 is not within 30 to 900"),
    (fleet, OF_GROUP, sticky(stickiness__lb_cookie__duration_seconds="0"), "0 is not within 1 to 604800"),
    (fleet, OF_GROUP, sticky(load_balancing__cross_zone__enabled="false"), "stickiness is not supported"),
    (fleet, OF_GROUP, attributes(slow_start__seconds="30"), "'slow_start.seconds' is not recognized"),
    (fleet, OF_GROUP, attributes(preserve_client_ip__enabled="true"), "HTTP protocol does not support the attribute preserve_client_ip"),
    (
        fleet,
        OF_GROUP,
        attributes(**{HEALTHY.format("dns_failover"): "1", HEALTHY.format("unhealthy_state_routing"): "2"}),
        "of the DNS failover, 1, are below",
    ),
    (transport, "Plain.TargetGroupAttributes", attributes(**SLOW), "TCP protocol does not support the attribute slow_start"),
    (transport, "Plain.TargetGroupAttributes", attributes(stickiness__type="lb_cookie"), "lb_cookie' is not supported"),
    (transport, "Plain.Targets.0.Id", "10.1.0.9", "must specify the Availability Zone 'all'"),
    (transport, "Encrypted.Targets.0.Id", "8.8.8.8", "publicly routable"),
    (transport, "Plain.HealthCheckPath", "/health", "TCP has no HealthCheckPath"),
    # attributes of load balancers
    (fleet, OF_BALANCER, attributes(dns_record__client_routing_policy="any_availability_zone"), "with type 'application'"),
    (fleet, OF_BALANCER, attributes(load_balancing__cross_zone__enabled="false"), "can't be turned off"),
    (fleet, OF_BALANCER, attributes(zonal_shift__config__enabled="yes"), "zonal_shift.config.enabled yes"),
    (fleet, OF_BALANCER, attributes(idle_timeout__timeout_seconds="4001"), "4001 is not within"),
    (transport, OF_BALANCER, attributes(idle_timeout__timeout_seconds="60"), "with type 'network'"),
    (transport, OF_BALANCER, attributes(dns_record__client_routing_policy="nearest"), "client_routing_policy nearest"),
    # listeners
    (transport, "Tls.Certificates", None, "A certificate must be specified|Certificates"),
    (transport, "Tls.SslPolicy", "ELBSecurityPolicy-None", "SSLPolicyNotFound"),
    (transport, "Tcp.Protocol", "HTTP", "a listener of type network has no protocol HTTP"),
    (transport, "Tcp.DefaultActions.0.TargetGroupArn", ref("Encrypted"), "IncompatibleProtocols"),
    (transport, "Tcp.DefaultActions", [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}], "does nothing but forward"),
    # private origins
    (private_origin, "Origin.VpcOriginEndpointConfig.Arn", NOBODY, "no load balancer of this account"),
    (private_origin, "Origin.VpcOriginEndpointConfig.Arn", att("Group", "AutoScalingGroupARN"), "no load balancer of this account"),
    (private_origin, "Origin.VpcOriginEndpointConfig.OriginSSLProtocols", ["TLSv9"], "TLSv9"),
    (private_origin, "Distribution.DistributionConfig.Origins.0.VpcOriginConfig.VpcOriginId", "vo_0", "VPC origin does not exist"),
    (private_origin, "Distribution.DistributionConfig.Origins.0.VpcOriginConfig", None, "needs one kind of configuration"),
    # runbooks
    (runbook, "Document.Content.schemaVersion", "2.2", "InvalidDocumentSchemaVersion"),
    (runbook, STEPS, [], "needs mainSteps"),
    (runbook, f"{STEPS}.0.nextStep", "Nowhere", "unknown steps \\['Nowhere'\\]"),
    (runbook, f"{STEPS}.1.onFailure", "step:Nowhere", "unknown steps \\['Nowhere'\\]"),
    (runbook, f"{STEPS}.1.name", "Look", "needs a name of its own"),
    (runbook, f"{STEPS}.1.action", "sleep", "has no action sleep"),
    (runbook, "Document.Content.parameters", {}, "does not declare: \\['Instance'\\]"),
    (runbook, "Document.Content", "{", "no JSON"),
    (runbook, "Rule.Targets.0.RoleArn", None, "RoleArn is required"),
    (runbook, "Rule.Targets.0.RoleArn", att("Other", "Arn"), "cannot be assumed by principal 'events.amazonaws.com'"),
    (runbook, "Rule.Targets.0.Input", "{}", "Only one of Input"),
]


@pytest.mark.parametrize(("build", "path", "value", "reason"), CASES, ids=[f"{path}={str(value)[:40]}" for _, path, value, _ in CASES])
def test_refuses(emulator: Emulator, build: Any, path: str, value: Any, reason: str) -> None:
    message = emulator.refusal(with_property(build(), path, value))
    assert re.search(reason, message), message


def test_forgets_a_reservation_with_the_reset(emulator: Emulator) -> None:
    emulator.deploy(reserved())
    reservation = emulator.physical_id("Reservation")
    assert re.fullmatch(r"cr-[0-9a-f]{17}", reservation)
    moto_api_backend.reset()
    stack = with_property(reserved(), f"{RESERVATIONS}.CapacityReservationIds", [reservation])
    assert f"'{reservation}' does not exist" in emulator.refusal(stack)


def test_takes_zonal_shift_without_crossing_zones_if_told_to_skip_the_validation(emulator: Emulator) -> None:
    stack = with_property(shifting(), OF_GROUP, attributes(load_balancing__cross_zone__enabled="false"))
    emulator.deploy(with_property(stack, "Group.SkipZonalShiftValidation", True))


def test_shows_the_queue_and_the_role_of_a_hook(emulator: Emulator) -> None:
    role = {"Effect": "Allow", "Principal": {"Service": "autoscaling.amazonaws.com"}, "Action": "sts:AssumeRole"}
    emulator.deploy(
        reserved()
        | {
            "Queue": resource("SQS::Queue"),
            "Role": resource("IAM::Role", AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [role]}),
            "Hook": resource(
                "AutoScaling::LifecycleHook",
                AutoScalingGroupName=ref("Group"),
                LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
                NotificationTargetARN=att("Queue", "Arn"),
                NotificationMetadata="web",
                RoleARN=att("Role", "Arn"),
            ),
        }
    )


@pytest.mark.parametrize(
    ("name", "properties"),
    [
        (
            "ScalingPolicy",
            {
                "PolicyType": "PredictiveScaling",
                "PredictiveScalingConfiguration": {
                    "Mode": "ForecastAndScale",
                    "MetricSpecifications": [
                        {
                            "TargetValue": 50,
                            "PredefinedLoadMetricSpecification": {"PredefinedMetricType": "ASGTotalCPUUtilization"},
                            "PredefinedScalingMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
                        }
                    ],
                },
            },
        ),
        (
            "ScalingPolicy",
            {
                "PolicyType": "StepScaling",
                "AdjustmentType": "ExactCapacity",
                "MetricAggregationType": "Maximum",
                "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 5}],
            },
        ),
        ("ScheduledAction", {"MinSize": 4, "Recurrence": "0 8 * * *", "TimeZone": "Europe/Vienna"}),
    ],
    ids=["predictive", "steps", "schedule"],
)
def test_loses_nothing_of_what_scales_a_group(emulator: Emulator, name: str, properties: dict[str, Any]) -> None:
    emulator.deploy(fleet() | {"Scaling": resource(f"AutoScaling::{name}", AutoScalingGroupName=ref("Group"), **properties)})
    client = emulator.client("autoscaling")
    shown = (
        client.describe_policies()["ScalingPolicies"]
        if name == "ScalingPolicy"
        else client.describe_scheduled_actions()["ScheduledUpdateGroupActions"]
    )
    assert json.loads(json.dumps(shown[0], default=str)).items() >= properties.items()
