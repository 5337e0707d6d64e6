"""How long to wait before what failed is tried again."""

from __future__ import annotations

import random

FIRST_PAUSE = 0.5
"""Seconds before a call that failed is made again; doubled each time."""

LONGEST_PAUSE = 30.0


def pause(failures: int, chance: random.Random) -> float:
    """Seconds after so many failures in a row, of which chance takes up to half."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 30)) * (0.5 + chance.random() / 2)
