"""What the attributes of load balancers and target groups can be: moto takes any of them on any type."""

from __future__ import annotations

from ..resource import ResourceType

REFUSED = "InvalidConfigurationRequest"
NETWORK_PROTOCOLS = ("QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP")

# The attributes that not every type of load balancer has -> the types that have them.
OF_LOAD_BALANCERS = {
    **dict.fromkeys(
        (
            "access_logs.s3.enabled",
            "access_logs.s3.bucket",
            "access_logs.s3.prefix",
            "ipv6.deny_all_igw_traffic",
            "zonal_shift.config.enabled",
        ),
        ("application", "network"),
    ),
    **dict.fromkeys(
        (
            "client_keep_alive.seconds",
            "connection_logs.s3.bucket",
            "connection_logs.s3.enabled",
            "connection_logs.s3.prefix",
            "health_check_logs.s3.bucket",
            "health_check_logs.s3.enabled",
            "health_check_logs.s3.prefix",
            "idle_timeout.timeout_seconds",
            "routing.http.desync_mitigation_mode",
            "routing.http.drop_invalid_header_fields.enabled",
            "routing.http.preserve_host_header.enabled",
            "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
            "routing.http.xff_client_port.enabled",
            "routing.http.xff_header_processing.mode",
            "routing.http2.enabled",
            "waf.fail_open.enabled",
        ),
        ("application",),
    ),
    **dict.fromkeys(("dns_record.client_routing_policy", "secondary_ips.auto_assigned.per_subnet"), ("network",)),
}
HEALTHY = "target_group_health.{}.minimum_healthy_targets.{}"
# The attributes of target groups -> the types of load balancer that have them.
OF_TARGET_GROUPS = {
    **dict.fromkeys(("deregistration_delay.timeout_seconds", "stickiness.enabled", "stickiness.type"), ("application", "gateway", "network")),
    "lambda.multi_value_headers.enabled": ("application",),
    **dict.fromkeys(
        (
            "send_tcp_reset.on_deregistration.enabled",
            "send_tcp_reset.on_unhealthy.enabled",
            "target_failover.on_deregistration",
            "target_failover.on_unhealthy",
        ),
        ("gateway",),
    ),
    "load_balancing.cross_zone.enabled": ("application", "network"),
    **{
        HEALTHY.format(step, unit): ("application", "network")
        for step in ("dns_failover", "unhealthy_state_routing")
        for unit in ("count", "percentage")
    },
    **dict.fromkeys(
        (
            "load_balancing.algorithm.anomaly_mitigation",
            "load_balancing.algorithm.type",
            "slow_start.duration_seconds",
            "stickiness.app_cookie.cookie_name",
            "stickiness.app_cookie.duration_seconds",
            "stickiness.lb_cookie.duration_seconds",
        ),
        ("application",),
    ),
    **dict.fromkeys(
        (
            "deregistration_delay.connection_termination.enabled",
            "preserve_client_ip.enabled",
            "proxy_protocol_v2.enabled",
            "target_health_state.unhealthy.connection_termination.enabled",
            "target_health_state.unhealthy.draining_interval_seconds",
        ),
        ("network",),
    ),
}
# Values that AWS takes, where they are words.
WORDS = {
    "dns_record.client_routing_policy": ("any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity"),
    "load_balancing.algorithm.anomaly_mitigation": ("off", "on"),
    "load_balancing.algorithm.type": ("least_outstanding_requests", "round_robin", "weighted_random"),
    "stickiness.type": ("app_cookie", "lb_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"),
}
# Ranges that AWS takes, both ends included, and the words that it takes besides.
RANGES = {
    "client_keep_alive.seconds": (60, 604800, ()),
    "deregistration_delay.timeout_seconds": (0, 3600, ()),
    "idle_timeout.timeout_seconds": (1, 4000, ()),
    "secondary_ips.auto_assigned.per_subnet": (0, 7, ()),
    "slow_start.duration_seconds": (30, 900, ("0",)),
    "stickiness.app_cookie.duration_seconds": (1, 604800, ()),
    "stickiness.lb_cookie.duration_seconds": (1, 604800, ()),
    "target_health_state.unhealthy.draining_interval_seconds": (0, 360000, ()),
    HEALTHY.format("dns_failover", "count"): (1, 1000, ("off",)),
    HEALTHY.format("dns_failover", "percentage"): (1, 100, ("off",)),
    HEALTHY.format("unhealthy_state_routing", "count"): (1, 1000, ()),
    HEALTHY.format("unhealthy_state_routing", "percentage"): (1, 100, ("off",)),
}


