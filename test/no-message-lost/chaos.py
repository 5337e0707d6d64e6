"""What is done to which runner when: all of it follows from the seed."""

from __future__ import annotations

import random
from typing import NamedTuple

from proxy import TROUBLES

KILL, LOSE, STOP = "kill", "lose", "stop"
"""The runner alone; the runner with all that it has started, as an instance is lost; SIGSTOP, and SIGCONT later."""


class Blow(NamedTuple):
    at: float
    runner: int
    what: str
    seconds: float


def blows(seed: int, runners: int, kills: int, seconds: float) -> list[Blow]:
    """At random instants: so many kills within the time, half of them of the whole instance; beside them stops and troubles of the network."""
    chance = random.Random(seed)
    found = [Blow(chance.uniform(0, seconds), chance.randrange(runners), chance.choice((KILL, LOSE)), 0) for _ in range(kills)]
    for _ in range(kills // 4):
        found.append(Blow(chance.uniform(0, seconds), chance.randrange(runners), STOP, chance.uniform(0.3, 6)))
    for _ in range(kills // 2):
        found.append(Blow(chance.uniform(0, seconds), chance.randrange(runners), chance.choice(TROUBLES), chance.uniform(0.3, 4)))
    return sorted(found)


def kind_of(chance: random.Random) -> str:
    """What the handler does with a message."""
    return chance.choices(("quick", "slow", "poison", "hang"), (80, 18.8, 1, 0.2))[0]
