"""The lab: a stack of ../app.ts that runs, and what may be done to it."""

from __future__ import annotations

import base64
import contextlib
import functools
import http.client
import itertools
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from . import faults, namespaces
from .api import Api
from .deploy import Cloud, synthesize
from .fabric import Fabric
from .machine import Machine
from .namespaces import Namespace
from .probes import Probe, Prober
from .router import Interface, Router

REGION = "eu-west-1"
CONFIGURATION = "/etc/cdk-fault-tolerance/failover-agent.json"
UNIT = "failover-agent.service"
INTERNET = Path(__file__).parent / "internet.py"
HOSTS = ("203.0.113.0", ["203.0.113.80"])
# instead of the half minute of the construct, so that a scenario takes seconds; the bench has its own
FAILBACK_AFTER = 1.0
NOBODY = "nobody"

Owners = dict[str, frozenset[str]]


@functools.cache
def assembly() -> Path:
    """Synthesized once in a process."""
    folder = tempfile.TemporaryDirectory(prefix=f"{namespaces.PREFIX}{os.getpid()}-assembly-")
    _kept.append(folder)
    return synthesize(Path(folder.name))


_kept: list[Any] = []


@dataclass(frozen=True)
class Part:
    kind: str
    id: str
    # member -> interface, or interface and address
    targets: dict[str, tuple[str, str | None]]


