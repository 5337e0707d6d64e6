"""The instance metadata service, version 2: what this machine is, and the credentials of its role."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import NamedTuple
from urllib.parse import urljoin

from .sigv4 import Credentials

HOST = "169.254.169.254"
# in seconds, for all below
TIMEOUT = 1.0  # it answers from the same host, in milliseconds
TOKEN_LIFETIME = 21600  # the longest that it gives
TOKEN_SPARE = 60.0
FIRST_PAUSE = 0.1
REFRESH_BEFORE_END = 600.0  # new ones are there at least 300 before the end
REFRESH_AGE = 3600.0  # a clock that is slow must not keep credentials past their end
REFRESH_PAUSE = 30.0  # while the old ones hold, a service that is down must not slow each call

ATTEMPTS = 4


class ImdsError(Exception):
    """The metadata service did not answer, refused, or answered something else than it should."""

    def __init__(self, path: str, problem: str):
        super().__init__(f"instance metadata {path}: {problem}")


class Imds:
    """Any number of threads may use it. Each request has a connection of its own, since the service closes them."""

    def __init__(
        self,
        *,
        host: str = HOST,
        timeout: float = TIMEOUT,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ):
        self._host = host
        self._timeout = timeout
        self._monotonic = monotonic
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._token: _Token | None = None

    def get(self, path: str, *, attempts: int = ATTEMPTS) -> str | None:
        """Return what stands at the path below /latest/meta-data/, or at one that starts with a slash; None when nothing does.

        Raises ImdsError after the last attempt.
        """
        whole = urljoin("/latest/meta-data/", path)
        for attempt in range(1, attempts + 1):
            try:
                return self._get(whole)
            except _Retryable as error:
                if attempt == attempts:
                    raise ImdsError(whole, str(error)) from error
                self._sleep(self._jitter() * FIRST_PAUSE * 2**attempt)
        raise AssertionError("no attempt")

    def credentials(self) -> RoleCredentials:
        """Return what gives the role's credentials of the moment when called."""
        return RoleCredentials(self, monotonic=self._monotonic, clock=self._clock)

    def _get(self, path: str) -> str | None:
        status, text = self._request("GET", path, {"X-aws-ec2-metadata-token": self._valid_token()})
        if status == 401:  # the service has forgotten the token before its time
            self._token = None
            status, text = self._request("GET", path, {"X-aws-ec2-metadata-token": self._valid_token()})
        if status == 404:
            return None
        if status != 200:
            raise ImdsError(path, f"status {status}")
        return text

    def _valid_token(self) -> str:
        token = self._token
        if token is None or self._monotonic() >= token.ends - TOKEN_SPARE:
            path = "/latest/api/token"
            asked = self._monotonic()
            status, text = self._request("PUT", path, {"X-aws-ec2-metadata-token-ttl-seconds": str(TOKEN_LIFETIME)})
            if status != 200:
                raise ImdsError(path, f"status {status}")
            self._token = token = _Token(text, asked + TOKEN_LIFETIME)
        return token.text

    def _request(self, method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self._host, timeout=self._timeout)
        try:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise _Retryable(f"{type(error).__name__}: {error}") from error
        finally:
            connection.close()
        if response.status == 429 or response.status >= 500:
            raise _Retryable(f"status {response.status}")
        return response.status, text


class RoleCredentials:
    """The credentials of the instance's role, fetched when called and then kept until shortly before they end.

    Raises ImdsError when there are none that hold; while the old ones do, a failing refresh changes nothing.
    """

    def __init__(self, imds: Imds, *, monotonic: Callable[[], float], clock: Callable[[], float]):
        self._imds = imds
        self._monotonic = monotonic
        self._clock = clock
        self._held: _Held | None = None
        self._tried = 0.0
        self._refreshing = threading.Lock()

    def __call__(self) -> Credentials:
        held = self._held
        holds = held is not None and self._clock() < held.ends
        if held is not None and holds and not self._is_due(held):
            return held.credentials
        with self._refreshing:
            if self._held is held:  # no other thread was faster
                self._refresh(held if holds else None)
            assert self._held is not None
            return self._held.credentials

    def _is_due(self, held: _Held) -> bool:
        now = self._monotonic()
        old = self._clock() >= held.ends - REFRESH_BEFORE_END or now >= held.fetched + REFRESH_AGE
        return old and now >= self._tried + REFRESH_PAUSE

    def _refresh(self, fallback: _Held | None) -> None:
        self._tried = self._monotonic()  # first, so that no other thread waits for this one while the old ones hold
        try:
            self._held = self._fetch(attempts=ATTEMPTS if fallback is None else 1)
        except ImdsError:
            if fallback is None:
                raise

    def _fetch(self, attempts: int) -> _Held:
        folder = "iam/security-credentials/"
        roles = (self._imds.get(folder, attempts=attempts) or "").split()
        if not roles:
            raise ImdsError(folder, "the instance has no role")
        path = folder + roles[0]
        try:
            answer = json.loads(self._imds.get(path, attempts=attempts) or "{}")
            if answer.get("Code") != "Success":
                raise ImdsError(path, f"{answer.get('Code')}: {answer.get('Message')}")
            ends = datetime.strptime(answer["Expiration"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
            credentials = Credentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer["Token"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ImdsError(path, f"no credentials: {type(error).__name__}") from error  # the text may hold the secret
        return _Held(credentials, ends.timestamp(), self._monotonic())


class _Token(NamedTuple):
    text: str
    ends: float


class _Held(NamedTuple):
    credentials: Credentials
    ends: float
    fetched: float


class _Retryable(Exception):
    pass
