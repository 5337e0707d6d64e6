"""python3 -m worker_runner CONFIGURATION"""

from __future__ import annotations

import os
import signal
import sys
import threading

from aws_api.client import AwsClient
from aws_api.imds import Imds
from aws_api.json_log import JsonLog

from .configuration import Configuration, InvalidConfiguration, read_configuration
from .runner import Runner

EXIT_CONFIGURATION = 78  # EX_CONFIG of sysexits.h; the unit does not start it again then
EXIT_BUG = 70  # EX_SOFTWARE; the unit starts it again


def main(connect=None, imds: Imds | None = None) -> int:
    """`connect` and `imds` are given by tests, whose servers are no AWS."""
    log = JsonLog(sys.stdout)
    if len(sys.argv) != 2:
        print("usage: python3 -m worker_runner CONFIGURATION", file=sys.stderr)
        return EXIT_CONFIGURATION
    try:
        configuration = read_configuration(sys.argv[1])
    except InvalidConfiguration as error:
        log.write("invalid configuration", problem=str(error))
        return EXIT_CONFIGURATION

    def die(failure: threading.ExceptHookArgs) -> None:
        # a thread that is gone would leave a runner that looks alive and holds a message for ever
        log.write("bug", thread=failure.thread and failure.thread.name, problem=repr(failure.exc_value))
        sys.__excepthook__(failure.exc_type, failure.exc_value, failure.exc_traceback)
        os._exit(EXIT_BUG)

    threading.excepthook = die
    runner = build(configuration, log, imds or Imds(), connect)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: runner.stop())
    runner.run()
    return 0


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
