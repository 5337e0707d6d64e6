"""python3 -m worker_runner CONFIGURATION"""

from __future__ import annotations

import sys

from aws_api.client import AwsClient
from aws_api.imds import Imds
from aws_api.json_log import JsonLog
from instance_program.program import run_program

from .configuration import Configuration, read_configuration
from .runner import Runner


def main(connect=None, imds: Imds | None = None) -> int:
    """`connect` and `imds` are given by tests, whose servers are no AWS."""
    return run_program("worker_runner", read_configuration, lambda configuration, log: build(configuration, log, imds or Imds(), connect))


def build(configuration: Configuration, log: JsonLog, imds: Imds, connect=None) -> Runner:
    credentials = imds.credentials()
    # a call may be made twice within a third of the visibility, which is when the next extension is due
    patience = min(10.0, max(1.0, configuration.visibility / 3))
    receiving, telling = (
        AwsClient("sqs", configuration.region, credentials, host=configuration.queue_host, deadline=patience, attempts=attempts, connect=connect)
        for attempts in (1, 4)
    )
    others = [AwsClient(service, configuration.region, credentials, connect=connect) for service in ("autoscaling", "monitoring")]
    return Runner(configuration, receiving, telling, *others, imds, log)


if __name__ == "__main__":
    sys.exit(main())
