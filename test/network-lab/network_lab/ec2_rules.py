"""What AWS does and moto leaves out, as far as a failover depends on it.

Kept here rather than among the patches of strict_moto: they are about instances that really run, which only the lab has.
"""

from __future__ import annotations

import ipaddress
import itertools
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces, instances, route_tables
from moto.ec2.models.elastic_ip_addresses import ElasticAddress, ElasticAddressBackend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.models.route_tables import Route, RouteBackend
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
from moto.ec2.responses.route_tables import RouteTables

RESERVED_AT_START = 4  # of each subnet, by AWS


class Refusal(EC2ClientError):
    def __init__(self, code: str, message: str):
        super().__init__(code, message)


def install() -> None:
    addresses = itertools.cycle(f"198.51.100.{number}" for number in range(1, 120))
    temporary = itertools.cycle(f"198.51.100.{number}" for number in range(120, 250))
    # moto gives 127.x, which no kernel routes
    elastic_ip_addresses.random_ip = lambda: next(addresses)  # type: ignore[attr-defined]
    elastic_network_interfaces.random_public_ip = lambda: next(temporary)  # type: ignore[attr-defined]
    elastic_network_interfaces.random_private_ip = free_address  # type: ignore[attr-defined]
    ElasticAddress.private_ip_address = property(private_address_of)  # type: ignore[assignment, method-assign]
    ElasticIPAddresses.associate_address = associate(ElasticIPAddresses.associate_address)  # type: ignore[method-assign]
    ElasticAddressBackend.disassociate_address = disassociate(ElasticAddressBackend.disassociate_address)  # type: ignore[method-assign]
    NetworkInterfaceBackend.attach_network_interface = attach(NetworkInterfaceBackend.attach_network_interface)  # type: ignore[method-assign]
    Route.state = property(state_of)  # type: ignore[assignment, method-assign]
    RouteBackend.replace_route = validate_first(RouteBackend.replace_route)  # type: ignore[method-assign]
    RouteTables.replace_route = with_dry_run(RouteTables.replace_route)  # type: ignore[method-assign]
    InstanceBackend.run_instances = with_interfaces_of_template(InstanceBackend.run_instances)  # type: ignore[method-assign]
    Instance.teardown_defaults = free_interfaces(Instance.teardown_defaults)  # type: ignore[method-assign]
    Subnet.get_available_subnet_ip = avoid_taken(Subnet.get_available_subnet_ip)  # type: ignore[method-assign]
    assert instances and route_tables  # the modules must be loaded before they are patched


# -- addresses ---------------------------------------------------------------------------------

_given: dict[str, itertools.count[int]] = {}


def free_address(cidr: str | None = None, ipv6: bool = False) -> str:
    """moto draws lots, and may draw the router's address."""
    network = ipaddress.ip_network(cidr or "10.0.0.0/8")
    counter = _given.setdefault(str(network), itertools.count(200 if network.num_addresses >= 256 else 8))
    return str(network.network_address + next(counter))


def avoid_taken(give: Any) -> Any:
    """moto knows only the addresses that it has given to instances, not those of interfaces that stand alone."""

    def give_free(self: Subnet, instance: Instance) -> str:
        while True:
            address: str = give(self, instance)
            taken = {item["PrivateIpAddress"] for eni in self.ec2_backend.enis.values() for item in eni.private_ip_addresses}
            if address not in taken:
                return address

    return give_free


def private_address_of(self: ElasticAddress) -> str | None:
    if self.eni is None:
        return None
    return getattr(self, "chosen_private_address", None) or self.eni.private_ip_address


def associate(original: Any) -> Any:
    """moto ignores PrivateIpAddress, asks for leave to re-associate, and leaves the association at the old interface."""

    def associate_as_aws(self: ElasticIPAddresses) -> Any:
        parameters = self._get_params()
        wanted = parameters.get("PrivateIpAddress")
        parameters.setdefault("AllowReassociation", True)  # the default in a VPC
        self._get_params = lambda: parameters  # type: ignore[method-assign]
        address = self.ec2_backend.address_by_allocation([parameters["AllocationId"]])[0] if "AllocationId" in parameters else None
        if address is None:
            return original(self)
        eni = self.ec2_backend.get_network_interface(parameters["NetworkInterfaceId"]) if "NetworkInterfaceId" in parameters else None
        if eni and wanted and wanted not in {item["PrivateIpAddress"] for item in eni.private_ip_addresses}:
            raise Refusal("InvalidParameterValue", f"The private IP address {wanted} is not assigned to {eni.id}")
        former = address.eni
        answer = original(self)
        address.chosen_private_address = wanted
        if former and former is not address.eni:
            former.public_ip = None
        displace(self.ec2_backend, address)
        show_on_primary_only(self.ec2_backend, address.eni)
        return answer

    return associate_as_aws


