"""The table is up to date, and its counts do not move the wrong way in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from strict_moto import resource_types, table
from strict_moto.resource import TYPES

BASELINE = Path(__file__).parent.parent / "class-counts.json"
resource_types.load()


def test_readme_holds_the_current_table() -> None:
    readme = table.README.read_text()
    assert readme == table.updated(readme), "run `python -m strict_moto.table`"


def worse(counts: dict[str, int], baseline: dict[str, int]) -> list[str]:
    """More made and read back is better; more of the other two is worse."""
    better_more = "made and read back"
    return [name for name, count in counts.items() if (count < baseline[name] if name == better_more else count > baseline[name])]


def test_counts_are_the_recorded_ones() -> None:
    """Any move is recorded; a move the wrong way only together with a new reason (see below)."""
    assert table.counts() == json.loads(BASELINE.read_text())["counts"], "record the new counts in class-counts.json"


def test_every_move_the_wrong_way_has_a_reason() -> None:
    """The history holds every set of counts that was ever recorded, the current one last."""
    recorded = json.loads(BASELINE.read_text())
    history = [*recorded["history"], recorded["counts"]]
    moves = sum(bool(worse(later, earlier)) for earlier, later in zip(history, history[1:], strict=False))
    assert len(recorded["reasons"]) >= moves


@pytest.mark.parametrize(
    ("name", "change", "is_worse"),
    [
        ("made and read back", -1, True),
        ("made and read back", 1, False),
        ("shape-checked", 1, True),
        ("refused", 1, True),
        ("refused", -1, False),
    ],
)
def test_wrong_way(name: str, change: int, is_worse: bool) -> None:
    before = table.counts()
    assert bool(worse(before | {name: before[name] + change}, before)) == is_worse


def test_no_type_is_both_made_and_refused() -> None:
    assert not set(TYPES) & set(table.REFUSED)


def test_every_type_that_is_made_says_how_and_by_which_call_it_is_read() -> None:
    for kind in TYPES.values():
        assert kind.made_by and kind.described_by, kind.type_name
        assert kind.shape_checked_only or kind.read_back, kind.type_name
