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


# cfn-lint's schemas of what a service checks between properties: all at the root of a type, but for these.
ADVICE = {  # warnings of cfn-lint, not refusals of AWS
    "aws_ec2_securitygroup/protocols_and_port_ranges_exclude",
    "aws_lambda_function/awslayer",
    "aws_lambda_permission/permission_principal",
    "aws_lambda_permission/permission_source_account",
    "aws_rds_dbinstance/backupretentionperiod",
    "aws_rds_dbinstance/engine_version_deprecated",
    "aws_sns_subscription/subscription_endpoint_protocol",
}
DEEPER = {  # schema -> where it belongs in which types
    "aws_cloudfront_distribution/forward_enum": {},  # moto keeps no forwarded values anyway
    "aws_ec2_instance/blockdevicemappings": {
        "AWS::EC2::Instance": "BlockDeviceMappings/*/Ebs",
        "AWS::EC2::LaunchTemplate": "LaunchTemplateData/BlockDeviceMappings/*/Ebs",
    },
    "aws_ec2_instance/instancetype_enum": {},  # the types ask EC2 for its offerings
    "aws_ec2_instance/virtualname_ephemeral": {},  # instance stores only
    "aws_ec2_securitygroup/all_to_and_from_ports": {"AWS::EC2::SecurityGroupEgress": "", "AWS::EC2::SecurityGroupIngress": ""},
    "aws_ec2_securitygroup/protocols_and_port_ranges_include": {
        "AWS::EC2::SecurityGroupEgress": "",
        "AWS::EC2::SecurityGroupIngress": "",
    },
    "aws_route53_healthcheck/healthcheckconfig_type_inclusive": {"AWS::Route53::HealthCheck": "HealthCheckConfig"},
    "aws_route53_recordset/recordset_alias": {"AWS::Route53::RecordSet": "", "AWS::Route53::RecordSetGroup": "RecordSets/*"},
    "aws_route53_recordset/recordset_pattern": {"AWS::Route53::RecordSet": "", "AWS::Route53::RecordSetGroup": "RecordSets/*"},
}


@functools.cache
def constraints(type_name: str, region: str) -> list[dict[str, Any]]:
    own = type_name.lower().replace("::", "_")
    root = resources.files("cfnlint.data.schemas.extensions")
    folder = root.joinpath(own)
    files = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    at_root = {f"{own}/{name[:-5]}" for name in files if name.endswith(".json")} - ADVICE - set(DEEPER)
    places = {name: "" for name in at_root}
    places |= {name: types[type_name] for name, types in DEEPER.items() if type_name in types}
    found = []
    for name, place in sorted(places.items()):
        schema = json.loads(root.joinpath(f"{name}.json").read_text())
        schema = schema.get(region, {}) if "us-east-1" in schema else schema
        found.append(inside(place, schema))
    return found


def inside(place: str, schema: dict[str, Any]) -> dict[str, Any]:
    definitions = {"definitions": schema["definitions"]} if "definitions" in schema else {}
    for step in reversed(place.split("/") if place else []):
        schema = {"items": schema} if step == "*" else {"properties": {step: schema}}
    return schema | definitions


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
