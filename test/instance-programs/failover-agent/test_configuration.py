"""A configuration that cannot be meant is refused before anything is touched, with the place in it."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from failover_agent.configuration import InvalidConfiguration, configuration_of, read_configuration

PROGRAMS = Path(__file__).resolve().parents[3] / "instance-programs"

WHOLE = {
    "group": "Shop/Nat",
    "region": "eu-west-1",
    "member": "a",
    "members": ["a", "b"],
    "peers": {"b": "10.0.1.20"},
    "healthPort": 8642,
    "profile": {"intervalSeconds": 0.5, "timeoutSeconds": 0.4, "failures": 3},
    "failback": "automatic",
    "failbackAfterSeconds": 30,
    "interface": {"id": "eni-a", "address": "10.0.0.20"},
    "objects": [
        {
            "name": "a",
            "order": ["a", "b"],
            "parts": [
                {"type": "route", "table": "rtb-a", "destination": "0.0.0.0/0", "targets": {"a": "eni-a", "b": "eni-b"}},
                {
                    "type": "elasticIp",
                    "allocation": "eipalloc-a",
                    "targets": {"a": {"interface": "eni-a", "address": "10.0.0.21"}, "b": {"interface": "eni-b", "address": "10.0.1.22"}},
                },
            ],
        }
    ],
    "nat": {
        "vpcCidrs": ["10.0.0.0/16"],
        "canaries": ["ec2.eu-west-1.amazonaws.com:443"],
        "sources": {"a": {"cidrs": ["10.0.128.0/20"], "address": "10.0.0.21"}},
        "preserveConnections": {"a": "100.64.0.1"},
    },
    "metrics": {"namespace": "CdkFaultTolerance/HaNat", "dimensions": {"Group": "Shop/Nat"}},
}


def changed(path: str, value: object) -> dict:
    content = copy.deepcopy(WHOLE)
    *parents, last = path.split(".")
    at = content
    for key in parents:
        at = at[int(key) if isinstance(at, list) else key]
    if value is None:
        del at[last]
    else:
        at[int(last) if isinstance(at, list) else last] = value
    return content


def test_the_whole_is_read():
    found = configuration_of(WHOLE)
    assert found.object("a").home == "a"
    assert found.peers == {"b": "10.0.1.20"}
    assert found.nat.canaries == (("ec2.eu-west-1.amazonaws.com", 443),)
    assert found.nat.sources["a"].address == "10.0.0.21"


@pytest.mark.parametrize("key", [key for key in WHOLE if key != "peers"])
def test_each_key_is_needed(key):
    with pytest.raises(InvalidConfiguration, match=f"configuration lacks '{key}'"):
        configuration_of(changed(key, None))


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("member", "c", "'member' is 'c', which is not among the members a, b"),
        ("members", ["a"], "'members' has no peer: nobody could take over"),
        ("members", ["a", "b", "b"], "'members' names one twice"),
        ("members", "a", "configuration.members is no list"),
        ("peers", {}, "configuration.peers lacks 'b'"),
        ("peers", {"b": "b.example"}, "configuration.peers.b is 'b.example', which is no IPv4 address"),
        ("healthPort", 0, "configuration.healthPort is 0, and must be a number from 1 to 65535"),
        ("healthPort", "8642", 'configuration.healthPort is "8642", and must be a number from 1 to 65535'),
        ("profile", [], "configuration.profile is no JSON object"),
        ("profile.failures", True, "configuration.profile.failures is true, and must be a number from 1 to 100"),
        ("profile.intervalSeconds", 0, "configuration.profile.intervalSeconds is 0, and must be a number from 0.05 to 60"),
        ("failback", "never", "'failback' is 'never', and may be automatic or manual"),
        ("interface.id", "", 'configuration.interface.id is "", and must be a text'),
        ("objects", [], "'objects' is empty: there is nothing to keep up"),
        ("objects", [WHOLE["objects"][0]] * 2, "'objects' has one name twice"),
        ("objects.0.order", ["a", "z"], "configuration.objects[0].order names z, which is no member"),
        ("objects.0.order", ["a", "a"], "configuration.objects[0].order names one twice"),
        ("objects.0.order", [], "configuration.objects[0].order is empty"),
        ("objects.0.parts", [], "configuration.objects[0].parts is empty"),
        ("objects.0.parts.0.type", "volume", "configuration.objects[0].parts[0].type is 'volume', and may be route or elasticIp"),
        ("objects.0.parts.0.targets", {"a": "eni-a"}, "configuration.objects[0].parts[0].targets lacks 'b'"),
        ("objects.0.parts.0.destination", "everywhere", "configuration.objects[0].parts[0].destination is 'everywhere', which is no IPv4 network"),
        ("nat.vpcCidrs", ["10.0.0.1/16"], "configuration.nat.vpcCidrs is '10.0.0.1/16', which is no IPv4 network"),
        ("nat.canaries", [], "nat.canaries is empty: nothing would show that the way out works"),
        ("nat.canaries", ["ec2"], "configuration.nat.canaries has 'ec2', which is no host:port"),
        ("nat.sources", None, "nat.preserveConnections needs nat.sources"),
        ("metrics.dimensions", {"Group": 1}, "configuration.metrics.dimensions.Group is 1, and must be a text"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(path, value, problem):
    with pytest.raises(InvalidConfiguration) as refusal:
        configuration_of(changed(path, value))
    assert str(refusal.value) == problem


def test_connections_are_kept_between_two_members_only():
    content = changed("members", ["a", "b", "c"])
    content["peers"]["c"] = "10.0.2.20"
    with pytest.raises(InvalidConfiguration, match="nat.preserveConnections is for two members"):
        configuration_of(content)


@pytest.mark.parametrize("text", ["", "{", "[1]", '"a"'])
def test_what_is_no_object_is_refused(text, tmp_path):
    file = tmp_path / "configuration.json"
    file.write_text(text)
    with pytest.raises(InvalidConfiguration):
        read_configuration(str(file))


def test_the_program_ends_with_one_line_and_the_exit_status_that_keeps_the_unit_down(tmp_path):
    file = tmp_path / "configuration.json"
    file.write_text(json.dumps(changed("member", "c")))
    path = os.pathsep.join(str(PROGRAMS / folder) for folder in ("common", "failover-agent"))
    done = subprocess.run(
        [sys.executable, "-m", "failover_agent", str(file)], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 78
    [line] = done.stdout.splitlines()
    assert json.loads(line)["event"] == "invalid configuration"
    assert "'member' is 'c'" in json.loads(line)["problem"]
