"""Listeners and their rules."""

from __future__ import annotations

from typing import Any

from ..resource import ResourceType

# protocol of a listener -> those of the target groups that it can forward to
FORWARDED = {
    "HTTP": ("HTTP", "HTTPS"),
    "HTTPS": ("HTTP", "HTTPS"),
    "TCP": ("TCP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
    "TLS": ("TCP", "TLS"),
    "UDP": ("TCP_UDP", "UDP"),
}


class Listener(ResourceType):
    type_name = "AWS::ElasticLoadBalancingV2::Listener"
    made_by = "elbv2.create_listener"
    described_by = "elbv2.describe_listeners, elbv2.describe_listener_attributes"
    read_back = ("AlpnPolicy", "Certificates", "DefaultActions", "ListenerAttributes", "LoadBalancerArn", "Port", "Protocol", "SslPolicy")

    def admit(self) -> None:
        secure = self.properties.get("Protocol") in ("HTTPS", "TLS")
        certificates = self.properties.get("Certificates", [])
        self.require(bool(certificates) or not secure, "ValidationError", "A certificate must be specified for HTTPS listeners")
        for certificate in certificates:
            check_certificate(self, certificate["CertificateArn"])
        self.require(secure or "SslPolicy" not in self.properties, "ValidationError", "SslPolicy needs the protocol HTTPS or TLS")
        if "SslPolicy" in self.properties:
            named = self.call("elbv2", "describe_ssl_policies", Names=[self.properties["SslPolicy"]])["SslPolicies"]
            self.require(bool(named), "SSLPolicyNotFound", f"SSL policy '{self.properties['SslPolicy']}' not found")
        balancer = self.call("elbv2", "describe_load_balancers", LoadBalancerArns=[self.properties["LoadBalancerArn"]])
        kind = balancer["LoadBalancers"][0]["Type"]
        self.check_protocol(kind)
        actions = self.properties["DefaultActions"]
        forwards = all(action["Type"] == "forward" for action in actions)
        self.require(forwards or kind == "application", "InvalidLoadBalancerAction", f"a listener of type {kind} does nothing but forward")
        for group in check_actions(self, actions):
            self.check_fits(group)

    def check_fits(self, group: dict[str, Any]) -> None:
        """moto lets a listener forward to a target group that speaks another protocol."""
        mine, its = self.properties.get("Protocol"), group.get("Protocol")
        fits = its is None or its in FORWARDED.get(str(mine), (its,))
        self.require(fits, "IncompatibleProtocols", f"a listener of protocol {mine} cannot forward to a target group of protocol {its}")

    def check_protocol(self, balancer_type: str) -> None:
        fitting = {"application": {"HTTP", "HTTPS"}, "gateway": {None}, "network": {"TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"}}[
            balancer_type
        ]
        protocol = self.properties.get("Protocol")
        self.require(protocol in fitting, "ValidationError", f"a listener of type {balancer_type} has no protocol {protocol}")

    def create(self) -> str:
        answer = self.call("elbv2", "create_listener", **self.all_but("ListenerAttributes"))
        arn: str = answer["Listeners"][0]["ListenerArn"]
        attributes = self.properties.get("ListenerAttributes")
        if attributes:
            self.call("elbv2", "modify_listener_attributes", ListenerArn=arn, Attributes=attributes)
        return arn

    def describe(self) -> dict[str, Any]:
        listener = self.call("elbv2", "describe_listeners", ListenerArns=[self.physical_id])["Listeners"][0]
        attributes = self.call("elbv2", "describe_listener_attributes", ListenerArn=self.physical_id)
        return listener | {"ListenerAttributes": attributes["Attributes"]}

    may_list_more = ("ListenerAttributes",)

    def attributes(self) -> dict[str, Any]:
        return {"ListenerArn": self.physical_id}


class ListenerRule(ResourceType):
    type_name = "AWS::ElasticLoadBalancingV2::ListenerRule"
    made_by = "elbv2.create_rule"
    described_by = "elbv2.describe_rules"
    read_back = ("Actions", "Conditions", "ListenerArn", "Priority")

    def admit(self) -> None:
        check_actions(self, self.properties["Actions"])
        rules = self.call("elbv2", "describe_rules", **self.pick("ListenerArn"))["Rules"]
        taken = str(self.properties["Priority"]) in {rule["Priority"] for rule in rules}
        self.require(not taken, "PriorityInUse", f"Priority '{self.properties['Priority']}' is currently in use")
        within = 1 <= int(self.properties["Priority"]) <= 50000
        self.require(within, "ValidationError", "Priority must be between 1 and 50000")

    def create(self) -> str:
        return self.call("elbv2", "create_rule", **self.properties)["Rules"][0]["RuleArn"]

    def describe(self) -> dict[str, Any]:
        rules = self.call("elbv2", "describe_rules", **self.pick("ListenerArn"))["Rules"]
        mine = next((rule for rule in rules if rule["RuleArn"] == self.physical_id), {})
        return mine | self.pick("ListenerArn")

    def attributes(self) -> dict[str, Any]:
        return {"RuleArn": self.physical_id, "IsDefault": False}


def check_certificate(resource: ResourceType, arn: str) -> None:
    service = "acm" if ":acm:" in arn else "iam"
    if service == "acm":
        certificate = resource.call("acm", "describe_certificate", CertificateArn=arn)["Certificate"]
        usable = certificate["Status"] in ("ISSUED", "PENDING_VALIDATION")
        resource.require(usable, "CertificateNotFound", f"{arn} is {certificate['Status']}")
    else:
        known = {c["Arn"] for c in resource.call("iam", "list_server_certificates")["ServerCertificateMetadataList"]}
        resource.require(arn in known, "CertificateNotFound", f"Certificate '{arn}' not found")


def check_actions(resource: ResourceType, actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the target groups, all of which must exist."""
    found = []
    for action in actions:
        groups = [g["TargetGroupArn"] for g in action.get("ForwardConfig", {}).get("TargetGroups", [])]
        groups += [action["TargetGroupArn"]] if "TargetGroupArn" in action else []
        if groups:
            found += resource.call("elbv2", "describe_target_groups", TargetGroupArns=groups)["TargetGroups"]
        if action["Type"] == "forward":
            resource.require(bool(groups), "ValidationError", "a forward action needs a target group")
        if action["Type"] == "redirect":
            status = action["RedirectConfig"]["StatusCode"]
            resource.require(status in ("HTTP_301", "HTTP_302"), "ValidationError", f"redirect status {status}")
    return found
