"""One lab at a time, which lives as long as the next test wants the same stack."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest
from network_lab.lab import Lab, seeded


class Labs:
    def __init__(self) -> None:
        self.current: Lab | None = None

    def get(self, stack: str) -> Lab:
        if self.current is None or self.current.stack != stack:
            self.close()
            self.current = Lab(stack).__enter__()
        return self.current

    def close(self) -> None:
        if self.current:
            self.current.__exit__(None, None, None)
            self.current = None


@pytest.fixture(scope="session")
def labs() -> Iterator[Labs]:
    made = Labs()
    yield made
    made.close()


@pytest.fixture
def lab_of(labs: Labs) -> Iterator[Callable[[str], Lab]]:
    """Gives the lab of a stack, well and with everything at home, and leaves it so."""
    given: list[Lab] = []

    def give(stack: str) -> Lab:
        lab = labs.get(stack)
        given.append(lab)
        return lab

    yield give
    for lab in given:
        try:
            lab.reset()
        except BaseException:
            labs.close()  # the next test starts with a new one
            raise


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """LAB_SEED replays a run."""
    source, seed = seeded(int(os.environ["LAB_SEED"]) if "LAB_SEED" in os.environ else None)
    request.node.user_properties.append(("seed", seed))
    print(f"seed {seed}")
    return source
