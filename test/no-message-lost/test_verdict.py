"""The judge would notice."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from verdict import Sent, Verdict, judge, read_traces  # noqa: E402

A1, A2 = Sent("a1", "quick", "a", 0), Sent("a2", "quick", "a", 1)


def verdict(tmp_path: Path, lines: list[str], sent=(A1, A2), dead=(), waiting=(), receives: int = 3) -> Verdict:
    file = tmp_path / "traces"
    file.write_text("".join(f"{line}\n" for line in lines))
    letters = {name: {"Attributes": {"ApproximateReceiveCount": str(receives + 1)}} for name in dead}
    return judge(list(sent), read_traces(file), set(waiting), letters, 3)


def test_a_message_that_is_nowhere_is_lost(tmp_path: Path):
    assert verdict(tmp_path, ["start a1 1", "done a1", "start a2 1"]).lost == ["a2"]


def test_one_that_waits_or_is_dead_is_not(tmp_path: Path):
    found = verdict(tmp_path, ["start a1 1"], dead=["a1"], waiting=["a2"])
    assert found.lost == []
    assert "worked on at receive 1, ended with its worker" in found.healthy_dead["a1"]
    assert "receive 3 never reached a handler" in found.healthy_dead["a1"]


def test_a_later_one_that_begins_before_an_earlier_one_is_done_is_out_of_order(tmp_path: Path):
    assert verdict(tmp_path, ["start a1 1", "start a2 1", "done a1", "done a2"]).out_of_order == ["a2"]
    assert verdict(tmp_path, ["start a2 1", "done a2", "start a1 1", "done a1"]).out_of_order == ["a2"]
    assert verdict(tmp_path, ["start a1 1", "done a1", "start a2 1", "done a2"]).out_of_order == []


def test_one_that_begins_while_an_earlier_one_is_still_tried_is_out_of_order(tmp_path: Path):
    lines = ["start a1 1", "start a1 2", "start a2 1", "start a1 3", "done a2"]
    assert verdict(tmp_path, lines, dead=["a1"]).out_of_order == ["a2"]
    lines = ["start a1 1", "start a1 2", "start a1 3", "start a2 1", "done a2"]
    assert verdict(tmp_path, lines, dead=["a1"]).out_of_order == []


def test_what_is_done_twice_is_counted(tmp_path: Path):
    found = verdict(tmp_path, ["start a1 1", "done a1", "start a1 2", "done a1", "start a2 1", "done a2", "start a1 3"])
    assert (found.counts["done more than once"], found.counts["repeats"], found.counts["late repeats in a group"]) == (1, 1, 1)


def test_poison_that_is_received_too_often_or_is_not_dead_is_named(tmp_path: Path):
    poison = Sent("p", "poison", None, 0)
    assert list(verdict(tmp_path, [], [poison], dead=["p"], receives=4).poison_wrong) == ["p"]
    assert list(verdict(tmp_path, ["done p"], [poison]).poison_wrong) == ["p"]
    assert verdict(tmp_path, [], [poison], dead=["p"]).poison_wrong == {}
