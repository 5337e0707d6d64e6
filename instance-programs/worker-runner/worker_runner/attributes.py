"""The attributes of a message, under names and in values that do no harm to what gets them. Whoever may send may choose them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from .messages import Message

LONGEST_VALUE = 32_768
"""Bytes of one variable; Linux starts nothing with one of 128 KiB."""

LONGEST_HEADER = 4_096
"""Bytes of one header; servers refuse longer ones, mostly from 8 KiB on."""

NOT_INHERITED = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
"""What the unit sets for the runner itself, and a handler in Python must not stumble over."""


def environment(message: Message, inherited: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """The variables for a command: those inherited, and those of the message, all of which begin with SQS_."""
    kept = {name: value for name, value in inherited.items() if name.decode(errors="replace") not in NOT_INHERITED and not name.startswith(b"SQS_")}
    system = {"MESSAGE_ID": message.id, "RECEIVE_COUNT": str(message.receive_count), "GROUP_ID": message.group, "QUEUE_NAME": message.queue_name}
    own, left_out = _by_safe_name(message.attributes, _variable_name, LONGEST_VALUE, lambda value: None if "\0" in value else _encoded(value))
    values = {f"SQS_{name}": _encoded(value.replace("\0", "")) for name, value in system.items() if value is not None}
    values.update({f"SQS_ATTRIBUTE_{name}": value for name, value in own.items()})
    if left_out:
        values["SQS_ATTRIBUTES_LEFT_OUT"] = ",".join(left_out).encode()
    return {**kept, **{name.encode(): value for name, value in values.items()}}


def headers(message: Message) -> dict[str, str]:
    """The headers for a handler over HTTP; what is no visible ASCII in a value, and the percent sign, is percent-encoded."""
    system = {"Message-Id": message.id, "Receive-Count": str(message.receive_count), "Group-Id": message.group, "Queue-Name": message.queue_name}
    own, left_out = _by_safe_name(message.attributes, _header_name, LONGEST_HEADER, lambda value: _header_value(value).encode())
    values = {f"X-Sqs-{name}": _header_value(value) for name, value in system.items() if value is not None}
    values.update({f"X-Sqs-Attribute-{name}": value.decode() for name, value in own.items()})
    if left_out:
        values["X-Sqs-Attributes-Left-Out"] = ",".join(left_out)
    return values


def body(message: Message) -> bytes:
    return _encoded(message.body)


def _by_safe_name(attributes, safe_name, longest, encode) -> tuple[dict[str, bytes], Iterable[str]]:
    """What can be handed over, and the safe names of what cannot: too long, not to be encoded, or two under one name.

    Of two neither is, since the sender could else put what it likes in the place of the one that the handler asks for.
    """
    names = [safe_name(name) for name in attributes]
    values = {safe_name(name): encode(value) for name, value in attributes.items()}
    fine = {name: value for name, value in values.items() if value is not None and len(value) <= longest and names.count(name) == 1}
    return fine, sorted(set(values) - set(fine))


def _variable_name(name: str) -> str:
    return re.sub(r"[^A-Z0-9_]", "_", name.upper())


def _header_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "-", name).title()


def _header_value(value: str) -> str:
    return quote(_encoded(value), safe=" !\"#$&'()*+,/:;<=>?@[\\]^`{|}~").strip()


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")  # JSON may hold half a character, and it must not stop the runner
