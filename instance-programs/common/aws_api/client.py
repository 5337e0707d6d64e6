"""Calls to one AWS service: by the query protocol, which EC2 and CloudWatch speak, and by the JSON protocol, which SQS does."""

from __future__ import annotations

import http.client
import json
import random
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, TypeVar, Union
from urllib.parse import urlencode
from xml.etree import ElementTree

from .answers import Answer, read_json, read_xml
from .errors import AwsError, NoLongerWanted
from .imds import ImdsError
from .sigv4 import Credentials, sign

__all__ = ["AwsClient", "AwsError", "NoLongerWanted"]

# in seconds, for all below
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0
CLOCK_TOLERANCE = 60.0  # below what any service minds, above what a slow answer makes up

# the clock may be to blame; EC2 says AuthFailure
SKEWED = {
    "AuthFailure",
    "InvalidSignature",
    "InvalidSignatureException",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
}

Value = Union[str, int, float, bool]
_T = TypeVar("_T")


class AwsClient:
    """Any number of threads may use it, over one kept-open connection for each call under way at the same time.

    A connection is lent to one call and then kept for the next one. With a lock around a single connection a call that
    waits for a dead peer would hold up a takeover, and a connection of each thread's own would be cold in a new thread.

    `timeout` is for connecting to one address and for each wait for bytes, `deadline` for a call with all its tries; the
    last try is shortened to it. Neither covers the name resolution nor the fetching of credentials, which have limits of
    their own.
    """

    def __init__(
        self,
        service: str,
        region: str,
        credentials: Credentials | Callable[[], Credentials],
        *,
        host: str | None = None,
        timeout: float = 2.0,
        deadline: float = 10.0,
        attempts: int = 8,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        connect: Callable[[str, float], http.client.HTTPConnection] | None = None,
    ):
        self._service = service
        self._region = region
        self._credentials = credentials
        self._host = host or f"{service}.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
        self._timeout = timeout
        self._deadline = deadline
        self._attempts = attempts
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._jitter = jitter
        self._connect = connect or _over_tls(ssl.create_default_context())  # which honours SSL_CERT_FILE
        self._idle: deque[http.client.HTTPConnection] = deque()  # its append and pop are atomic
        self._skew = 0.0

    def call(self, action: str, version: str, params: Mapping[str, Value], *, wanted: Callable[[], bool] = lambda: True) -> ElementTree.Element:
        """Return the answer, its tags without namespaces.

        `wanted` is asked before every try, and again when connecting has taken its time: a takeover that waited for a throttled
        service must not strike after another node has taken over. It must be quick, and then NoLongerWanted is raised.
        Raises AwsError for a refusal, and for the last failure when the tries or the time are used up.
        """
        asked = {"Action": action, "Version": version, **{name: _text(value) for name, value in params.items()}}
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return self._call(_Question(action, headers, urlencode(asked).encode(), wanted, 0.0), read_xml)

    def call_json(
        self, target: str, params: Mapping[str, Any], *, wanted: Callable[[], bool] = lambda: True, patience: float = 0.0
    ) -> dict[str, Any]:
        """Return the answer of an action by the AWS JSON protocol 1.0, whose `target` is as AmazonSQS.ReceiveMessage.

        The service may take `patience` longer to answer, which a long poll does although nothing is wrong: connecting is not
        given more time, the deadline is. All else is as for `call`.
        """
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target}
        action = target.rpartition(".")[2]
        return self._call(_Question(action, headers, json.dumps(params).encode(), wanted, patience), read_json)

    def _call(self, question: _Question, read: Callable[[str, Answer], _T]) -> _T:
        ends = self._monotonic() + self._deadline + question.patience
        may_set_clock = True
        attempt = 0
        while True:
            attempt += 1
            skew = self._skew
            try:
                return self._try(question, read, ends, skew)
            except AwsError as error:
                if may_set_clock and error.code in SKEWED and self._sets_clock(error.date, skew):
                    may_set_clock = False
                    continue
                pause = self._jitter() * min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1))
                if not error.is_passing or attempt >= self._attempts or self._monotonic() + pause >= ends:
                    raise
            self._sleep(pause)

    def _try(self, question: _Question, read: Callable[[str, Answer], _T], ends: float, skew: float) -> _T:
        action = question.action
        try:
            credentials = self._credentials() if callable(self._credentials) else self._credentials
            _ask(question)
            return read(action, self._exchange(_Request(question, credentials, ends, skew)))
        except ImdsError as error:
            raise AwsError(action, "NoCredentials", str(error), 0) from error
        except (OSError, http.client.HTTPException) as error:
            raise AwsError(action, "NoAnswer", f"{self._host}: {type(error).__name__}: {error}", 0) from error

    def _exchange(self, request: _Request) -> Answer:
        kept = self._kept()
        if kept is not None:
            # The server may have closed it meanwhile, which shows only now, and may even have acted on the request before
            # it did. To send it again is right for calls that leave the same behind when they are made twice, and all of
            # ours do: ReplaceRoute and AssociateAddress state a target, AttachNetworkInterface is refused when it is done
            # already, Describe* change nothing, PutMetricData counts a gauge twice, DeleteMessage and ChangeMessageVisibility
            # state a target as well. ReceiveMessage alone leaves more behind: what the first answer held comes back to the
            # queue by itself, when its visibility ends.
            with suppress(ConnectionError, ssl.SSLError):
                return self._send(kept, request)
        connection = self._connect(self._host, self._time_left(request))
        connection.connect()
        try:
            _ask(request.question)
        except NoLongerWanted:
            self._idle.append(connection)
            raise
        return self._send(connection, request)

    def _kept(self) -> http.client.HTTPConnection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _send(self, connection: http.client.HTTPConnection, request: _Request) -> Answer:
        now = datetime.fromtimestamp(self._clock() + request.skew, timezone.utc)
        headers = sign(
            "POST",
            self._host,
            "/",
            [],
            request.question.headers,
            request.question.body,
            service=self._service,
            region=self._region,
            credentials=request.credentials,
            now=now,
        )
        try:
            connection.sock.settimeout(self._time_left(request, request.question.patience))
            connection.request("POST", "/", request.question.body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.getheader("Date", ""), response.read())
        except BaseException:
            connection.close()
            raise
        if not response.will_close:
            self._idle.append(connection)
        return answer

    def _time_left(self, request: _Request, patience: float = 0.0) -> float:
        left = request.ends - self._monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return min(self._timeout + patience, left)

    def _sets_clock(self, date: str, signed_with: float) -> bool:
        """Sign with the server's time from now on, if it is the clock that was wrong; the refusal is right otherwise."""
        try:
            skew = parsedate_to_datetime(date).timestamp() - self._clock()
        except (TypeError, ValueError, IndexError):  # no date; which of them depends on the version of Python
            return False
        wrong = abs(skew - signed_with) > CLOCK_TOLERANCE
        if wrong:
            self._skew = skew
        return wrong


class _Question(NamedTuple):
    action: str
    headers: dict[str, str]
    body: bytes
    wanted: Callable[[], bool]
    patience: float


class _Request(NamedTuple):
    question: _Question
    credentials: Credentials
    ends: float
    skew: float


def _ask(question: _Question) -> None:
    if not question.wanted():
        raise NoLongerWanted(question.action)


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _over_tls(context: ssl.SSLContext) -> Callable[[str, float], http.client.HTTPConnection]:
    return lambda host, timeout: http.client.HTTPSConnection(host, timeout=timeout, context=context)
