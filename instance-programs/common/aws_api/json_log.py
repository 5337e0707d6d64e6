"""What a program says: one line of JSON an event, which journald and any reader of logs take as it is."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timezone
from typing import TextIO


class JsonLog:
    """Any number of threads may write. Nothing that cannot be written stops the program that wanted to say it."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.time):
        self._stream = sys.stdout if stream is None else stream
        self._clock = clock
        self._lock = threading.Lock()

    def write(self, event: str, /, **fields: object) -> None:
        """Write the event with its fields; one that is no JSON is written as its text."""
        with suppress(Exception):  # a full disk, a closed pipe
            now = datetime.fromtimestamp(self._clock(), timezone.utc).isoformat(timespec="milliseconds")
            head = {"time": now.replace("+00:00", "Z"), "event": str(event)}
            line = _line({**head, **fields, **head}) + "\n"
            with self._lock:
                self._stream.write(line)
                self._stream.flush()


def _line(values: dict[str, object]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {_json(value)}" for name, value in values.items()) + "}"


def _json(value: object) -> str:
    # in ASCII, so that neither half a surrogate gets out nor a character that some readers take for the end of a line
    try:
        return json.dumps(value, default=str, allow_nan=False)
    except Exception:  # not a number, a circle, a key that is none
        return json.dumps(_text(value))


def _text(value: object) -> str:
    try:
        return repr(value)
    except Exception as error:
        return f"unwritable: {type(error).__name__}"