def displace(backend: Any, address: ElasticAddress) -> None:
    """A private address has one Elastic IP: who came first goes."""
    for other in backend.addresses:
        if other is not address and other.eni is address.eni and other.private_ip_address == address.private_ip_address:
            other.eni, other.instance, other.association_id = None, None, None


def show_on_primary_only(backend: Any, eni: NetworkInterface | None) -> None:
    """Its `public_ip` is that of the primary private address."""
    if eni:
        primary = [a.public_ip for a in backend.addresses if a.eni is eni and a.private_ip_address == eni.private_ip_address]
        eni.public_ip = primary[0] if primary else None


def disassociate(original: Any) -> Any:
    def disassociate_as_aws(self: Any, address: str | None = None, association_id: str | None = None) -> None:
        found = self.address_by_ip([address]) if address else self.address_by_association([association_id])
        original(self, address=address, association_id=association_id)
        found[0].chosen_private_address = None

    return disassociate_as_aws


# -- interfaces ----------------------------------------------------------------------------------


def attach(original: Any) -> Any:
    """moto moves an interface that is in use, and into another zone."""

    def attach_as_aws(self: Any, eni_id: str, instance_id: str, device_index: int) -> Any:
        eni, instance = self.get_network_interface(eni_id), self.get_instance(instance_id)
        if eni.instance is not None:
            raise Refusal("InvalidNetworkInterface.InUse", f"Interface: [{eni_id}] in use.")
        if eni.availability_zone != instance.availability_zone:
            raise Refusal("InvalidParameterCombination", "You may not attach a network interface to an instance if they are not in the same zone")
        if instance.state not in ("running", "stopped"):
            raise Refusal("IncorrectState", f"Instance '{instance_id}' is not 'running' or 'stopped'.")
        if int(device_index) in instance.nics:
            raise Refusal("InvalidParameterValue", f"Instance '{instance_id}' already has an interface attached at device index '{device_index}'.")
        return original(self, eni_id, instance_id, device_index)

    return attach_as_aws


def free_interfaces(original: Any) -> Any:
    """moto leaves them attached to the terminated instance for ever."""

    def teardown_and_free(self: Instance) -> None:
        original(self)
        for eni in list(self.nics.values()):
            if not eni.delete_on_termination and eni.id in self.ec2_backend.enis:
                self.detach_eni(eni)

    return teardown_and_free


def with_interfaces_of_template(run: Any) -> Any:
    """moto launches an Auto Scaling group's instances without the network interfaces of the launch template."""

    def run_with_interfaces(self: Any, image_id: str, count: int, user_data: Any, security_group_names: list[str], **kwargs: Any) -> Any:
        template = kwargs.get("launch_template")
        if template and not kwargs.get("nics"):
            data = self._get_template_from_args(template).data
            kwargs["nics"] = [primary_interface(spec) for spec in data.get("NetworkInterfaces") or []]
        return run(self, image_id, count, user_data, security_group_names, **kwargs)

    return run_with_interfaces


def primary_interface(spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "DeviceIndex": int(spec.get("DeviceIndex", 0)),
        "AssociatePublicIpAddress": is_true(spec.get("AssociatePublicIpAddress")),
        "DeleteOnTermination": is_true(spec.get("DeleteOnTermination", True)),
        "Groups": list(spec.get("Groups") or []),
    }


def is_true(value: Any) -> bool:
    return str(value).lower() == "true"


# -- routes ----------------------------------------------------------------------------------------


def state_of(self: Route) -> str:
    """moto's routes are active for ever."""
    nowhere = (self.interface is not None and self.interface.instance is None) or (self.instance is not None and self.instance.state != "running")
    return "blackhole" if nowhere else "active"


def validate_first(replace: Any) -> Any:
    """moto forgets the old target before it finds out that there is no such new one."""

    def validate_and_replace(self: Any, route_table_id: str, *args: Any, interface_id: str | None = None, **kwargs: Any) -> Any:
        table = self.get_route_table(route_table_id)
        if interface_id:
            eni = self.get_network_interface(interface_id)
            if eni.vpc_id != table.vpc_id:
                raise Refusal("InvalidParameterValue", f"route table {route_table_id} and interface {interface_id} belong to different networks")
        return replace(self, route_table_id, *args, interface_id=interface_id, **kwargs)

    return validate_and_replace


def with_dry_run(original: Any) -> Any:
    """moto does it all the same."""

    def refuse_dry_run(self: Any) -> Any:
        self.error_on_dryrun()
        return original(self)

    return refuse_dry_run
