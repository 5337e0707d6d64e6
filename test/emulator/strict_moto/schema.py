"""Checks properties against AWS's published resource schemas, as cfn-lint ships them.

moto knows nothing of required properties, enums or ranges; CloudFormation checks them
before it calls any service.  The check runs on resolved values, so that it also sees
what was a reference at synthesis.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

from cfnlint.jsonschema import StandardValidator
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from .errors import Refused

SCALARS = {"string", "integer", "number", "boolean"}


def fit(type_name: str, region: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Return the properties in the schema's types, or refuse them with every finding."""
    published = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, type_name).schema
    fitted: dict[str, Any] = convert(published, properties, published)
    findings = [
        f"{'/'.join(map(str, error.path)) or '(root)'}: {error.message}"
        for schema in (published, *constraints(type_name, region))
        for error in StandardValidator(schema=schema).iter_errors(fitted)
    ]
    findings += read_only(published, fitted)
    if findings:
        raise Refused(f"Properties validation failed for {type_name}: {'; '.join(findings)}")
    return fitted


def read_only(published: dict[str, Any], properties: dict[str, Any]) -> list[str]:
    names = {path.split("/")[-1] for path in published.get("readOnlyProperties", []) if path.count("/") == 2}
    return [f"{name}: is read-only" for name in sorted(names & set(properties))]


@functools.lru_cache(maxsize=None)
def constraints(type_name: str, region: str) -> list[dict[str, Any]]:
    """cfn-lint's schemas of what a service checks between properties of one resource."""
    folder = resources.files("cfnlint.data.schemas.extensions").joinpath(type_name.lower().replace("::", "_"))
    if not folder.is_dir():
        return []
    found = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        # "deprecated" lists are advice, not refusals
        if file.name.endswith(".json") and "deprecated" not in file.name:
            schema = json.loads(file.read_text())
            schema = schema.get(region, {}) if "us-east-1" in schema else schema
            # an enum or pattern is meant for one property deep inside, not for the root
            if {"allOf", "anyOf", "if", "properties", "required"} & set(schema):
                found.append(schema)
    return found


def convert(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> Any:
    """CloudFormation takes "3" for 3, true for "true" and one item for a list of it."""
    schema = dereference(schema, root)
    kind = schema.get("type")
    if isinstance(value, dict):
        members = schema.get("properties", {})
        return {k: convert(members[k], v, root) if k in members else v for k, v in value.items()}
    if isinstance(value, list):
        item = schema.get("items")
        return [convert(item, v, root) for v in value] if isinstance(item, dict) else value
    return convert_scalar(kind, value) if isinstance(kind, str) and kind in SCALARS else value


def dereference(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    return schema


def convert_scalar(kind: str, value: Any) -> Any:
    if kind == "string" and isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if kind in ("integer", "number") and isinstance(value, str):
        try:
            return int(value) if kind == "integer" else float(value)
        except ValueError:
            return value  # the validator names it
    return value
