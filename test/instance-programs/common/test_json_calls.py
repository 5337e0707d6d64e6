"""Calls by the JSON protocol. What they share with those by the query protocol, test_aws_client.py tries."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from aws_api.client import AwsClient, AwsError, NoLongerWanted
from aws_api.sigv4 import Credentials
from botocore_signature import botocore_signature
from local_servers import Answer, Clock, HangUp, LocalServer, Respond, Silence, one_after_the_other

CREDENTIALS = Credentials("AKID", "secret", "session")
RECEIVE = "AmazonSQS.ReceiveMessage"


class Service:
    def __init__(self, server: LocalServer):
        self.server = server
        self.clock = Clock()

    def client(self, **others) -> AwsClient:
        clocks = {"clock": self.clock, "monotonic": self.clock, "sleep": self.clock.sleep, "jitter": lambda: 1.0}
        return AwsClient("sqs", "eu-west-1", CREDENTIALS, **{"host": self.server.host, "timeout": 5.0, **clocks, **others})


@pytest.fixture
def answering(serve_tls: Callable[[Respond], LocalServer], trusted: None) -> Callable[..., Service]:
    return lambda *answers: Service(serve_tls(one_after_the_other(*answers)))


def refusal(kind: str, status: int = 400) -> Answer:
    return Answer(json.dumps({"__type": kind, "message": f"said {kind}"}), status)


def test_carries_the_target_and_the_parameters_as_json_signed_as_sent(answering):
    service = answering(Answer('{"Messages": []}'))

    answer = service.client().call_json(RECEIVE, {"QueueUrl": "https://x/1/q", "MaxNumberOfMessages": 3, "Name": "ä"})

    assert answer == {"Messages": []}
    [request] = service.server.requests
    assert (request.method, request.path) == ("POST", "/")
    assert request.headers["X-Amz-Target"] == RECEIVE
    assert request.headers["Content-Type"] == "application/x-amz-json-1.0"
    assert json.loads(request.body) == {"QueueUrl": "https://x/1/q", "MaxNumberOfMessages": 3, "Name": "ä"}
    unsigned = {"Accept-Encoding", "Content-Length", "Authorization", "X-Amz-Date", "X-Amz-Security-Token"}
    expected = botocore_signature(
        "POST",
        f"https://{service.server.host}/",
        [(name, value) for name, value in request.headers.items() if name not in unsigned],
        request.body,
        service="sqs",
        region="eu-west-1",
        credentials=CREDENTIALS,
        now=datetime.fromtimestamp(service.clock.now, timezone.utc),
    )
    assert request.headers["Authorization"] == expected["Authorization"]
    assert "x-amz-target" in request.headers["Authorization"]


def test_an_empty_answer_is_an_empty_object(answering):
    assert answering(Answer("")).client().call_json("AmazonSQS.DeleteMessage", {}) == {}


@pytest.mark.parametrize(
    "body, code, message",
    [
        ('{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "no queue"}', "QueueDoesNotExist", "no queue"),
        ('{"__type": "com.amazonaws.sqs#ReceiptHandleIsInvalid", "Message": "no receipt"}', "ReceiptHandleIsInvalid", "no receipt"),
        ('{"__type": "AccessDeniedException:http://internal.amazon.com/coral/", "message": null}', "AccessDeniedException", "None"),
        ("{}", "Unreadable", ""),
    ],
)
def test_a_refusal_names_action_code_and_message(answering, body: str, code: str, message: str):
    with pytest.raises(AwsError) as raised:
        answering(Answer(body, 400)).client().call_json(RECEIVE, {})
    assert (raised.value.action, raised.value.code, raised.value.message, raised.value.status) == ("ReceiveMessage", code, message, 400)


@pytest.mark.parametrize("body", ["<html>", "[]", "null", '{"a": ', "[" * 100_000, '"text"'])
def test_what_is_no_json_object_is_an_error(answering, body: str):
    with pytest.raises(AwsError) as raised:
        answering(Answer(body)).client().call_json(RECEIVE, {})
    assert (raised.value.code, raised.value.status) == ("Unreadable", 200)


@pytest.mark.parametrize("trouble", [refusal("com.amazonaws.sqs#RequestThrottled"), refusal("InternalError", 500), Answer("<html>", 503), HangUp()])
def test_a_trouble_that_passes_is_followed_by_another_try(answering, trouble):
    service = answering(trouble, Answer('{"a": 1}'))

    assert service.client().call_json(RECEIVE, {}) == {"a": 1}
    assert service.clock.pauses == [0.1]


def test_a_refusal_that_stays_is_not_tried_again(answering):
    service = answering(refusal("com.amazonaws.sqs#ReceiptHandleIsInvalid"), Answer("{}"))

    with pytest.raises(AwsError):
        service.client().call_json(RECEIVE, {})
    assert len(service.server.requests) == 1


def test_is_not_sent_when_it_is_no_longer_wanted(answering):
    service = answering(Answer("{}"))

    with pytest.raises(NoLongerWanted, match="ReceiveMessage"):
        service.client().call_json(RECEIVE, {}, wanted=lambda: False)
    assert service.server.requests == []


def test_patience_is_for_the_answer_and_the_deadline(answering):
    service = answering(Answer("{}"))
    client = service.client(timeout=2.0, deadline=3.0)

    client.call_json(RECEIVE, {}, patience=20.0)

    assert client._idle[0].sock.gettimeout() == pytest.approx(22.0)


def test_without_patience_a_silence_ends_with_the_timeout(answering):
    with pytest.raises(AwsError, match="NoAnswer"):
        answering(Silence()).client(timeout=0.2, attempts=1).call_json(RECEIVE, {})


def test_patience_is_not_for_connecting(answering):
    service = answering(Answer("{}"))
    waits: list[float] = []

    def connect(_host: str, timeout: float):
        waits.append(timeout)
        raise TimeoutError

    with pytest.raises(AwsError):
        service.client(timeout=2.0, attempts=1, connect=connect).call_json(RECEIVE, {}, patience=20.0)
    assert waits == [2.0]
