"""Static checks: what CloudFormation refuses before it makes anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .errors import Refused
from .refused import REFUSED

MAX_RESOURCES = 500
SECTIONS = {
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
}
RESOURCE_KEYS = {
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
}
PSEUDO_PARAMETERS = {
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
}
# Types that make nothing on AWS either, so that nothing is lost by passing over them.
WITHOUT_EFFECT = {"AWS::CDK::Metadata": "counts library usage for the vendor; makes nothing"}


def check(template: dict[str, Any], known_types: set[str]) -> list[str]:
    """Check the whole template; return the logical ids in an order they can be made in."""
    unknown = sorted(set(template) - SECTIONS)
    if unknown:
        raise Refused(f"Invalid template property or properties {unknown}")
    resources: dict[str, Any] = template.get("Resources") or {}
    if not resources:
        raise Refused("Template format error: At least one Resources member must be defined.")
    if len(resources) > MAX_RESOURCES:
        raise Refused(f"Template format error: {len(resources)} resources, the limit is {MAX_RESOURCES}")
    for logical_id, resource in resources.items():
        check_resource(logical_id, resource, template)
    check_types(resources, known_types)
    check_references(template)
    return creation_order(resources)


def check_resource(logical_id: str, resource: dict[str, Any], template: dict[str, Any]) -> None:
    if not re.fullmatch(r"[A-Za-z0-9]{1,255}", logical_id):
        raise Refused(f"Template format error: Resource name {logical_id} is non alphanumeric.")
    unknown = sorted(set(resource) - RESOURCE_KEYS)
    if unknown:
        raise Refused(f"Invalid template resource property {unknown} in {logical_id}")
    condition = resource.get("Condition")
    if condition is not None and condition not in template.get("Conditions", {}):
        raise Refused(f"Template format error: Unresolved condition {condition} in {logical_id}")


def check_types(resources: dict[str, Any], known_types: set[str]) -> None:
    unknown = sorted(
        f"{logical_id} ({resource.get('Type')})" + (f": {REFUSED[resource['Type']]}" if resource.get("Type") in REFUSED else "")
        for logical_id, resource in resources.items()
        if resource.get("Type") not in known_types and resource.get("Type") not in WITHOUT_EFFECT
    )
    if unknown:
        raise Refused(f"Unrecognized resource types, the emulator cannot make them: {', '.join(unknown)}")


def check_references(template: dict[str, Any]) -> None:
    resources = template["Resources"]
    parameters = set(template.get("Parameters", {})) | PSEUDO_PARAMETERS
    for section in ("Resources", "Outputs", "Conditions"):
        for owner, body in (template.get(section) or {}).items():
            for kind, target in references(body):
                known = target in resources or (kind == "Ref" and target in parameters)
                if not known:
                    raise Refused(
                        f"Template format error: Unresolved resource dependencies [{target}] "
                        f"in the {section} block of the template ({kind} in {owner})"
                    )
    for logical_id, resource in resources.items():
        for target in depends_on(resource):
            if target not in resources:
                raise Refused(f"Template format error: Unresolved dependency {target} (DependsOn in {logical_id})")


def depends_on(resource: dict[str, Any]) -> list[str]:
    value = resource.get("DependsOn") or []
    return [value] if isinstance(value, str) else value


def references(value: Any) -> Iterator[tuple[str, str]]:
    """Yield ("Ref" or "Fn::GetAtt", logical id or parameter) for each reference inside value."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref":
                yield "Ref", str(item)
            elif key == "Fn::GetAtt":
                yield "Fn::GetAtt", item.split(".")[0] if isinstance(item, str) else item[0]
            elif key == "Fn::Sub":
                yield from sub_references(item)
            else:
                yield from references(item)


def sub_references(value: Any) -> Iterator[tuple[str, str]]:
    text, variables = (value, {}) if isinstance(value, str) else value
    for name in re.findall(r"\$\{([^!}][^}]*)\}", text):
        if name not in variables:
            kind = "Fn::GetAtt" if "." in name else "Ref"
            yield kind, name.split(".")[0].strip()
    yield from references(variables)


def creation_order(resources: dict[str, Any]) -> list[str]:
    """Dependencies first; a cycle is an error that names its path."""
    needs = {
        logical_id: sorted(({target for _, target in references(resource.get("Properties", {}))} | set(depends_on(resource))) & set(resources))
        for logical_id, resource in resources.items()
    }
    order: list[str] = []
    done: set[str] = set()

    def visit(logical_id: str, path: list[str]) -> None:
        if logical_id in path:
            cycle = path[path.index(logical_id) :] + [logical_id]
            raise Refused(f"Circular dependency between resources: {' -> '.join(cycle)}")
        if logical_id in done:
            return
        for target in needs[logical_id]:
            visit(target, [*path, logical_id])
        done.add(logical_id)
        order.append(logical_id)

    for logical_id in resources:
        visit(logical_id, [])
    return order
