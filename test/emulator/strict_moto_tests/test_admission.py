"""What AWS refuses and moto accepts: each case changes one thing in a stack that deploys."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from admission_stacks import (
    alarm,
    alias,
    database,
    endpoints,
    failover,
    identity,
    nat,
    nat_interface,
    queue,
    regional_nat,
    rule,
    rule_for_a_list,
    scaling,
    secure,
    snapshots,
    table,
    two_zones,
)
from conftest import Emulator
from stacks import att, fleet, ref, resource, subnets, with_property

STACKS = [
    nat,
    nat_interface,
    regional_nat,
    endpoints,
    rule,
    rule_for_a_list,
    secure,
    scaling,
    alarm,
    identity,
    queue,
    table,
    database,
    failover,
    alias,
    snapshots,
]


@pytest.mark.parametrize("build", STACKS, ids=lambda build: build.__name__)
def test_unchanged_stack_deploys(emulator: Emulator, build: Any) -> None:
    emulator.deploy(build())


def text(size: int) -> str:
    return base64.b64encode(b"x" * size).decode()


def copy_to(region: str) -> dict[str, Any]:
    return {"Target": region, "Encrypted": True, "RetainRule": {"Interval": 7, "IntervalUnit": "DAYS"}}


CASES = [
    # network
    (nat, "SubnetA.AvailabilityZone", "us-east-1a", "not an availability zone of eu-west-1"),
    (nat, "SubnetA.CidrBlock", "10.1.0.0/24", "InvalidSubnet.Range"),
    (nat, "SubnetA.CidrBlock", "10.0.0.0/29", "InvalidSubnet.Range"),
    (nat, "Nat.AllocationId", None, "needs an AllocationId"),
    (nat, "ToInternet.DestinationCidrBlock", "192.0.2.0/24", "no route to an internet gateway"),
    (nat, "ToInternet.GatewayId", "igw-12345678", "InvalidInternetGatewayID.NotFound"),
    (regional_nat, "Nat.VpcId", None, "needs a VpcId"),
    (regional_nat, "Nat.SubnetId", ref("SubnetA"), "takes no SubnetId"),
    (regional_nat, "Nat.ConnectivityType", "private", "a regional NAT gateway is public"),
    (nat_interface, "Interface.GroupSet", [att("OtherPeers", "GroupId")], "are in different VPCs"),
    (nat_interface, "Interface.SourceDestCheck", True, "drops what is neither from nor for itself"),
    (nat_interface, "Interface.SourceDestCheck", None, "drops what is neither from nor for itself"),
    (nat_interface, "WayOut.RouteTableId", ref("OtherRoutes"), "belong to different networks"),
    (nat_interface, "Ipv6WayOut.EgressOnlyInternetGatewayId", "eigw-12345678", "InvalidGatewayID.NotFound"),
    (nat_interface, "Ipv6.VpcId", ref("Other"), "belong to different networks"),
    (rule_for_a_list, "Rule.SourcePrefixListId", "cloudfront", "InvalidPrefixListID.Malformed"),
    (endpoints, "Tables.ServiceName", "com.amazonaws.us-east-1.dynamodb", "InvalidServiceName"),
    (endpoints, "Tables.ServiceName", "com.amazonaws.eu-west-1.sqs", "has no endpoint of type Gateway"),
    (endpoints, "Tables.RouteTableIds", ["rtb-12345678"], "InvalidRouteTable|not exist"),
    (endpoints, "Queues.RouteTableIds", ["rtb-12345678"], "RouteTableIds cannot be given to an endpoint of type Interface"),
    (endpoints, "Queues.VpcEndpointType", "GatewayLoadBalancer", "knows no endpoints of type GatewayLoadBalancer"),
    (rule, "Rule.FromPort", 90, "port range 90 to 80"),
    (rule, "Rule.IpProtocol", "tpc", "unknown protocol tpc"),
    (rule, "Rule.CidrIp", None, "Only one of .*CidrIp"),
    (rule, "Rule.GroupId", "sg-12345678", "InvalidGroup.NotFound"),
    # fleet
    (fleet, "Template.LaunchTemplateData.UserData", text(16 * 1024 + 1), "the limit is 16384"),
    (fleet, "Template.LaunchTemplateData.InstanceType", "t3.enormous", "t3.enormous is not offered"),
    (fleet, "Template.LaunchTemplateData.IamInstanceProfile", {"Name": "nobody"}, "instance profile nobody does not exist"),
    (fleet, "Template.LaunchTemplateData.SecurityGroupIds", ["sg-12345678"], "InvalidGroup.NotFound"),
    (fleet, "Template.LaunchTemplateData.BlockDeviceMappings", [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeType": "io2"}}], "Iops"),
    (fleet, "Group.DesiredCapacity", "7", "desired capacity 7 must be between"),
    (fleet, "Group.VPCZoneIdentifier", ["subnet-12345678"], "InvalidSubnetID.NotFound"),
    (fleet, "Group.LaunchTemplate.Version", "9", "InvalidLaunchTemplateId"),
    (fleet, "Group.AvailabilityZones", ["eu-west-1a"], "do not match"),
    (fleet, "Group.TargetGroupARNs", None, "ELB health check without a load balancer"),
    (fleet, "Group.MaxInstanceLifetime", 3600, "MaxInstanceLifetime|max instance lifetime"),
    (fleet, "Group.TerminationPolicies", ["Whichever"], "unknown termination policy"),
    # load balancers
    (fleet, "Targets.HealthCheckPath", "health", "must begin with a '/'"),
    (fleet, "Targets.HealthCheckTimeoutSeconds", 10, "must be smaller than the interval"),
    (fleet, "Targets.HealthCheckIntervalSeconds", 301, "HealthCheckIntervalSeconds"),
    (fleet, "Targets.UnhealthyThresholdCount", 1, "UnhealthyThresholdCount"),
    (fleet, "Targets.HealthCheckPort", "http", "Health check port 'http'"),
    (fleet, "Targets.Matcher", {"HttpCode": "600"}, "within 200 and 499"),
    (fleet, "Targets.TargetGroupAttributes.0.Value", "3601", "deregistration_delay"),
    (two_zones, "SubnetB.AvailabilityZone", "eu-west-1a", "two different Availability Zones"),
    (
        fleet,
        "Balancer.LoadBalancerAttributes",
        [
            {"Key": "access_logs.s3.enabled", "Value": "true"},
            {"Key": "access_logs.s3.bucket", "Value": "nobodys-bucket"},
        ],
        "Access Denied for bucket",
    ),
    (fleet, "Listener.DefaultActions.0.TargetGroupArn", "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/x/1", "TargetGroupNotFound"),
    (fleet, "Listener.Protocol", "TCP", "no protocol TCP"),
    (secure, "Secure.Certificates", None, "A certificate must be specified|Certificates"),
    (secure, "Secure.SslPolicy", "ELBSecurityPolicy-None", "SSLPolicyNotFound"),
    (secure, "Secure.Certificates.0.CertificateArn", "arn:aws:acm:eu-west-1:123456789012:certificate/none", "ResourceNotFound|CertificateNotFound"),
    # scaling and alarms
    (
        scaling,
        "Tracking.TargetTrackingConfiguration.CustomizedMetricSpecification.Metrics.1.Expression",
        "waiting / 2",
        "unknown metrics \\['waiting'\\]",
    ),
    (scaling, "Tracking.TargetTrackingConfiguration.CustomizedMetricSpecification.Metrics.0.ReturnData", True, "exactly one metric must return data"),
    (scaling, "Tracking.TargetTrackingConfiguration.CustomizedMetricSpecification.Metrics.0.Id", "Queued", "lower-case letter"),
    (scaling, "Hook.HeartbeatTimeout", 10, "HeartbeatTimeout 10"),
    (alarm, "Alarm.Period", 45, "Period 45|45 is not"),
    (alarm, "Alarm.DatapointsToAlarm", 4, "DatapointsToAlarm 4 of EvaluationPeriods 3"),
    (alarm, "Alarm.EvaluationPeriods", 2000, "are more than 86400 s"),
    (alarm, "Alarm.AlarmActions", ["arn:aws:sns:eu-west-1:123456789012:nobody"], "no topic"),
    (alarm, "Alarm.Threshold", None, "needs a Threshold"),
    # identity
    (identity, "Policy.PolicyDocument.Statement.0.Effect", "Permit", "Effect must be Allow or Deny"),
    (identity, "Policy.PolicyDocument.Statement.0.Action", "GetObject", "prefaced by a vendor"),
    (identity, "Policy.PolicyDocument.Statement.0.Resource", "bucket", "must be in ARN format"),
    (identity, "Policy.PolicyDocument.Statement.0.Principal", "*", "must not name a principal"),
    (identity, "Policy.PolicyDocument.Statement.0.Condition", {"StringSame": {"a": "b"}}, "Invalid Condition type"),
    (identity, "Policy.Roles", [], "must be non-empty|At least one"),
    (identity, "Role.AssumeRolePolicyDocument.Statement.0.Principal", None, "needs either Principal"),
    (identity, "Role.ManagedPolicyArns", ["arn:aws:iam::aws:policy/NoSuchPolicy"], "NoSuchEntity"),
    # queues and tables
    (queue, "Queue.VisibilityTimeout", 43201, "VisibilityTimeout"),
    (queue, "Queue.MessageRetentionPeriod", 30, "MessageRetentionPeriod: 30"),
    (queue, "Queue.RedrivePolicy.maxReceiveCount", 0, "maxReceiveCount 0"),
    (queue, "Queue.RedrivePolicy.deadLetterTargetArn", "arn:aws:sqs:eu-west-1:123456789012:nobody", "NonExistentQueue|does not exist"),
    (queue, "Queue.RedrivePolicy.deadLetterTargetArn", att("Fifo", "Arn"), "of the queue's own type"),
    (queue, "Queue.QueueName", "jobs.fifo", "FIFO"),
    (table, "Table.AttributeDefinitions.0.AttributeName", "other", "do not match"),
    (table, "Table.TimeToLiveSpecification.AttributeName", "id", "is a key of the table"),
    (table, "Table.ProvisionedThroughput", {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}, "ProvisionedThroughput"),
    # databases
    (database, "Subnets.SubnetIds", subnets("a"), "Availability Zone \\(AZ\\) coverage"),
    (database, "Database.AvailabilityZone", "eu-west-1a", "not valid for Multi-AZ"),
    (database, "Database.DBInstanceClass", "db.t9.huge", "DBInstanceClass"),
    (database, "Database.BackupRetentionPeriod", 36, "36"),
    (database, "Database.AllocatedStorage", "5", "Invalid storage size"),
    (database, "Database.PreferredMaintenanceWindow", "sun:03:15-sun:03:45", "must not overlap"),
    (database, "Database.MasterUserPassword", "short", "shorter than 8"),
    (database, "Database.MonitoringInterval", 60, "needs MonitoringRoleArn"),
    # names
    (failover, "Primary.SetIdentifier", None, "Missing field 'SetIdentifier'|SetIdentifier"),
    (failover, "Primary.Failover", None, "SetIdentifier without a routing policy"),
    (failover, "Primary.HealthCheckId", None, "must have an associated health check"),
    (failover, "Secondary.Failover", "PRIMARY", "two PRIMARY records|must have an associated health check"),
    (failover, "Secondary.Name", "www.example.org", "not permitted in zone"),
    (failover, "Secondary.TTL", None, "TTL"),
    (failover, "Check.HealthCheckConfig.ResourcePath", "health", "must start with /"),
    (failover, "Check.HealthCheckConfig.RequestInterval", 20, "RequestInterval"),
    (failover, "Check.HealthCheckConfig.IPAddress", "10.0.0.1", "not a public address"),
    (alias, "Record.AliasTarget.HostedZoneId", "Z35SXDOTRQ7X7K", "does not lie within the target zone"),
    (alias, "Record.AliasTarget.HostedZoneId", "Z0000000000000", "neither AWS's"),
    (alias, "Record.TTL", "60", "TTL"),
    # snapshots
    (snapshots, "Snapshots.PolicyDetails.Schedules.0.CreateRule.Interval", 5, "Interval 5 is not one of|5 is not one of"),
    (snapshots, "Snapshots.PolicyDetails.Schedules.0.CreateRule.Times", ["3am"], "hh:mm|does not match"),
    (snapshots, "Snapshots.PolicyDetails.Schedules.0.RetainRule.Count", 1001, "1000"),
    (snapshots, "Snapshots.PolicyDetails.Schedules.0.CrossRegionCopyRules", [copy_to("eu-west-1")], "to the Region of the policy itself"),
    (snapshots, "Snapshots.PolicyDetails.Schedules.0.CrossRegionCopyRules", [copy_to("eu-central-1")] * 4, "maximum item count: 3"),
    (snapshots, "Snapshots.ExecutionRoleArn", "arn:aws:iam::123456789012:role/nobody", "NoSuchEntity"),
]


@pytest.mark.parametrize(("build", "path", "value", "reason"), CASES, ids=[f"{path}={str(value)[:20]}" for _, path, value, _ in CASES])
def test_refuses(emulator: Emulator, build: Any, path: str, value: Any, reason: str) -> None:
    message = emulator.refusal(with_property(build(), path, value))
    assert re.search(reason, message), message


def test_refuses_the_sixth_elastic_ip_address(emulator: Emulator) -> None:
    addresses = {f"Address{number}": resource("EC2::EIP", Domain="vpc") for number in range(6)}
    assert "AddressLimitExceeded" in emulator.refusal(addresses)


def test_accepts_the_sixth_elastic_ip_address_under_a_raised_quota(emulator: Emulator) -> None:
    emulator.client("ssm").put_parameter(Name="/emulator/quotas/ec2-elastic-ips", Value="6", Type="String")
    emulator.deploy({f"Address{number}": resource("EC2::EIP", Domain="vpc") for number in range(6)})
