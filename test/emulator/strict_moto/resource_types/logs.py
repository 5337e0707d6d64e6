"""Log groups."""

from __future__ import annotations

from typing import Any

from ..resource import ResourceType
from .tags import as_list, as_map


class LogGroup(ResourceType):
    type_name = "AWS::Logs::LogGroup"
    made_by = "logs.create_log_group, logs.put_retention_policy"
    described_by = "logs.describe_log_groups, logs.list_tags_for_resource"
    read_back = ("KmsKeyId", "LogGroupName", "RetentionInDays", "Tags")

    def create(self) -> str:
        name = self.name("LogGroupName")
        log_tags = as_map(self.properties.get("Tags", [])) or None
        self.call("logs", "create_log_group", logGroupName=name, **self.pick(kmsKeyId="KmsKeyId"), tags=log_tags)
        if "RetentionInDays" in self.properties:
            self.call("logs", "put_retention_policy", logGroupName=name, **self.pick(retentionInDays="RetentionInDays"))
        return name

    def describe(self) -> dict[str, Any]:
        groups = self.call("logs", "describe_log_groups", logGroupNamePrefix=self.physical_id)["logGroups"]
        group = next(g for g in groups if g["logGroupName"] == self.physical_id)
        shown_tags = self.call("logs", "list_tags_for_resource", resourceArn=group["arn"].removesuffix(":*"))["tags"]
        return {
            "KmsKeyId": group.get("kmsKeyId"),
            "LogGroupName": self.physical_id,
            "RetentionInDays": group.get("retentionInDays"),
            "Tags": as_list(shown_tags),
        }

    def attributes(self) -> dict[str, Any]:
        groups = self.call("logs", "describe_log_groups", logGroupNamePrefix=self.physical_id)["logGroups"]
        return {"Arn": next(g["arn"] for g in groups if g["logGroupName"] == self.physical_id)}
