"""What the group is told when the instance is to go, under a fake clock."""

from __future__ import annotations

import io
import json
import random
import time
from xml.etree import ElementTree

import pytest
from aws_api.errors import AwsError
from aws_api.imds import ImdsError
from aws_api.json_log import JsonLog
from worker_runner import configuration
from worker_runner.calls import Calls
from worker_runner.decisions import Decisions
from worker_runner.group import Group, Notices, read_notices
from worker_runner.leaving import Leaving
from worker_runner.messages import Message
from worker_runner.readings import Readings
from worker_runner.rules import Rules

SETTINGS = configuration.Group("workers", "drain", 90.0, 30.0)
NAMELESS = configuration.Group(None, "drain", 90.0, 30.0)
FIND = "DescribeAutoScalingInstances"


def found(*groups: str) -> ElementTree.Element:
    members = "".join(f"<member><InstanceId>i-1</InstanceId><AutoScalingGroupName>{group}</AutoScalingGroupName></member>" for group in groups)
    return ElementTree.fromstring(f"<R><{FIND}Result><AutoScalingInstances>{members}</AutoScalingInstances></{FIND}Result></R>")


class Imds:
    def __init__(self, **documents: str) -> None:
        self.documents = {name.replace("__", "/").replace("_", "-"): text for name, text in documents.items()}
        self.fails = False

    def get(self, path: str, *, attempts: int = 4) -> str | None:
        if self.fails:
            raise ImdsError(path, "down")
        return self.documents.get(path)


class Client:
    def __init__(self) -> None:
        self.calls: list[tuple[str, dict]] = []
        self.refusal: AwsError | None = None
        self.found = found("workers-1")

    def call(self, action: str, version: str, params: dict) -> ElementTree.Element:
        assert version == "2011-01-01"
        self.calls.append((action, params))
        if self.refusal:
            raise self.refusal
        return self.found if action == FIND else ElementTree.Element("R")

    @property
    def actions(self) -> list[str]:
        return [action for action, _ in self.calls]


class Instance:
    def __init__(self, settings: configuration.Group | None = SETTINGS) -> None:
        self.imds, self.client, self.log, self.readings = Imds(instance_id="i-1"), Client(), io.StringIO(), Readings()
        queues = (configuration.Queue("https://sqs.eu-west-1.amazonaws.com/1/work", 100),)
        times = {"poll": 20, "visibility": 60, "longest_work": 600, "first_backoff": 1, "longest_backoff": 1}
        rules = Rules(queues=queues, fifo=False, concurrency=1, batch=1, **times)
        self.decisions = Decisions(rules, random.Random(1), handler_ready=True)
        log = JsonLog(self.log)
        group = None if settings is None else Group(self.client, self.imds, settings)
        self.leaving = Leaving(group, self.imds, self.decisions, Calls(log, self.readings), log, lambda event: event(), lambda work: work())

    def work(self, now: float) -> None:
        self.decisions.receive_wanted(now)
        self.decisions.received(now, [Message("a", "r", "b")])
        self.decisions.wanted(now)

    def judge(self, *times: float) -> None:
        for now in times:
            self.leaving.look()
            self.leaving.judge(now)

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.log.getvalue().splitlines()]

    def say(self, state: str) -> None:
        self.imds.documents["autoscaling/target-lifecycle-state"] = state


@pytest.mark.parametrize("state", ["InService", "Standby", "Warmed:Stopped", ""])
def test_no_other_state_ends_the_work(state: str):
    instance = Instance()
    instance.say(state)
    instance.judge(1)
    assert not instance.decisions.draining


def test_a_metadata_service_that_is_down_ends_nothing():
    instance = Instance()
    instance.imds.fails = True
    instance.judge(1)
    assert not instance.decisions.draining


def test_a_heartbeat_is_recorded_while_the_work_takes_longer_and_the_hook_completed_at_the_end():
    instance = Instance()
    instance.work(0)
    instance.say("Terminated")
    instance.judge(*range(0, 100, 2))
    assert instance.decisions.draining
    assert instance.client.actions == ["RecordLifecycleActionHeartbeat"] * 3
    assert instance.client.calls[0][1] == {"AutoScalingGroupName": "workers", "InstanceId": "i-1", "LifecycleHookName": "drain"}
    instance.leaving.leave()
    assert instance.client.actions[-1] == "CompleteLifecycleAction"


def test_who_is_told_to_stop_completes_no_hook():
    instance = Instance()
    instance.judge(1)
    instance.leaving.leave()
    assert "CompleteLifecycleAction" not in instance.client.actions


