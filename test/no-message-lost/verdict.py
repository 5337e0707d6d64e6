"""What became of each message: from what was sent, what the handlers wrote, and what is left in the queues."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple


class Sent(NamedTuple):
    id: str
    kind: str
    #: its place in its group, where there is one
    group: str | None
    number: int


@dataclass
class Traces:
    """What the handlers wrote, in the order in which they did."""

    starts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    dones: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    #: the receive count of each start
    receives: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class Verdict:
    counts: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    healthy_dead: dict[str, str] = field(default_factory=dict)
    poison_wrong: dict[str, str] = field(default_factory=dict)
    out_of_order: list[str] = field(default_factory=list)


def read_traces(file: Path) -> Traces:
    traces = Traces()
    lines = file.read_text().splitlines() if file.exists() else []
    for place, line in enumerate(lines):
        what, identity, *rest = line.split(" ")
        if what == "start":
            traces.starts[identity].append(place)
            traces.receives[identity].append(int(rest[0]))
        elif what == "done":
            traces.dones[identity].append(place)
    return traces


def judge(sent: list[Sent], traces: Traces, waiting: set[str], dead: dict[str, dict[str, Any]], most_receives: int) -> Verdict:
    verdict = Verdict()
    for message in sent:
        _place(verdict, message, traces, waiting, dead)
        if message.id in dead:
            _judge_dead(verdict, message, traces, dead[message.id], most_receives)
        elif message.kind in ("poison", "hang") and message.id not in waiting:
            verdict.poison_wrong[message.id] = f"{message.kind}, and not among the dead letters"
    verdict.out_of_order = _out_of_order(sent, traces, dead)
    verdict.counts["late repeats in a group"] = _late_repeats(sent, traces)
    return verdict


def _place(verdict: Verdict, message: Sent, traces: Traces, waiting: set[str], dead: dict[str, Any]) -> None:
    done = len(traces.dones[message.id])
    place = "done" if done else "dead letter" if message.id in dead else "in the queue" if message.id in waiting else "lost"
    verdict.counts[place] += 1
    verdict.counts["sent"] += 1
    verdict.counts["started"] += len(traces.starts[message.id])
    if place == "lost":
        verdict.lost.append(message.id)
    if done > 1:
        verdict.counts["done more than once"] += 1
        verdict.counts["repeats"] += done - 1


def _judge_dead(verdict: Verdict, message: Sent, traces: Traces, entry: dict[str, Any], most: int) -> None:
    # the queue counts the receipt from the dead letters as well
    received = int(entry["Attributes"]["ApproximateReceiveCount"]) - 1
    if received != most:
        verdict.poison_wrong[message.id] = f"{message.kind}, received {received} times and not {most} before it became a dead letter"
    if message.kind in ("quick", "slow"):
        started, done = traces.receives[message.id], len(traces.dones[message.id])
        unseen = [count for count in range(1, most + 1) if count not in started]
        why = [f"worked on at receive {count}" + (", done but not deleted" if done else ", ended with its worker") for count in started]
        why += [f"receive {count} never reached a handler" for count in unseen]
        verdict.healthy_dead[message.id] = "; ".join(why)
        verdict.counts["healthy dead letters, done" if done else "healthy dead letters, never done"] += 1
    else:
        verdict.counts[f"{message.kind} dead letters"] += 1
        verdict.counts[f"{message.kind} dead letters started {len(traces.starts[message.id])} times"] += 1


def _groups(sent: list[Sent]) -> dict[str, list[Sent]]:
    groups: dict[str, list[Sent]] = defaultdict(list)
    for message in sent:
        if message.group is not None:
            groups[message.group].append(message)
    return groups


def _out_of_order(sent: list[Sent], traces: Traces, dead: dict[str, Any]) -> list[str]:
    """Whoever began before all earlier ones of its group were done once, or were given up for dead."""
    wrong: list[str] = []
    for members in _groups(sent).values():
        ready = -1  # the place from which on all earlier ones were done
        for message in sorted(members, key=lambda one: one.number):
            starts, dones = traces.starts[message.id], traces.dones[message.id]
            if starts and starts[0] < ready:
                wrong.append(message.id)
            # what is dead may still be done later, by work that was left behind; until its last receive its group has waited
            done = dones[:1] if message.id not in dead else starts[-1:]
            ready = max([ready, *(done or starts[-1:])])
    return wrong


def _late_repeats(sent: list[Sent], traces: Traces) -> int:
    """Work that was done again after a later one of its group had begun: by a worker that stood still meanwhile."""
    repeats = 0
    for members in _groups(sent).values():
        ordered = sorted(members, key=lambda one: one.number)
        for earlier, later in zip(ordered, ordered[1:], strict=False):
            begun = traces.starts[later.id][:1]
            repeats += sum(place > begun[0] for place in traces.starts[earlier.id][1:]) if begun else 0
    return repeats
