"""The stacks that the admission tests change one thing in."""

from __future__ import annotations

from stacks import Resources, att, fleet, network, ref, resource, subnets, with_property

ASSUME = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


def nat() -> Resources:
    return network("a") | {
        "Address": resource("EC2::EIP", Domain="vpc"),
        "Nat": resource("EC2::NatGateway", SubnetId=ref("SubnetA"), AllocationId=att("Address", "AllocationId"))
        | {"DependsOn": ["ToInternet", "SubnetARoutes"]},
    }


def regional_nat() -> Resources:
    return network("a") | {
        "Address": resource("EC2::EIP", Domain="vpc"),
        "Nat": resource(
            "EC2::NatGateway",
            VpcId=ref("Vpc"),
            AvailabilityMode="regional",
            AvailabilityZoneAddresses=[{"AvailabilityZone": "eu-west-1a", "AllocationIds": [att("Address", "AllocationId")]}],
        )
        | {"DependsOn": "Attachment"},
    }


def nat_interface() -> Resources:
    return network("a") | {
        "Address": resource("EC2::EIP", Domain="vpc"),
        "Peers": resource("EC2::SecurityGroup", GroupDescription="x", VpcId=ref("Vpc")),
        "Interface": resource("EC2::NetworkInterface", SubnetId=ref("SubnetA"), GroupSet=[att("Peers", "GroupId")], SourceDestCheck=False),
        "Association": resource("EC2::EIPAssociation", AllocationId=att("Address", "AllocationId"), NetworkInterfaceId=ref("Interface"))
        | {"DependsOn": "Attachment"},
        "Private": resource("EC2::RouteTable", VpcId=ref("Vpc")),
        "WayOut": resource("EC2::Route", RouteTableId=ref("Private"), DestinationCidrBlock="0.0.0.0/0", NetworkInterfaceId=ref("Interface")),
        "Ipv6": resource("EC2::EgressOnlyInternetGateway", VpcId=ref("Vpc")),
        "Ipv6WayOut": resource("EC2::Route", RouteTableId=ref("Private"), DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId=ref("Ipv6")),
        "Other": resource("EC2::VPC", CidrBlock="10.9.0.0/16"),
        "OtherPeers": resource("EC2::SecurityGroup", GroupDescription="x", VpcId=ref("Other")),
        "OtherRoutes": resource("EC2::RouteTable", VpcId=ref("Other")),
    }


def endpoints() -> Resources:
    service = "com.amazonaws.eu-west-1"
    return network("a") | {
        "Tables": resource("EC2::VPCEndpoint", VpcId=ref("Vpc"), ServiceName=f"{service}.dynamodb", RouteTableIds=[ref("Routes")]),
        "Queues": resource(
            "EC2::VPCEndpoint", VpcId=ref("Vpc"), ServiceName=f"{service}.sqs", VpcEndpointType="Interface", SubnetIds=[ref("SubnetA")]
        ),
    }


def rule() -> Resources:
    group = resource("EC2::SecurityGroup", GroupDescription="x", VpcId=ref("Vpc"))
    return network("a") | {
        "Peers": group,
        "Rule": resource(
            "EC2::SecurityGroupIngress",
            GroupId=ref("Peers"),
            IpProtocol="tcp",
            FromPort=80,
            ToPort=80,
            CidrIp="10.0.0.0/8",
        ),
    }


def rule_for_a_list() -> Resources:
    with_list = with_property(rule(), "Rule.SourcePrefixListId", "pl-0123456789abcdef0")
    return with_property(with_property(with_list, "Rule.CidrIp", None), "Rule.Description", "CloudFront")


def two_zones() -> Resources:
    """Without the group, which has its own mind about its subnets."""
    balancer = with_property(fleet(), "Balancer.Subnets", subnets("ab"))
    return {logical_id: made for logical_id, made in balancer.items() if logical_id != "Group"}


