"""SQS, Auto Scaling, CloudWatch and the metadata service on one port of 127.0.0.1, as little of each as one runner needs, and a real runner."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local_servers import Answer, HangUp, LocalServer, Metadata, Request

PROGRAMS = Path(__file__).resolve().parents[3] / "instance-programs"
MAIN = """
import http.client, sys
port = int(sys.argv.pop(1))
from aws_api.imds import Imds
from worker_runner.__main__ import main
sys.exit(main(lambda _host, timeout: http.client.HTTPConnection("127.0.0.1", port, timeout=timeout), Imds(host=f"127.0.0.1:{port}")))
"""


class LocalAws:
    """Each message is handed out once, and again after it was given back. A queue is there as soon as it is asked for."""

    def __init__(self) -> None:
        self.metadata = Metadata(time.time)
        self.metadata.give_role(1, ends=time.time() + 3600)
        self.waiting: list[dict[str, Any]] = []
        #: the name of the queue of each message, by its id
        self._queues: dict[str, str] = {}
        self.handed: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        #: answers instead of the right ones, by action
        self.instead: dict[str, Callable[[dict[str, Any]], Answer | HangUp | None]] = {}
        self._lock = threading.Lock()
        self.server = LocalServer(self._answer)

    def url(self, queue: str) -> str:
        return f"http://127.0.0.1:{self.server.port}/111122223333/{queue}"

    def send(self, identity: str, body: str = "body", queue: str = "work", **others: Any) -> None:
        with self._lock:
            self._queues[identity] = queue
            self.waiting.append({"MessageId": identity, "Body": body, "Attributes": {"ApproximateReceiveCount": "1"}, **others})

    def of(self, action: str) -> list[dict[str, Any]]:
        return [params for _, name, params in list(self.calls) if name == action]

    def metrics(self) -> dict[str, str]:
        """The last ones that came."""
        values: dict[str, str] = {}
        for form in self.of("PutMetricData"):
            values.update(
                {
                    form[f"MetricData.member.{n}.MetricName"]: form[f"MetricData.member.{n}.Value"]
                    for n in range(1, 9)
                    if f"MetricData.member.{n}.Value" in form
                }
            )
        return values

    def _answer(self, request: Request):
        if request.path.startswith("/latest/"):
            return self.metadata(request)
        target = next((value for name, value in request.headers.items() if name.lower() == "x-amz-target"), "")
        params = json.loads(request.body) if target else request.form
        action = target.rpartition(".")[2] or params["Action"]
        with self._lock:
            self.calls.append((time.monotonic(), action, params))
        instead = self.instead.get(action, lambda _params: None)(params)
        if instead is not None:
            return instead
        return Answer(json.dumps(self._sqs(action, params))) if target else Answer()

    def _sqs(self, action: str, params: dict[str, Any]) -> dict[str, Any]:
        if action == "ReceiveMessage":
            ends = time.monotonic() + params["WaitTimeSeconds"]
            while not self._waiting_in(params["QueueUrl"]) and time.monotonic() < ends:
                time.sleep(0.01)
            with self._lock:
                messages = self._waiting_in(params["QueueUrl"])[: params["MaxNumberOfMessages"]]
                for message in messages:
                    self.waiting.remove(message)
                    message["ReceiptHandle"] = f"receipt-{len(self.handed)}"
                    self.handed[message["ReceiptHandle"]] = message
            return {"Messages": messages}
        return {}

    def _waiting_in(self, url: str) -> list[dict[str, Any]]:
        return [message for message in list(self.waiting) if self.url(self._queues[message["MessageId"]]) == url]


class Runner:
    def __init__(self, aws: LocalAws, folder: Path, handler: dict[str, Any], **others: Any) -> None:
        self.aws = aws
        self.configuration = {
            "region": "eu-west-1",
            "queueUrl": aws.url("work"),
            "concurrency": 4,
            "waitSeconds": 1,
            "visibilitySeconds": 6,
            "maxProcessingSeconds": 60,
            "stopSeconds": 20,
            "backoff": {"firstSeconds": 5, "longestSeconds": 600},
            "handler": handler,
            "metrics": {"namespace": "Test", "dimensions": {"Fleet": "F"}},
            **others,
        }
        file = folder / "worker-runner.json"
        file.write_text(json.dumps(self.configuration))
        environment = {**os.environ, "PYTHONPATH": f"{PROGRAMS / 'common'}:{PROGRAMS / 'worker-runner'}"}
        self._log = folder / "log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-B", "-c", MAIN, str(aws.server.port), str(file)], stdout=log, stderr=log, env=environment
            )

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.read_text().splitlines() if line.startswith("{")]

    def text(self) -> str:
        return self._log.read_text()

    def events(self) -> list[str]:
        return [line["event"] for line in self.log()]

    def wait(self, is_so: Callable[[], object], within: float = 15.0) -> None:
        ends = time.monotonic() + within
        while not is_so():
            assert time.monotonic() < ends, self.text()
            assert self.process.poll() is None or is_so(), self.text()
            time.sleep(0.02)

    def stop(self, within: float = 25.0) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
