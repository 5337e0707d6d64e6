"""Load balancers with the hosted zone ids that Route 53 knows them by."""

from __future__ import annotations

from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer

from ..hosted_zones import LOAD_BALANCER_ZONES


def install() -> None:
    ELBv2Backend.create_load_balancer = with_hosted_zone(ELBv2Backend.create_load_balancer)


def with_hosted_zone(create: Any) -> Any:
    """moto gives every load balancer the same invented zone id, so that no alias could be checked."""

    def create_with_zone(self: ELBv2Backend, *args: Any, **kwargs: Any) -> FakeLoadBalancer:
        balancer: FakeLoadBalancer = create(self, *args, **kwargs)
        zones = LOAD_BALANCER_ZONES.get(self.region_name, {})
        balancer.canonical_hosted_zone_id = zones.get(balancer.type, balancer.canonical_hosted_zone_id)
        return balancer

    return create_with_zone
