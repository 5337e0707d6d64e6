"""A configuration that cannot be meant is refused before anything is touched, with the place in it."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from worker_runner.configuration import (
    CommandHandler,
    Group,
    HttpHandler,
    InvalidConfiguration,
    Queue,
    configuration_of,
    read_configuration,
)

PROGRAMS = Path(__file__).resolve().parents[3] / "instance-programs"

WHOLE = {
    "region": "eu-west-1",
    "queueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/work",
    "concurrency": 4,
    "visibilitySeconds": 60,
    "maxProcessingSeconds": 120,
    "stopSeconds": 90,
    "backoff": {"firstSeconds": 5, "longestSeconds": 600},
    "handler": {"type": "command", "command": ["/opt/resize", "--fast"]},
    "autoScaling": {"group": "workers", "hook": "drain", "hookTimeoutSeconds": 120, "protectAfterSeconds": 60},
    "healthPort": 8643,
    "metrics": {"namespace": "CdkFaultTolerance/SqsWorkerFleet", "dimensions": {"Fleet": "Shop/Resizing"}},
}


def changed(path: str, value: object) -> dict:
    content = copy.deepcopy(WHOLE)
    *parents, last = path.split(".")
    at = content
    for key in parents:
        at = at[key]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return content


def test_the_whole_is_read():
    found = configuration_of(WHOLE)
    assert found.queue_host == "sqs.eu-west-1.amazonaws.com"
    assert found.handler == CommandHandler(("/opt/resize", "--fast"))
    assert found.group == Group("workers", "drain", 120, 60)
    assert (found.fifo, found.batch, found.poll, found.log_output) == (False, 10, 20, False)


def test_one_message_of_a_fifo_queue_is_received_at_a_time():
    found = configuration_of(changed("queueUrl", WHOLE["queueUrl"] + ".fifo"))
    assert (found.fifo, found.batch) == (True, 1)


def test_what_may_be_left_out_may_be():
    content = changed("autoScaling", None)
    del content["healthPort"]
    assert (configuration_of(content).group, configuration_of(content).health_port) == (None, None)
    assert configuration_of(changed("autoScaling.protectAfterSeconds", None)).group == Group("workers", "drain", 120, None)
    assert configuration_of(changed("autoScaling.group", None)).group == Group(None, "drain", 120, 60)


def further(*queues: tuple[object, object]) -> dict:
    return changed("furtherQueues", [{"queueUrl": url, "share": share} for url, share in queues])


def test_what_the_further_queues_leave_is_the_share_of_the_first():
    first, second, third = (f"https://sqs.eu-west-1.amazonaws.com/111122223333/{name}" for name in ("work", "second", "third"))
    assert configuration_of(WHOLE).queues == (Queue(first, 100),)
    assert configuration_of(further((second, 20), (third, 5))).queues == (Queue(first, 75), Queue(second, 20), Queue(third, 5))
    assert configuration_of(further((second, 99))).queues[0].share == 1


HERE = "https://sqs.eu-west-1.amazonaws.com/111122223333"


@pytest.mark.parametrize(
    "queues, complaint",
    [
        ([(f"{HERE}/work", 10)], "configuration.furtherQueues names a queue that was named before"),
        ([(f"{HERE}/a", 10), (f"{HERE}/a", 10)], "configuration.furtherQueues names a queue that was named before"),
        ([(f"{HERE}/a", 50), (f"{HERE}/b", 50)], "configuration.furtherQueues has shares of 100 in all, and may have 99"),
        ([(f"{HERE}/a.fifo", 10)], "configuration.furtherQueues[0].queueUrl is "),
        ([(f"{HERE}/a", 10), ("http://x/1/b", 10)], "configuration.furtherQueues[1].queueUrl is "),
        ([("https://sqs.eu-west-2.amazonaws.com/1/a", 10)], "which is not on the host of the first"),
        ([(f"{HERE}/a", 0)], "configuration.furtherQueues[0].share is 0, and must be a number from 1 to 99"),
        ([(f"{HERE}/a", 100)], "configuration.furtherQueues[0].share is 100, and must be a number from 1 to 99"),
        ([(f"{HERE}/a", 1.5)], "configuration.furtherQueues[0].share is 1.5, and must be a whole number"),
    ],
)
def test_further_queues_that_cannot_be_meant_are_refused(queues: list[tuple[object, object]], complaint: str):
    with pytest.raises(InvalidConfiguration) as raised:
        configuration_of(further(*queues))
    assert complaint in str(raised.value)


def test_a_standard_queue_beside_a_fifo_queue_is_refused():
    content = further((f"{HERE}/b", 10))
    content["queueUrl"] += ".fifo"
    with pytest.raises(InvalidConfiguration, match="either all are FIFO queues, or none is"):
        configuration_of(content)


def test_further_queues_that_are_no_list_are_refused():
    with pytest.raises(InvalidConfiguration, match="configuration.furtherQueues is no list"):
        configuration_of(changed("furtherQueues", {}))


def test_a_handler_over_http_is_read():
    content = changed("handler", {"type": "http", "url": "http://127.0.0.1:8080/work?x=1"})
    assert configuration_of(content).handler == HttpHandler("127.0.0.1", 8080, "/work?x=1")


@pytest.mark.parametrize(
    "path, value, complaint",
    [
        ("region", None, "configuration lacks 'region'"),
        ("region", 7, "configuration.region is 7, and must be a text"),
        ("queueUrl", "http://sqs.eu-west-1.amazonaws.com/1/q", "configuration.queueUrl is "),
        ("queueUrl", "https://sqs.eu-west-1.amazonaws.com/", "configuration.queueUrl is "),
        ("queueUrl", "https://[::1/1/q", "configuration.queueUrl is "),
        ("queueUrl", "https://user@host/1/q", "configuration.queueUrl is "),
        ("concurrency", 0, "configuration.concurrency is 0, and must be a number from 1 to 256"),
        ("concurrency", 1.5, "configuration.concurrency is 1.5, and must be a whole number"),
        ("concurrency", True, "configuration.concurrency is true, and must be a number"),
        ("receiveBatch", 11, "configuration.receiveBatch is 11, and must be a number from 1 to 10"),
        ("waitSeconds", 21, "configuration.waitSeconds is 21, and must be a number from 0 to 20"),
        ("visibilitySeconds", 43_201, "configuration.visibilitySeconds is 43201"),
        ("maxProcessingSeconds", 0, "configuration.maxProcessingSeconds is 0"),
        ("maxProcessingSeconds", float("nan"), "configuration.maxProcessingSeconds is NaN"),
        ("stopSeconds", "90", 'configuration.stopSeconds is "90"'),
        ("backoff.longestSeconds", 4, "configuration.backoff.longestSeconds is 4, and must be a number from 5 to 43200"),
        ("handler.type", "shell", "configuration.handler.type is 'shell', and may be command or http"),
        ("handler.command", [], "configuration.handler.command is empty"),
        ("handler.command", ["resize"], "configuration.handler.command begins with 'resize', which is no absolute path"),
        ("handler.command", "/opt/resize", "configuration.handler.command is "),
        ("handler.command", ["/opt/resize", "a\0b"], "configuration.handler.command has a zero byte in it"),
        ("handler", {"type": "http", "url": "http://example.com/"}, "configuration.handler.url is 'http://example.com/'"),
        ("handler", {"type": "http", "url": "https://127.0.0.1/"}, "configuration.handler.url is 'https://127.0.0.1/'"),
        ("handler", {"type": "http", "url": "http://127.0.0.1/a b"}, "configuration.handler.url is 'http://127.0.0.1/a b'"),
        ("handler", {"type": "http", "url": "http://127.0.0.1:99999/"}, "configuration.handler.url is 'http://127.0.0.1:99999/'"),
        ("logOutput", "yes", 'configuration.logOutput is "yes", and must be true or false'),
        ("autoScaling.group", "", 'configuration.autoScaling.group is "", and must be a text'),
        ("autoScaling.hook", "", 'configuration.autoScaling.hook is "", and must be a text'),
        ("autoScaling.hookTimeoutSeconds", None, "configuration.autoScaling lacks 'hookTimeoutSeconds'"),
        ("healthPort", 0, "configuration.healthPort is 0"),
        ("metrics", [], "configuration.metrics is no JSON object"),
    ],
)
def test_what_cannot_be_meant_is_refused(path: str, value: object, complaint: str):
    with pytest.raises(InvalidConfiguration) as raised:
        configuration_of(changed(path, value))
    assert complaint in str(raised.value)


@pytest.mark.parametrize("content, complaint", [("{", "is no JSON"), ("[]", "configuration is no JSON object"), ("[" * 100_000, "is no JSON")])
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, content: str, complaint: str):
    file = tmp_path / "worker-runner.json"
    file.write_text(content)
    with pytest.raises(InvalidConfiguration, match=complaint):
        read_configuration(str(file))


def test_a_broken_one_ends_the_program_with_one_line_and_the_code_after_which_it_is_not_started_again(tmp_path: Path):
    run = subprocess.run(
        [sys.executable, "-B", "-m", "worker_runner", str(tmp_path / "missing.json")],
        env={**os.environ, "PYTHONPATH": f"{PROGRAMS / 'common'}:{PROGRAMS / 'worker-runner'}"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (run.returncode, run.stderr) == (78, "")
    [line] = run.stdout.splitlines()
    assert json.loads(line)["event"] == "invalid configuration"
    assert "missing.json cannot be read" in json.loads(line)["problem"]
