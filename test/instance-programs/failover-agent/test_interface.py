"""How the persistent interface comes to the instance, whoever had it before."""

from __future__ import annotations

import io
import json
from xml.etree import ElementTree

import pytest
from aws_api.errors import AwsError
from aws_api.json_log import JsonLog
from failover_agent import interface
from failover_agent.interface import Device, attached_device

MAC = "02:00:00:00:00:01"


class Imds:
    def get(self, path: str) -> str | None:
        return {"instance-id": "i-me", f"network/interfaces/macs/{MAC}/subnet-ipv4-cidr-block": "10.0.16.0/20"}.get(path)


class Ec2:
    """An interface that is held by others for some questions, and then free."""

    def __init__(self, held_for: int = 0, refused: AwsError | None = None) -> None:
        self.held_for, self.refused = held_for, refused
        self.attached_to: str | None = "i-old" if held_for else None
        self.attachments: list[dict[str, str]] = []

    def call(self, action: str, version: str, params: dict[str, str]) -> ElementTree.Element:
        if action == "AttachNetworkInterface":
            if self.refused:
                error, self.refused = self.refused, None
                raise error
            self.attachments.append(params)
            self.attached_to = params["InstanceId"]
            return ElementTree.fromstring("<r/>")
        assert (action, params) == ("DescribeNetworkInterfaces", {"NetworkInterfaceId.1": "eni-a"})
        if self.attached_to == "i-old":
            self.held_for -= 1
            self.attached_to = None if self.held_for < 0 else "i-old"
        holder = f"<status>in-use</status><attachment><instanceId>{self.attached_to}</instanceId></attachment>"
        state = holder if self.attached_to else "<status>available</status>"
        return ElementTree.fromstring(f"<r><networkInterfaceSet><item><macAddress>{MAC}</macAddress>{state}</item></networkInterfaceSet></r>")


@pytest.fixture
def devices(tmp_path, monkeypatch):
    """A folder of devices as the kernel shows it, with the primary one; time does not pass."""
    for name, mac in (("ens5", "02:00:00:00:00:99"), ("ens6", MAC)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "address").write_text(f"{mac}\n")
    monkeypatch.setattr(interface, "DEVICES", tmp_path)
    monkeypatch.setattr(interface.time, "sleep", lambda _: None)


def attached(ec2: Ec2, keep_on=lambda: True):
    log = io.StringIO()
    refusals: list[AwsError] = []
    device = attached_device(ec2, Imds(), "eni-a", JsonLog(log), keep_on, refusals.append)
    return device, [json.loads(line) for line in log.getvalue().splitlines()], refusals


def test_a_free_interface_is_attached_as_the_second_one(devices):
    ec2 = Ec2()
    device, _, _ = attached(ec2)
    assert device == Device("ens6", 20, "10.0.16.1")
    assert ec2.attachments == [{"NetworkInterfaceId": "eni-a", "InstanceId": "i-me", "DeviceIndex": "1"}]


def test_one_that_the_former_instance_still_has_is_waited_for_and_told_of_once(devices):
    ec2 = Ec2(held_for=5)
    device, log, _ = attached(ec2)
    assert device is not None
    assert [line["state"] for line in log] == ["in-use at i-old"]
    assert len(ec2.attachments) == 1


def test_one_that_is_here_already_is_not_attached_again(devices):
    ec2 = Ec2()
    ec2.attached_to = "i-me"
    device, _, _ = attached(ec2)
    assert device is not None
    assert ec2.attachments == []


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "InvalidNetworkInterface.InUse", "InvalidParameterValue"])
def test_a_refusal_is_told_and_the_next_try_may_succeed(devices, code):
    ec2 = Ec2(refused=AwsError("AttachNetworkInterface", code, "no", 403))
    device, _, refusals = attached(ec2)
    assert device is not None
    assert [refusal.code for refusal in refusals] == [code]


def test_it_ends_when_told_to_stop(devices):
    turns = iter([True] * 3)
    device, _, _ = attached(Ec2(held_for=99), lambda: next(turns, False))
    assert device is None
