"""The app of test/languages/app.ts in Python; with an argument, the same app with that health check path."""

import sys
from pathlib import Path

from aws_cdk import App, Duration, Environment, Size, Stack
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3_deployment as s3deploy
from cdk_fault_tolerance import (
    Bootstrap,
    BootstrapFile,
    BootstrapService,
    EbsSnapshotPolicy,
    FaultDashboard,
    HaNatPerAz,
    InstanceFleet,
    InstanceTemplate,
    MultiAzWebTier,
    NatEgress,
    PrimarySite,
    RdsMultiAz,
    Rollout,
    S3StaticFailover,
    SessionTable,
    ShutdownCommand,
    SnapshotCopy,
    SnapshotRetention,
    SnapshotSchedule,
    SqsWorkerFleet,
    StaticSite,
    TakeoverProfile,
    WebEndpoint,
    WebHealthCheck,
    WebRouting,
    WebScaling,
    WorkerRunner,
    WorkerScaling,
    WorkQueue,
    ZonalShift,
)

ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


class Shop(Stack):
    def __init__(self, scope: App, health_check_path: str) -> None:
        super().__init__(scope, "Shop", env=Environment(account="111122223333", region="eu-west-1"))
        egress = NatEgress.instances(profile=TakeoverProfile.FAST)
        vpc = ec2.Vpc(self, "Vpc", availability_zones=ZONES, nat_gateway_provider=HaNatPerAz.as_nat_provider(egress=egress))
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

        api = MultiAzWebTier(
            self,
            "Api",
            vpc=vpc,
            instance_template=InstanceTemplate.from_amazon_linux2023(
                instance_type=ec2.InstanceType("m7g.large"),
                further_instance_types=[ec2.InstanceType("m8g.large")],
                spot_percent_above_minimum=50,
                bootstrap=Bootstrap(
                    packages=["nginx"],
                    files=[BootstrapFile.inline("/usr/share/nginx/html/index.html", "well", mode="0644")],
                    services=[BootstrapService.installed("nginx")],
                ),
            ),
            endpoint=WebEndpoint.internal_http(),
            routing=WebRouting.round_robin(slow_start=Duration.minutes(1)),
            fleet=InstanceFleet.in_each_zone(
                rollout=Rollout.watched(bake_time=Duration.minutes(10)),
                zonal_shift=ZonalShift.automatic(blocked_dates=["2026-11-27"]),
                shutdown=ShutdownCommand.run(Duration.minutes(1), "nginx -s quit"),
            ),
            scaling=[
                WebScaling.on_request_count(600),
                WebScaling.on_schedule(
                    start=autoscaling.Schedule.cron(hour="7", minute="30"),
                    end=autoscaling.Schedule.cron(hour="19", minute="0"),
                    min_capacity=6,
                ),
            ],
        )
        api.clients.allow_default_port_from(web)

        workers = SqsWorkerFleet(
            self,
            "Workers",
            vpc=vpc,
            instance_template=instance_template,
            max_processing_time=Duration.minutes(2),
            queue=WorkQueue.fifo(max_receive_count=5),
            needed_capacity=0,
            runner=WorkerRunner.command(["/opt/work", "--fast"], concurrency=4, environment={"TENANT": "shop"}, user="ec2-user"),
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
