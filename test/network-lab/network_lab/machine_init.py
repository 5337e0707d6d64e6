"""Process 1 of an instance: mounts its files, runs its user data, and stands in for systemd.

Runs under the system's Python inside the instance's namespaces, with the standard library alone.  Nothing that runs here can
write to the files of the machine that runs the lab: its root is read-only, and what an instance may write lies on a tmpfs.
Its standard output is the journal; when its standard input ends, the lab was killed and so is the instance.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import socketserver
import subprocess
import sys
import threading
import time
from pathlib import Path

WRITABLE = ("/etc", "/var", "/opt", "/root", "/home", "/srv", "/usr/local")
FRESH = ("/run", "/tmp")
STUBS = ("systemctl", "dnf", "yum", "aws", "logger", "shutdown", "poweroff", "reboot")
CONTROL = "/run/lab-control"
SYSTEMD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
UNITS = Path("/etc/systemd/system")
# what an image of Amazon Linux 2023 brings along or finds in its repositories, as far as it is asked for
INSTALLED_UNITS = {"systemd-networkd.service", "systemd-sysctl.service", "amazon-ssm-agent.service"}
PACKAGES = {"nftables", "conntrack-tools", "iproute", "python3", "ethtool", "unzip", "tar", "awscli-2", "amazon-cloudwatch-agent"}
UNITS_OF_PACKAGES = {"nftables": "nftables.service", "conntrack-tools": "conntrackd.service"}
MODELLED = {
    *("Type", "Environment", "ExecStart", "Restart", "RestartSec", "RestartPreventExitStatus", "TimeoutStopSec", "KillMode"),
    *("Description", "After", "Wants", "Requires", "StartLimitIntervalSec", "StartLimitBurst", "WantedBy"),
}


def say(who: str, text: str) -> None:
    os.write(1, f"{time.monotonic():.3f} {who}: {text}\n".encode())


# -- files -----------------------------------------------------------------------------


def mount_files(state: str, hosts: str, stub: str) -> None:
    def mount(*arguments: str) -> None:
        subprocess.run(["mount", *arguments], check=True)

    mount("-t", "tmpfs", "tmpfs", state)
    for folder in WRITABLE:
        if os.path.isdir(folder):
            upper, work = f"{state}/upper{folder}", f"{state}/work{folder}"
            os.makedirs(upper)
            os.makedirs(work)
            mount("-t", "overlay", "overlay", "-o", f"lowerdir={folder},upperdir={upper},workdir={work}", folder)
    for folder in FRESH:
        mount("-t", "tmpfs", "tmpfs", folder)
    mount("-t", "sysfs", "sysfs", "/sys")  # shows the network devices of the namespace that mounts it
    mount("--bind", "/dev/null", "/dev/console")
    mount("-o", "remount,bind,ro", "/")
    for folder in ("/run/lock", "/usr/local/sbin", str(UNITS)):
        os.makedirs(folder, exist_ok=True)
    Path("/etc/hosts").write_text(hosts)
    for file in ("/etc/resolv.conf", "/etc/machine-id"):
        if os.path.lexists(file):
            os.unlink(file)
    Path("/etc/resolv.conf").write_text("nameserver 127.0.0.1\n")  # nobody there: names are in /etc/hosts or not at all
    for name in STUBS:
        path = Path("/usr/local/sbin", name)
        path.write_text(stub)
        path.chmod(0o755)


# -- units -----------------------------------------------------------------------------


class Unit:
    """A service as its unit file says, started anew as systemd would."""

    def __init__(self, name: str):
        self.name = name
        self.settings = read_unit(UNITS / name)
        self.process: subprocess.Popen[bytes] | None = None
        self.wanted = False
        self.changed = threading.Condition()
        self.restarts = 0

    def start(self) -> None:
        with self.changed:
            if self.wanted:
                return
            self.wanted = True
        threading.Thread(target=self.keep_running, daemon=True).start()

    def keep_running(self) -> None:
        while self.wanted:
            status = self.run_once()
            with self.changed:
                if not self.wanted or not self.restarts_after(status):
                    self.wanted = False
                    self.changed.notify_all()
                    return
                self.restarts += 1
                self.changed.wait_for(lambda: not self.wanted, self.seconds("RestartSec", 0.1))
        with self.changed:
            self.changed.notify_all()

    def run_once(self) -> int:
        environment = dict(DEFAULT_ENVIRONMENT, LAB_UNIT=self.name)
        for line in self.settings.get("Environment", []):
            environment.update(assignment.split("=", 1) for assignment in shlex.split(line))
        command = shlex.split(self.settings["ExecStart"][-1].lstrip("-@:+!"))
        try:
            self.process = subprocess.Popen(
                command, env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
            )
        except OSError as error:
            say("systemd", f"{self.name}: {error}")
            return 203
        KNOWN.add(self.process.pid)
        say("systemd", f"Started {self.name}")
        threading.Thread(target=copy_lines, args=(self.name, self.process.stdout), daemon=True).start()
        status = self.process.wait()
        kill_rest(self.name)
        say("systemd", f"{self.name}: Main process exited, status={status}")
        return status

    def restarts_after(self, status: int) -> bool:
        policy = self.text("Restart", "no")
        prevented = self.text("RestartPreventExitStatus", "").split()
        if str(status) in prevented or (status < 0 and signal.Signals(-status).name in prevented):
            return False
        clean = status == 0 or -status in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE)
        return policy == "always" or (policy == "on-failure" and not clean)

    def stop(self) -> None:
        with self.changed:
            if not self.wanted:
                return
            self.wanted = False
            self.changed.notify_all()
            process = self.process
        if process and process.poll() is None:
            process.terminate()
            try:
                process.wait(self.seconds("TimeoutStopSec", 90))
            except subprocess.TimeoutExpired:
                say("systemd", f"{self.name}: State 'stop-sigterm' timed out. Killing.")
                process.kill()
                process.wait()
        kill_rest(self.name)

    def is_active(self) -> bool:
        return self.wanted and self.process is not None and self.process.poll() is None

    def text(self, key: str, default: str) -> str:
        values = self.settings.get(key)
        return values[-1] if values else default

    def seconds(self, key: str, default: float) -> float:
        text = self.text(key, "")
        if not text:
            return default
        for suffix, factor in (("ms", 0.001), ("min", 60.0), ("s", 1.0)):
            if text.endswith(suffix):
                return float(text[: -len(suffix)]) * factor
        return float(text)


def read_unit(path: Path) -> dict[str, list[str]]:
    settings: dict[str, list[str]] = {}
    for line in path.read_text().replace("\\\n", " ").splitlines():
        line = line.strip()
        if line and line[0] not in "#;[" and "=" in line:
            key, value = line.split("=", 1)
            settings.setdefault(key.strip(), []).append(value.strip())
    for key in sorted(set(settings) - MODELLED):
        say("systemd", f"{path.name}: {key} is not modelled here")
    return settings


def copy_lines(who: str, stream) -> None:  # type: ignore[no-untyped-def]
    for line in stream:
        say(who, line.decode(errors="replace").rstrip("\n"))


def kill_rest(unit: str) -> None:
    """What the main process has started and left running, which systemd finds by the control group."""
    mark = f"LAB_UNIT={unit}\0".encode()
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) not in (1, os.getpid()):
            try:
                if mark in Path("/proc", entry, "environ").read_bytes():
                    os.kill(int(entry), signal.SIGKILL)
            except OSError:
                continue


def reap_orphans() -> None:
    """A zombie would look alive to whoever asks for it by its id."""
    while True:
        time.sleep(0.1)
        for entry in os.listdir("/proc"):
            if not entry.isdigit() or int(entry) in KNOWN:
                continue
            try:
                fields = Path("/proc", entry, "stat").read_text().rsplit(")", 1)[1].split()
                if fields[0] == "Z" and fields[1] == "1" and is_older_than_a_moment(fields):
                    os.waitpid(int(entry), os.WNOHANG)
            except (OSError, IndexError):
                continue


def is_older_than_a_moment(fields: list[str]) -> bool:
    """Not one that subprocess is about to wait for."""
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started > 0.5


# -- what the command stubs ask for -------------------------------------------------------


def systemctl(arguments: list[str]) -> tuple[int, str]:
    verbs = [argument for argument in arguments if not argument.startswith("-")]
    now = "--now" in arguments
    if not verbs:
        return 1, "systemctl: the stand-in needs a verb"
    verb, names = verbs[0], [name if "." in name else f"{name}.service" for name in verbs[1:]]
    if verb in ("poweroff", "halt"):
        return power_off()
    if verb in ("daemon-reload", "reset-failed"):
        return 0, ""
    for name in names:
        status, text = systemctl_one(verb, name, now)
        if status != 0:
            return status, text
    return 0, ""


def systemctl_one(verb: str, name: str, now: bool) -> tuple[int, str]:
    if name in INSTALLED:
        say("systemd", f"{verb} {name} (nothing to do here)")
        return 0, ""
    if not (UNITS / name).exists():
        return 5, f"Unit {name} not found."
    unit = RUNNING.get(name)
    if verb == "is-active":
        return (0, "active") if unit and unit.is_active() else (3, "inactive")
    if verb in ("stop", "restart", "disable") and unit and (verb != "disable" or now):
        unit.stop()
        RUNNING.pop(name, None)
    if verb in ("start", "restart") or (verb == "enable" and now):
        unit = RUNNING.setdefault(name, Unit(name))
        if not unit.wanted:
            unit = RUNNING[name] = Unit(name)
            unit.start()
    return 0, ""


def dnf(arguments: list[str]) -> tuple[int, str]:
    words = [argument for argument in arguments if not argument.startswith("-")]
    if not words or words[0] != "install":
        return 0, ""
    unknown = [package for package in words[1:] if package not in PACKAGES]
    say("dnf", " ".join(arguments))
    if unknown:
        return 1, f"Error: Unable to find a match: {' '.join(unknown)}"
    INSTALLED.update(UNITS_OF_PACKAGES[package] for package in words[1:] if package in UNITS_OF_PACKAGES)
    return 0, "Complete!"


def logger(arguments: list[str]) -> tuple[int, str]:
    tag = arguments[arguments.index("--tag") + 1] if "--tag" in arguments else arguments[arguments.index("-t") + 1] if "-t" in arguments else "logger"
    say(tag, arguments[-1] if arguments else "")
    return 0, ""


def power_off(_arguments: list[str] | None = None) -> tuple[int, str]:
    """In the background, as the caller is one of those that are stopped."""
    threading.Thread(target=stop_everything, daemon=True).start()
    return 0, ""


def stop_everything() -> None:
    if not STOPPING.acquire(blocking=False):
        return
    say("systemd", "Powering off")
    stops = [threading.Thread(target=unit.stop) for unit in list(RUNNING.values())]
    for stop in stops:
        stop.start()
    for stop in stops:
        stop.join()
    say("systemd", "Powered off")
    os._exit(0)


class Control(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        name, *arguments = json.loads(self.rfile.readline())
        handlers = {
            "systemctl": systemctl,
            "dnf": dnf,
            "yum": dnf,
            "logger": logger,
            "shutdown": power_off,
            "poweroff": power_off,
            "reboot": power_off,
        }
        try:
            status, text = handlers[name](arguments)
        except Exception as error:
            status, text = 70, f"the stand-in for {name} failed: {error!r}"
            say("systemd", text)
        self.wfile.write(json.dumps([status, text]).encode())


class ControlServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 32


# -- start --------------------------------------------------------------------------------


def run_user_data(script: str) -> None:
    path = Path("/var/lib/cloud/instance/scripts/part-001")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o700)
    environment = dict(DEFAULT_ENVIRONMENT)
    process = subprocess.Popen(
        [str(path)], env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    KNOWN.add(process.pid)
    copy_lines("cloud-init", process.stdout)
    say("cloud-init", f"user data ended with status {process.wait()}")


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text())
    user_data = Path(settings["userData"]).read_text()
    stub = Path(settings["stub"]).read_text()
    mount_files(settings["state"], settings["hosts"], stub)
    certificate = Path("/etc/lab-ca.pem")
    certificate.write_text(settings["certificate"])
    DEFAULT_ENVIRONMENT.update(settings["environment"], SSL_CERT_FILE=str(certificate))
    signal.signal(signal.SIGPWR, lambda *_: power_off())
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=ControlServer(CONTROL, Control).serve_forever, daemon=True).start()
    threading.Thread(target=reap_orphans, daemon=True).start()
    threading.Thread(target=run_user_data, args=(user_data,), daemon=True).start()
    while os.read(0, 1):
        pass
    os._exit(9)


DEFAULT_ENVIRONMENT = {"PATH": SYSTEMD_PATH, "LANG": "C.UTF-8"}
INSTALLED = set(INSTALLED_UNITS)
RUNNING: dict[str, Unit] = {}
KNOWN: set[int] = set()
STOPPING = threading.Lock()

if __name__ == "__main__":
    main()
