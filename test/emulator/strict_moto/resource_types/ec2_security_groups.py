"""Security groups and their rules."""

from __future__ import annotations

import re
from typing import Any

from ..resource import ResourceType
from . import tags

PREFIX_LIST_ID = re.compile(r"pl-[0-9a-f]{8,17}")
PROTOCOLS_WITH_PORTS = {"tcp", "udp", "6", "17"}
RULE_PROPERTIES = ("CidrIp", "CidrIpv6", "Description", "FromPort", "IpProtocol", "ToPort")


class SecurityGroup(ResourceType):
    type_name = "AWS::EC2::SecurityGroup"
    made_by = "ec2.create_security_group"
    described_by = "ec2.describe_security_groups"
    read_back = ("GroupDescription", "GroupName", "SecurityGroupEgress", "SecurityGroupIngress", "Tags", "VpcId")

    def admit(self) -> None:
        for rule in [*self.properties.get("SecurityGroupIngress", []), *self.properties.get("SecurityGroupEgress", [])]:
            check_rule(self, rule)

    def create(self) -> str:
        answer = self.call(
            "ec2",
            "create_security_group",
            **self.pick("VpcId", Description="GroupDescription"),
            GroupName=self.name("GroupName"),
            TagSpecifications=tags.specification("security-group", self.properties),
        )
        group_id: str = answer["GroupId"]
        if self.properties.get("SecurityGroupEgress"):
            # CloudFormation takes the default rule away only if the template has rules of its own
            everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
            self.call("ec2", "revoke_security_group_egress", GroupId=group_id, IpPermissions=everything)
        self.authorize(group_id, "ingress", self.properties.get("SecurityGroupIngress", []))
        self.authorize(group_id, "egress", self.properties.get("SecurityGroupEgress", []))
        return group_id

    def authorize(self, group_id: str, direction: str, rules: list[dict[str, Any]]) -> None:
        for rule in rules:
            permissions = [permission(rule, direction)]
            self.call("ec2", f"authorize_security_group_{direction}", GroupId=group_id, IpPermissions=permissions)

    def describe(self) -> dict[str, Any]:
        group = self.call("ec2", "describe_security_groups", GroupIds=[self.physical_id])["SecurityGroups"][0]
        return group | {
            "GroupDescription": group["Description"],
            "SecurityGroupIngress": rules_of(group["IpPermissions"], "ingress"),
            "SecurityGroupEgress": rules_of(group["IpPermissionsEgress"], "egress"),
        }

    def attributes(self) -> dict[str, Any]:
        return {"GroupId": self.physical_id, "Id": self.physical_id, "VpcId": self.describe()["VpcId"]}

    may_list_more = ("SecurityGroupEgress",)  # the default rule, where the template has none


class SecurityGroupRule(ResourceType):
    """What ingress and egress have in common."""

    direction = ""
    described_by = "ec2.describe_security_groups"

    def admit(self) -> None:
        check_rule(self, self.properties)
        others = ("SourceSecurityGroupId", "DestinationSecurityGroupId")
        for group_id in [self.properties["GroupId"], *self.pick(*others).values()]:
            self.call("ec2", "describe_security_groups", GroupIds=[group_id])

    def create(self) -> str:
        self.call(
            "ec2",
            f"authorize_security_group_{self.direction}",
            **self.pick("GroupId"),
            IpPermissions=[permission(self.properties, self.direction)],
        )
        rules = self.call(
            "ec2",
            "describe_security_group_rules",
            Filters=[
                {"Name": "group-id", "Values": [self.properties["GroupId"]]},
            ],
        )["SecurityGroupRules"]
        return [rule for rule in rules if rule["IsEgress"] == (self.direction == "egress")][-1]["SecurityGroupRuleId"]

    def describe(self) -> dict[str, Any]:
        groups = self.call("ec2", "describe_security_groups", GroupIds=[self.properties["GroupId"]])["SecurityGroups"]
        permissions = groups[0]["IpPermissions" if self.direction == "ingress" else "IpPermissionsEgress"]
        wanted = self.all_but("GroupId", "SourceSecurityGroupOwnerId")
        shown = rules_of(permissions, self.direction)
        dropped = {"Description"} if set(peers_of(self.direction)[1:]) & set(wanted) else set()  # moto has none for a prefix list
        asked = {key: value for key, value in wanted.items() if key not in dropped}
        mine = next((rule for rule in shown if all(rule.get(k) == v for k, v in asked.items())), {})
        return mine | {key: wanted[key] for key in dropped & set(wanted)} | {"GroupId": groups[0]["GroupId"]}

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}


