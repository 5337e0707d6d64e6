"""Who calls, and whether the role of the caller lets it: signature, then policies, by resource and condition."""

from __future__ import annotations

import fnmatch
import hmac
import json
import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.iam.models import iam_backends

ACCOUNT = "123456789012"
CLOCK_TOLERANCE = 300


@dataclass(frozen=True)
class Caller:
    """What an instance got from its metadata service."""

    instance_id: str
    zone: str
    role: str
    access_key: str
    secret: str
    token: str


class Denied(Exception):
    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


# -- the signature -----------------------------------------------------------------------------


def access_key_of(headers: dict[str, str]) -> str | None:
    found = re.search(r"Credential=([^/]+)/", headers.get("authorization", ""))
    return found[1] if found else None


def check_signature(caller: Caller, method: str, host: str, path: str, headers: dict[str, str], body: bytes, now: float) -> None:
    """Sign once more, with the code that AWS's own SDK signs with."""
    authorization = headers.get("authorization", "")
    scope = re.search(r"Credential=[^/]+/(\d{8})/([^/]+)/([^/]+)/aws4_request", authorization)
    names = re.search(r"SignedHeaders=([^,\s]+)", authorization)
    signature = re.search(r"Signature=([0-9a-f]{64})", authorization)
    date = headers.get("x-amz-date", "")
    if not (scope and names and signature and date):
        raise Denied("IncompleteSignature", "the request is not signed with version 4")
    signed = set(names[1].split(";"))
    if not {"host", "x-amz-date"} <= signed:
        raise Denied("AuthFailure", "host and x-amz-date must be signed")
    if headers.get("x-amz-security-token") != caller.token:
        raise Denied("AuthFailure", "AWS was not able to validate the provided access credentials")
    sent = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).timestamp()
    if abs(sent - now) > CLOCK_TOLERANCE:
        raise Denied("RequestExpired", "Request has expired.")
    request = AWSRequest(method, f"https://{host}{path}", headers={name: headers[name] for name in signed if name in headers}, data=body)
    request.context["timestamp"] = date
    signer = SigV4Auth(Credentials(caller.access_key, caller.secret, caller.token), scope[3], scope[2])
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    if not hmac.compare_digest(expected, signature[1]):
        raise Denied("AuthFailure", "AWS was not able to validate the provided access credentials")


# -- the policies --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One resource that an action touches, with the values of its condition keys."""

    resource: str
    context: tuple[tuple[str, str], ...] = ()


def check_allowed(caller: Caller, action: str, asked: list[Asked]) -> None:
    """Every resource must be allowed by a statement of the role.  No policy of ours denies, so that a Deny is refused too."""
    statements = list(statements_of(caller.role))
    for one in asked:
        if not any(allows(statement, action, one) for statement in statements):
            code = "UnauthorizedOperation" if action.startswith("ec2:") else "AccessDenied"
            raise Denied(code, f"You are not authorized to perform this operation: {action} on {one.resource} by {caller.role}")


def statements_of(role_name: str) -> Iterator[dict[str, Any]]:
    backend = iam_backends[ACCOUNT]["aws"]
    role = backend.get_role(role_name)
    documents = [json.loads(urllib.parse.unquote(document)) for document in role.policies.values()]
    documents += [json.loads(policy.document) for policy in role.managed_policies.values()]
    for document in documents:
        statements = document["Statement"]
        yield from statements if isinstance(statements, list) else [statements]


def allows(statement: dict[str, Any], action: str, asked: Asked) -> bool:
    if set(statement) - {"Effect", "Action", "Resource", "Condition", "Sid"} or statement["Effect"] != "Allow":
        raise Denied("InternalError", f"the lab cannot judge the statement {statement}")
    context = dict(asked.context)
    return (
        any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in listed(statement["Action"]))
        and any(fnmatch.fnmatchcase(asked.resource, pattern) for pattern in listed(statement["Resource"]))
        and all(holds(operator, key, values, context) for operator, tests in statement.get("Condition", {}).items() for key, values in tests.items())
    )


def holds(operator: str, key: str, values: Any, context: dict[str, str]) -> bool:
    found = context.get(key)
    if operator == "StringEquals":
        return found in listed(values)
    if operator in ("StringLike", "ArnLike", "ArnEquals"):
        return found is not None and any(fnmatch.fnmatchcase(found, pattern) for pattern in listed(values))
    raise Denied("InternalError", f"the lab cannot judge the condition {operator}")


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
