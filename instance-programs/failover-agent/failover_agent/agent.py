"""The agent: threads that look and call, and one loop that judges."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import time
from collections.abc import Mapping
from functools import partial
from typing import Any, Callable

from aws_api.client import AwsClient
from aws_api.errors import AwsError, NoLongerWanted
from aws_api.imds import Imds, ImdsError
from aws_api.json_log import JsonLog
from aws_api.metrics import put_metrics
from instance_program.health_server import HealthServer
from instance_program.threads import begin, every

from .configuration import Configuration
from .connection_sync import ConnectionSync
from .decisions import Decisions, Move
from .interface import attached_device
from .machine import CONNTRACK_ROOM_PERCENT, Egress, MachineError, NatMachine
from .parts import Ec2Parts
from .peers import Watch
from .readings import Readings
from .sights import Answer

TICK = 0.05
SLEPT_AFTER = 2.0
"""Seconds without a turn of the loop after which nothing that was seen before counts."""

SETTLE = 2.0
"""Seconds that a planned stop waits after the last move, so that the routes have spread before the machine goes."""

STOP_WITHIN = 20.0
LOOK_UP_EVERY = 60.0
NOTICE_EVERY = 5.0
METRICS_EVERY = 60.0
REHEARSE_EVERY = 600.0
EXIT_INTERFACE_GONE = 75
"""EX_TEMPFAIL of sysexits.h; the unit starts the agent again."""

GIVE_UP_AFTER = 120.0
"""Seconds of being broken after which the machine ends itself, to be replaced, if a peer stands in."""

ADDRESS_SETTLES = 5.0
"""Seconds after which an address that was moved here has to lead out."""


class Agent:
    """Runs until it is told to stop. All judgement is in `Decisions`, which one thread alone changes."""

    def __init__(self, configuration: Configuration, ec2: AwsClient, cloudwatch: AwsClient, imds: Imds, log: JsonLog) -> None:
        self._configuration = configuration
        self._ec2, self._cloudwatch, self._imds, self._log = ec2, cloudwatch, imds, log
        self._events: queue.Queue[Callable[[], None]] = queue.Queue()
        self._decisions = Decisions(configuration)
        self._parts = Ec2Parts(ec2, configuration.objects)
        self._egress = Egress(configuration.nat.canaries, configuration.nat.vpc_cidrs, configuration.profile.timeout)
        self._stop = threading.Event()
        self._leave = threading.Event()
        self._fault: str | None = "not checked yet"
        self._readings = Readings(configuration)

    def stop(self) -> None:
        """What is held is pushed to a peer, and then run() returns. Safe in a signal handler."""
        self._leave.set()
        self._stop.set()

    def run(self) -> None:
        configuration = self._configuration
        every(METRICS_EVERY, self._send_metrics, "metrics")  # from the start: what is missing may be a permission
        device = attached_device(self._ec2, self._imds, configuration.interface, self._log, lambda: not self._stop.is_set(), self._refused)
        if device is None:
            return
        machine = NatMachine(configuration, device)
        sync = ConnectionSync(configuration, device.name) if configuration.nat.shared_addresses else None
        self._readings.machine, self._readings.egress = machine, self._egress
        self._allowed("DescribeNetworkInterfaces", "AttachNetworkInterface")
        self._egress.look_up()
        self._set_up(machine)
        self._check(machine, sync)
        self._take_events()  # before a peer can ask for it: who is red is believed at once
        HealthServer(configuration.address, configuration.health_port, self._report, well="green").start()
        self._log.write("started", member=configuration.member, device=device.name, fault=self._fault)
        for member, address in configuration.peers.items():
            Watch(member, address, configuration.health_port, configuration.profile, self._peer_answered).start()
        every(configuration.profile.interval, lambda: self._check(machine, sync), "self-check")
        every(LOOK_UP_EVERY, self._egress.look_up, "look-up")
        every(NOTICE_EVERY, self._look_for_notice, "notice")
        begin(self._rehearse)
        every(REHEARSE_EVERY, self._rehearse, "rehearsal")
        self._judge()
        if sync:
            sync.stop()

    # --- the loop; everything below until the next line runs in it alone

    def _judge(self) -> None:
        last = time.monotonic()
        ends: float | None = None
        while True:
            self._take_events()
            now = time.monotonic()
            if now - last > SLEPT_AFTER:
                self._log.write("slept", seconds=round(now - last, 1))
                self._decisions.woke()
            last = now
            if self._stop.is_set() and ends is None:
                ends = self._begin_to_stop(now)
            if self._decisions.reading_wanted(now):
                begin(self._read)
            for move in self._decisions.moves_wanted(now):
                begin(partial(self._move, move, self._since(move)))
            self._give_up_if_broken(now)
            self._readings.note_held(self._decisions.holds(), now)
            if ends is not None and self._leave.is_set() and (self._decisions.has_let_go() or now > ends):
                self._log.write("stopped", let_go=self._decisions.has_let_go())
                return

    def _take_events(self) -> None:
        try:
            self._events.get(timeout=TICK)()
            while True:
                self._events.get_nowait()()
        except queue.Empty:
            pass

    def _begin_to_stop(self, now: float) -> float:
        self._decisions.stopping = True
        self._fault = "stopping"
        self._log.write("stopping", holds=self._decisions.holds())
        return now + STOP_WITHIN

    def _since(self, move: Move) -> float | None:
        """When that which the move answers to was first seen."""
        failing = [self._decisions.failing_since(name) for name in self._decisions.owners(move.object) or () if name in self._configuration.peers]
        return min((since for since in failing if since is not None), default=None)

    def _give_up_if_broken(self, now: float) -> None:
        if self._decisions.red_for(now) < GIVE_UP_AFTER or not self._decisions.any_peer_up() or self._decisions.stopping:
            return
        self._log.write("giving up", fault=self._fault, red_seconds=round(self._decisions.red_for(now)))
        self._stop.set()  # so that this is said and done once
        subprocess.run(["systemctl", "poweroff"], check=False)

    # --- what other threads do; they tell the loop by an event

    def _peer_answered(self, member: str, answer: Answer, holds: tuple[str, ...]) -> None:
        def note() -> None:
            before = self._decisions.sight(member)
            self._decisions.peer_checked(time.monotonic(), member, answer, holds)
            after = self._decisions.sight(member)
            if before is not after:
                self._log.write("peer", member=member, sight=after.value, answer=answer.value)

        self._events.put(note)

    def _check(self, machine: NatMachine, sync: ConnectionSync | None) -> None:
        if not machine.has_device():
            self._log.write("interface gone")
            os._exit(EXIT_INTERFACE_GONE)  # the next start attaches it again, if nobody else has it
        fault = machine.fault()
        if fault is not None:
            self._log.write("repairing", fault=fault)
            self._set_up(machine)
            fault = machine.fault()
        fault = fault or self._fault_of_traffic(machine)
        if sync and not sync.keep_running():
            self._log.write("connections are not copied")
        if self._decisions.stopping:
            return
        if (fault is None) != (self._fault is None):
            self._log.write("self-check", green=fault is None, fault=fault)
        self._fault = fault
        self._events.put(lambda: self._decisions.self_checked(time.monotonic(), fault is None))

    def _set_up(self, machine: NatMachine) -> None:
        try:
            machine.set_up()
        except MachineError as error:
            self._log.write("set-up failed", problem=str(error))

    def _fault_of_traffic(self, machine: NatMachine) -> str | None:
        if machine.conntrack_used_percent() > CONNTRACK_ROOM_PERCENT:
            return "the table of connections is full"
        return None if self._egress.works(self._own_way_out()) else "no way out"

    def _own_way_out(self) -> str | None:
        """The address that traffic leaves by, where that is known for sure; None for the management address.

        An Elastic IP that moves is with whoever took it last: one that is held for a peer may have gone home a moment ago.
        """
        nat, member = self._configuration.nat, self._configuration.member
        if not nat.sources:
            return self._configuration.address
        held = self._readings.held_since.items()
        since = next((since for name, since in held if self._configuration.object(name).home == member), None)
        if since is None or time.monotonic() - since < ADDRESS_SETTLES:
            return None
        return nat.shared_addresses.get(member, nat.sources[member].address)

    def _read(self) -> None:
        try:
            owners: Mapping[str, frozenset[str]] | None = self._parts.read()
            self._allowed("DescribeRouteTables", "DescribeAddresses")
        except (AwsError, NoLongerWanted) as error:
            owners = None
            self._refused(error)
        foreign = sorted(self._parts.foreign)

        def note() -> None:
            before = {name: self._readings.owners.get(name) for name in owners or {}}
            self._decisions.owners_read(time.monotonic(), owners)
            for name, found in (owners or {}).items():
                if before[name] != found:
                    self._log.write("owners", object=name, owners=sorted(found))
            if foreign != self._readings.foreign:
                self._log.write("in foreign hands, left alone", parts=foreign)
            self._readings.owners.update(owners or {})
            self._readings.foreign = foreign

        self._events.put(note)

    def _move(self, move: Move, since: float | None) -> None:
        self._log.write("moving", object=move.object, to=move.to, why=move.why)
        started = time.monotonic()
        done = False
        try:
            self._parts.move(self._configuration.object(move.object), move.to, lambda: self._decisions.is_still_wanted(time.monotonic(), move))
            done = True
            self._allowed("ReplaceRoute", "AssociateAddress")
            ended = time.monotonic()
            self._log.write(
                "moved",
                object=move.object,
                to=move.to,
                why=move.why,
                call_seconds=round(ended - started, 3),
                **({"seconds": round(ended - since, 3)} if since is not None else {}),
            )
            if move.why == "takeover" and since is not None:
                self._readings.takeover_seconds = ended - since
        except NoLongerWanted:
            self._log.write("move no longer wanted", object=move.object, to=move.to)
        except AwsError as error:
            self._refused(error)
        if done and self._stop.is_set():
            time.sleep(SETTLE)
        self._events.put(lambda: self._decisions.moved(time.monotonic(), move.object, done))

    def _rehearse(self) -> None:
        """A permission that only a takeover needs is missed now, and not when a zone is lost."""
        for action, refusal in self._parts.rehearse(self._configuration.member).items():
            if refusal is None:
                self._allowed(action)
            else:
                self._refused(refusal)

    def _look_for_notice(self) -> None:
        try:
            if self._imds.get("spot/instance-action") is None:
                return
        except ImdsError:
            return
        if not self._stop.is_set():
            self._log.write("spot notice")
            self._stop.set()  # not to leave: it goes on translating, and stays red, until the machine goes

    def _send_metrics(self) -> None:
        values = self._readings.values(self._is_green())
        try:
            put_metrics(self._cloudwatch, self._configuration.namespace, self._configuration.dimensions, values)
            self._allowed("PutMetricData")
        except AwsError as error:
            self._refused(error)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, AwsError) and error.is_denied:
            if error.action not in self._readings.denied:
                self._log.write("permission missing", action=error.action, code=error.code, message=error.message)
            self._readings.denied.add(error.action)
        else:
            self._log.write("call failed", problem=str(error))

    def _allowed(self, *actions: str) -> None:
        self._readings.denied.difference_update(actions)

    def _report(self) -> dict[str, Any]:
        """What peers are told."""
        return {"member": self._configuration.member, "green": self._is_green(), "why": self._fault, "holds": list(self._readings.held_since)}

    def _is_green(self) -> bool:
        return self._fault is None and self._decisions.is_green(time.monotonic())
