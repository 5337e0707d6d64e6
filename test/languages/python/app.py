"""The app of test/languages/app.ts in Python; with an argument, the same app with that health check path."""

import sys
from pathlib import Path

from aws_cdk import App, Duration, Environment, Size, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3_deployment as s3deploy
from cdk_fault_tolerance import (
    EbsSnapshotPolicy,
    FaultDashboard,
    HaNatPerAz,
    InstanceTemplate,
    MultiAzWebTier,
    PrimarySite,
    RdsMultiAz,
    S3StaticFailover,
    SessionTable,
    SnapshotCopy,
    SnapshotRetention,
    SnapshotSchedule,
    SqsWorkerFleet,
    StaticSite,
    WebEndpoint,
    WebHealthCheck,
    WorkerScaling,
    WorkQueue,
)

ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


class Shop(Stack):
    def __init__(self, scope: App, health_check_path: str) -> None:
        super().__init__(scope, "Shop", env=Environment(account="111122223333", region="eu-west-1"))
        vpc = ec2.Vpc(self, "Vpc", availability_zones=ZONES, nat_gateway_provider=HaNatPerAz.as_nat_provider())
        instance_template = InstanceTemplate.from_machine_image(
            machine_image=ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"}),
            instance_type=ec2.InstanceType("m7i.large"),
        )
        web = MultiAzWebTier(
            self,
            "Web",
            vpc=vpc,
            instance_template=instance_template,
            endpoint=WebEndpoint.public_https(self.certificate("eu-west-1")),
            health_check=WebHealthCheck.http(health_check_path),
            needed_capacity=4,
        )
        web.metric_server_error_percent().create_alarm(self, "ManyErrors", threshold=5, evaluation_periods=3)

        workers = SqsWorkerFleet(
            self,
            "Workers",
            vpc=vpc,
            instance_template=instance_template,
            max_processing_time=Duration.minutes(2),
            queue=WorkQueue.fifo(max_receive_count=5),
            needed_capacity=0,
            scaling=WorkerScaling.on_latency(acceptable_latency=Duration.minutes(10), mean_processing_time=Duration.seconds(30)),
        )
        workers.grant_send_messages(web)

        sessions = SessionTable(self, "Sessions", time_to_live_attribute="ends")
        sessions.grant_read_write_data(web)

        database = RdsMultiAz(
            self,
            "Database",
            vpc=vpc,
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17_6),
            instance_type=ec2.InstanceType("m7g.large"),
            allocated_storage=Size.gibibytes(50),
        )
        database.connections.allow_default_port_from(web)
        database.secret.grant_read(web)

        snapshots = EbsSnapshotPolicy(
            self,
            "Snapshots",
            schedule=SnapshotSchedule.every(Duration.hours(12)),
            retention=SnapshotRetention.count(7),
            copies=[SnapshotCopy(region="eu-central-1", kept_for=Duration.days(30))],
            target_tags={"Backup": "daily"},
        )
        snapshots.add_launch_template(web.launch_template)

        failover = S3StaticFailover(
            self,
            "Failover",
            hosted_zone=route53.PublicHostedZone(self, "Zone", zone_name="example.com"),
            domain_name="shop.example.com",
            primary=PrimarySite.https(web.load_balancer, health_check_path="/healthy"),
            secondary=StaticSite.cloud_front(self.certificate("us-east-1")),
            content=[s3deploy.Source.asset(str(Path(__file__).parent.parent / "pages"))],
        )

        dashboard = FaultDashboard(self, "Dashboard", constructs=[failover, web, workers, sessions, database])
        dashboard.add(snapshots)

    def certificate(self, region: str) -> acm.ICertificate:
        arn = f"arn:aws:acm:{region}:111122223333:certificate/00000000-0000-0000-0000-000000000000"
        return acm.Certificate.from_certificate_arn(self, f"Certificate-{region}", arn)


app = App(analytics_reporting=False)
Shop(app, *sys.argv[1:] or ["/healthy"])
app.synth()
