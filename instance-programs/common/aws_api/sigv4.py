"""AWS Signature Version 4, in headers, as a pure function.

For every service but S3, which alone does not want its path encoded once more.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import NamedTuple
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"
# the signature makes these itself, so that a request may be signed again
OWN = {"host", "x-amz-date", "x-amz-security-token", "authorization"}
# what a proxy or a tracer on the way may change
UNSIGNED = {
    "baggage",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
}


class Credentials(NamedTuple):
    access_key: str
    secret_key: str
    #: of credentials that end, as those of a role do
    token: str | None = None

    def __repr__(self) -> str:
        return f"Credentials({self.access_key})"  # a log or a traceback must not give the secret away


def sign(
    method: str,
    host: str,
    path: str,
    query: Iterable[tuple[str, str]],
    headers: Mapping[str, str],
    body: bytes,
    *,
    service: str,
    region: str,
    credentials: Credentials,
    now: datetime,
) -> dict[str, str]:
    """Return the headers to send: those given, and the host, date, session token and signature.

    `host` carries the port where it is not the protocol's own, `path` is percent-encoded as it is sent, `query` is not
    encoded (`encoded_query` is what to send), and `now` knows its time zone. Headers given under the names that the
    signature makes itself are replaced.
    """
    timestamp = now.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    sent = {name: value for name, value in headers.items() if name.lower() not in OWN}
    sent["Host"] = host
    sent["X-Amz-Date"] = timestamp
    if credentials.token:
        sent["X-Amz-Security-Token"] = credentials.token

    canonical = _canonical_headers(sent)
    names = ";".join(canonical)
    request = "\n".join(
        [
            method.upper(),
            quote(_without_dots(path), safe="/~"),
            encoded_query(query),
            *[f"{name}:{value}" for name, value in canonical.items()],
            "",
            names,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{timestamp[:8]}/{region}/{service}/aws4_request"
    to_sign = "\n".join([ALGORITHM, timestamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{credentials.secret_key}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    signature = _hmac(key, to_sign).hex()
    sent["Authorization"] = f"{ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return sent


def encoded_query(query: Iterable[tuple[str, str]]) -> str:
    """Return the query as it is signed and sent: everything encoded but the unreserved characters, sorted."""
    pairs = sorted((quote(name, safe=""), quote(value, safe="")) for name, value in query)
    return "&".join(f"{name}={value}" for name, value in pairs)


def _canonical_headers(headers: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for name, value in headers.items():
        if name.lower() not in UNSIGNED:
            values.setdefault(name.lower(), []).append(" ".join(value.split()))
    return {name: ",".join(values[name]) for name in sorted(values)}


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
