"""The program as its unit starts it, with real work, against a local SQS, Auto Scaling, CloudWatch and metadata service."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from aws_api.json_log import JsonLog
from local_aws import MAIN, PROGRAMS, LocalAws, Runner
from local_servers import Answer, HangUp, LocalServer
from test_runner_configuration import WHOLE
from worker_runner import runner as runner_module
from worker_runner.configuration import configuration_of

GROUP = {"group": "workers", "hook": "drain", "hookTimeoutSeconds": 30, "protectAfterSeconds": 1}
STATE = "/latest/meta-data/autoscaling/target-lifecycle-state"
SPOT = "/latest/meta-data/spot/instance-action"


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    local = LocalAws()
    yield local
    local.server.close()


@pytest.fixture
def start(aws: LocalAws, tmp_path: Path) -> Iterator[Callable[..., Runner]]:
    runners: list[Runner] = []

    def start(script: str, *arguments: str, **others: Any) -> Runner:
        runners.append(Runner(aws, tmp_path, {"type": "command", "command": ["/bin/sh", "-c", script, "sh", *arguments]}, **others))
        return runners[-1]

    yield start
    for runner in runners:
        runner.close()


def denial(_params: dict[str, Any]) -> Answer:
    return Answer("<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>", 403)


def json_refusal(code: str, status: int = 400) -> Answer:
    return Answer(json.dumps({"__type": f"com.amazonaws.sqs#{code}", "message": "no"}), status)


def test_does_the_work_and_deletes_the_message(aws: LocalAws, start, tmp_path: Path):
    aws.send("m-1", "hello", MessageAttributes={"Tenant": {"DataType": "String", "StringValue": "t"}})
    runner = start('cat > "$1"; echo " $SQS_ATTRIBUTE_TENANT" >> "$1"', str(tmp_path / "done"))
    runner.wait(lambda: aws.of("DeleteMessage"))
    assert (tmp_path / "done").read_text() == "hello t\n"
    assert aws.of("DeleteMessage")[0]["ReceiptHandle"] == "receipt-0"
    receive = aws.of("ReceiveMessage")[0]
    assert (receive["MaxNumberOfMessages"], receive["VisibilityTimeout"], receive["WaitTimeSeconds"]) == (4, 6, 1)
    runner.wait(lambda: "deleted" in runner.events())
    assert "hello" not in runner.text()
    assert runner.stop() == 0
    assert aws.metrics()["MessagesDone"] == "1" and aws.metrics()["Misconfigured"] == "0" and float(aws.metrics()["ProcessingTime"]) > 0


def test_hands_over_a_megabyte(aws: LocalAws, start, tmp_path: Path):
    aws.send("m-1", "ä\ud800" + "x" * 1024 * 1024)
    runner = start('cat > "$1"', str(tmp_path / "body"))
    runner.wait(lambda: aws.of("DeleteMessage"))
    assert (tmp_path / "body").stat().st_size == 1024 * 1024 + 5


def test_gives_back_what_failed_and_never_deletes_it(aws: LocalAws, start):
    aws.send("m-1")
    runner = start("echo secret; exit 3")
    runner.wait(lambda: "returned" in runner.events())
    [hide] = aws.of("ChangeMessageVisibility")
    assert 2 <= hide["VisibilityTimeout"] <= 5
    assert aws.of("DeleteMessage") == []
    [failed] = [line for line in runner.log() if line["event"] == "failed"]
    assert failed["detail"] == "exit code 3"
    assert "secret" not in runner.text()


def test_shows_the_output_of_what_failed_if_it_may(aws: LocalAws, start):
    aws.send("m-1")
    runner = start("echo why; exit 3", logOutput=True)
    runner.wait(lambda: "failed" in runner.events())
    assert [line["output"] for line in runner.log() if line["event"] == "failed"] == ["why\n"]


def test_extends_the_visibility_while_the_work_goes_on_and_no_longer(aws: LocalAws, start):
    aws.send("m-1")
    runner = start("sleep 5")
    runner.wait(lambda: aws.of("DeleteMessage"))
    count = len(aws.of("ChangeMessageVisibility"))
    assert count >= 2
    time.sleep(3)
    assert len(aws.of("ChangeMessageVisibility")) == count


def test_ends_what_takes_too_long_with_all_that_it_started(aws: LocalAws, start, tmp_path: Path):
    aws.send("m-1")
    runner = start("sleep 1000 & echo $! > $1; wait", str(tmp_path / "child"), maxProcessingSeconds=1)
    runner.wait(lambda: "returned" in runner.events())
    child = int((tmp_path / "child").read_text())
    runner.wait(lambda: not Path(f"/proc/{child}").exists() or Path(f"/proc/{child}/stat").read_text().split()[2] == "Z")
    assert aws.of("DeleteMessage") == []


def test_works_on_so_many_at_once_and_asks_for_no_more(aws: LocalAws, start, tmp_path: Path):
    for number in range(6):
        aws.send(f"m-{number}")
    runner = start("echo x >> $1; sleep 2", str(tmp_path / "begun"), concurrency=2)
    runner.wait(lambda: (tmp_path / "begun").exists() and (tmp_path / "begun").read_text().count("x") == 2)
    time.sleep(1)
    assert (tmp_path / "begun").read_text().count("x") == 2
    assert len(aws.handed) == 2
    runner.wait(lambda: len(aws.of("DeleteMessage")) == 6)


def test_deletes_again_when_the_answer_was_lost(aws: LocalAws, start):
    aws.send("m-1")
    tries = iter([HangUp()] * 9)  # more than one call makes
    aws.instead["DeleteMessage"] = lambda _params: next(tries, None)
    runner = start("true", visibilitySeconds=30)
    runner.wait(lambda: "deleted" in runner.events(), within=25)
    assert runner.events().count("done") == 1


def test_understands_that_the_message_is_gone(aws: LocalAws, start):
    aws.send("m-1")
    aws.instead["DeleteMessage"] = lambda _params: json_refusal("ReceiptHandleIsInvalid")
    runner = start("true")
    runner.wait(lambda: "receipt ended" in runner.events())
    time.sleep(1)
    assert len(aws.of("DeleteMessage")) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer("nonsense"),
        Answer('{"Messages": [7, {}, {"MessageId": 1}]}'),
        Answer('{"Messages": "x"}'),
        Answer("[" * 100_000),
        json_refusal("X", 500),
    ],
)
def test_outlives_answers_that_make_no_sense(aws: LocalAws, start, answer: Answer):
    left = [answer] * 3
    aws.instead["ReceiveMessage"] = lambda _params: left.pop() if left else None
    aws.send("m-1")
    runner = start("true")
    runner.wait(lambda: aws.of("DeleteMessage"))


def test_receives_again_only_after_a_pause_when_the_answer_was_lost(aws: LocalAws, start):
    aws.instead["ReceiveMessage"] = lambda _params: HangUp()
    runner = start("true")
    runner.wait(lambda: runner.events().count("call failed") >= 3)
    times = [at for at, action, _ in aws.calls if action == "ReceiveMessage"]
    assert len(times) <= 4
    assert [params["MaxNumberOfMessages"] for params in aws.of("ReceiveMessage")][:3] == [4, 1, 1]
    assert times[2] - times[1] > 0.4


def test_says_once_which_permission_is_missing_and_goes_on(aws: LocalAws, start):
    aws.instead["ReceiveMessage"] = lambda _params: json_refusal("AccessDeniedException", 400)
    runner = start("true")
    runner.wait(lambda: len(aws.of("ReceiveMessage")) >= 3)
    assert [line["action"] for line in runner.log() if line["event"] == "permission missing"] == ["ReceiveMessage"]
    assert runner.stop() == 0
    assert aws.metrics()["Misconfigured"] == "1"


def test_receives_nothing_while_the_handler_is_not_there(aws: LocalAws, tmp_path: Path):
    aws.send("m-1")
    program = tmp_path / "handler"
    runner = Runner(aws, tmp_path, {"type": "command", "command": [str(program)]})
    try:
        runner.wait(lambda: "handler missing, nothing is received" in runner.events())
        time.sleep(2.5)
        assert aws.of("ReceiveMessage") == []
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        runner.wait(lambda: aws.of("DeleteMessage"))
        assert runner.events().count("handler missing, nothing is received") == 1
    finally:
        runner.close()


def test_works_on_several_queues_and_answers_each_where_it_was_asked(aws: LocalAws, start, tmp_path: Path):
    aws.send("m-1", "high")
    aws.send("m-2", "low", queue="later")
    aws.send("m-3", "fail", queue="later")
    script = 'read -r word; echo "$word $SQS_QUEUE_NAME" >> "$1"; [ "$word" != fail ]'
    runner = start(script, str(tmp_path / "done"), furtherQueues=[{"queueUrl": aws.url("later"), "share": 10}])
    runner.wait(lambda: len(aws.of("DeleteMessage")) == 2 and aws.of("ChangeMessageVisibility"))
    runner.wait(lambda: "returned" in runner.events())
    assert sorted((tmp_path / "done").read_text().splitlines()) == ["fail later", "high work", "low later"]
    handed = {receipt: message["MessageId"] for receipt, message in aws.handed.items()}
    assert {handed[call["ReceiptHandle"]]: call["QueueUrl"] for call in aws.of("DeleteMessage")} == {"m-1": aws.url("work"), "m-2": aws.url("later")}
    assert [call["QueueUrl"] for call in aws.of("ChangeMessageVisibility")] == [aws.url("later")]
    of_messages = {(line["message"], line["queue"]) for line in runner.log() if "message" in line}
    assert of_messages == {("m-1", "work"), ("m-2", "later"), ("m-3", "later")}


def test_asks_several_queues_together_no_more_than_once_a_second_while_there_is_nothing_to_do(aws: LocalAws, start):
    further = [{"queueUrl": aws.url(name), "share": 10} for name in ("second", "third")]
    runner = start("true", furtherQueues=further, waitSeconds=0)
    runner.wait(lambda: len({params["QueueUrl"] for params in aws.of("ReceiveMessage")}) == 3)
    before = len(aws.of("ReceiveMessage"))
    time.sleep(6)
    assert 3 <= len(aws.of("ReceiveMessage")) - before <= 9


def test_works_on_where_one_of_several_queues_is_denied_and_says_once_which(aws: LocalAws, start):
    later = aws.url("later")
    aws.instead["ReceiveMessage"] = lambda params: json_refusal("AccessDeniedException") if params["QueueUrl"] == later else None
    runner = start("true", furtherQueues=[{"queueUrl": later, "share": 50}])
    for number in range(6):
        aws.send(f"m-{number}")
        runner.wait(lambda number=number: len(aws.of("DeleteMessage")) == number + 1)
    runner.wait(lambda: sum(params["QueueUrl"] == later for params in aws.of("ReceiveMessage")) >= 2)
    assert [(line["action"], line["queue"]) for line in runner.log() if line["event"] == "permission missing"] == [("ReceiveMessage", "later")]
    assert "well again" not in runner.events()
    del aws.instead["ReceiveMessage"]
    runner.wait(lambda: "well again" in runner.events())
    assert [(line["action"], line["queue"]) for line in runner.log() if line["event"] == "well again"] == [("ReceiveMessage", "later")]


def test_posts_to_a_server_when_it_listens(aws: LocalAws, tmp_path: Path):
    handler = LocalServer(lambda _request: Answer(""))
    aws.send("m-1", "hello")
    runner = Runner(aws, tmp_path, {"type": "http", "url": f"http://127.0.0.1:{handler.port}/work"})
    try:
        runner.wait(lambda: aws.of("DeleteMessage"))
        assert [request.body for request in handler.requests] == [b"hello"]
    finally:
        runner.close()
        handler.close()


def test_when_told_to_stop_lets_the_work_end_and_receives_no_more(aws: LocalAws, start):
    aws.send("m-1")
    runner = start("sleep 2")
    runner.wait(lambda: "taken" in runner.events())
    runner.process.send_signal(signal.SIGTERM)
    runner.wait(lambda: "draining" in runner.events())
    time.sleep(1.2)  # a receipt that was under way has ended
    aws.send("m-2")
    assert runner.process.wait(15) == 0
    assert len(aws.of("DeleteMessage")) == 1
    assert [message["MessageId"] for message in aws.waiting] == ["m-2"]


def test_when_told_to_stop_gives_back_at_once_what_takes_too_long(aws: LocalAws, start):
    aws.send("m-1")
    runner = start("sleep 1000", stopSeconds=10)
    runner.wait(lambda: "taken" in runner.events())
    began = time.monotonic()
    assert runner.stop() == 0
    assert time.monotonic() - began < 12
    assert aws.of("DeleteMessage") == []
    assert aws.of("ChangeMessageVisibility")[-1]["VisibilityTimeout"] == 0


def test_when_the_group_terminates_the_instance_finishes_and_completes_the_hook(aws: LocalAws, start):
    aws.metadata.documents[STATE] = "InService"
    aws.send("m-1")
    runner = start("sleep 4", autoScaling=GROUP)
    runner.wait(lambda: "taken" in runner.events())
    aws.metadata.documents[STATE] = "Terminated"
    assert runner.process.wait(40) == 0
    assert len(aws.of("DeleteMessage")) == 1
    [complete] = aws.of("CompleteLifecycleAction")
    expected = {"AutoScalingGroupName": "workers", "LifecycleHookName": "drain", "InstanceId": "i-1", "LifecycleActionResult": "CONTINUE"}
    assert expected.items() <= complete.items()
    assert [name for _, name, _ in aws.calls].index("DeleteMessage") < [name for _, name, _ in aws.calls].index("CompleteLifecycleAction")


def test_asks_for_the_group_that_user_data_could_not_name(aws: LocalAws, start):
    there = f"<AutoScalingInstances><member><AutoScalingGroupName>{GROUP['group']}</AutoScalingGroupName></member></AutoScalingInstances>"
    action = "DescribeAutoScalingInstances"
    body = f'<{action}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><{action}Result>{there}</{action}Result></{action}Response>'
    answers = [denial({}), Answer(body)]
    aws.instead[action] = lambda _params: answers.pop(0)
    aws.metadata.documents[STATE] = "Terminated"
    runner = start("true", autoScaling={key: value for key, value in GROUP.items() if key != "group"})
    assert runner.process.wait(15) == 0
    assert [line["action"] for line in runner.log() if line["event"] == "permission missing"] == [action]
    again = start("true", autoScaling={key: value for key, value in GROUP.items() if key != "group"})
    assert again.process.wait(15) == 0
    [asked] = aws.of(action)[1:]
    assert {"Version": "2011-01-01", "InstanceIds.member.1": "i-1"}.items() <= asked.items()
    [complete] = aws.of("CompleteLifecycleAction")
    assert (complete["AutoScalingGroupName"], complete["InstanceId"]) == ("workers", "i-1")


def test_that_starts_on_an_instance_that_is_to_go_receives_nothing(aws: LocalAws, start):
    aws.metadata.documents[STATE] = "Terminated"
    aws.send("m-1")
    runner = start("true", autoScaling=GROUP)
    assert runner.process.wait(15) == 0
    assert (aws.of("ReceiveMessage"), len(aws.of("CompleteLifecycleAction"))) == ([], 1)


def test_gives_back_in_time_what_it_has_when_the_spot_instance_is_reclaimed(aws: LocalAws, start):
    aws.send("m-1")
    runner = start("sleep 1000", autoScaling=GROUP)
    runner.wait(lambda: "taken" in runner.events())
    began = time.monotonic()
    ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 18))
    aws.metadata.documents[SPOT] = json.dumps({"action": "terminate", "time": ends})
    assert runner.process.wait(20) == 0
    assert time.monotonic() - began < 17
    assert aws.of("ChangeMessageVisibility")[-1]["VisibilityTimeout"] == 0
    assert aws.of("CompleteLifecycleAction") == []  # the group does not wait for it


def test_protects_the_instance_while_long_work_goes_on_and_not_beyond_its_own_end(aws: LocalAws, start):
    aws.send("m-1")
    runner = start("sleep 3", autoScaling=GROUP)
    runner.wait(lambda: aws.of("SetInstanceProtection"))
    [on] = aws.of("SetInstanceProtection")
    assert (on["InstanceIds.member.1"], on["AutoScalingGroupName"], on["ProtectedFromScaleIn"]) == ("i-1", "workers", "true")
    assert runner.stop() == 0
    assert [call["ProtectedFromScaleIn"] for call in aws.of("SetInstanceProtection")] == ["true", "false"]


def test_works_on_where_protection_is_denied_and_says_so_once(aws: LocalAws, start):
    aws.instead["SetInstanceProtection"] = denial
    aws.send("m-1")
    runner = start("sleep 3", autoScaling=GROUP)
    runner.wait(lambda: aws.of("DeleteMessage"))
    assert [line["action"] for line in runner.log() if line["event"] == "permission missing"] == ["SetInstanceProtection"]
    assert runner.stop() == 0
    assert aws.metrics()["Misconfigured"] == "1"


def test_says_on_this_machine_whether_it_is_alive(aws: LocalAws, start):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    runner = start("true", healthPort=port)
    runner.wait(lambda: "started" in runner.events())
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert json.load(answer) == {"alive": True, "busy": 0, "draining": False}
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/else", timeout=5)


def test_works_on_where_its_port_is_taken(aws: LocalAws, start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        aws.send("m-1")
        runner = start("true", healthPort=taken.getsockname()[1])
        runner.wait(lambda: aws.of("DeleteMessage"))
        assert "no health endpoint" in runner.events()


def test_notices_that_it_stood_still(aws: LocalAws, start, tmp_path: Path):
    runner = start("touch $1", str(tmp_path / "done"), visibilitySeconds=2, waitSeconds=20)
    runner.wait(lambda: aws.of("ReceiveMessage"))
    os.kill(runner.process.pid, signal.SIGSTOP)
    aws.send("m-1")  # handed to a runner that does not see it before its visibility has ended
    time.sleep(4)
    os.kill(runner.process.pid, signal.SIGCONT)
    runner.wait(lambda: "hold ended before the work" in runner.events())
    assert "stood still" in runner.events()
    assert not (tmp_path / "done").exists()


def test_notices_that_it_stood_still_before_it_reads_what_came_meanwhile():
    runner = runner_module.Runner(configuration_of(WHOLE), *[mock.Mock()] * 4, mock.Mock(), JsonLog(io.StringIO()))
    runner._decisions.handler_ready = True
    runner._decisions.receive_wanted(runner_module.now())
    runner._last_turn = asleep = runner_module.now() - 10
    seen: list[float | None] = []
    runner._events.put(lambda: seen.append(runner._decisions._awake_until))
    runner._take_events()
    assert seen == [asleep]


def test_writes_no_log_where_none_can_be_written_and_works_on(aws: LocalAws, tmp_path: Path):
    runner = Runner(aws, tmp_path, {"type": "command", "command": ["/bin/true"]})
    runner.close()
    aws.calls.clear()
    with Path("/dev/full").open("w") as full:
        environment = {**os.environ, "PYTHONPATH": f"{PROGRAMS / 'common'}:{PROGRAMS / 'worker-runner'}"}
        arguments = [sys.executable, "-B", "-c", MAIN, str(aws.server.port), str(tmp_path / "worker-runner.json")]
        process = subprocess.Popen(arguments, stdout=full, stderr=full, env=environment)
    try:
        aws.send("m-1")
        ends = time.monotonic() + 10
        while not aws.of("DeleteMessage") and time.monotonic() < ends:
            time.sleep(0.05)
        assert len(aws.of("DeleteMessage")) == 1
    finally:
        process.kill()
        process.wait()
