"""Types that moto lacks the call for: their input is checked, and their ids are known, so that others can refer to them."""

from __future__ import annotations

from typing import Any

from . import aws
from .errors import Refused
from .resource import ResourceType

REASON = "moto has no such call"


def check_input(service: str, operation: str, region: str, **parameters: Any) -> None:
    """All that can be checked of a call that the emulator cannot make: its input, against botocore's model."""
    api = aws.client(service, region)
    shape = api.meta.service_model.operation_model(api.meta.method_to_api_mapping[operation]).input_shape
    label = f"{service}.{operation}"
    aws.check_required(shape, aws.fit(shape, parameters, label), label)


def remember(resource: ResourceType, identifier: str, region: str) -> str:
    """By an SSM parameter, so that the next reset forgets it as well."""
    aws.call("ssm", "put_parameter", region, Name=parameter(resource.type_name, identifier), Value=identifier, Type="String")
    return identifier


def is_known(type_name: str, identifier: str, region: str) -> bool:
    try:
        aws.call("ssm", "get_parameter", region, Name=parameter(type_name, identifier))
    except Refused:
        return False
    return True


def parameter(type_name: str, identifier: str) -> str:
    return f"/emulator/shape-checked/{type_name.replace('::', '-')}/{identifier}"
