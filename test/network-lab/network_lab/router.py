"""The VPC and its internet gateway: one namespace that routes as the route tables say.

It is stateless throughout: an Elastic IP is a rewrite of the address in either direction, as in AWS, so that only the NAT
instances know of connections.  And it is silent: what has nowhere to go is dropped without a word, or failures would look
faster than they are.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from .namespaces import Namespace

FIRST_TABLE = 1000

RULES = """
table ip vpc {
  set world { type ifname; elements = { "inet", "aws" } }
  map to_private { type ipv4_addr : ipv4_addr; }
  map to_public { type ipv4_addr : ipv4_addr; }
  set with_public { type ipv4_addr; }
  set dead { type ifname; }
  set checked { type ifname; }
  set own { type ifname . ipv4_addr; }
  set cut { type ipv4_addr . ipv4_addr; }
  chain incoming {
    type filter hook prerouting priority -300; policy accept;
    iifname @dead drop
    notrack
    iifname @world ip daddr set ip daddr map @to_private
    iifname @world ip daddr != VPC drop
  }
  chain through {
    type filter hook forward priority 0; policy accept;
    oifname @dead drop
    ip saddr . ip daddr @cut drop
    iifname @checked iifname . ip saddr != @own drop
    oifname @checked oifname . ip daddr != @own drop
    oifname @world ip saddr != @with_public drop
  }
  chain outgoing {
    type filter hook postrouting priority 300; policy accept;
    oifname @world ip saddr set ip saddr map @to_public
  }
  chain own_words {
    type filter hook output priority 0; policy accept;
    icmp type { destination-unreachable, redirect, time-exceeded } drop
  }
}
"""


@dataclass(frozen=True)
class Interface:
    """A network interface that is plugged in: what the router has to know of it."""

    id: str
    subnet: str
    addresses: tuple[str, ...]
    checked: bool


@dataclass(frozen=True)
class ControlPlane:
    """What the API was told, and what takes a while until packets feel it."""

    # subnet -> destination and target: an interface's id, "igw", or "" for nowhere
    routes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    # private address -> public address
    publics: tuple[tuple[str, str], ...] = ()


@dataclass
class Port:
    device: str
    interface: Interface


@dataclass
class Router:
    vpc_cidr: str
    ports: dict[str, Port] = field(default_factory=dict)
    applied: ControlPlane = ControlPlane()

    def __post_init__(self) -> None:
        self.namespace = Namespace("vpc")
        self._numbers = itertools.count(1)
        self._tables: dict[str, int] = {}
        self.namespace.sysctl(
            net__ipv4__ip_forward=1,
            net__ipv4__conf__all__rp_filter=0,
            net__ipv4__conf__default__rp_filter=0,
            net__ipv4__conf__all__send_redirects=0,
            net__ipv4__conf__default__send_redirects=0,
        )
        self.namespace.execute("nft", "-f", "-", stdin=RULES.replace("VPC", self.vpc_cidr))
        self.namespace.ip("rule", "add", "pref", "100", "to", self.vpc_cidr, "lookup", "main")

    # -- cables ----------------------------------------------------------------------

    def plug_world(self, name: str, namespace: Namespace, network: str, addresses: list[str]) -> None:
        """Connect what is outside the VPC; `network` is a /24, of which the router takes .1"""
        gateway = network.rsplit(".", 1)[0] + ".1"
        self.namespace.ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", namespace.name)
        self.namespace.ip_batch([f"addr add {gateway}/24 dev {name}", f"link set {name} up"])
        namespace.ip_batch([*(f"addr add {address}/24 dev eth0" for address in addresses), "link set eth0 up", f"route add default via {gateway}"])

    def plug(self, interface: Interface, gateway: str, namespace: Namespace, device: str, mac: str | None = None) -> None:
        """Connect an interface: it appears there as `device`, down and without an address, as one that is hot-plugged does."""
        port = f"n{next(self._numbers)}"
        hardware = ["address", mac] if mac else []
        self.namespace.ip("link", "add", port, "type", "veth", "peer", "name", device, *hardware, "netns", namespace.name)
        # answers for the whole subnet, since each interface has a cable of its own
        self.namespace.sysctl(**{f"net__ipv4__conf__{port}__proxy_arp": 1, f"net__ipv4__neigh__{port}__proxy_delay": 0})
        self.namespace.ip_batch(
            [
                f"addr add {gateway}/32 dev {port}",
                f"link set {port} up",
                *(f"route replace {address}/32 dev {port}" for address in interface.addresses),
                f"rule add pref {FIRST_TABLE + int(port[1:])} iif {port} lookup {self.table_of(interface.subnet)}",
            ]
        )
        self.ports[interface.id] = Port(port, interface)
        self._restate()

    def unplug(self, interface_id: str) -> None:
        port = self.ports.pop(interface_id)
        self.namespace.ip("rule", "del", "pref", str(FIRST_TABLE + int(port.device[1:])), check=False)
        self.namespace.ip("link", "del", port.device, check=False)
        self._restate()

    def change(self, interface: Interface) -> None:
        """Other addresses, or the check of source and destination switched."""
        port = self.ports[interface.id]
        gone = set(port.interface.addresses) - set(interface.addresses)
        self.namespace.ip_batch(
            [
                *(f"route replace {address}/32 dev {port.device}" for address in interface.addresses),
                *(f"route del {address}/32 dev {port.device}" for address in gone),
            ]
        )
        port.interface = interface
        self._restate()

    # -- routes and addresses ----------------------------------------------------------

    def apply(self, plane: ControlPlane) -> None:
        self.applied = plane
        self._restate()

    def _restate(self) -> None:
        batch = []
        for subnet, routes in self.applied.routes:
            for destination, target in routes:
                batch += self._route(self.table_of(subnet), destination, target)
        self.namespace.ip_batch(batch)
        ports = self.ports.values()
        checked = [f'"{port.device}"' for port in ports if port.interface.checked]
        own = [f'"{port.device}" . {address}' for port in ports for address in port.interface.addresses]
        publics = self.applied.publics
        contents = {
            "checked": checked,
            "own": own,
            "to_public": [f"{private} : {public}" for private, public in publics],
            "to_private": [f"{public} : {private}" for private, public in publics],
            "with_public": [private for private, _ in publics],
        }
        self._fill(contents)

    def _route(self, table: int, destination: str, target: str) -> list[str]:
        if target == "igw":
            return [f"route replace {destination} dev inet table {table} via 203.0.113.80", f"route replace 192.0.2.0/24 dev aws table {table}"]
        port = self.ports.get(target)
        if port is None:
            return [f"route replace blackhole {destination} table {table}"]
        return [f"route replace {destination} via {port.interface.addresses[0]} dev {port.device} onlink table {table}"]

    def table_of(self, subnet: str) -> int:
        return self._tables.setdefault(subnet, FIRST_TABLE + len(self._tables))

    # -- faults ------------------------------------------------------------------------

    def silence(self, interface_ids: Iterable[str]) -> None:
        """Not a packet passes from or to these any more, until they are unplugged."""
        devices = [f'"{self.ports[interface_id].device}"' for interface_id in interface_ids if interface_id in self.ports]
        if devices:
            self._nft(f"add element ip vpc dead {{ {', '.join(devices)} }}")

    def hear(self) -> None:
        self._nft("flush set ip vpc dead")

    def cut(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Nothing passes between these addresses, in either direction."""
        both = [pair for one, other in pairs for pair in (f"{one} . {other}", f"{other} . {one}")]
        self._fill({"cut": both})

    def mend(self) -> None:
        self._fill({"cut": []})

    def _fill(self, contents: dict[str, list[str]]) -> None:
        lines = []
        for name, elements in contents.items():
            lines.append(f"flush {'map' if name.startswith('to_') else 'set'} ip vpc {name}")
            if elements:
                lines.append(f"add element ip vpc {name} {{ {', '.join(elements)} }}")
        self._nft("\n".join(lines))

    def _nft(self, text: str) -> None:
        self.namespace.execute("nft", "-f", "-", stdin=text + "\n")
