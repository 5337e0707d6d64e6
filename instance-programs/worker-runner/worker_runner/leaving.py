"""The end of the instance: what is said of it, what is told to the group, and its protection from scale-in."""

from __future__ import annotations

from functools import partial
from typing import Callable

from aws_api.client import AwsError
from aws_api.imds import Imds, ImdsError
from aws_api.json_log import JsonLog

from .calls import Calls
from .decisions import Decisions
from .group import Group, InNoGroup, read_notices
from .protection import Protection

SPARE = 5.0
"""Seconds before the end of a spot instance in which nothing is at work any more."""


class Leaving:
    def __init__(
        self,
        group: Group | None,
        imds: Imds,
        decisions: Decisions,
        calls: Calls,
        log: JsonLog,
        tell: Callable[[Callable[[], None]], None],
        begin: Callable[[Callable[[], None]], None],
    ) -> None:
        self._group, self._imds, self._decisions = group, imds, decisions
        self._calls, self._log, self._tell, self._begin = calls, log, tell, begin
        self._protection = Protection(None if group is None else group.settings.protect_after)
        self._terminating = False
        self._reclaimed_in: float | None = None
        self._judged: set[str] = set()
        self._heartbeat_at = float("inf")
        self._said_no_group = False

    def look(self) -> None:
        """In a thread of its own, every few seconds; what it finds, judge() acts upon."""
        try:
            notices = read_notices(self._imds)
        except ImdsError:
            return  # it answers again in a moment, and without it there are no credentials either
        self._terminating = self._terminating or notices.terminating
        if notices.reclaimed_in is not None:
            self._reclaimed_in = notices.reclaimed_in

    # --- in the loop

    def judge(self, now: float) -> None:
        if self._terminating and "terminating" not in self._judged:
            self._drain(now, "terminating", None)
            self._heartbeat_at = now + self._heartbeat_pause()
        if self._reclaimed_in is not None and "reclaimed" not in self._judged:
            self._drain(now, "reclaimed", max(0.0, self._reclaimed_in - SPARE))
        if self._group is None:
            return
        if now >= self._heartbeat_at:
            self._heartbeat_at = now + self._heartbeat_pause()
            self._begin(partial(self._call, self._group, "RecordLifecycleActionHeartbeat", self._group.record_heartbeat))
        on = None if self._decisions.draining else self._protection.wanted(now, self._decisions.oldest_in_work(now))
        if on is not None:
            self._begin(partial(self._protect, self._group, now, on))

    def leave(self) -> None:
        """Nothing is held any more: the group need not wait, and the instance is not to stay protected without a runner."""
        if self._group is None:
            return
        if self._terminating:
            self._call(self._group, "CompleteLifecycleAction", self._group.complete)
        elif self._protection.may_be_on:
            self._call(self._group, "SetInstanceProtection", partial(self._group.protect, False))

    def _drain(self, now: float, why: str, seconds: float | None) -> None:
        self._judged.add(why)
        self._log.write("draining", why=why, seconds=seconds, busy=self._decisions.busy())
        self._decisions.drain(now, seconds)

    def _heartbeat_pause(self) -> float:
        return float("inf") if self._group is None else self._group.settings.hook_timeout / 3

    # --- in threads

    def _protect(self, group: Group, asked: float, on: bool) -> None:
        ok = self._call(group, "SetInstanceProtection", partial(group.protect, on))
        self._tell(lambda: self._protection.told(asked, on, ok))

    def _call(self, group: Group, action: str, call: Callable[[], None]) -> bool:
        # not before it is needed, and again each time: of a new fleet the first instances are there before what allows them to ask
        if not group.is_known and not self._try("DescribeAutoScalingInstances", group.find):
            return False
        done = self._try(action, call)
        if done:
            self._log.write("told the group", action=action)
        return done

    def _try(self, action: str, call: Callable[[], None]) -> bool:
        try:
            call()
        except InNoGroup:
            self._calls.allowed(action)
            if not self._said_no_group:
                self._said_no_group = True
                self._log.write("the instance is in no Auto Scaling group, the work goes on without")
            return False
        except (AwsError, ImdsError) as error:
            self._calls.refused(error)
            return False
        self._calls.allowed(action)
        return True
