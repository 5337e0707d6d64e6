"""Buckets that only those are turned away from whom their policy turns away."""

from __future__ import annotations

import json
from typing import Any

from moto.s3.models import FakeBucket

WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def install() -> None:
    FakeBucket.get_permission = as_by_tls(FakeBucket.get_permission)


def as_by_tls(permission: Any) -> Any:
    """moto looks at no condition, so it would turn away everybody from a bucket that is reached by TLS only. All here count as such."""

    def with_conditions(self: FakeBucket, action: str, resource: str) -> Any:
        whole = self.policy
        if whole is None:
            return permission(self, action, resource)
        document = json.loads(whole)
        statements = [statement for statement in document["Statement"] if statement.get("Condition") != WITHOUT_TLS]
        self.policy = json.dumps(document | {"Statement": statements}).encode() if statements else None
        try:
            return permission(self, action, resource)
        finally:
            self.policy = whole

    return with_conditions
