"""What a service answered, read: by the query protocol in XML, by the JSON protocol in JSON."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from xml.etree import ElementTree

from .errors import AwsError


class Answer(NamedTuple):
    status: int
    date: str
    content: bytes


def read_xml(action: str, answer: Answer) -> ElementTree.Element:
    """Return the answer, its tags without namespaces. Raises AwsError for a refusal."""
    try:
        root = ElementTree.fromstring(answer.content)
    except ElementTree.ParseError:
        raise _unreadable(action, answer) from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    if answer.status == 200:
        return root
    code, message = root.findtext(".//Error/Code", "Unreadable"), root.findtext(".//Error/Message", "")
    raise AwsError(action, code, message, answer.status, answer.date)


def read_json(action: str, answer: Answer) -> dict[str, Any]:
    """Return the answer; an empty one is an empty object. Raises AwsError for a refusal."""
    try:
        content = json.loads(answer.content or b"{}")
    except (ValueError, RecursionError):
        raise _unreadable(action, answer) from None
    if not isinstance(content, dict):
        raise _unreadable(action, answer)
    if answer.status == 200:
        return content
    # as com.amazonaws.sqs#QueueDoesNotExist; some services put a colon and an address behind it
    code = str(content.get("__type", "")).rpartition("#")[2].partition(":")[0]
    message = content.get("message", content.get("Message", ""))
    raise AwsError(action, code or "Unreadable", str(message), answer.status, answer.date)


def _unreadable(action: str, answer: Answer) -> AwsError:
    return AwsError(action, "Unreadable", answer.content[:200].decode(errors="replace"), answer.status, answer.date)
