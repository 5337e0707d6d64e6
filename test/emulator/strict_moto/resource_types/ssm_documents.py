"""Documents: what Systems Manager can be told to do."""

from __future__ import annotations

import json
import re
from typing import Any

from ..resource import ResourceType

MALFORMED = "InvalidDocumentContent"
SCHEMA_VERSIONS = {"Automation": {"0.3"}, "Command": {"1.2", "2.0", "2.2"}, "Session": {"1.0"}}
WAYS_OUT = {"Abort", "Continue"}  # of a step that fails, besides the name of another step


class Document(ResourceType):
    type_name = "AWS::SSM::Document"
    made_by = "ssm.create_document"
    described_by = "ssm.get_document, ssm.describe_document, ssm.list_tags_for_resource"
    read_back = ("Content", "DocumentFormat", "DocumentType", "Name", "Tags", "TargetType", "VersionName")
    not_read_back = {"UpdateMethod": "used by an update only"}

    def admit(self) -> None:
        self.require(self.properties.get("DocumentFormat", "JSON") == "JSON", "the emulator", "takes documents of JSON only")
        content = self.content()
        kind = self.properties.get("DocumentType", "Command")
        version = content.get("schemaVersion")
        known = SCHEMA_VERSIONS.get(kind, {version})
        self.require(version in known, "InvalidDocumentSchemaVersion", f"schemaVersion {version} of a document of type {kind}")
        if kind == "Automation":
            self.check_steps(content)
            self.check_references(content)

    def content(self) -> dict[str, Any]:
        given = self.properties["Content"]
        try:
            content = json.loads(given) if isinstance(given, str) else given
        except ValueError as error:
            self.refuse(MALFORMED, f"the content is no JSON: {error}")
        self.require(isinstance(content, dict), MALFORMED, "the content is no object")
        return content

    def check_steps(self, content: dict[str, Any]) -> None:
        steps = content.get("mainSteps", [])
        self.require(bool(steps), MALFORMED, "a runbook needs mainSteps")
        names = [step.get("name") for step in steps]
        self.require(len(names) == len(set(names)) and all(names), MALFORMED, f"every step needs a name of its own, not {names}")
        for step in steps:
            action = str(step.get("action"))
            self.require(bool(re.fullmatch(r"aws:[a-zA-Z]+", action)), MALFORMED, f"step {step['name']} has no action {action}")
            on_failure = str(step.get("onFailure", "Abort")).removeprefix("step:")
            unknown = {step.get("nextStep", names[0]), on_failure} - {*names, *WAYS_OUT}
            self.require(not unknown, MALFORMED, f"step {step['name']} leads to unknown steps {sorted(unknown)}")

    def check_references(self, content: dict[str, Any]) -> None:
        """A name in braces without a dot or a colon is a parameter's."""
        named = set(re.findall(r"\{\{\s*(\w+)\s*\}\}", json.dumps(content)))
        unknown = sorted(named - set(content.get("parameters", {})))
        self.require(not unknown, MALFORMED, f"the document uses parameters that it does not declare: {unknown}")

    def create(self) -> str:
        name = self.name("Name", 128)
        given = self.all_but("Name", "Content", "UpdateMethod")
        return self.call("ssm", "create_document", Name=name, Content=json.dumps(self.content()), **given)["DocumentDescription"]["Name"]

    def describe(self) -> dict[str, Any]:
        shown = self.call("ssm", "get_document", Name=self.physical_id)
        details = self.call("ssm", "describe_document", Name=self.physical_id)["Document"]
        tags = self.call("ssm", "list_tags_for_resource", ResourceType="Document", ResourceId=self.physical_id)["TagList"]
        return details | shown | {"Tags": tags}