def secure() -> Resources:
    return fleet() | {
        "Certificate": resource("CertificateManager::Certificate", DomainName="example.com"),
        "Secure": resource(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("Balancer"),
            Port=443,
            Protocol="HTTPS",
            Certificates=[{"CertificateArn": ref("Certificate")}],
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
    }


def scaling() -> Resources:
    return fleet() | {
        "Tracking": resource(
            "AutoScaling::ScalingPolicy",
            AutoScalingGroupName=ref("Group"),
            PolicyType="TargetTrackingScaling",
            TargetTrackingConfiguration={
                "TargetValue": 50,
                "CustomizedMetricSpecification": {
                    "Metrics": [
                        {"Id": "queued", "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "M"}, "Stat": "Sum"}, "ReturnData": False},
                        {"Id": "each", "Expression": "queued / 2"},
                    ]
                },
            },
        ),
        "Hook": resource(
            "AutoScaling::LifecycleHook",
            AutoScalingGroupName=ref("Group"),
            HeartbeatTimeout=300,
            LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
        ),
    }


def alarm() -> Resources:
    return {
        "Topic": resource("SNS::Topic"),
        "Alarm": resource(
            "CloudWatch::Alarm",
            Namespace="N",
            MetricName="M",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=3,
            DatapointsToAlarm=2,
            ComparisonOperator="GreaterThanThreshold",
            Threshold=1,
            AlarmActions=[ref("Topic")],
        ),
    }


def identity() -> Resources:
    return {
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=ASSUME),
        "Policy": resource("IAM::Policy", PolicyName="own", PolicyDocument=ALLOW, Roles=[ref("Role")]),
    }


def queue() -> Resources:
    return {
        "Dead": resource("SQS::Queue"),
        "Queue": resource("SQS::Queue", VisibilityTimeout=60, RedrivePolicy={"deadLetterTargetArn": att("Dead", "Arn"), "maxReceiveCount": 3}),
        "Fifo": resource("SQS::Queue", FifoQueue=True),
    }


def table() -> Resources:
    return {
        "Table": resource(
            "DynamoDB::Table",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
        )
    }


def database() -> Resources:
    return network() | {
        "Subnets": resource("RDS::DBSubnetGroup", DBSubnetGroupDescription="x", SubnetIds=subnets()),
        "Database": resource(
            "RDS::DBInstance",
            Engine="postgres",
            DBInstanceClass="db.t4g.medium",
            AllocatedStorage="20",
            MultiAZ=True,
            MasterUsername="main",
            MasterUserPassword="long enough",
            DBSubnetGroupName=ref("Subnets"),
            BackupRetentionPeriod=7,
            PreferredBackupWindow="03:00-03:30",
            PreferredMaintenanceWindow="sun:04:00-sun:04:30",
        ),
    }


def failover() -> Resources:
    common = {"HostedZoneId": ref("Zone"), "Name": "www.example.com", "Type": "A", "TTL": "60"}
    check = {"Type": "HTTPS", "FullyQualifiedDomainName": "www.example.com", "ResourcePath": "/health"}
    return {
        "Zone": resource("Route53::HostedZone", Name="example.com"),
        "Check": resource("Route53::HealthCheck", HealthCheckConfig=check),
        "Primary": resource(
            "Route53::RecordSet",
            **common,
            SetIdentifier="1",
            Failover="PRIMARY",
            HealthCheckId=ref("Check"),
            ResourceRecords=["192.0.2.1"],
        ),
        "Secondary": resource("Route53::RecordSet", **common, SetIdentifier="2", Failover="SECONDARY", ResourceRecords=["192.0.2.2"]),
    }


def alias() -> Resources:
    target = {"HostedZoneId": att("Balancer", "CanonicalHostedZoneID"), "DNSName": att("Balancer", "DNSName")}
    return fleet() | {
        "Zone": resource("Route53::HostedZone", Name="example.com"),
        "Record": resource("Route53::RecordSet", HostedZoneId=ref("Zone"), Name="www.example.com", Type="A", AliasTarget=target),
    }


def snapshots() -> Resources:
    schedule = {"Name": "daily", "CreateRule": {"Interval": 24, "IntervalUnit": "HOURS", "Times": ["03:00"]}, "RetainRule": {"Count": 7}}
    details = {"ResourceTypes": ["VOLUME"], "TargetTags": [{"Key": "backup", "Value": "yes"}], "Schedules": [schedule]}
    return {
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=ASSUME),
        "Snapshots": resource(
            "DLM::LifecyclePolicy",
            Description="daily",
            State="ENABLED",
            ExecutionRoleArn=att("Role", "Arn"),
            PolicyDetails=details,
        ),
    }