class Lab:
    """Use as a context.  Zones are named by their last letter: 'a' stands for eu-west-1a."""

    def __init__(self, stack: str, propagation: float = 0.0, failback_after: float | None = FAILBACK_AFTER):
        namespaces.clear_leftovers()
        self.stack = stack
        self.failback_after = failback_after
        self.propagation = propagation
        self.history: list[tuple[float, Owners]] = []
        self.objects: dict[str, list[Part]] = {}
        self.probers: dict[str, Prober] = {}
        self._lost_zones: set[str] = set()
        self._exits = contextlib.ExitStack()

    # -- up and down -----------------------------------------------------------------------

    def __enter__(self) -> Lab:
        try:
            self._start()
        except BaseException:
            self._exits.close()
            raise
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._exits.close()

    def _start(self) -> None:
        with ThreadPoolExecutor() as pool:
            synthesized = pool.submit(assembly)
            cloud = Cloud.get()
            cloud.reset()
            cloud.deploy(synthesized.result(), self.stack, REGION)
        folder = self._exits.enter_context(namespaces.scratch())
        self.folder = folder
        self.router = Router("10.0.0.0/16")
        self._exits.callback(self.router.namespace.delete)
        self.faults = faults.Faults()
        self.api = Api(REGION, self.faults)
        internet, aws = self._namespace("internet"), self._namespace("aws")
        self.router.plug_world("inet", internet, *HOSTS)
        self.router.plug_world("aws", aws, "192.0.2.0", list(self.api.hosts().values()))
        certificate = self.api.serve(aws, folder)
        self._exits.callback(self.api.stop)
        self._serve_internet(internet)
        self.fabric = Fabric(self.router, self.api, REGION, folder, certificate, self._edit_user_data, self.propagation, observe=self._observe)
        self._exits.callback(self.fabric.stop)
        self.fabric.start()
        hosts = self._plug_hosts()
        self.zones = sorted(hosts)
        self.wait(lambda: len(self.machines()) == len(self.zones), 20, "the instances to boot")
        self._read_configuration()
        self.wait_until_home(40)
        # what is asked before somebody translates takes a second to be lost
        for zone, namespace in hosts.items():
            self.probers[zone] = Prober(zone, namespace)
            self._exits.callback(self.probers[zone].stop)
        self.wait_until_home(10)

    def _namespace(self, name: str) -> Namespace:
        made = Namespace(name)
        self._exits.callback(made.delete)
        return made

    def _serve_internet(self, namespace: Namespace) -> None:
        process = subprocess.Popen(namespace.enter(sys.executable, str(INTERNET)), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._exits.callback(process.wait)
        self._exits.callback(process.kill)
        assert process.stdout
        process.stdout.readline()

    def _plug_hosts(self) -> dict[str, Namespace]:
        """One host in the private subnet of each zone."""
        hosts: dict[str, Namespace] = {}
        for subnet in self._private_subnets():
            zone = subnet.availability_zone[-1]
            if zone in hosts:
                continue
            namespace = hosts[zone] = self._namespace(f"host-{zone}")
            base = subnet.cidr_block.rsplit("/", 1)[0].rsplit(".", 1)[0]
            address, gateway, prefix = f"{base}.10", f"{base}.1", subnet.cidr_block.rsplit("/", 1)[1]
            self.router.plug(Interface(f"host-{zone}", subnet.id, (address,), True), gateway, namespace, "eth0")
            namespace.ip_batch([f"addr add {address}/{prefix} dev eth0", "link set eth0 up", f"route add default via {gateway}"])
        return hosts

    def _private_subnets(self) -> list[Any]:
        """Whose default route leads to an interface."""
        tables = [t for t in self.fabric.ec2.route_tables.values() if any(r.interface is not None for r in t._routes.values())]
        identifiers = [subnet for table in tables for subnet in table._associations.values()]
        return sorted((self.fabric.ec2.get_subnet(identifier) for identifier in identifiers), key=lambda subnet: str(subnet.cidr_block))

    def _edit_user_data(self, text: str) -> str:
        """The configuration travels encoded, since it holds values that are known at deployment only."""
        if self.failback_after is None:
            return text

        def shorten(found: re.Match[str]) -> str:
            decoded = base64.b64decode(found[1]).decode()
            edited = re.sub(r'("failbackAfterSeconds":)[\d.]+', rf"\g<1>{self.failback_after}", decoded)
            return f"<<< '{base64.b64encode(edited.encode()).decode()}'"

        return re.sub(r"<<< '([A-Za-z0-9+/=]+)'", shorten, text)

    def _read_configuration(self) -> None:
        """What belongs together the lab learns from the instances' own configuration."""
        machine = self.machines()[0]
        self.wait(lambda: machine.execute("test", "-s", CONFIGURATION, check=False).returncode == 0, 20, "the user data to write the configuration")
        self.configuration = json.loads(machine.execute("cat", CONFIGURATION).stdout)
        for one in self.configuration["objects"]:
            parts = []
            for part in one["parts"]:
                if part["type"] == "route":
                    parts.append(Part("route", part["table"], {letter(zone): (target, None) for zone, target in part["targets"].items()}))
                else:
                    targets = {letter(zone): (target["interface"], target["address"]) for zone, target in part["targets"].items()}
                    parts.append(Part("address", part["allocation"], targets))
            self.objects[letter(one["name"])] = parts
        self.interfaces = {zone: next(p for p in parts if p.kind == "route").targets[zone][0] for zone, parts in self.objects.items()}
        self.private = {letter(zone): address for zone, address in self.configuration["peers"].items()}
        self.private[letter(self.configuration["member"])] = self.configuration["interface"]["address"]

    # -- looking ------------------------------------------------------------------------------

    def machines(self) -> list[Machine]:
        return [machine for machine in (self.fabric.machine_in(f"{REGION}{zone}") for zone in self.zones) if machine]

    def machine(self, zone: str) -> Machine:
        found = self.fabric.machine_in(f"{REGION}{zone}")
        if found is None:
            raise LookupError(f"no instance in zone {zone}")
        return found

    def owners(self) -> Owners:
        """The zones that the parts of each object point to."""
        return {zone: frozenset(self._owner(part) for part in parts) for zone, parts in self.objects.items()}

    def _owner(self, part: Part) -> str:
        if part.kind == "route":
            route = next((r for r in self.fabric.ec2.route_tables[part.id]._routes.values() if r.destination_cidr_block == "0.0.0.0/0"), None)
            target: tuple[str | None, str | None] = (route.interface.id if route and route.interface else None, None)
        else:
            address = next(a for a in self.fabric.ec2.addresses if a.allocation_id == part.id)
            target = (address.eni.id, address.private_ip_address) if address.eni else (None, None)
        if target[0] is None:
            return NOBODY
        return next((zone for zone, wanted in part.targets.items() if wanted == target), f"stranger {target}")

    def _observe(self, now: float) -> None:
        owners = self.owners()
        if owners and (not self.history or self.history[-1][1] != owners):
            self.history.append((now, owners))

    def public_address(self, zone: str) -> str | None:
        """That which traffic of the interface of the zone shows: perAz."""
        return next((a.public_ip for a in self.fabric.ec2.addresses if a.private_ip_address == self.private[zone]), None)

    def health(self, zone: str) -> tuple[int, dict[str, Any]] | None:
        """What a peer would be told; None when there is no answer."""
        try:
            connected = self.router.namespace.within(lambda: socket.create_connection((self.private[zone], self.configuration["healthPort"]), 0.5))
        except OSError:
            return None
        connection = http.client.HTTPConnection(self.private[zone])
        connection.sock = connected
        with contextlib.closing(connection), contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        return None

    def is_green(self, zone: str) -> bool:
        answer = self.health(zone)
        return answer is not None and answer[0] == 200

    def is_settled(self, zone: str) -> bool:
        """Whether the agent of the zone is well and knows that it has its own and nothing else."""
        answer = self.health(zone)
        return answer is not None and answer[0] == 200 and answer[1].get("holds") == [f"{REGION}{zone}"]

    def sees_all(self, zone: str) -> bool:
        """Whether the agent of the zone has seen all others up: one that it has never seen it takes for one that is starting."""
        sights = {line["member"]: line["sight"] for line in self.agent_log(zone) if line.get("event") == "peer"}
        return all(sights.get(f"{REGION}{other}") == "up" for other in self.zones if other != zone)

    def lost(self, since: float, *besides: str) -> list[tuple[str, Probe]]:
        """What got no answer, and in which zone; some zones may be left out."""
        return [(zone, probe) for zone, prober in self.probers.items() if zone not in besides for probe in prober.lost(since)]

    def is_home(self) -> bool:
        return all(found == {zone} for zone, found in self.owners().items())

    def held_by(self, zone: str, owner: str) -> bool:
        return self.owners()[zone] == {owner}

    def agent_log(self, zone: str, since: float = 0.0) -> list[dict[str, Any]]:
        """The lines that the agent of the zone has written, of all its starts on the present instance."""
        found = []
        for line in self.machine(zone).journal().splitlines():
            stamp, _, rest = line.partition(" ")
            who, _, text = rest.partition(": ")
            if who == UNIT and text.startswith("{") and float(stamp) >= since:
                with contextlib.suppress(ValueError):
                    found.append({"at": float(stamp), **json.loads(text)})
        return found

    # -- waiting --------------------------------------------------------------------------------

    def wait(self, condition: Callable[[], bool], seconds: float, what: str) -> float:
        """Returns when it came true."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds} s for {what}\n{self.report()}")
            time.sleep(0.01)
        return time.monotonic()

    def wait_until_home(self, seconds: float) -> float:
        def settled() -> bool:
            well = (
                self.is_home()
                and not any(p.is_losing() for p in self.probers.values())
                and all(self.is_settled(zone) and self.sees_all(zone) for zone in self.zones)
            )
            return well and self.fabric.has_followed()

        return self.wait(settled, seconds, "every zone to be well and to have its own")

    def pause(self, seconds: float) -> float:
        time.sleep(seconds)
        return time.monotonic()

    def report(self) -> str:
        lines = [f"owners {self.owners()}"]
        for machine in self.machines():
            lines += [f"-- {machine.zone} {machine.instance_id}", *machine.journal().splitlines()[-25:]]
        lines += self.fabric.problems[-3:]
        lines += [f"{call.at:.3f} {call.zone} {call.action} {call.code}" for call in self.api.calls[-20:]]
        return "\n".join(lines)

    # -- what happens to a zone ---------------------------------------------------------------------

    def crash(self, zone: str) -> float:
        """The instance is gone from one packet to the next, and nobody says so."""
        machine = self.machine(zone)
        machine.crashed = True
        moment = time.monotonic()
        self.router.silence(self.fabric.interfaces_of(machine))
        machine.kill()
        return moment

    def replace(self, zone: str) -> None:
        """What Auto Scaling does a minute or two later."""
        self.fabric.terminate(self.machine(zone).instance_id)

    def lose_zone(self, zone: str) -> float:
        """The instance and the hosts of the zone; nothing can be launched there."""
        from strict_moto import outages

        outages.lost_zones(self.fabric.ec2).add(f"{REGION}{zone}")
        moment = self.crash(zone)
        self.router.silence([f"host-{zone}"])
        self._lost_zones.add(zone)
        return moment

    def is_cut_off(self, zone: str) -> bool:
        """Whether its hosts are gone as well."""
        return zone in self._lost_zones

    def restore_zone(self, zone: str) -> None:
        from strict_moto import outages

        outages.lost_zones(self.fabric.ec2).discard(f"{REGION}{zone}")
        self._lost_zones.discard(zone)
        self.router.hear()
        self.replace(zone)

    def stop_orderly(self, zone: str) -> float:
        """As a scale-in, an instance refresh or a terminate call does."""
        moment = time.monotonic()
        self.fabric.terminate(self.machine(zone).instance_id)
        return moment

    def shell(self, zone: str, script: str) -> float:
        moment = time.monotonic()
        self.machine(zone).shell(script)
        return moment

    def break_program(self, zone: str, path: str) -> float:
        """From now on the program only fails, whoever calls it and how."""
        return self.shell(zone, f"printf '#!/bin/bash\\nexit 1\\n' > /tmp/broken; chmod 755 /tmp/broken; mount --bind /tmp/broken {path}")

    def mend_program(self, zone: str, path: str) -> float:
        return self.shell(zone, f"umount {path}")

    def device(self, zone: str) -> str:
        """What the interface that stays is called on the instance."""
        return "ens6"

    def kill_agent(self, zone: str, number: signal.Signals = signal.SIGKILL) -> float:
        moment = time.monotonic()
        processes = self.machine(zone).processes_of(UNIT)
        for process in processes:
            Machine._signal(process, number)
        if not processes:
            raise LookupError(f"no agent runs in zone {zone}")
        return moment

    def partition(self, one: str, other: str) -> float:
        """Their instances do not see each other."""
        moment = time.monotonic()
        self.router.cut(self._between(one, other))
        return moment

    def isolate(self, zone: str) -> float:
        """Its instance sees none of the others."""
        moment = time.monotonic()
        self.router.cut([pair for other in self.zones if other != zone for pair in self._between(zone, other)])
        return moment

    def _between(self, one: str, other: str) -> list[tuple[str, str]]:
        """Of all interfaces: an agent asks by the primary one and is asked at the one that stays."""
        return list(itertools.product(self._addresses(one), self._addresses(other)))

    def _addresses(self, zone: str) -> list[str]:
        interfaces = self.fabric.interfaces_of(self.machine(zone))
        return [address for interface in interfaces for address in self.router.ports[interface].interface.addresses]

    def mend(self) -> None:
        self.router.mend()

    def forget_quarrels(self) -> None:
        """Agents stand back for half a minute and more after one; those that start anew know of none."""
        self.mend()
        for zone in self.zones:
            self.kill_agent(zone)

    def lose_address(self, zone: str) -> float:
        """Somebody takes the Elastic IP away."""
        moment = time.monotonic()
        address = next(a for a in self.fabric.ec2.addresses if a.private_ip_address == self.private[zone])
        self._lost = (address.allocation_id, address.eni.id)
        self.fabric.ec2.disassociate_address(association_id=address.association_id)
        self.fabric.wake()
        return moment

    def return_address(self) -> None:
        allocation, interface = self._lost
        eni = self.fabric.ec2.get_network_interface(interface)
        self.fabric.ec2.associate_address(eni=eni, allocation_id=allocation, reassociate=True)
        self.fabric.wake()

    # -- between scenarios --------------------------------------------------------------------------

    def reset(self, seconds: float = 60) -> None:
        """All faults end, and the lab waits until all is as at the start."""
        self.faults.lift_all()
        self.mend()
        for prober in self.probers.values():
            prober.drop()
        for zone in self.zones:
            machine = self.fabric.machine_in(f"{REGION}{zone}")
            if machine is None:
                continue
            machine.thaw()
            if machine.crashed:
                self.replace(zone)
        self.wait(lambda: all(m.is_up() for m in self.machines()) and len(self.machines()) == len(self.zones), 20, "all instances to run")
        self.wait_until_home(seconds)
        problems, self.fabric.problems = self.fabric.problems, []
        if problems:
            raise AssertionError("\n".join(problems))

    def check_owners(self, since: float, split_for: float = 1.0) -> None:
        """Only members own, and the parts of an object are at different ones for a moment only."""
        relevant = [(at, owners) for at, owners in self.history if at >= since]
        before = [entry for entry in self.history if entry[0] < since][-1:]
        timeline = [*before, *relevant, (time.monotonic(), self.owners())]
        for zone in self.objects:
            split_since: float | None = None
            for at, owners in timeline:
                strangers = owners[zone] - set(self.zones) - {NOBODY}
                if strangers:
                    raise AssertionError(f"{zone} belongs to {strangers}")
                if split_since is not None and at - split_since > split_for:
                    raise AssertionError(f"the parts of {zone} were at {owners[zone]} for {at - split_since:.2f} s\n{self.report()}")
                split_since = (split_since or at) if len(owners[zone]) > 1 else None

    def moves(self, since: float, zones: Iterable[str] | None = None) -> list[tuple[float, str, frozenset[str]]]:
        """When the owners of an object became others, and which."""
        found = []
        for (_, before), (at, after) in itertools.pairwise(self.history):
            found += [(at, zone, after[zone]) for zone in (zones or after) if at >= since and before[zone] != after[zone]]
        return found


def letter(zone: str) -> str:
    return zone[-1]


def seeded(seed: int | None) -> tuple[random.Random, int]:
    """A source of chance, and what to give to have the same again."""
    chosen = seed if seed is not None else random.SystemRandom().randrange(1_000_000)
    return random.Random(chosen), chosen
