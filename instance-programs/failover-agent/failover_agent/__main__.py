"""python3 -m failover_agent CONFIGURATION"""

from __future__ import annotations

import os
import signal
import sys
import threading

from aws_api.client import AwsClient
from aws_api.imds import Imds
from aws_api.json_log import JsonLog

from .agent import Agent
from .configuration import InvalidConfiguration, read_configuration

EXIT_CONFIGURATION = 78  # EX_CONFIG of sysexits.h; the unit does not start it again then
EXIT_BUG = 70  # EX_SOFTWARE; the unit starts it again


def main() -> int:
    log = JsonLog(sys.stdout)
    if len(sys.argv) != 2:
        print("usage: python3 -m failover_agent CONFIGURATION", file=sys.stderr)
        return EXIT_CONFIGURATION
    try:
        configuration = read_configuration(sys.argv[1])
    except InvalidConfiguration as error:
        log.write("invalid configuration", problem=str(error))
        return EXIT_CONFIGURATION

    def die(failure: threading.ExceptHookArgs) -> None:
        # a thread that is gone would leave an agent that looks alive and does half of its work
        log.write("bug", thread=failure.thread and failure.thread.name, problem=repr(failure.exc_value))
        sys.__excepthook__(failure.exc_type, failure.exc_value, failure.exc_traceback)
        os._exit(EXIT_BUG)

    threading.excepthook = die
    imds = Imds()
    credentials = imds.credentials()
    ec2, cloudwatch = (AwsClient(service, configuration.region, credentials) for service in ("ec2", "monitoring"))
    agent = Agent(configuration, ec2, cloudwatch, imds, log)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: agent.stop())
    agent.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
