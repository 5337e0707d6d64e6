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


def messages_of(answer: Mapping[str, Any]) -> tuple[list[Message], int]:
    """The messages in the order of the answer, and how many cannot be read; those come back to the queue by themselves."""
    items = answer.get("Messages") or []
    if not isinstance(items, list):
        return [], 1
    messages = [_message(item) for item in items]
    return [message for message in messages if message is not None], messages.count(None)


def _message(item: Any) -> Message | None:
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
