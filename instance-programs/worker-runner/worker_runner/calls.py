"""What is told once and not each time: a call that is denied, and a call that fails."""

from __future__ import annotations

from collections.abc import Mapping

from aws_api.client import AwsError
from aws_api.json_log import JsonLog

from .readings import Readings

GONE = {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"}


class Calls:
    """Keeps what is denied; one line in the log when it begins, and one when it ends."""

    def __init__(self, log: JsonLog, readings: Readings) -> None:
        self._log, self._readings = log, readings

    def refused(self, error: Exception, **about: str) -> None:
        """`about`: what the call was about, where one and the same may be denied for one thing and allowed for another."""
        if isinstance(error, AwsError) and (error.is_denied or error.code in GONE):
            event = "permission missing" if error.is_denied else "no such queue"
            self._begin(error.action, event, about, code=error.code, message=error.message)
        else:
            self._log.write("call failed", **about, problem=str(error))

    def allowed(self, action: str, **about: str) -> None:
        if _key(action, about) in self._readings.faults:
            self._readings.faults.discard(_key(action, about))
            self._log.write("well again", action=action, **about)

    def fault(self, action: str, event: str, **fields: object) -> None:
        self._begin(action, event, {}, **fields)

    def _begin(self, action: str, event: str, about: Mapping[str, str], **fields: object) -> None:
        if _key(action, about) not in self._readings.faults:
            self._readings.faults.add(_key(action, about))
            self._log.write(event, action=action, **about, **fields)


def _key(action: str, about: Mapping[str, str]) -> str:
    return " ".join([action, *about.values()])
