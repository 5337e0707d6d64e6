"""The queue, asked over the JSON protocol."""

from __future__ import annotations

from typing import Any, Callable

from aws_api.client import AwsClient
from aws_api.errors import AwsError

from .actions import Reply
from .messages import Message, messages_of

ENDED = {"InvalidParameterValue", "InvalidParameterValueException", "MessageNotInflight", "ReceiptHandleIsInvalid"}
"""How SQS says that a receipt is valid no more; FIFO queues say InvalidParameterValue."""


class Queue:
    """Any number of threads may use it.

    The client that receives is to try once: each try whose answer is lost uses up a receive of what was in it, and a few in a row would
    make dead letters of messages that nobody has seen. When to try again is judged with the rest.
    """

    def __init__(self, receiving: AwsClient, client: AwsClient, url: str, visibility: int, refused: Callable[[AwsError], None]) -> None:
        self._receiving, self._client, self._url, self._visibility, self._refused = receiving, client, url, visibility, refused

    def receive(self, most: int, wait: int, wanted: Callable[[], bool]) -> tuple[list[Message], int]:
        """The messages, and how many more came that cannot be read; `wait`: seconds for the first. Raises AwsError, or NoLongerWanted before a try.

        Without a ReceiveRequestAttemptId, also on a FIFO queue: what was in an answer that was lost is late by a visibility, where a
        repeated attempt may count as one more receive each time, and a few of them would make a dead letter of what nobody worked on.
        """
        params: dict[str, Any] = {
            "QueueUrl": self._url,
            "MaxNumberOfMessages": most,
            "WaitTimeSeconds": wait,
            "VisibilityTimeout": self._visibility,
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        }
        answer = self._receiving.call_json("AmazonSQS.ReceiveMessage", params, wanted=wanted, patience=wait)
        return messages_of(answer, self._url)

    def delete(self, receipt: str) -> Reply:
        return self._tell("DeleteMessage", receipt)

    def hide(self, receipt: str, seconds: int) -> Reply:
        return self._tell("ChangeMessageVisibility", receipt, VisibilityTimeout=seconds)

    def _tell(self, action: str, receipt: str, **params: object) -> Reply:
        try:
            self._client.call_json(f"AmazonSQS.{action}", {"QueueUrl": self._url, "ReceiptHandle": receipt, **params})
        except AwsError as error:
            if error.code in ENDED:
                return Reply.ENDED
            self._refused(error)
            return Reply.DENIED if error.is_denied else Reply.FAILED
        return Reply.OK
