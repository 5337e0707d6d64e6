"""What a message is, read from an answer of ReceiveMessage that may hold anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    id: str
    receipt: str
    body: str
    group: str | None = None
    receive_count: int = 1
    #: by name, as text; those of binary type in base64, as they come
    attributes: Mapping[str, str] = field(default_factory=dict)
    #: the address of the queue that it came from
    queue: str = ""

    @property
    def queue_name(self) -> str:
        return name_of(self.queue)

    @property
    def lane(self) -> tuple[str, str | None]:
        """What is kept in order on a FIFO queue: two queues may have groups of one name, which have nothing to do with each other."""
        return self.queue, self.group


def name_of(queue: str) -> str:
    """The last part of the address."""
    return queue.rstrip("/").rpartition("/")[2]


def messages_of(answer: Mapping[str, Any], queue: str) -> tuple[list[Message], int]:
    """The messages in the order of the answer, and how many cannot be read; those come back to the queue by themselves."""
    items = answer.get("Messages") or []
    if not isinstance(items, list):
        return [], 1
    messages = [_message(item, queue) for item in items]
    return [message for message in messages if message is not None], messages.count(None)


def _message(item: Any, queue: str) -> Message | None:
    if not isinstance(item, dict):
        return None
    identity, receipt, body = item.get("MessageId"), item.get("ReceiptHandle"), item.get("Body", "")
    if not (_is_text(identity) and _is_text(receipt) and isinstance(body, str)):
        return None
    system, own = _object(item.get("Attributes")), _object(item.get("MessageAttributes"))
    group = system.get("MessageGroupId")
    values = {name: _value(value) for name, value in own.items()}
    return Message(
        id=identity,
        receipt=receipt,
        body=body,
        group=group if _is_text(group) else None,
        receive_count=_count(system.get("ApproximateReceiveCount")),
        attributes={name: value for name, value in values.items() if value is not None},
        queue=queue,
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _value(attribute: Any) -> str | None:
    content = _object(attribute)
    value = content.get("StringValue", content.get("BinaryValue"))
    return value if isinstance(value, str) else None


def _count(text: Any) -> int:
    try:
        return max(1, int(text))
    except (TypeError, ValueError):
        return 1
