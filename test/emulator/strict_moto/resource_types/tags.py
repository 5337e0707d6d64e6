"""Tags in the forms that the services want them in."""

from __future__ import annotations

from typing import Any

Tag = dict[str, str]


def specification(resource_type: str, properties: dict[str, Any]) -> list[dict[str, Any]] | None:
    """EC2 takes tags per resource type at creation."""
    tags = properties.get("Tags")
    return [{"ResourceType": resource_type, "Tags": tags}] if tags else None


def as_map(tags: list[Tag]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def as_list(tags: dict[str, str]) -> list[Tag]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
