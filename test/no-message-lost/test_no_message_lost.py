"""The shortened run of main.py. `npm run bench:no-message-lost` is the full one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from main import FLEETS, Plan, Run, messages_to, perform, report  # noqa: E402

PLAN = Plan(seed=7, messages=1_200, kills=60, seconds=35)


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    done = perform(PLAN)
    print(report(PLAN, done))
    yield done


def test_each_message_is_done_or_a_dead_letter(run: Run):
    assert list(run.verdicts) == ["work", "work.fifo", "later.fifo"] == [name for fleet in FLEETS for name in fleet]
    for name, verdict in run.verdicts.items():
        assert verdict.lost == []
        assert verdict.counts["done"] + verdict.counts["dead letter"] == verdict.counts["sent"] == messages_to(name, PLAN)
    assert sum(verdict.counts["sent"] for verdict in run.verdicts.values()) == PLAN.messages
    assert run.left == 0


def test_the_blows_really_fell(run: Run):
    assert run.exits["-9"] == PLAN.kills
    assert sum(run.met.values()) >= 50
    assert sum(verdict.counts["repeats"] for verdict in run.verdicts.values()) > 0


def test_a_poisonous_message_is_a_dead_letter_after_as_many_receives_as_the_queue_allows(run: Run):
    for verdict in run.verdicts.values():
        assert verdict.poison_wrong == {}
        assert verdict.counts["poison dead letters"] > 0


def test_each_group_is_begun_in_order(run: Run):
    assert run.verdicts["work.fifo"].out_of_order == run.verdicts["later.fifo"].out_of_order == []


def test_healthy_dead_letters_are_few_and_explained(run: Run):
    dead = {one: why for verdict in run.verdicts.values() for one, why in verdict.healthy_dead.items()}
    assert len(dead) <= PLAN.messages / 100, dead


def test_runners_end_well_when_they_are_told_to(run: Run):
    assert run.exits["0 at the end"] == PLAN.runners
    assert run.problems() == []
