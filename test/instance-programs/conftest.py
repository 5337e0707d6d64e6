"""Puts the programs on the path, as the units of systemd do."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

PROGRAMS = Path(__file__).resolve().parents[2] / "instance-programs"

sys.path[:0] = [str(folder) for folder in sorted(PROGRAMS.iterdir()) if folder.is_dir()]
sys.dont_write_bytecode = True  # the folder is shipped as it is

set_hypothesis_home_dir(tempfile.gettempdir())
# the same examples each time: a test that fails now and then is mended by nobody
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")
