"""Keeps the toy VPC as moto's EC2 says: boots what runs, plugs in what is attached, routes as the tables say.

Reads moto's objects in this very process, woken by each call that changes something, so that it adds a few milliseconds only.
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import secrets
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.iam.models import iam_backends

from .api import Api
from .machine import Machine
from .metadata import MetadataService, credentials_document
from .namespaces import Namespace
from .permissions import ACCOUNT, Caller
from .router import ControlPlane, Interface, Router

POLL = 0.02
PRIMARY_DEVICE = "ens5"
# what Auto Scaling and EC2 do not wait longer for
PATIENCE_WITH_SHUTDOWN = 40


@dataclass
class Fabric:
    router: Router
    api: Api
    region: str
    folder: Path
    certificate: str
    # applied to the user data of each instance before it boots; see README: what is not real
    edit_user_data: Callable[[str], str] = lambda text: text
    # seconds from the answer of an API call until packets feel it
    propagation: float = 0.0
    # seconds that a machine takes from its end to the state "terminated", and from its launch to its first process; a launch takes
    # longer, so that the next one finds the interface free
    termination: float = 0.2
    boot: float = 0.0
    machines: dict[str, Machine] = field(default_factory=dict)
    launches: list[tuple[float, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    observe: Callable[[float], None] = lambda _now: None

    def __post_init__(self) -> None:
        self.ec2 = ec2_backends[ACCOUNT][self.region]
        self.groups = autoscaling_backends[ACCOUNT][self.region]
        self._wake = threading.Event()
        self._woken_at: float | None = None
        self._stop = threading.Event()
        self._lock = threading.RLock()
        self._known: set[str] = set()
        self._ending: set[str] = set()
        self._seen = ControlPlane()
        self._due: deque[tuple[float, float, ControlPlane]] = deque()
        self._hot: dict[str, str] = {}
        self._callers: dict[str, Caller] = {}
        self._thread = threading.Thread(target=self._run, name="fabric", daemon=True)
        self.api.changed = self.wake

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        for machine in list(self.machines.values()):
            machine.remove()

    def wake(self) -> None:
        self._woken_at = self._woken_at or time.monotonic()
        self._wake.set()

    # -- the loop ----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(POLL)
            self._wake.clear()
            try:
                self._step()
            except Exception:
                self.problems.append(traceback.format_exc())
                time.sleep(0.1)

    def _step(self) -> None:
        now = time.monotonic()
        asked_at, self._woken_at = self._woken_at or now, None
        self.observe(now)
        plane = self._control_plane()
        if plane != self._seen:
            self._due.append((asked_at + self.propagation, asked_at, plane))
            self._seen = plane  # after it is due: see has_followed
        while self._due and self._due[0][0] <= time.monotonic():
            _, asked, due = self._due[0]
            with self._lock:
                self.router.apply(due)
            self._due.popleft()
            self.delays.append(time.monotonic() - asked - self.propagation)
        self._boot_launched()
        self._plug_attached()
        self._bury_dead()

    def has_followed(self) -> bool:
        """Whether packets go as the API says."""
        return self._control_plane() == self._seen and not self._due

    # -- routes and addresses ------------------------------------------------------------------

    def _control_plane(self) -> ControlPlane:
        routes = []
        for table in list(self.ec2.route_tables.values()):
            targets = tuple(
                (route.destination_cidr_block, self._target(route))
                for route in list(table._routes.values())
                if route.destination_cidr_block and not route.local
            )
            routes += [(subnet, targets) for subnet in table._associations.values() if subnet.startswith("subnet")]
        publics = {a.private_ip_address: a.public_ip for a in list(self.ec2.addresses) if a.eni is not None}
        for eni in list(self.ec2.enis.values()):
            if eni.public_ip and eni.instance is not None and eni.private_ip_address not in publics:
                publics[eni.private_ip_address] = eni.public_ip
        return ControlPlane(tuple(sorted(routes)), tuple(sorted(publics.items())))

    @staticmethod
    def _target(route: Any) -> str:
        if route.gateway is not None:
            return "igw"
        return route.interface.id if route.interface is not None else ""

    # -- interfaces -------------------------------------------------------------------------------

    def _plug_attached(self) -> None:
        for eni in list(self.ec2.enis.values()):
            owner = eni.instance.id if eni.instance is not None else None
            plugged = self._hot.get(eni.id)
            if plugged and plugged != owner:
                with self._lock:
                    self.router.unplug(eni.id)
                    del self._hot[eni.id]
                plugged = None
            machine = self.machines.get(owner or "")
            if owner and not plugged and machine and machine.init and eni.device_index != 0:
                with self._lock:
                    self.router.plug(
                        self._interface(eni), gateway_of(eni), machine.namespace, f"ens{5 + int(eni.device_index or 1)}", eni.mac_address
                    )
                    self._hot[eni.id] = owner

    @staticmethod
    def _interface(eni: NetworkInterface) -> Interface:
        addresses = tuple(item["PrivateIpAddress"] for item in eni.private_ip_addresses)
        first = (eni.private_ip_address or "",)
        return Interface(eni.id, eni.subnet.id, first + tuple(a for a in addresses if a != eni.private_ip_address), eni.source_dest_check)

    # -- instances ------------------------------------------------------------------------------------

    def _boot_launched(self) -> None:
        for instance in self.ec2.all_instances():
            if instance.id not in self._known and instance.state == "running":
                self._known.add(instance.id)
                self.launches.append((time.monotonic(), str(instance.availability_zone)))
                threading.Thread(target=self._guarded, args=(self._boot, instance), daemon=True).start()

    def _guarded(self, work: Callable[..., None], *arguments: Any) -> None:
        try:
            work(*arguments)
        except Exception:
            if not self._stop.is_set():
                self.problems.append(traceback.format_exc())

    def _boot(self, instance: Instance) -> None:
        time.sleep(self.boot)
        eni = instance.nics[0]
        namespace = Namespace(instance.id[-8:])
        namespace.sysctl(
            net__ipv4__ip_forward=0,
            net__ipv4__conf__all__rp_filter=0,
            # strict, as distributions have it: the agent has to know what it does
            net__ipv4__conf__default__rp_filter=1,
        )
        metadata = MetadataService(namespace, lambda: self._metadata(instance))
        folder = self.folder / instance.id
        folder.mkdir()
        machine = Machine(instance.id, str(instance.availability_zone), namespace, metadata, folder)
        with self._lock:
            self.router.plug(self._interface(eni), gateway_of(eni), namespace, PRIMARY_DEVICE, eni.mac_address)
        # what the image does by DHCP
        prefix = ipaddress.ip_network(eni.subnet.cidr_block).prefixlen
        namespace.ip_batch(
            [
                f"addr add {eni.private_ip_address}/{prefix} dev {PRIMARY_DEVICE}",
                f"link set {PRIMARY_DEVICE} up",
                f"route add default via {gateway_of(eni)} dev {PRIMARY_DEVICE}",
            ]
        )
        hosts = "127.0.0.1 localhost\n" + "".join(f"{address} {name}\n" for name, address in self.api.hosts().items())
        user_data = self.edit_user_data(base64.b64decode(str(instance.user_data or "")).decode())
        machine.boot(user_data, hosts, self.certificate, {})
        self.machines[instance.id] = machine

    def _metadata(self, instance: Instance) -> dict[str, str]:
        caller = self._caller(instance)
        primary = instance.nics[0]
        values = {
            "instance-id": instance.id,
            "mac": primary.mac_address,
            "local-ipv4": primary.private_ip_address or "",
            "public-ipv4": primary.public_ip or "",
            "placement/region": self.region,
            "placement/availability-zone": str(instance.availability_zone),
            f"iam/security-credentials/{caller.role}": credentials_document(caller.access_key, caller.secret, caller.token),
        }
        for index, eni in list(instance.nics.items()):
            base = f"network/interfaces/macs/{eni.mac_address}/"
            values |= {
                f"{base}device-number": str(index),
                f"{base}interface-id": eni.id,
                f"{base}local-ipv4s": "\n".join(item["PrivateIpAddress"] for item in eni.private_ip_addresses),
                f"{base}subnet-id": eni.subnet.id,
                f"{base}subnet-ipv4-cidr-block": eni.subnet.cidr_block,
            }
        return values

    def _caller(self, instance: Instance) -> Caller:
        known = self._callers.get(instance.id)
        if known is None:
            key = "ASIA" + instance.id[-16:].upper()
            role = self._role(instance)
            known = Caller(instance.id, str(instance.availability_zone), role, key, secrets.token_urlsafe(30), secrets.token_urlsafe(60))
            self._callers[instance.id] = self.api.callers[key] = known
        return known

    def _role(self, instance: Instance) -> str:
        wanted = self._launch_data(instance)["IamInstanceProfile"]
        for profile in iam_backends[ACCOUNT]["aws"].instance_profiles.values():
            if wanted.get("Arn") == profile.arn or wanted.get("Name") == profile.name:
                return str(profile.roles[0].name)
        raise LookupError(f"no instance profile {wanted}")

    def _launch_data(self, instance: Instance) -> dict[str, Any]:
        tags = {tag["key"]: tag["value"] for tag in instance.get_tags()}
        template = self.ec2.describe_launch_templates(template_ids=[tags["aws:ec2launchtemplate:id"]])[0]
        data: dict[str, Any] = template.get_version(tags["aws:ec2launchtemplate:version"]).data
        return data

    # -- their end --------------------------------------------------------------------------------------

    def _bury_dead(self) -> None:
        """Those that powered off by themselves; what a fault has killed waits for `replace`, which stands for the health check."""
        for instance_id, machine in list(self.machines.items()):
            if not machine.is_up() and not machine.crashed and instance_id not in self._ending:
                instance = self.ec2.get_instance(instance_id)
                if machine.process and machine.process.returncode != 0:
                    self.problems.append(f"{instance_id} died by itself ({machine.process.returncode}):\n{machine.journal()[-2000:]}")
                behaviour = self._launch_data(instance).get("InstanceInitiatedShutdownBehavior", "stop")
                if behaviour != "terminate":
                    self.problems.append(f"{instance_id} has powered off and will not be terminated: {behaviour}")
                self.terminate(instance_id)

    def terminate(self, instance_id: str, replace: bool = True) -> None:
        """As EC2 does: the machine hears of it, and what it had attached is free only when it is gone."""
        self._ending.add(instance_id)
        instance = self.ec2.get_instance(instance_id)
        instance._state.name, instance._state.code = "shutting-down", 32
        if replace:
            self.groups.notify_terminate_instances([instance_id])  # which launches the next one
        threading.Thread(target=self._guarded, args=(self._end, instance), daemon=True).start()

    def _end(self, instance: Instance) -> None:
        machine = self.machines.get(instance.id)
        if machine:
            machine.press_power_button()
            deadline = time.monotonic() + PATIENCE_WITH_SHUTDOWN
            while machine.is_up() and not machine.crashed and time.monotonic() < deadline:
                time.sleep(0.02)
            machine.kill()
        time.sleep(self.termination)
        with self._lock:
            plugged = [eni_id for eni_id, owner in self._hot.items() if owner == instance.id]
            for eni_id in [instance.nics[0].id, *plugged]:
                with contextlib.suppress(KeyError):
                    self.router.unplug(eni_id)
                self._hot.pop(eni_id, None)
            instance.terminate()
        if machine:
            machine.remove()
            self.machines.pop(instance.id, None)
        self.wake()

    # -- looking ------------------------------------------------------------------------------------------

    def machine_in(self, zone: str) -> Machine | None:
        """The newest one that is not on its way out."""
        found = [machine for machine in list(self.machines.values()) if machine.zone == zone and machine.instance_id not in self._ending]
        return found[-1] if found else None

    def interfaces_of(self, machine: Machine) -> list[str]:
        instance = self.ec2.get_instance(machine.instance_id)
        return [eni.id for eni in list(instance.nics.values())]


def gateway_of(eni: NetworkInterface) -> str:
    return str(ipaddress.ip_network(eni.subnet.cidr_block).network_address + 1)
