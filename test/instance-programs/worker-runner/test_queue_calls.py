"""What SQS is asked, and how its answers are understood."""

from __future__ import annotations

import pytest
from aws_api.errors import AwsError
from worker_runner.actions import Reply
from worker_runner.sqs import Queue

URL = "https://sqs.eu-west-1.amazonaws.com/1/work"


class Client:
    def __init__(self, answer: dict | AwsError) -> None:
        self.answer = answer
        self.asked: list[tuple[str, dict, float]] = []

    def call_json(self, target: str, params: dict, *, wanted=lambda: True, patience: float = 0.0) -> dict:
        self.asked.append((target, params, patience))
        if isinstance(self.answer, AwsError):
            raise self.answer
        return self.answer


def queue(answer: dict | AwsError | None = None, url: str = URL) -> tuple[Queue, Client, list[AwsError]]:
    client, refused = Client(answer or {}), []
    return Queue(client, client, url, 60, refused.append), client, refused


def test_a_receipt_asks_for_all_and_waits_as_long_as_a_poll_does():
    one, client, _ = queue({"Messages": [{"MessageId": "m", "ReceiptHandle": "r", "Body": "b"}, 7]})
    messages, unreadable = one.receive(3, 20, lambda: True)
    assert ([message.id for message in messages], unreadable) == (["m"], 1)
    [(target, params, patience)] = client.asked
    assert (target, patience) == ("AmazonSQS.ReceiveMessage", 20)
    assert params == {
        "QueueUrl": URL,
        "MaxNumberOfMessages": 3,
        "WaitTimeSeconds": 20,
        "VisibilityTimeout": 60,
        "MessageSystemAttributeNames": ["All"],
        "MessageAttributeNames": ["All"],
    }


def test_an_attempt_on_a_fifo_queue_has_no_name_under_which_it_could_count_twice():
    one, client, _ = queue({}, URL + ".fifo")
    one.receive(1, 20, lambda: True)
    assert "ReceiveRequestAttemptId" not in client.asked[0][1]


def test_deleting_and_hiding_name_queue_and_receipt():
    one, client, _ = queue()
    assert (one.delete("r"), one.hide("r", 7)) == (Reply.OK, Reply.OK)
    assert client.asked == [
        ("AmazonSQS.DeleteMessage", {"QueueUrl": URL, "ReceiptHandle": "r"}, 0.0),
        ("AmazonSQS.ChangeMessageVisibility", {"QueueUrl": URL, "ReceiptHandle": "r", "VisibilityTimeout": 7}, 0.0),
    ]


@pytest.mark.parametrize("code", ["ReceiptHandleIsInvalid", "InvalidParameterValue", "MessageNotInflight"])
def test_a_receipt_that_has_ended_is_no_trouble(code: str):
    one, _, refused = queue(AwsError("DeleteMessage", code, "", 400))
    assert (one.delete("r"), one.hide("r", 7), refused) == (Reply.ENDED, Reply.ENDED, [])


@pytest.mark.parametrize(
    "code, status, reply", [("AccessDeniedException", 400, Reply.DENIED), ("NoAnswer", 0, Reply.FAILED), ("InternalError", 500, Reply.FAILED)]
)
def test_what_is_a_trouble_is_told(code: str, status: int, reply: Reply):
    one, _, refused = queue(AwsError("DeleteMessage", code, "", status))
    assert (one.delete("r"), len(refused)) == (reply, 1)
