"""The app of test/languages/app.ts in Python; with an argument, the same app with that health check path."""

import sys

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from cdk_fault_tolerance import HaNatPerAz, InstanceTemplate, MultiAzWebTier, WebEndpoint, WebHealthCheck

ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


class Shop(Stack):
    def __init__(self, scope: App, health_check_path: str) -> None:
        super().__init__(scope, "Shop", env=Environment(account="111122223333", region="eu-west-1"))
        vpc = ec2.Vpc(self, "Vpc", availability_zones=ZONES, nat_gateway_provider=HaNatPerAz.as_nat_provider())
        web = MultiAzWebTier(
            self,
            "Web",
            vpc=vpc,
            instance_template=InstanceTemplate.from_machine_image(
                machine_image=ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"}),
                instance_type=ec2.InstanceType("m7i.large"),
            ),
            endpoint=WebEndpoint.public_https(
                acm.Certificate.from_certificate_arn(
                    self,
                    "Certificate",
                    "arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000",
                )
            ),
            health_check=WebHealthCheck.http(health_check_path),
            needed_capacity=4,
        )
        web.metric_server_error_percent().create_alarm(self, "ManyErrors", threshold=5, evaluation_periods=3)


app = App(analytics_reporting=False)
Shop(app, *sys.argv[1:] or ["/healthy"])
app.synth()
