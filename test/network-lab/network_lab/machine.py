"""An instance that runs: namespaces of its own, its user data, and what may happen to it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from .metadata import MetadataService
from .namespaces import Namespace, run

HERE = Path(__file__).parent
INIT = HERE / "machine_init.py"
STUB = HERE / "machine_stub.py"
# the system's, not the one of the virtual environment: as on the instance
PYTHON = "/usr/bin/python3"


class Machine:
    """Boots at once; its journal is a file of the lab."""

    def __init__(self, instance_id: str, zone: str, namespace: Namespace, metadata: MetadataService, folder: Path):
        self.instance_id = instance_id
        self.zone = zone
        self.namespace = namespace
        self.metadata = metadata
        self.folder = folder
        self.journal_path = folder / "journal"
        self.process: subprocess.Popen[bytes] | None = None
        self.init = 0
        self.crashed = False

    def boot(self, user_data: str, hosts: str, certificate: str, environment: dict[str, str]) -> None:
        state = self.folder / "state"
        state.mkdir(parents=True)
        (self.folder / "user-data").write_text(user_data)
        settings = {
            "state": str(state),
            "userData": str(self.folder / "user-data"),
            "stub": str(STUB),
            "hosts": hosts,
            "certificate": certificate,
            "environment": environment,
        }
        (self.folder / "settings.json").write_text(json.dumps(settings))
        unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--uts", "--ipc", "--propagation", "private"]
        command = self.namespace.enter(*unshare, PYTHON, "-SE", str(INIT), str(self.folder / "settings.json"))
        with self.journal_path.open("ab") as journal:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=journal, stderr=journal, start_new_session=True)
        self.init = self._first_process()

    def _first_process(self) -> int:
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                found = children.read_text().split()
                if found:
                    return int(found[0])
            time.sleep(0.002)
        raise RuntimeError(f"{self.instance_id} does not boot:\n{self.journal()}")

    # -- what happens to it -----------------------------------------------------------

    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def press_power_button(self) -> None:
        """An orderly stop, which the units hear of."""
        self._signal(self.init, signal.SIGPWR)

    def kill(self) -> None:
        """All processes at once, as when the host dies."""
        if self.process and self.process.poll() is None:
            self._signal(self.init, signal.SIGKILL)
            self.process.kill()
            self.process.wait()

    def freeze(self) -> None:
        for process in self.processes():
            self._signal(process, signal.SIGSTOP)

    def thaw(self) -> None:
        for process in self.processes():
            self._signal(process, signal.SIGCONT)

    def execute(self, *command: str, check: bool = True, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command in the instance, as root at its console."""
        return run("nsenter", "--target", str(self.init), "--mount", "--net", "--pid", *command, check=check, stdin=stdin)

    def shell(self, script: str, check: bool = True) -> str:
        return self.execute(
            "/usr/bin/env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "bash", "-c", script, check=check
        ).stdout

    def processes(self) -> list[int]:
        """All of the instance, by their ids outside of it."""
        try:
            space = os.readlink(f"/proc/{self.init}/ns/pid")
        except OSError:
            return []
        found = []
        for entry in os.listdir("/proc"):
            with contextlib.suppress(OSError):
                if entry.isdigit() and os.readlink(f"/proc/{entry}/ns/pid") == space:
                    found.append(int(entry))
        return found

    def processes_of(self, unit: str) -> list[int]:
        mark = f"LAB_UNIT={unit}\0".encode()
        found = []
        for process in self.processes():
            with contextlib.suppress(OSError):
                if mark in Path(f"/proc/{process}/environ").read_bytes():
                    found.append(process)
        return found

    def journal(self) -> str:
        return self.journal_path.read_text(errors="replace") if self.journal_path.exists() else ""

    def remove(self) -> None:
        self.kill()
        if self.process and self.process.stdin:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        self.metadata.stop()
        self.namespace.delete()

    @staticmethod
    def _signal(process: int, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)
