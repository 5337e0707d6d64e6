"""Resolves intrinsic functions; whatever it cannot resolve is an error, never left as text."""

from __future__ import annotations

import base64
import ipaddress
import itertools
import json
import re
from collections.abc import Callable
from typing import Any

from . import aws
from .errors import Refused

NO_VALUE = object()
DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]*)\}\}")


class Resolver:
    def __init__(
        self,
        template: dict[str, Any],
        values: dict[str, Any],
        exports: Callable[[str], Any],
        region: str,
    ):
        self.template = template
        self.values = values  # parameters and pseudo parameters
        self.exports = exports
        self.region = region
        self.resources: dict[str, Any] = {}  # filled by the stack, as they are made
        self._conditions: dict[str, bool] = {}

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not NO_VALUE]
        if isinstance(value, str):
            return DYNAMIC_REFERENCE.sub(lambda m: dynamic_reference(m[1], m[2], self.region), value)
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Ref" or name.startswith("Fn::"):
                return self.intrinsic(name, argument)
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NO_VALUE}

    def intrinsic(self, name: str, argument: Any) -> Any:
        method = getattr(self, "fn_" + name.removeprefix("Fn::").lower(), None)
        if method is None:
            raise Refused(f"Template error: the emulator does not support {name}")
        return method(argument)

    # -- references ---------------------------------------------------------------

    def fn_ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.values:
            return self.values[name]
        return self.made(name).ref()

    def fn_getatt(self, argument: Any) -> Any:
        logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        resource = self.made(logical_id)
        value = resource.attribute(self.resolve(attribute))
        if value is None:
            raise Refused(f"Template error: resource {logical_id} ({resource.type_name}) does not support attribute type {attribute} in Fn::GetAtt")
        return value

    def made(self, logical_id: str) -> Any:
        if logical_id not in self.resources:
            raise Refused(f"Template format error: Unresolved resource dependencies [{logical_id}]: its condition is false")
        return self.resources[logical_id]

    def fn_importvalue(self, argument: Any) -> Any:
        return self.exports(self.resolve(argument))

    def fn_sub(self, argument: Any) -> str:
        text, variables = (argument, {}) if isinstance(argument, str) else argument
        variables = self.resolve(variables)

        def replace(match: re.Match[str]) -> str:
            name = match[1].strip()
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in variables:
                return text_of(variables[name])
            return text_of(self.fn_getatt(name) if "." in name else self.fn_ref(name))

        return self.resolve(re.sub(r"\$\{([^}]+)\}", replace, text))

    # -- text and lists -----------------------------------------------------------

    def fn_join(self, argument: Any) -> str:
        delimiter, items = argument
        joined = str(delimiter).join(text_of(item) for item in self.resolve(items))
        return self.resolve(joined)  # a dynamic reference is often joined from parts

    def fn_split(self, argument: Any) -> list[str]:
        delimiter, text = argument
        return self.resolve(text).split(delimiter)

    def fn_select(self, argument: Any) -> Any:
        index, items = self.resolve(argument)
        if not 0 <= int(index) < len(items):
            raise Refused(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
        return items[int(index)]

    def fn_base64(self, argument: Any) -> str:
        return base64.b64encode(self.resolve(argument).encode()).decode()

    def fn_tojsonstring(self, argument: Any) -> str:
        return json.dumps(self.resolve(argument))

    def fn_cidr(self, argument: Any) -> list[str]:
        block, count, bits = self.resolve(argument)
        network = ipaddress.ip_network(block)
        blocks = network.subnets(new_prefix=32 - int(bits))
        return [str(block) for block in itertools.islice(blocks, int(count))]

    def fn_getazs(self, argument: Any) -> list[str]:
        region = self.resolve(argument) or self.region
        zones = aws.call("ec2", "describe_availability_zones", region)["AvailabilityZones"]
        return sorted(zone["ZoneName"] for zone in zones)

    def fn_findinmap(self, argument: Any) -> Any:
        name, first, second, *_ = self.resolve(argument)
        try:
            return self.resolve(self.template["Mappings"][name][first][second])
        except KeyError:
            raise Refused(f"Template error: Unable to get mapping for {name}::{first}::{second}") from None

    # -- conditions ---------------------------------------------------------------

    def fn_if(self, argument: Any) -> Any:
        condition, when_true, when_false = argument
        return self.resolve(when_true if self.condition(condition) else when_false)

    def condition(self, name: str) -> bool:
        if name not in self._conditions:
            if name not in self.template.get("Conditions", {}):
                raise Refused(f"Template error: unresolved condition {name}")
            self._conditions[name] = self.holds(self.template["Conditions"][name])
        return self._conditions[name]

    def holds(self, expression: dict[str, Any]) -> bool:
        name, argument = next(iter(expression.items()))
        if name == "Condition":
            return self.condition(argument)
        if name == "Fn::Equals":
            left, right = self.resolve(argument)
            return text_of(left) == text_of(right)
        if name == "Fn::Not":
            return not self.holds(argument[0])
        if name == "Fn::And":
            return all(self.holds(item) for item in argument)
        if name == "Fn::Or":
            return any(self.holds(item) for item in argument)
        raise Refused(f"Template error: the emulator does not support {name} in a condition")


def text_of(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def dynamic_reference(service: str, reference: str, region: str) -> str:
    if service == "secretsmanager":
        secret_id, _, rest = reference.partition(":SecretString")
        secret = aws.call("secretsmanager", "get_secret_value", region, SecretId=secret_id)["SecretString"]
        key = rest.split(":")[1] if rest.count(":") else ""
        return str(json.loads(secret)[key]) if key else secret
    name = reference.split(":")[0]
    answer = aws.call("ssm", "get_parameter", region, Name=name, WithDecryption=service == "ssm-secure")
    return answer["Parameter"]["Value"]
