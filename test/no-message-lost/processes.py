"""A runner that is started again whenever it ends, as its unit does."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESTART_AFTER = 0.2


class Process:
    def __init__(self, number: int, port: int, folder: Path, configuration: dict) -> None:
        self._port, self._folder, self.number = port, folder, number
        self._configuration = folder / f"runner-{number}.json"
        self._configuration.write_text(json.dumps(configuration))
        self._log = (folder / f"runner-{number}.log").open("ab")
        self._process: asyncio.subprocess.Process | None = None
        self._struck: asyncio.subprocess.Process | None = None
        self._leaving = False
        self.exits: list[int] = []
        self.orphans: set[int] = set()

    async def keep_running(self) -> None:
        arguments = [str(HERE / "runner_process.py"), str(self._port), str(self._configuration)]
        while not self._leaving:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-B", *arguments, stdout=self._log, stderr=self._log, start_new_session=True
            )
            self.exits.append(await self._process.wait())
            await asyncio.sleep(RESTART_AFTER)

    def kill(self, *, with_handlers: bool) -> bool:
        """False when it does not run just now."""
        if not self._runs() or self._struck is self._process:
            return False
        self._struck = self._process
        self.signal(signal.SIGSTOP)  # so that nothing is started between the look and the blow
        handlers = _descendants(self._process.pid)
        if with_handlers:
            for handler in handlers:
                _signal(handler, signal.SIGKILL)
        else:
            self.orphans.update(handlers)
        self.signal(signal.SIGKILL)
        return True

    def lines_about(self, identity: str) -> list[dict]:
        """What its log says of a message."""
        with open(self._log.name, encoding="utf-8", errors="replace") as log:
            return [{**json.loads(line), "runner": self.number} for line in log if identity in line and line.endswith("}\n")]

    def signal(self, number: int) -> None:
        if self._runs():
            _signal(self._process.pid, number)

    def _runs(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def leave(self, patience: float) -> int | None:
        """SIGTERM; its exit code, or None when it had to be killed."""
        self._leaving = True
        if not self._runs():
            return 0
        self.signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self._process.wait(), patience)
        except asyncio.TimeoutError:
            self.kill(with_handlers=True)
            return None

    def clean_up(self) -> None:
        self._leaving = True
        self.kill(with_handlers=True)
        for orphan in self.orphans:
            with suppress(OSError):
                if b"SQS_MESSAGE_ID=" in Path(f"/proc/{orphan}/environ").read_bytes():
                    _signal(orphan, signal.SIGKILL)


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    left = [pid]
    while left:
        parent = left.pop()
        children = [child for task in _tasks(parent) for child in _children(task)]
        left.extend(children)
        found.extend(children)
    return found


def _tasks(pid: int) -> list[Path]:
    with suppress(OSError):  # it has just ended; so have its tasks below
        return list(Path(f"/proc/{pid}/task").iterdir())
    return []


def _children(task: Path) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in (task / "children").read_text().split()]
    return []


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
