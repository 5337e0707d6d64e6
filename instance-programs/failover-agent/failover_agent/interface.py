"""The persistent interface: it outlives the instance, with its addresses, and the next one attaches it."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from aws_api.client import AwsClient, AwsError
from aws_api.imds import Imds
from aws_api.json_log import JsonLog

from .parts import EC2_VERSION

DEVICE_INDEX = "1"
ATTACH_EVERY = 1.0
"""Seconds; the former instance may still be going down, and keeps the interface until it is gone."""

DEVICES = Path("/sys/class/net")


@dataclass(frozen=True)
class Device:
    """The interface as the kernel knows it."""

    name: str
    prefix_length: int
    gateway: str


def attached_device(
    ec2: AwsClient, imds: Imds, interface: str, log: JsonLog, keep_on: Callable[[], bool], refused: Callable[[AwsError], None]
) -> Device | None:
    """Attaches the interface to this instance and waits for the device; None when told to stop before that."""
    instance = imds.get("instance-id")
    told = None
    while keep_on():
        try:
            state, mac = _attach(ec2, interface, str(instance))
            device = mac and _device_of(mac)
            if device:
                return _described(imds, str(mac), str(device))
        except AwsError as error:
            state = error.code
            refused(error)
        except OSError as error:
            state = str(error)
        if state != told:
            log.write("interface awaited", interface=interface, state=state)
            told = state
        time.sleep(ATTACH_EVERY if state != "attached" else 0.1)
    return None


def _attach(ec2: AwsClient, interface: str, instance: str):
    """What became of it, and its MAC address when it is here."""
    answer = ec2.call("DescribeNetworkInterfaces", EC2_VERSION, {"NetworkInterfaceId.1": interface})
    [found] = answer.findall("networkInterfaceSet/item")
    if found.findtext("attachment/instanceId") == instance:
        return "attached", found.findtext("macAddress")
    if found.findtext("status") != "available":
        return f"{found.findtext('status')} at {found.findtext('attachment/instanceId')}", None
    ec2.call("AttachNetworkInterface", EC2_VERSION, {"NetworkInterfaceId": interface, "InstanceId": instance, "DeviceIndex": DEVICE_INDEX})
    return "attached", found.findtext("macAddress")


def _device_of(mac: str) -> str | None:
    for device in DEVICES.iterdir():
        try:
            if (device / "address").read_text().strip() == mac.lower():
                return device.name
        except OSError:
            continue  # it has just gone
    return None


def _described(imds: Imds, mac: str, name: str) -> Device:
    network = ipaddress.ip_network(imds.get(f"network/interfaces/macs/{mac.lower()}/subnet-ipv4-cidr-block") or "")
    # the first address of each subnet is its router (Amazon VPC user guide, "Subnet sizing")
    return Device(name, network.prefixlen, str(network.network_address + 1))
