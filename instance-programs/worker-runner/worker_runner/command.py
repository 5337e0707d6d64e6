"""Work that a program does, one process for each message."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time
from contextlib import suppress

from .actions import Outcome
from .attributes import body, environment
from .messages import Message
from .work import Result, Tail, Work

PIECE = 65_536
FLOOD = 1_048_576
"""Bytes of output after which a handler is read with pauses, so that it holds up itself and not the runner."""

FLOOD_PAUSE = 0.005


class CommandWork(Work):
    """The body comes on the standard input, never on a command line, and no shell is between.

    The program leads a process group of its own, which is killed whole: also what it leaves behind when it has ended by itself. What
    leaves the group (setsid) is out of reach, until the unit stops and its control group with it.
    """

    def __init__(self, command: tuple[str, ...], message: Message) -> None:
        self._command, self._message = command, message
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._over = False
        self._killed = False
        self._tail = Tail()

    def run(self) -> Result:
        try:
            process = self._start()
        except (OSError, ValueError) as error:
            return Result(Outcome.NOT_STARTED, f"{self._command[0]}: {error}")
        if process is None:
            return Result(Outcome.FAILED, "told to end before it began")
        pump = threading.Thread(target=self._pump, args=(process,), name="pump", daemon=True)
        pump.start()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it stays a zombie, so that its number is nobody else's yet
        with self._lock:
            self._signal(process, signal.SIGKILL)
            self._over = True
            code = process.wait()
        pump.join(1.0)  # the end of what was written; longer only if a process has left the group with the pipe in its hand
        detail = f"exit code {code}" if code >= 0 else f"signal {-code}"
        return Result(Outcome.DONE if code == 0 else Outcome.FAILED, detail, self._tail.text())

    def kill(self, hard: bool) -> None:
        with self._lock:
            self._killed = True
            if self._process is not None and not self._over:
                self._signal(self._process, signal.SIGKILL if hard else signal.SIGTERM)

    def _start(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._killed:
                return None
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                env=environment(self._message, os.environb),
                start_new_session=True,
            )
            return self._process

    @staticmethod
    def _signal(process: subprocess.Popen[bytes], number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):  # gone, or become another user's
            os.killpg(process.pid, number)

    def _pump(self, process: subprocess.Popen[bytes]) -> None:
        """Writes the body and reads the output at once, since a program may wait for either."""
        assert process.stdin is not None and process.stdout is not None
        left, written = memoryview(body(self._message)), 0
        with selectors.DefaultSelector() as selector, process.stdin, process.stdout:
            for pipe, event in ((process.stdin, selectors.EVENT_WRITE), (process.stdout, selectors.EVENT_READ)):
                os.set_blocking(pipe.fileno(), False)
                selector.register(pipe, event)
            while selector.get_map():
                ready = selector.select(0.2)
                if not ready and self._over:
                    return
                for key, _ in ready:
                    if key.fileobj is process.stdin:
                        left = self._write(process.stdin.fileno(), left)
                        if not left:
                            selector.unregister(process.stdin)
                            process.stdin.close()
                    else:
                        piece = os.read(process.stdout.fileno(), PIECE)
                        if not piece or (self._over and written > FLOOD):
                            return
                        self._tail.add(piece)
                        written += len(piece)
                        if written > FLOOD:
                            time.sleep(FLOOD_PAUSE)

    @staticmethod
    def _write(pipe: int, left: memoryview) -> memoryview:
        try:
            return left[os.write(pipe, left[:PIECE]) :] if left else left
        except BlockingIOError:
            return left
        except OSError:  # it does not want to read, which is its right
            return left[:0]
