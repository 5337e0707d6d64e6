"""The Auto Scaling group, and what the instance is told of its own end."""

from __future__ import annotations

import calendar
import json
import time
from typing import NamedTuple

from aws_api.client import AwsClient
from aws_api.imds import Imds, ImdsError

from . import configuration

VERSION = "2011-01-01"
TERMINATED = "Terminated"
LONGEST_NOTICE = 120.0
"""Seconds between a spot notice and the end, at most."""


class Notices(NamedTuple):
    """What the metadata service says of the end of the instance."""

    #: the group is to terminate it, and waits for the hook
    terminating: bool
    #: seconds until EC2 takes it back, if it is to
    reclaimed_in: float | None


def read_notices(imds: Imds, clock=time.time) -> Notices:
    """Raises ImdsError."""
    state = imds.get("autoscaling/target-lifecycle-state", attempts=2)
    notice = imds.get("spot/instance-action", attempts=2)
    return Notices((state or "").strip() == TERMINATED, None if notice is None else _seconds_left(notice, clock()))


def _seconds_left(notice: str, now: float) -> float:
    try:
        at = calendar.timegm(time.strptime(json.loads(notice)["time"], "%Y-%m-%dT%H:%M:%SZ"))
    except (ValueError, KeyError, TypeError):
        return LONGEST_NOTICE
    return min(max(at - now, 0.0), LONGEST_NOTICE)  # also where the clock is wrong


class InNoGroup(Exception):
    """Somebody has started the instance by itself, or has detached it."""


class Group:
    """Calls about this instance. Each raises AwsError or ImdsError. The group has to be known, but for find()."""

    def __init__(self, client: AwsClient, imds: Imds, settings: configuration.Group) -> None:
        self._client, self._imds, self.settings = client, imds, settings
        self._id: str | None = None
        self._name = settings.name

    @property
    def is_known(self) -> bool:
        return self._name is not None

    def find(self) -> None:
        """Asks which group the instance is in; raises InNoGroup when it is in none.

        User data cannot name the group that it is given to: in CloudFormation that would be a reference in a circle.
        """
        answer = self._client.call("DescribeAutoScalingInstances", VERSION, {"InstanceIds.member.1": self._instance()})
        self._name = answer.findtext(".//AutoScalingInstances/member/AutoScalingGroupName") or None
        if self._name is None:
            raise InNoGroup

    def protect(self, on: bool) -> None:
        self._client.call("SetInstanceProtection", VERSION, {**self._this("InstanceIds.member.1"), "ProtectedFromScaleIn": on})

    def record_heartbeat(self) -> None:
        self._client.call("RecordLifecycleActionHeartbeat", VERSION, self._of_hook())

    def complete(self) -> None:
        self._client.call("CompleteLifecycleAction", VERSION, {**self._of_hook(), "LifecycleActionResult": "CONTINUE"})

    def _of_hook(self) -> dict[str, str]:
        return {**self._this("InstanceId"), "LifecycleHookName": self.settings.hook}

    def _this(self, key: str) -> dict[str, str]:
        assert self._name is not None
        return {"AutoScalingGroupName": self._name, key: self._instance()}

    def _instance(self) -> str:
        if self._id is None:
            self._id = self._imds.get("instance-id")
            if not self._id:
                raise ImdsError("instance-id", "nothing there")
        return self._id
