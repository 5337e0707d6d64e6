"""Threads that end with the program."""

from __future__ import annotations

import threading
import time
from typing import Callable


def begin(work: Callable[[], None]) -> None:
    """Once, at once."""
    threading.Thread(target=work, daemon=True).start()


def every(seconds: float, work: Callable[[], None], name: str) -> None:
    """Again and again, with so many seconds before each time."""

    def loop() -> None:
        while True:
            time.sleep(seconds)
            work()

    threading.Thread(target=loop, name=name, daemon=True).start()
