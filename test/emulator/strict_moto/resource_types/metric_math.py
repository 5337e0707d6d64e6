"""Checks of metric queries, as alarms and target tracking use them."""

from __future__ import annotations

import re
from typing import Any

from ..resource import ResourceType


def check_metric_queries(resource: ResourceType, queries: list[dict[str, Any]]) -> None:
    ids = [query["Id"] for query in queries]
    resource.require(len(ids) == len(set(ids)), "ValidationError", f"metric ids repeat: {ids}")
    for query in queries:
        identifier = query["Id"]
        resource.require(
            bool(re.fullmatch(r"[a-z][A-Za-z0-9_]*", identifier)),
            "ValidationError",
            f"metric id {identifier!r} must start with a lower-case letter",
        )
        resource.require(
            ("Expression" in query) != ("MetricStat" in query),
            "ValidationError",
            f"metric {identifier} needs either Expression or MetricStat",
        )
        check_expression(resource, query.get("Expression", ""), set(ids))
    returned = [query["Id"] for query in queries if query.get("ReturnData", True)]
    resource.require(len(returned) == 1, "ValidationError", f"exactly one metric must return data, not {returned}")


def check_expression(resource: ResourceType, expression: str, ids: set[str]) -> None:
    without_text = re.sub(r"'[^']*'|\"[^\"]*\"", "", expression)
    names = re.findall(r"\b[a-z][A-Za-z0-9_]*\b", without_text)  # functions and keywords are upper case
    unknown = sorted(set(names) - ids)
    resource.require(not unknown, "ValidationError", f"expression {expression!r} names unknown metrics {unknown}")
    balanced = expression.count("(") == expression.count(")")
    resource.require(balanced, "ValidationError", f"expression {expression!r} has unbalanced parentheses")
