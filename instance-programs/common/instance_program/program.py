"""The frame of a program: python3 -m NAME CONFIGURATION, under a unit of systemd."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Callable, Protocol, TypeVar

from aws_api.json_log import JsonLog

from .configuration import InvalidConfiguration

EXIT_CONFIGURATION = 78  # EX_CONFIG of sysexits.h; the unit does not start it again then
EXIT_BUG = 70  # EX_SOFTWARE; the unit starts it again

_C = TypeVar("_C")


class Service(Protocol):
    """What the program does; stop() is called in a signal handler, and run() returns soon after it."""

    def run(self) -> None: ...

    def stop(self) -> None: ...


def run_program(name: str, read: Callable[[str], _C], build: Callable[[_C, JsonLog], Service]) -> int:
    """Runs until it is told to stop, or has ended by itself; returns the exit code."""
    log = JsonLog(sys.stdout)
    if len(sys.argv) != 2:
        print(f"usage: python3 -m {name} CONFIGURATION", file=sys.stderr)
        return EXIT_CONFIGURATION
    try:
        configuration = read(sys.argv[1])
    except InvalidConfiguration as error:
        log.write("invalid configuration", problem=str(error))
        return EXIT_CONFIGURATION
    _die_with_any_thread(log)
    service = build(configuration, log)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
    service.run()
    return 0


def _die_with_any_thread(log: JsonLog) -> None:
    """With a thread gone a program would look alive, do half of its work, and hold for ever what it holds."""

    def die(failure: threading.ExceptHookArgs) -> None:
        log.write("bug", thread=failure.thread and failure.thread.name, problem=repr(failure.exc_value))
        sys.__excepthook__(failure.exc_type, failure.exc_value, failure.exc_traceback)
        os._exit(EXIT_BUG)

    threading.excepthook = die
