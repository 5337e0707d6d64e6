"""Real processes: what they get, how they end, and how they are ended."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from worker_runner.actions import Outcome
from worker_runner.command import CommandWork
from worker_runner.messages import Message
from worker_runner.work import LONGEST_TAIL, Result, Tail, Work

MESSAGE = Message("m-1", "r", "the body", "g", 2, {"Tenant": "t"})


def shell(script: str, *arguments: str) -> tuple[str, ...]:
    return ("/bin/sh", "-c", script, "sh", *arguments)


def run(script: str, *arguments: str, message: Message = MESSAGE) -> Result:
    return CommandWork(shell(script, *arguments), message).run()


class Running:
    def __init__(self, work: Work) -> None:
        self.work = work
        self.results: list[Result] = []
        self.thread = threading.Thread(target=lambda: self.results.append(work.run()), daemon=True)
        self.thread.start()

    def result(self, within: float = 10.0) -> Result:
        self.thread.join(within)
        assert self.results, "it does not end"
        return self.results[0]


def wait_for(file: Path) -> str:
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        if file.exists() and file.read_text().endswith("\n"):
            return file.read_text()
        time.sleep(0.01)
    raise AssertionError(f"{file} does not come")


def is_gone(pid: int) -> bool:
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return True  # nobody waits for it here, as init does on an instance
        time.sleep(0.01)
    return False


def test_gets_the_body_on_its_input_and_the_rest_in_its_environment(tmp_path: Path):
    result = run('cat > "$1"; echo " $SQS_MESSAGE_ID $SQS_RECEIVE_COUNT $SQS_GROUP_ID $SQS_ATTRIBUTE_TENANT" >> "$1"', str(tmp_path / "f"))
    assert result.outcome is Outcome.DONE
    assert (tmp_path / "f").read_text() == "the body m-1 2 g t\n"


@pytest.mark.parametrize("size", [0, 256 * 1024, 1024 * 1024])
def test_gets_a_body_of_any_size_whole(tmp_path: Path, size: int):
    assert run('cat > "$1"', str(tmp_path / "f"), message=Message("m", "r", "x" * size)).outcome is Outcome.DONE
    assert (tmp_path / "f").stat().st_size == size


def test_may_write_before_it_has_read_all():
    result = run("cat", message=Message("m", "r", "x" * 1024 * 1024))
    assert (result.outcome, result.tail) == (Outcome.DONE, "x" * LONGEST_TAIL)


@pytest.mark.parametrize("script", ["exit 0", "exec 0<&-; sleep 0.1; exit 0"])
def test_need_not_read_what_it_gets(script: str):
    assert run(script, message=Message("m", "r", "x" * 1024 * 1024)).outcome is Outcome.DONE


@pytest.mark.parametrize("script, detail", [("echo no; echo why >&2; exit 3", "exit code 3"), ("echo no; echo why; kill -9 $$", "signal 9")])
def test_has_failed_with_another_code_or_a_signal_and_what_it_wrote_last_is_kept(script: str, detail: str):
    assert run(script) == Result(Outcome.FAILED, detail, "no\nwhy\n")


@pytest.mark.parametrize("command", [("/nowhere/at/all",), ("/etc/passwd",), ("/tmp",)])
def test_that_cannot_be_started_says_nothing_about_the_message(command: tuple[str, ...]):
    assert CommandWork(command, MESSAGE).run().outcome is Outcome.NOT_STARTED


def test_no_shell_is_between(tmp_path: Path):
    file = tmp_path / "f"
    result = CommandWork(("/bin/echo", "$(touch " + str(file) + ")", ";", "exit 1"), MESSAGE).run()
    assert (result.outcome, file.exists()) == (Outcome.DONE, False)


def test_that_writes_without_end_is_read_without_growing_and_can_be_killed():
    running = Running(CommandWork(shell("trap '' TERM; yes"), MESSAGE))
    time.sleep(1.0)
    began = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - began < 0.3  # it is read with pauses
    running.work.kill(hard=True)
    result = running.result()
    assert (result.outcome, len(result.tail)) == (Outcome.FAILED, LONGEST_TAIL)


def test_is_told_to_end_before_it_is_killed(tmp_path: Path):
    running = Running(CommandWork(shell("trap 'echo clean; exit 4' TERM; echo up > $1; while :; do sleep 0.05; done", str(tmp_path / "up")), MESSAGE))
    wait_for(tmp_path / "up")
    running.work.kill(hard=False)
    result = running.result()
    assert (result.outcome, result.detail) == (Outcome.FAILED, "exit code 4")
    assert result.tail.endswith("clean\n")


def test_is_killed_with_all_that_it_has_started(tmp_path: Path):
    script = "trap '' TERM; (trap '' TERM; sleep 1000) & echo $! > $1; wait; sleep 1000"
    running = Running(CommandWork(shell(script, str(tmp_path / "child")), MESSAGE))
    child = int(wait_for(tmp_path / "child"))
    running.work.kill(hard=False)
    running.thread.join(0.3)
    assert not running.results
    running.work.kill(hard=True)
    assert running.result().detail == "signal 9"
    assert is_gone(child)


def test_that_has_ended_leaves_nothing_behind(tmp_path: Path):
    assert run("sleep 1000 & echo $! > $1", str(tmp_path / "child")).outcome is Outcome.DONE
    assert is_gone(int(wait_for(tmp_path / "child")))


def test_is_done_although_a_process_that_left_the_group_holds_its_output(tmp_path: Path):
    began = time.monotonic()
    result = run("setsid sleep 4 & exit 0", str(tmp_path))
    assert result.outcome is Outcome.DONE
    assert time.monotonic() - began < 3


def test_that_is_told_to_end_before_it_began_never_begins(tmp_path: Path):
    work = CommandWork(shell("touch $1", str(tmp_path / "f")), MESSAGE)
    work.kill(hard=False)
    assert work.run().outcome is Outcome.FAILED
    assert not (tmp_path / "f").exists()


def test_a_kill_after_the_end_meets_nobody():
    work = CommandWork(shell("exit 0"), MESSAGE)
    work.run()
    work.kill(hard=True)


def test_a_program_that_is_killed_at_its_start_a_hundred_times_is_always_ended():
    for delay in range(100):
        running = Running(CommandWork(("/bin/sleep", "1000"), MESSAGE))
        time.sleep(delay / 20_000)
        running.work.kill(hard=True)
        assert running.result().outcome is Outcome.FAILED


def test_leaves_no_descriptors_or_threads_behind():
    run("exit 0")
    before, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    for _ in range(20):
        run("cat; exit 1")
    time.sleep(0.1)
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == (before, threads)


class TestTail:
    def test_is_the_end_of_what_was_added(self):
        tail = Tail()
        for number in range(10_000):
            tail.add(b"%05d\n" % number)
        assert tail.text() == "".join(f"{number:05d}\n" for number in range(10_000))[-LONGEST_TAIL:]

    def test_holds_no_more_than_it_shows_and_a_piece(self):
        tail = Tail()
        for _ in range(1000):
            tail.add(b"x" * 65_536)
        assert tail._length <= 2 * LONGEST_TAIL

    def test_shows_what_is_no_text(self):
        tail = Tail()
        tail.add(b"\xff\xfe")
        assert tail.text() == "\ufffd\ufffd"
