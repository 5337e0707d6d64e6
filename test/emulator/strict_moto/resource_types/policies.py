"""The grammar of IAM policies, as the services check it."""

from __future__ import annotations

import json
import re
from typing import Any

from ..resource import ResourceType

MALFORMED = "MalformedPolicyDocument"
STATEMENT_KEYS = {
    "Action",
    "Condition",
    "Effect",
    "NotAction",
    "NotPrincipal",
    "NotResource",
    "Principal",
    "Resource",
    "Sid",
}
CONDITION_OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?("
    r"String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?"
    r"|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress"
    r"|Arn(Not)?(Equals|Like))(IfExists)?|Null"
)


def check_identity_policy(resource: ResourceType, document: dict[str, Any], limit: int = 10240) -> None:
    for statement in check_document(resource, document, limit):
        resource.require(not {"Principal", "NotPrincipal"} & set(statement), MALFORMED, "an identity policy must not name a principal")
        check_one_of(resource, statement, "Resource", "NotResource")


def check_trust_policy(resource: ResourceType, document: dict[str, Any]) -> None:
    for statement in check_document(resource, document, 4096):
        check_one_of(resource, statement, "Principal", "NotPrincipal")
        prohibited = {"Resource", "NotResource"} & set(statement)
        resource.require(not prohibited, MALFORMED, f"a trust policy has prohibited field {sorted(prohibited)}")
        for action in as_list(statement.get("Action", [])):
            resource.require(action.startswith("sts:"), MALFORMED, f"a trust policy allows sts actions only, not {action}")


def check_resource_policy(resource: ResourceType, document: dict[str, Any]) -> None:
    for statement in check_document(resource, document, 20480):
        check_one_of(resource, statement, "Principal", "NotPrincipal")
        check_one_of(resource, statement, "Resource", "NotResource")


def check_document(resource: ResourceType, document: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    size = len(json.dumps(document, separators=(",", ":")))
    resource.require(size <= limit, "LimitExceeded", f"the policy has {size} characters, the limit is {limit}")
    version = document.get("Version", "2008-10-17")
    resource.require(version in ("2012-10-17", "2008-10-17"), MALFORMED, f"The policy must contain a valid version string, not {version}")
    statements = as_list(document.get("Statement", []))
    resource.require(bool(statements), MALFORMED, "the policy has no statement")
    sids = [s["Sid"] for s in statements if s.get("Sid")]
    resource.require(len(sids) == len(set(sids)), MALFORMED, "Statement IDs (SID) in a single policy must be unique.")
    for statement in statements:
        check_statement(resource, statement)
    return statements


def check_statement(resource: ResourceType, statement: dict[str, Any]) -> None:
    unknown = sorted(set(statement) - STATEMENT_KEYS)
    resource.require(not unknown, MALFORMED, f"Syntax errors in policy: unknown field {unknown}")
    effect = statement.get("Effect")
    resource.require(effect in ("Allow", "Deny"), MALFORMED, f"Effect must be Allow or Deny, not {effect}")
    check_one_of(resource, statement, "Action", "NotAction")
    for action in as_list(statement.get("Action", statement.get("NotAction"))):
        known = action == "*" or re.fullmatch(r"[A-Za-z0-9-]+:[A-Za-z0-9*?]+", action)
        resource.require(bool(known), MALFORMED, f"Actions/Conditions must be prefaced by a vendor, e.g., iam: {action}")
    for arn in as_list(statement.get("Resource", statement.get("NotResource", []))):
        known = arn == "*" or arn.startswith("arn:") and arn.count(":") >= 5
        resource.require(bool(known), MALFORMED, f'Resource {arn} must be in ARN format or "*".')
    for operator in statement.get("Condition", {}):
        resource.require(bool(CONDITION_OPERATOR.fullmatch(operator)), MALFORMED, f"Invalid Condition type : {operator}.")


def check_one_of(resource: ResourceType, statement: dict[str, Any], one: str, other: str) -> None:
    resource.require((one in statement) != (other in statement), MALFORMED, f"a statement needs either {one} or {other}")
    resource.require(bool(statement.get(one, statement.get(other))), MALFORMED, f"{one} is empty")


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
