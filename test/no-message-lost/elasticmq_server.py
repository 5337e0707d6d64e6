"""ElasticMQ: fetched once, and started on 127.0.0.1 and a port of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LIBRARIES = HERE.parents[1] / ".elasticmq"
START_WITHIN = 90.0

CONFIGURATION = """
include classpath("application.conf")
rest-sqs { enabled = true, bind-hostname = "127.0.0.1", bind-port = %(port)d, sqs-limits = strict }
rest-stats { enabled = false }
node-address { protocol = http, host = 127.0.0.1, port = %(port)d, context-path = "" }
"""


def fetch() -> None:
    """Its jars, pinned by elasticmq/pom.xml, by Maven; nothing when they are there."""
    pom = HERE / "elasticmq" / "pom.xml"
    stamp = LIBRARIES / "pom.xml"
    if stamp.exists() and stamp.read_bytes() == pom.read_bytes():
        return
    shutil.rmtree(LIBRARIES, ignore_errors=True)
    target = [f"-DoutputDirectory={LIBRARIES}", "-DincludeScope=runtime"]
    subprocess.run(["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", *target], check=True, timeout=280)
    shutil.copy(pom, stamp)  # last, so that an interrupted copy is not taken for a whole one


class ElasticMq:
    def __init__(self, folder: Path) -> None:
        fetch()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        configuration = folder / "elasticmq.conf"
        configuration.write_text(CONFIGURATION % {"port": self.port})
        options = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", f"-Dconfig.file={configuration}"]
        with (folder / "elasticmq.log").open("wb") as log:
            self._process = subprocess.Popen(
                ["java", *options, "-cp", f"{LIBRARIES}/*", "org.elasticmq.server.Main"], stdout=log, stderr=log, start_new_session=True
            )
        self._wait()

    def _wait(self) -> None:
        ends = time.monotonic() + START_WITHIN
        while time.monotonic() < ends:
            try:
                self.call("ListQueues")
                return
            except OSError:
                time.sleep(0.2)
        self.stop()
        raise RuntimeError("ElasticMQ did not start")

    def call(self, action: str, **params: Any) -> dict[str, Any]:
        headers = {"X-Amz-Target": f"AmazonSQS.{action}", "Content-Type": "application/x-amz-json-1.0"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/", json.dumps(params).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{action}: {error.read().decode()}") from error

    def make_queue(self, name: str, **attributes: str) -> str:
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        return self.call("CreateQueue", QueueName=name, Attributes={**fifo, **attributes})["QueueUrl"]

    def length(self, url: str) -> int:
        """Messages that wait and that are in flight."""
        found = self.call("GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

    def take_all(self, url: str) -> list[dict[str, Any]]:
        """What waits, read and deleted."""
        taken: list[dict[str, Any]] = []
        while True:
            answer = self.call("ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0, MessageSystemAttributeNames=["All"])
            messages = answer.get("Messages", [])
            if not messages:
                return taken
            for message in messages:
                self.call("DeleteMessage", QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            taken.extend(messages)

    def stop(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
