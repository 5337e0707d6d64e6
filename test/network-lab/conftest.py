"""One lab at a time, which lives as long as the next test wants the same stack."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those of one stack one after the other, as each change costs some seconds; within a file in its order otherwise."""
    items.sort(key=lambda item: ORDER.index(stack_of(item)))


ORDER = ["PerAz", "PerAzFast", "FollowFast", "PreservingFast"]


def stack_of(item: pytest.Item) -> str:
    """`@pytest.mark.stack` or the parameter of that name says so; most tests want no other."""
    marker = item.get_closest_marker("stack")
    parameters = getattr(item, "callspec", None)
    chosen: str = marker.args[0] if marker else parameters.params.get("stack", "PerAzFast") if parameters else "PerAzFast"
    return chosen


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "stack(name): of app.ts, which the test runs in")


@pytest.fixture(scope="session")
def labs() -> Iterator[Labs]:
    made = Labs()
    yield made
    made.close()


@pytest.fixture
def lab(request: pytest.FixtureRequest, labs: Labs) -> Iterator[Lab]:
    """Well and with everything at home, and left so."""
    given = labs.get(stack_of(request.node))
    yield given
    try:
        given.reset()
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
