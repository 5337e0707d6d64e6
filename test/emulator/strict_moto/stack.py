"""Puts the strict deployment in the place of moto's CloudFormation engine.

Hooked in at Stack's construction: moto registers a stack only after that, so that a
refused stack leaves no stack behind.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import CloudFormationBackend, Stack

from . import aws, intrinsics, read_back, schema, template
from .errors import Refused
from .resource import TYPES, ResourceType, StackContext

log = logging.getLogger("strict_moto")


class Made:
    """A resource as moto's ListStackResources and DescribeStackResources want it."""

    def __init__(self, resource: ResourceType):
        self.logical_resource_id = resource.logical_id
        self.physical_resource_id = resource.physical_id
        self.cf_resource_type = self.type = resource.type_name


class StrictResourceMap(parsing.ResourceMap):
    """Makes everything in load(); the base class still loads the parameters."""

    made: list[Made]

    def load(self) -> None:
        if not self._template:
            raise Refused("The emulator has no change sets: use CreateStack")
        if self.tags:
            raise Refused("The emulator does not hand stack tags down: put them into the template")
        self.made = []
        order = template.check(self._template, set(TYPES))
        self.load_parameters()
        self.resolver = self.create_resolver()
        for logical_id in order:
            self.make(logical_id)
        for resource in self.resolver.resources.values():
            named(resource, read_back.verify)
            named(resource, lambda made: made.check_result())

    def load_parameters(self) -> None:
        try:
            super().load_parameters()
        except AttributeError:
            raise Refused("Parameters of type AWS::SSM::Parameter::Value: no such SSM parameter") from None
        for name, declaration in self._template.get("Parameters", {}).items():
            allowed = declaration.get("AllowedValues")
            if allowed and self.resolved_parameters[name] not in allowed:
                raise Refused(f"Parameter '{name}' must be one of AllowedValues")

    def create_resolver(self) -> intrinsics.Resolver:
        pseudo = {k: v for k, v in self._parsed_resources.items() if k.startswith("AWS::")}
        values = {**pseudo, **self.resolved_parameters, "AWS::NotificationARNs": []}
        return intrinsics.Resolver(self._template, values, self.imported, self._region_name)

    def imported(self, name: str) -> Any:
        if name not in (self.cross_stack_resources or {}):
            raise Refused(f"No export named {name} found.")
        return self.cross_stack_resources[name].value  # type: ignore[index]

    def make(self, logical_id: str) -> None:
        declaration = self._template["Resources"][logical_id]
        type_name = declaration["Type"]
        condition = declaration.get("Condition")
        if type_name in template.WITHOUT_EFFECT or (condition and not self.resolver.condition(condition)):
            return
        stack = StackContext(self["AWS::StackName"], self.stack_id, self._region_name)
        resource = TYPES[type_name](stack, logical_id, {})
        named(resource, lambda _: self.create_one(resource, declaration))
        self.resolver.resources[logical_id] = resource
        self.made.append(Made(resource))

    def create_one(self, resource: ResourceType, declaration: dict[str, Any]) -> None:
        properties = self.resolver.resolve(declaration.get("Properties", {}))
        if not resource.type_name.startswith("Custom::"):
            properties = schema.fit(resource.type_name, resource.region, properties)
        resource.properties = properties
        read_back.check_declared(resource)
        resource.admit()
        resource.physical_id = resource.create()

    def create(self, template: dict[str, Any]) -> bool:
        return True

    def creation_complete(self) -> bool:
        return True

    def values(self) -> Iterable[Made]:  # type: ignore[override]
        return self.made

    def update(self, *_: Any, **__: Any) -> None:
        raise Refused("The emulator has no stack updates: reset it and create the stack anew")


class StrictOutputMap(parsing.OutputMap):
    """Outputs and exports, resolved by the strict resolver."""

    def load(self) -> StrictOutputMap:
        self.by_name: dict[str, parsing.Output] = {}
        self.exported: list[parsing.Export] = []
        resources: StrictResourceMap = self._resource_map  # type: ignore[assignment]
        for name, declaration in (self._template.get("Outputs") or {}).items():
            condition = declaration.get("Condition")
            if condition and not resources.resolver.condition(condition):
                continue
            value = intrinsics.text_of(resources.resolver.resolve(declaration["Value"]))
            self.by_name[name] = parsing.Output(name, value, declaration.get("Description", ""))
            if "Export" in declaration:
                exported_as = resources.resolver.resolve(declaration["Export"]["Name"])
                self.exported.append(parsing.Export(self._stack_id, exported_as, value))
        return self

    def values(self) -> Iterable[Any]:  # type: ignore[override]
        return self.by_name.values()

    @property
    def exports(self) -> list[parsing.Export]:
        return self.exported


def named(resource: ResourceType, step: Any) -> None:
    """Run a step so that any failure carries the resource's name, and none is an HTTP 500."""
    label = f"{resource.logical_id} ({resource.type_name})"
    try:
        step(resource)
    except Refused as refusal:
        message = str(refusal.message)
        raise Refused(message if message.startswith(label) else f"{label}: {message}") from refusal
    except Exception as error:
        log.exception("%s failed", label)
        raise Refused(f"{label}: the emulator itself failed: {type(error).__name__}: {error}") from error


def create_resource_map(self: Stack) -> StrictResourceMap:
    resource_map = StrictResourceMap(
        self.stack_id,
        self.name,
        self.parameters,
        self.tags,
        account_id=aws.ACCOUNT_ID,
        region_name=self.region_name,
        template=self.template_dict,
        cross_stack_resources=self.cross_stack_resources,
    )
    resource_map.load()
    return resource_map


def create_output_map(self: Stack) -> StrictOutputMap:
    return StrictOutputMap(self.resource_map, self.template_dict, self.stack_id).load()


def delete_stack(self: CloudFormationBackend, name_or_stack_id: str) -> None:
    raise Refused("The emulator has no stack deletion: reset it")


def install() -> None:
    CloudFormationBackend.delete_stack = delete_stack  # before moto forgets the stack
    Stack._create_resource_map = create_resource_map
    Stack._create_output_map = create_output_map