def check_load_balancer(balancer: ResourceType) -> dict[str, str]:
    """Return the attributes of the template, by key."""
    kind = balancer.properties.get("Type", "application")
    given = by_key(balancer, "LoadBalancerAttributes")
    for key in given:
        fits = kind in OF_LOAD_BALANCERS.get(key, (kind,))
        balancer.require(fits, REFUSED, f"Load balancer attribute key '{key}' is not supported on load balancers with type '{kind}'")
    crosses = given.get("load_balancing.cross_zone.enabled", "true") == "true"
    balancer.require(crosses or kind != "application", REFUSED, "cross-zone load balancing of an application load balancer can't be turned off")
    return given


def check_target_group(group: ResourceType) -> None:
    protocol = group.properties.get("Protocol", "HTTP")
    kind = {"GENEVE": "gateway", **dict.fromkeys(NETWORK_PROTOCOLS, "network")}.get(protocol, "application")
    given = by_key(group, "TargetGroupAttributes")
    for key in given:
        group.require(key in OF_TARGET_GROUPS, "ValidationError", f"Target group attribute key '{key}' is not recognized")
        fits = kind in OF_TARGET_GROUPS[key]
        group.require(fits, REFUSED, f"A target group with the {protocol} protocol does not support the attribute {key}")
    check_algorithm(group, given)
    check_thresholds(group, given)
    sticky = given.get("stickiness.enabled") == "true"
    own_zone_only = given.get("load_balancing.cross_zone.enabled") == "false"
    group.require(
        not (sticky and own_zone_only and kind == "application"), REFUSED, "stickiness is not supported while cross-zone load balancing is off"
    )
    reserved = given.get("stickiness.app_cookie.cookie_name", "").startswith("AWSALB")
    group.require(not reserved, REFUSED, "the cookie names that start with AWSALB are reserved")


def check_algorithm(group: ResourceType, given: dict[str, str]) -> None:
    algorithm = given.get("load_balancing.algorithm.type", "round_robin")
    slow = given.get("slow_start.duration_seconds", "0") != "0"
    group.require(not slow or algorithm == "round_robin", REFUSED, f"slow start mode is not supported with the algorithm {algorithm}")
    mitigates = given.get("load_balancing.algorithm.anomaly_mitigation") == "on"
    group.require(
        not mitigates or algorithm == "weighted_random", REFUSED, f"anomaly mitigation needs the algorithm weighted_random, not {algorithm}"
    )


def check_thresholds(group: ResourceType, given: dict[str, str]) -> None:
    """A zone must leave the DNS before, or together with, its load balancer node sending to unhealthy targets."""
    for unit in ("count", "percentage"):
        leave, fail_open = (given.get(HEALTHY.format(step, unit), "off") for step in ("dns_failover", "unhealthy_state_routing"))
        group.require(
            "off" in (leave, fail_open) or int(leave) >= int(fail_open),
            REFUSED,
            f"the minimum healthy targets ({unit}) of the DNS failover, {leave}, are below those of the unhealthy state routing, {fail_open}",
        )


def by_key(resource: ResourceType, name: str) -> dict[str, str]:
    given = {attribute["Key"]: attribute["Value"] for attribute in resource.properties.get(name, [])}
    for key, value in given.items():
        words = ("true", "false") if key.endswith(".enabled") else WORDS.get(key)
        words = (*words, "use_load_balancer_configuration") if words and key == "load_balancing.cross_zone.enabled" else words
        resource.require(words is None or value in words, "ValidationError", f"{key} {value} is not one of {', '.join(words or ())}")
        low, high, besides = RANGES.get(key, (0, 0, (value,)))
        within = value in besides or value.isdigit() and low <= int(value) <= high
        resource.require(within, "ValidationError", f"{key} {value} is not within {low} to {high}")
    return given
