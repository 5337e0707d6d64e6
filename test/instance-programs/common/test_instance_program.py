"""The frame that all programs have, around a service that a test names."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMON = Path(__file__).resolve().parents[3] / "instance-programs" / "common"
PROGRAM = """
import sys, threading
from instance_program.configuration import content_of
from instance_program.program import run_program
from instance_program.threads import begin, every

class Service:
    def __init__(self):
        self.over = threading.Event()
    def run(self):
        print("running", flush=True)
        {run}
        self.over.wait(20)
    def stop(self):
        self.over.set()

sys.exit(run_program("some_program", content_of, lambda content, log: Service()))
"""


def start(tmp_path: Path, run: str = "pass", *arguments: str) -> subprocess.Popen[str]:
    file = tmp_path / "configuration.json"
    file.write_text("{}")
    return subprocess.Popen(
        [sys.executable, "-B", "-c", PROGRAM.format(run=run), *(arguments or [str(file)])],
        env={**os.environ, "PYTHONPATH": str(COMMON)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_program_that_is_told_to_stop_ends_well(tmp_path: Path, number: int):
    process = start(tmp_path)
    assert process.stdout is not None and process.stdout.readline() == "running\n"
    process.send_signal(number)
    assert (process.communicate(timeout=10), process.returncode) == (("", ""), 0)


@pytest.mark.parametrize("run", ["begin(lambda: 1 / 0)", "every(0.01, lambda: 1 / 0, 'watch')"])
def test_a_program_that_has_lost_a_thread_ends_so_that_it_is_started_again(tmp_path: Path, run: str):
    process = start(tmp_path, run)
    out, err = process.communicate(timeout=10)
    [line] = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert (process.returncode, line["event"], line["problem"]) == (70, "bug", "ZeroDivisionError('division by zero')")
    assert "Traceback" in err


def test_a_program_without_a_configuration_says_how_it_is_called_and_is_not_started_again(tmp_path: Path):
    process = start(tmp_path, "pass", "one", "two")
    assert process.communicate(timeout=10) == ("", "usage: python3 -m some_program CONFIGURATION\n")
    assert process.returncode == 78