def test_a_denied_completion_is_said_and_ends_nothing():
    instance = Instance()
    instance.say("Terminated")
    instance.judge(1)
    instance.client.refusal = AwsError("CompleteLifecycleAction", "AccessDenied", "no", 403)
    instance.leaving.leave()
    assert json.loads(instance.log.getvalue().splitlines()[-1])["event"] == "permission missing"
    assert instance.readings.faults == {"CompleteLifecycleAction"}


def test_a_group_is_not_needed():
    instance = Instance(None)
    instance.say("Terminated")
    instance.judge(1, 100)
    instance.leaving.leave()
    assert (instance.decisions.draining, instance.client.calls) == (True, [])


def test_one_that_is_on_its_way_out_is_not_protected():
    instance = Instance()
    instance.work(0)
    instance.say("Terminated")
    instance.judge(0, 31, 40)
    assert "SetInstanceProtection" not in instance.client.actions


def test_long_work_protects_and_the_end_of_the_runner_ends_that():
    instance = Instance()
    instance.work(0)
    instance.judge(0, 31, 40)
    instance.leaving.leave()
    expected = {"AutoScalingGroupName": "workers", "InstanceIds.member.1": "i-1"}
    assert instance.client.calls == [("SetInstanceProtection", {**expected, "ProtectedFromScaleIn": on}) for on in (True, False)]


class TestGroupThatTheConfigurationDoesNotName:
    def test_is_asked_for_once_and_not_before_it_is_needed(self):
        instance = Instance(NAMELESS)
        instance.work(0)
        instance.judge(0, 29)
        assert instance.client.calls == []
        instance.judge(31, 40)
        instance.leaving.leave()
        protect = {"AutoScalingGroupName": "workers-1", "InstanceIds.member.1": "i-1"}
        assert instance.client.calls == [
            (FIND, {"InstanceIds.member.1": "i-1"}),
            ("SetInstanceProtection", {**protect, "ProtectedFromScaleIn": True}),
            ("SetInstanceProtection", {**protect, "ProtectedFromScaleIn": False}),
        ]

    def test_is_known_to_heartbeats_and_to_the_completion(self):
        instance = Instance(NAMELESS)
        instance.work(0)
        instance.say("Terminated")
        instance.judge(*range(0, 40, 2))
        instance.leaving.leave()
        assert instance.client.actions == [FIND, "RecordLifecycleActionHeartbeat", "CompleteLifecycleAction"]
        assert {params["AutoScalingGroupName"] for _, params in instance.client.calls[1:]} == {"workers-1"}

    def test_is_asked_for_again_while_that_is_denied_which_is_said_once_and_is_a_fault(self):
        instance = Instance(NAMELESS)
        instance.client.refusal = AwsError(FIND, "AccessDenied", "no", 403)
        instance.work(0)
        instance.judge(0, 31, 60, 100, 160)
        assert instance.client.actions == [FIND] * 3
        assert [(line["event"], line["action"]) for line in instance.lines] == [("permission missing", FIND)]
        assert instance.readings.faults == {FIND}
        instance.client.refusal = None
        instance.judge(230)
        assert instance.client.actions == [FIND] * 4 + ["SetInstanceProtection"]
        assert instance.readings.faults == set()

    def test_is_none_where_the_instance_is_in_none_which_is_said_once(self):
        instance = Instance(NAMELESS)
        instance.client.found = found()
        instance.client.refusal = AwsError(FIND, "AccessDenied", "no", 403)
        instance.work(0)
        instance.judge(0, 31)
        instance.client.refusal = None
        instance.judge(100, 170)
        instance.say("Terminated")
        instance.judge(200)
        instance.leaving.leave()
        assert set(instance.client.actions) == {FIND}
        alone = "the instance is in no Auto Scaling group, the work goes on without"
        assert [line["event"] for line in instance.lines] == ["permission missing", "well again", alone, "draining"]
        assert instance.readings.faults == set()


class TestNotices:
    NOW = 1_800_000_000.0

    def read(self, notice: str) -> Notices:
        return read_notices(Imds(spot__instance_action=notice), lambda: self.NOW)

    def stamp(self, now: float) -> str:
        return json.dumps({"action": "terminate", "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))})

    def test_say_how_long_the_instance_has(self):
        assert self.read(self.stamp(self.NOW + 100)).reclaimed_in == 100

    @pytest.mark.parametrize("ahead, seconds", [(-3600, 0), (3600, 120)])
    def test_are_not_fooled_by_a_clock_that_is_wrong(self, ahead: float, seconds: float):
        assert self.read(self.stamp(self.NOW + ahead)).reclaimed_in == seconds

    @pytest.mark.parametrize("notice", ["", "{}", "[]", '{"time": 7}', '{"time": "soon"}'])
    def test_that_cannot_be_read_are_notices_still(self, notice: str):
        assert self.read(notice).reclaimed_in == 120
