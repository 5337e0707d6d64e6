"""The nftables rules of a member, as text."""

from __future__ import annotations

from collections.abc import Sequence

from .configuration import Configuration

TABLE = "cdk_fault_tolerance_nat"


def ruleset(configuration: Configuration, device: str) -> str:
    """Replaces the table as a whole, in one transaction; what is in other tables is left alone."""
    nat = configuration.nat
    strangers = [f'iifname "{device}" ip saddr != {_set(nat.vpc_cidrs)} ct state new drop']
    chains = [
        _chain("translate", "type nat hook postrouting priority srcnat; policy accept;", _translations(configuration, device)),
        # nobody outside opens a connection through this machine or to it, whatever its security group says
        _chain("guard_others", "type filter hook forward priority filter; policy accept;", strangers),
        _chain("guard_itself", "type filter hook input priority filter; policy accept;", strangers),
    ]
    if nat.shared_addresses:
        pairs = [(nat.shared_addresses[name], source.address) for name, source in nat.sources.items() if name in nat.shared_addresses]
        chains += _stages(pairs, nat.vpc_cidrs, device)
    body = "\n".join(chains)
    return f"table ip {TABLE} {{ }}\ndelete table ip {TABLE}\ntable ip {TABLE} {{\n{body}\n}}\n"


def _translations(configuration: Configuration, device: str) -> list[str]:
    vpc = _set(configuration.nat.vpc_cidrs)
    if not configuration.nat.sources:
        return [f'ip saddr {vpc} ip daddr != {vpc} oifname "{device}" snat to {configuration.address}']
    shared = configuration.nat.shared_addresses
    return [
        f'ip saddr {_set(source.cidrs)} ip daddr != {vpc} oifname "{device}" snat to {shared.get(name, source.address)}'
        for name, source in configuration.nat.sources.items()
    ]


def _stages(pairs: Sequence[tuple[str, str]], vpc_cidrs: Sequence[str], device: str) -> list[str]:
    """Connection tracking translates to an address that belongs to no member, so that an entry means the same on each of them; outside of
    it, without state, that address becomes the member's own, and back."""
    vpc = _set(vpc_cidrs)
    inbound = [f'iifname "{device}" ip saddr != {vpc} ip daddr {own} ip daddr set {shared}' for shared, own in pairs]
    outbound = [f'oifname "{device}" ip saddr {shared} ip saddr set {own}' for shared, own in pairs]
    return [
        _chain("arriving", "type filter hook prerouting priority -350; policy accept;", inbound),
        _chain("leaving", "type filter hook postrouting priority 350; policy accept;", outbound),
    ]


def _chain(name: str, hook: str, rules: Sequence[str]) -> str:
    return "\n".join([f"  chain {name} {{", f"    {hook}", *[f"    {rule}" for rule in rules], "  }"])


def _set(cidrs: Sequence[str]) -> str:
    return "{ " + ", ".join(cidrs) + " }"
