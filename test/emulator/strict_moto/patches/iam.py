"""The policies that AWS manages, parsed once."""

from __future__ import annotations

import copy
import functools
from typing import Any

from moto.iam.models import IAMBackend


def install() -> None:
    IAMBackend._init_aws_policies = from_cache(IAMBackend._init_aws_policies)


def from_cache(parse: Any) -> Any:
    """moto parses all of them, more than a thousand, anew after every reset: a second each time."""

    @functools.cache
    def parsed(account_id: str, region: str) -> list[Any]:
        backend = IAMBackend.__new__(IAMBackend)
        backend.account_id, backend.region_name = account_id, region
        policies: list[Any] = parse(backend)
        return policies

    def copies(self: IAMBackend) -> list[Any]:
        # copies, since each counts what it is attached to
        return [copy.copy(policy) for policy in parsed(self.account_id, self.region_name)]

    return copies
