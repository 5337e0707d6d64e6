"""Compares what the template asked for with what the service shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .errors import Refused
from .resource import ResourceType

NOTHING = object()
MAX_SHOWN = 500


def check_declared(resource: ResourceType) -> None:
    """No property may be lost without a word: each is read back, or named with a reason."""
    kind = type(resource)
    for name in resource.properties:
        if name not in kind.read_back and name not in kind.not_read_back:
            raise Refused(
                f"{resource.logical_id} ({kind.type_name}): the emulator does not support property {name}: "
                "it is neither read back nor named as not read back"
            )


def verify(resource: ResourceType) -> None:
    """Describe the resource through the service and compare it, property by property."""
    kind = type(resource)
    if kind.shape_checked_only:
        return
    shown = resource.describe()
    for name in kind.read_back:
        if name in resource.properties:
            wanted, got = resource.properties[name], shown.get(name, NOTHING)
            for path, want, have in differences(wanted, got, name, kind):
                raise Refused(
                    f"{resource.logical_id} ({kind.type_name}): {path} was not kept: wanted {show(want)}, {kind.described_by} shows {show(have)}"
                )


def differences(wanted: Any, got: Any, path: str, kind: type[ResourceType]) -> Iterator[tuple[str, Any, Any]]:
    if path in kind.not_read_back or is_empty(wanted) and (got is NOTHING or is_empty(got)):
        return
    wanted, got = normalise(wanted), normalise(got)
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key, value in wanted.items():
            yield from differences(value, got.get(key, NOTHING), f"{path}.{key}", kind)
    elif isinstance(wanted, list) and isinstance(got, list):
        if not same_items(wanted, got, path, kind):
            yield path, wanted, got
    elif wanted != got:
        yield path, wanted, got


def same_items(wanted: list[Any], got: list[Any], path: str, kind: type[ResourceType]) -> bool:
    """Lists of AWS rarely keep their order: each wanted item needs a partner of its own."""
    if len(got) < len(wanted) or (len(got) > len(wanted) and path not in kind.may_list_more):
        return False
    remaining = list(got)
    for item in wanted:
        partner = next((other for other in remaining if not any(differences(item, other, path, kind))), NOTHING)
        if partner is NOTHING:
            return False
        remaining.remove(partner)
    return True


def is_empty(value: Any) -> bool:
    return value in (None, "", {}, [])


def normalise(value: Any) -> Any:
    """One form for what AWS writes in several: "3" and 3, "true" and true, JSON and its text."""
    if isinstance(value, str) and value[:1] in "{[" and value[:1]:
        try:
            return json.loads(value)
        except ValueError:
            return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:g}" if value != int(value) else str(int(value))
    return value


def show(value: Any) -> str:
    if value is NOTHING:
        return "nothing"
    text = json.dumps(value, default=str)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."
