"""Distributions whose default behaviour points at an origin group."""

from __future__ import annotations

from typing import Any

from moto.cloudfront.models import DistributionConfig


def install() -> None:
    DistributionConfig.__init__ = accept_origin_groups(DistributionConfig.__init__)  # type: ignore[method-assign]


def accept_origin_groups(init: Any) -> Any:
    """moto looks for the default behaviour's target among the origins only, never among their groups."""

    def init_with_groups(self: DistributionConfig, config: dict[str, Any]) -> None:
        behavior = config["DefaultCacheBehavior"]
        target = behavior["TargetOriginId"]
        groups = {group["Id"]: group for group in config.get("OriginGroups", {}).get("Items", [])}
        if target in groups:
            behavior["TargetOriginId"] = groups[target]["Members"]["Items"][0]["OriginId"]
        init(self, config)
        config["DefaultCacheBehavior"].target_origin_id = target

    return init_with_groups
