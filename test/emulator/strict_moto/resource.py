"""What a resource type declares: how it is made, how AWS shows it, and what is not shown."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from . import aws
from .errors import Refused

TYPES: dict[str, type[ResourceType]] = {}


@dataclass(frozen=True)
class StackContext:
    """The stack that a resource is made in."""

    name: str
    stack_id: str
    region: str


class ResourceType:
    """Base of all resource types.  A subclass with a `type_name` enters the table by itself.

    Every property of a template must be in `read_back` or in `not_read_back`, or the
    stack is refused: a property can be left out on purpose, with a reason, not by oversight.
    """

    type_name: ClassVar[str] = ""
    # "service.operation", as shown in the table
    made_by: ClassVar[str] = ""
    described_by: ClassVar[str] = ""
    read_back: ClassVar[tuple[str, ...]] = ()
    # property, or dotted path of a nested one -> why it cannot be read back
    not_read_back: ClassVar[dict[str, str]] = {}
    # lists where AWS adds entries of its own, so that the template's need only be among them
    may_list_more: ClassVar[tuple[str, ...]] = ()
    # True only where moto lacks the call that would make it: then nothing is made, the shape alone is checked
    shape_checked_only: ClassVar[bool] = False

    physical_id: str

    def __init_subclass__(cls) -> None:
        if "type_name" in vars(cls):
            TYPES[cls.type_name] = cls

    def __init__(self, stack: StackContext, logical_id: str, properties: dict[str, Any]):
        self.stack = stack
        self.region = stack.region
        self.logical_id = logical_id
        self.properties = properties

    # -- what a type says about itself ----------------------------------------------

    def admit(self) -> None:
        """Refuse what AWS refuses and moto accepts."""

    def check_result(self) -> None:
        """Refuse what AWS makes, but which then cannot work; run when the whole stack is made."""

    def create(self) -> str:
        """Make it through the service's API; return the physical id."""
        raise NotImplementedError

    def describe(self) -> dict[str, Any]:
        """Ask the service for it; return the answer under the template's property names."""
        raise NotImplementedError

    def attributes(self) -> dict[str, Any]:
        """The values of Fn::GetAtt."""
        return {}

    def ref(self) -> str:
        return self.physical_id

    # -- tools for the types --------------------------------------------------------

    def attribute(self, name: str) -> Any:
        return self._attributes.get(name)

    @functools.cached_property
    def _attributes(self) -> dict[str, Any]:
        return self.attributes()

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        given = {key: value for key, value in parameters.items() if value is not None}
        return aws.call(service, operation, self.region, **given)

    def pick(self, *names: str, **renamed: str) -> dict[str, Any]:
        """The named properties that the template gives; `api_name="PropertyName"` renames."""
        wanted = {name: name for name in names} | renamed
        return {api: self.properties[name] for api, name in wanted.items() if name in self.properties}

    def all_but(self, *names: str) -> dict[str, Any]:
        return {key: value for key, value in self.properties.items() if key not in names}

    def name(self, prop: str, max_length: int = 255) -> str:
        """The physical name: the template's, or stack-logicalId-suffix as CloudFormation does."""
        return self.properties.get(prop) or self.generated_name(max_length)

    def generated_name(self, max_length: int) -> str:
        suffix = hashlib.sha256(f"{self.stack.stack_id}{self.logical_id}".encode()).hexdigest()[:12]
        return f"{self.stack.name}-{self.logical_id}"[: max_length - 13] + f"-{suffix}"

    def refuse(self, code: str, reason: str) -> None:
        """`code` is the error code that AWS answers with."""
        raise Refused(f"{code}: {reason}")

    def require(self, holds: bool, code: str, reason: str) -> None:
        if not holds:
            self.refuse(code, reason)
