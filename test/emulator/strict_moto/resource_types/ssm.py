"""Parameters."""

from __future__ import annotations

from typing import Any

from ..resource import ResourceType
from .tags import as_list


class Parameter(ResourceType):
    type_name = "AWS::SSM::Parameter"
    made_by = "ssm.put_parameter"
    described_by = "ssm.get_parameter, ssm.describe_parameters, ssm.list_tags_for_resource"
    read_back = ("AllowedPattern", "DataType", "Description", "Name", "Tags", "Tier", "Type", "Value")

    def admit(self) -> None:
        limit = 8192 if self.properties.get("Tier") == "Advanced" else 4096
        size = len(self.properties["Value"].encode())
        self.require(0 < size <= limit, "ValidationException", f"a value of {size} bytes, the tier's limit is {limit}")
        name = self.properties.get("Name", "")
        reserved = name.lower().lstrip("/").startswith(("aws", "ssm"))
        self.require(not reserved, "ValidationException", f"Parameter name {name} can't be prefixed with aws or ssm")

    def create(self) -> str:
        name = self.name("Name")
        parameter_tags = as_list(self.properties.get("Tags", {})) or None
        self.call("ssm", "put_parameter", **(self.all_but("Tags") | {"Name": name}), Tags=parameter_tags)
        return name

    def describe(self) -> dict[str, Any]:
        value = self.call("ssm", "get_parameter", Name=self.physical_id)["Parameter"]
        filters = [{"Key": "Name", "Values": [self.physical_id]}]
        details = self.call("ssm", "describe_parameters", ParameterFilters=filters)["Parameters"][0]
        shown = self.call("ssm", "list_tags_for_resource", ResourceType="Parameter", ResourceId=self.physical_id)
        return details | value | {"Tags": {tag["Key"]: tag["Value"] for tag in shown["TagList"]}}

    def attributes(self) -> dict[str, Any]:
        return {name: self.describe()[name] for name in ("Type", "Value")}
