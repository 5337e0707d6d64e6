"""What botocore, which others have tested against AWS, would sign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from unittest import mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def botocore_signature(
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    *,
    service: str,
    region: str,
    credentials: tuple[str, str, str | None],
    now: datetime,
) -> dict[str, str]:
    request = AWSRequest(method=method, url=url, data=body)
    for name, value in headers:
        request.headers[name] = value  # adds to those of the same name
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda: now):
        botocore.auth.SigV4Auth(Credentials(*credentials), service, region).add_auth(request)
    return dict(request.headers.items())


def botocore_query(query: list[tuple[str, str]]) -> str:
    request = AWSRequest(method="GET", url="https://host/", params=query)
    return botocore.auth.SigV4Auth(None, "service", "region").canonical_query_string(request)
