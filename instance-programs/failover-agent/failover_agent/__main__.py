"""python3 -m failover_agent CONFIGURATION"""

from __future__ import annotations

import sys

from aws_api.client import AwsClient
from aws_api.imds import Imds
from aws_api.json_log import JsonLog
from instance_program.program import run_program

from .agent import Agent
from .configuration import Configuration, read_configuration


def build(configuration: Configuration, log: JsonLog) -> Agent:
    imds = Imds()
    credentials = imds.credentials()
    ec2, cloudwatch = (AwsClient(service, configuration.region, credentials) for service in ("ec2", "monitoring"))
    return Agent(configuration, ec2, cloudwatch, imds, log)


if __name__ == "__main__":
    sys.exit(run_program("failover_agent", read_configuration, build))
