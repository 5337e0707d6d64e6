"""Network namespaces: made, entered, and cleared away also after a run that was killed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

PREFIX = "nlab-"
WHERE = Path("/run/netns")
CLONE_NEWNET = 0x40000000
Made = TypeVar("Made")

_libc = ctypes.CDLL(None, use_errno=True)


def run(*command: str, stdin: str | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; a failure carries what it said."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed ({done.returncode}): {done.stderr.strip()}\n{stdin or ''}")
    return done


class Namespace:
    """One network namespace, with the name of the run's process in its own."""

    def __init__(self, name: str):
        self.name = f"{PREFIX}{os.getpid()}-{name}"
        self.path = WHERE / self.name
        run("ip", "netns", "add", self.name)
        self.ip("link", "set", "lo", "up")

    def ip(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return run("ip", "-n", self.name, *arguments, check=check)

    def ip_batch(self, lines: list[str]) -> None:
        if lines:
            run("ip", "-n", self.name, "-batch", "-", stdin="\n".join(lines) + "\n")

    def execute(self, *command: str, stdin: str | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
        return run(*self.enter(*command), stdin=stdin, check=check)

    def enter(self, *command: str) -> list[str]:
        return ["nsenter", f"--net={self.path}", *command]

    def sysctl(self, **values: int) -> None:
        """Names with __ for the dots, as keyword arguments have none."""
        self.execute("sysctl", "-qw", *(f"{name.replace('__', '.')}={value}" for name, value in values.items()))

    def within(self, work: Callable[[], Made]) -> Made:
        """Do something in this namespace, such as making a socket, which then stays there.

        In a thread of its own, since it is threads that are in a namespace.
        """
        made: list[Made] = []
        failed: list[BaseException] = []

        def enter_and_work() -> None:
            try:
                with open(self.path) as handle:
                    if _libc.setns(handle.fileno(), CLONE_NEWNET) != 0:
                        raise OSError(ctypes.get_errno(), f"cannot enter {self.name}")
                made.append(work())
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=enter_and_work)
        thread.start()
        thread.join()
        if failed:
            raise failed[0]
        return made[0]

    def delete(self) -> None:
        run("ip", "netns", "del", self.name, check=False)


def clear_leftovers() -> None:
    """Take away what runs left behind that were killed before they could do so themselves."""
    for path in sorted(WHERE.glob(f"{PREFIX}*")) if WHERE.is_dir() else []:
        if not is_alive(owner_of(path.name)):
            for process in run("ip", "netns", "pids", path.name, check=False).stdout.split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(process), signal.SIGKILL)
            run("ip", "netns", "del", path.name, check=False)
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not is_alive(owner_of(folder.name)):
            shutil.rmtree(folder, ignore_errors=True)


def owner_of(name: str) -> int:
    found = re.match(rf"{PREFIX}(\d+)-", name)
    return int(found[1]) if found else 0


def is_alive(process: int) -> bool:
    return process > 0 and Path(f"/proc/{process}").exists()


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder for the files of one lab."""
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
