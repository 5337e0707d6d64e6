"""What no service can be asked for: a zone that is lost, an instance that dies, and the health check that finds it out.

Over HTTP, as moto's own reset is: `PUT` and `DELETE /moto-api/emulator/lost-zones/<zone>`,
`DELETE /moto-api/emulator/instances/<id>` and `POST /moto-api/emulator/health-checks`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, autoscaling_backends
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.instances import Instance, InstanceBackend, StateReason
from moto.elbv2.models import elbv2_backends
from moto.moto_api._internal import urls

from . import aws

PATH = "/moto-api/emulator/"


class InsufficientInstanceCapacity(EC2ClientError):
    code = "InsufficientInstanceCapacity"
    message = "We currently do not have sufficient capacity in the Availability Zone you requested ({zone})."


def install() -> None:
    InstanceBackend.run_instances = refuse_in_lost_zones(InstanceBackend.run_instances)  # type: ignore[method-assign]
    served = {"lost-zones/(?P<zone>[^/]+)$": change_zone, "instances/(?P<id>[^/]+)$": kill, "health-checks$": check_health}
    urls.url_paths |= {f"{{0}}{PATH}{path}": answer(step) for path, step in served.items()}


def answer(step: Callable[[str, str], None]) -> Any:
    """Hands the method and the last part of the path to the step."""

    def respond(request: Any, full_url: str, _headers: Any) -> tuple[int, dict[str, str], str]:
        try:
            step(request.method, full_url.split("?")[0].split("/")[-1])
        except LookupError as error:
            return 404, {}, json.dumps({"message": str(error)})
        return 200, {}, "{}"

    return respond


def lost_zones(backend: EC2Backend) -> set[str]:
    """Kept at the backend, so that the next reset forgets them."""
    zones: set[str] = vars(backend).setdefault("lost_zones", set())
    return zones


def change_zone(method: str, zone: str) -> None:
    region = zone[:-1]
    backend = ec2_backends[aws.ACCOUNT_ID][region]
    if zone not in {known.name for known in backend.describe_availability_zones()}:
        raise LookupError(f"no zone {zone}")
    if method == "DELETE":
        lost_zones(backend).discard(zone)
        return
    lost_zones(backend).add(zone)
    die(region, [instance for instance in backend.all_instances() if instance.availability_zone == zone])


def kill(_method: str, instance_id: str) -> None:
    for region, backend in list(ec2_backends[aws.ACCOUNT_ID].items()):
        found = [instance for instance in backend.all_instances() if instance.id == instance_id]
        if found:
            die(region, found)
            return
    raise LookupError(f"no instance {instance_id}")


def die(region: str, instances: list[Instance]) -> None:
    """Without the Auto Scaling API, which would replace them at once, and whatever protects them from EC2's."""
    running = [instance for instance in instances if instance.state != "terminated"]
    for instance in running:
        instance.terminate()
        instance.state_reason = StateReason("Server.InternalError: taken away by a test", "Server.InternalError")
    dead = {instance.id for instance in running}
    for group in autoscaling_backends[aws.ACCOUNT_ID][region].autoscaling_groups.values():
        group.instance_states = [state for state in group.instance_states if state.instance.id not in dead]
    elbv2_backends[aws.ACCOUNT_ID][region].notify_terminate_instances(list(dead))


def check_health(_method: str, _path: str) -> None:
    """What Auto Scaling does every so often by itself: every group gets back to its desired capacity, if it can."""
    for backend in list(autoscaling_backends[aws.ACCOUNT_ID].values()):
        for group in list(backend.autoscaling_groups.values()):
            replace_missing(backend, group)


def replace_missing(backend: AutoScalingBackend, group: FakeAutoScalingGroup) -> None:
    unhealthy = [state for state in group.active_instances() if state.instance.state != "running"]
    if unhealthy:
        backend.ec2_backend.terminate_instances([state.instance.id for state in unhealthy])
        group.instance_states = [state for state in group.instance_states if state not in unhealthy]
    group.set_desired_capacity(group.desired_capacity)


def refuse_in_lost_zones(run: Any) -> Any:
    def run_elsewhere(self: EC2Backend, *args: Any, **kwargs: Any) -> Any:
        zone = zone_asked_for(self, kwargs)
        if zone in lost_zones(self):
            raise InsufficientInstanceCapacity(zone=zone)
        return run(self, *args, **kwargs)

    return run_elsewhere


def zone_asked_for(backend: EC2Backend, asked: dict[str, Any]) -> str:
    """The zone that moto will choose: of the subnet, of the network interface, as named, or the first."""
    interfaces = asked.get("nics") or []
    subnets = [asked.get("subnet_id"), *(interface.get("SubnetId") for interface in interfaces)]
    subnets += [backend.get_network_interface(i["NetworkInterfaceId"]).subnet.id for i in interfaces if "NetworkInterfaceId" in i]
    subnet = next((subnet for subnet in subnets if subnet), None)
    zone: str = backend.get_subnet(subnet).availability_zone if subnet else asked.get("placement") or f"{backend.region_name}a"
    return zone