class SecurityGroupIngress(SecurityGroupRule):
    type_name = "AWS::EC2::SecurityGroupIngress"
    direction = "ingress"
    made_by = "ec2.authorize_security_group_ingress"
    read_back = (*RULE_PROPERTIES, "GroupId", "SourcePrefixListId", "SourceSecurityGroupId")
    not_read_back = {"SourceSecurityGroupOwnerId": "one account only: the owner is always this one"}


class SecurityGroupEgress(SecurityGroupRule):
    type_name = "AWS::EC2::SecurityGroupEgress"
    direction = "egress"
    made_by = "ec2.authorize_security_group_egress"
    read_back = (*RULE_PROPERTIES, "DestinationPrefixListId", "DestinationSecurityGroupId", "GroupId")


def check_rule(resource: ResourceType, rule: dict[str, Any]) -> None:
    protocol = rule["IpProtocol"]
    if protocol in PROTOCOLS_WITH_PORTS:
        first, last = rule.get("FromPort"), rule.get("ToPort")
        resource.require(first is not None and last is not None, "MissingParameter", f"protocol {protocol} needs FromPort and ToPort")
        resource.require(0 <= int(first or 0) <= int(last or 0) <= 65535, "InvalidParameterValue", f"port range {first} to {last}")
    resource.require(
        protocol in {"-1", "icmp", "icmpv6", "1", "58"} | PROTOCOLS_WITH_PORTS or protocol.isdigit(),
        "InvalidParameterValue",
        f"unknown protocol {protocol}",
    )
    peers = {
        "CidrIp",
        "CidrIpv6",
        "SourceSecurityGroupId",
        "DestinationSecurityGroupId",
        "SourcePrefixListId",
        "DestinationPrefixListId",
        "SourceSecurityGroupName",
    } & set(rule)
    resource.require(len(peers) == 1, "InvalidParameterCombination", f"a rule needs one peer, has {sorted(peers)}")
    for peer in {"SourcePrefixListId", "DestinationPrefixListId"} & peers:
        # whether there is such a list is not asked: moto gives those of AWS other ids at each start
        resource.require(PREFIX_LIST_ID.fullmatch(rule[peer]) is not None, "InvalidPrefixListID.Malformed", f"no prefix list: {rule[peer]}")


def permission(rule: dict[str, Any], direction: str) -> dict[str, Any]:
    """A rule of a template as an IpPermission of the API."""
    made = {key: rule[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in rule}
    if made["IpProtocol"] == "-1":
        made = {"IpProtocol": "-1"}
    description = {"Description": rule["Description"]} if "Description" in rule else {}
    peer, prefix_list = peers_of(direction)
    if "CidrIp" in rule:
        made["IpRanges"] = [{"CidrIp": rule["CidrIp"], **description}]
    if "CidrIpv6" in rule:
        made["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **description}]
    if peer in rule:
        made["UserIdGroupPairs"] = [{"GroupId": rule[peer], **description}]
    if prefix_list in rule:
        made["PrefixListIds"] = [{"PrefixListId": rule[prefix_list], **description}]
    return made


def peers_of(direction: str) -> tuple[str, str]:
    """How a rule of a template names another group, and a prefix list."""
    end = "Source" if direction == "ingress" else "Destination"
    return f"{end}SecurityGroupId", f"{end}PrefixListId"


def rules_of(permissions: list[dict[str, Any]], direction: str) -> list[dict[str, Any]]:
    """IpPermissions back as rules, one for each peer."""
    peer, prefix_list = peers_of(direction)
    rules = []
    for shown in permissions:
        ports = {key: shown[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in shown}
        pairs = [{peer: pair["GroupId"], **without(pair, "GroupId")} for pair in shown.get("UserIdGroupPairs", [])]
        lists = [{prefix_list: item["PrefixListId"], **without(item, "PrefixListId")} for item in shown.get("PrefixListIds", [])]
        rules += [ports | item for item in [*shown.get("IpRanges", []), *shown.get("Ipv6Ranges", []), *pairs, *lists]]
    return rules


def without(source: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name != key}
