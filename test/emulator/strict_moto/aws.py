"""Calls to the emulated services: over HTTP to this very server, with checked input."""

from __future__ import annotations

import functools
import json
import os
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import Shape
from botocore.validate import ParamValidator

from .errors import Refused

ACCOUNT_ID = "123456789012"


def endpoint() -> str:
    return f"http://127.0.0.1:{os.environ['MOTO_PORT']}"


@functools.cache
def client(service: str, region: str) -> Any:
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=endpoint(),
        aws_access_key_id="emulator",
        aws_secret_access_key="emulator",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def call(service: str, operation: str, region: str, **parameters: Any) -> dict[str, Any]:
    """Call the service as CloudFormation would; anything it does not accept is a refusal."""
    api = client(service, region)
    model = api.meta.service_model.operation_model(api.meta.method_to_api_mapping[operation])
    if model.input_shape is not None:
        parameters = fit(model.input_shape, parameters, f"{service}.{operation}")
    try:
        answer: dict[str, Any] = getattr(api, operation)(**parameters)
    except ClientError as error:
        problem = error.response["Error"]
        raise Refused(f"{problem['Code']}: {problem['Message']} ({service}.{operation})") from error
    except BotoCoreError as error:
        raise Refused(f"{error} ({service}.{operation})") from error
    answer.pop("ResponseMetadata", None)
    return answer


def fit(shape: Shape, value: Any, path: str) -> Any:
    """Convert a template value to the API's type, refusing keys and enum values it lacks.

    CloudFormation takes "3" for 3 and "true" for true; botocore does not, and botocore
    passes unknown enum values on, where moto swallows them.
    """
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        unknown = sorted(set(value) - set(shape.members))
        if unknown:
            raise Refused(f"{path} has no parameter {', '.join(unknown)}")
        return {k: fit(shape.members[k], v, f"{path}.{k}") for k, v in value.items() if v is not None}
    if kind == "list" and isinstance(value, (list, tuple)):
        return [fit(shape.member, v, f"{path}[{i}]") for i, v in enumerate(value)]
    if kind == "map" and isinstance(value, dict):
        return {k: fit(shape.value, v, f"{path}.{k}") for k, v in value.items()}
    if kind == "string":
        return fit_string(shape, value, path)
    if kind == "boolean" and str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    if kind in ("integer", "long", "float", "double") and not isinstance(value, bool):
        return fit_number(kind, value, path)
    return value


def check_required(shape: Shape, value: Any, path: str) -> None:
    """What botocore itself checks before it sends: needed only where nothing is sent."""
    report = ParamValidator().validate(value, shape)
    if report.has_errors():
        raise Refused(f"{path}: {report.generate_report()}")


def fit_string(shape: Shape, value: Any, path: str) -> str:
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, (dict, list)):
        text = json.dumps(value)
    else:
        text = str(value)
    allowed = getattr(shape, "enum", None)
    if allowed and text not in allowed:
        raise Refused(f"{path}: {text} is not one of {', '.join(allowed)}")
    return text


def fit_number(kind: str, value: Any, path: str) -> int | float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise Refused(f"{path}: {value!r} is not a number") from None
    if kind in ("float", "double"):
        return number
    if not number.is_integer():
        raise Refused(f"{path}: {value!r} is not a whole number")
    return int(number)
