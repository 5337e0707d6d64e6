"""What is told once and not each time: a call that is denied, and a call that fails."""

from __future__ import annotations

from aws_api.client import AwsError
from aws_api.json_log import JsonLog

from .readings import Readings

GONE = {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"}


class Calls:
    """Keeps what is denied; one line in the log when it begins, and one when it ends."""

    def __init__(self, log: JsonLog, readings: Readings) -> None:
        self._log, self._readings = log, readings

    def refused(self, error: Exception) -> None:
        if isinstance(error, AwsError) and (error.is_denied or error.code in GONE):
            self.fault(error.action, "permission missing" if error.is_denied else "no such queue", code=error.code, message=error.message)
        else:
            self._log.write("call failed", problem=str(error))

    def allowed(self, action: str) -> None:
        if action in self._readings.faults:
            self._readings.faults.discard(action)
            self._log.write("well again", action=action)

    def fault(self, action: str, event: str, **fields: object) -> None:
        if action not in self._readings.faults:
            self._readings.faults.add(action)
            self._log.write(event, action=action, **fields)
