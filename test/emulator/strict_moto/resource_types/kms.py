"""Keys and aliases."""

from __future__ import annotations

import json
from typing import Any

from ..resource import ResourceType
from .policies import check_resource_policy


class Key(ResourceType):
    type_name = "AWS::KMS::Key"
    made_by = "kms.create_key, kms.enable_key_rotation"
    described_by = "kms.describe_key, kms.get_key_policy, kms.get_key_rotation_status, kms.list_resource_tags"
    read_back = ("Description", "EnableKeyRotation", "Enabled", "KeyPolicy", "KeySpec", "KeyUsage", "MultiRegion", "RotationPeriodInDays", "Tags")
    not_read_back = {"PendingWindowInDays": "used by a deletion only"}

    def admit(self) -> None:
        if "KeyPolicy" in self.properties:
            check_resource_policy(self, self.properties["KeyPolicy"])

    def create(self) -> str:
        kms_tags = [{"TagKey": t["Key"], "TagValue": t["Value"]} for t in self.properties.get("Tags", [])] or None
        policy = json.dumps(self.properties["KeyPolicy"]) if "KeyPolicy" in self.properties else None
        answer = self.call("kms", "create_key", **self.pick("Description", "KeySpec", "KeyUsage", "MultiRegion"), Policy=policy, Tags=kms_tags)
        key_id: str = answer["KeyMetadata"]["KeyId"]
        if self.properties.get("EnableKeyRotation"):
            self.call("kms", "enable_key_rotation", KeyId=key_id, **self.pick("RotationPeriodInDays"))
        if self.properties.get("Enabled") is False:
            self.call("kms", "disable_key", KeyId=key_id)
        return key_id

    def describe(self) -> dict[str, Any]:
        key = {"KeyId": self.physical_id}
        rotation = self.call("kms", "get_key_rotation_status", **key)
        policy = self.call("kms", "get_key_policy", **key, PolicyName="default")["Policy"]
        shown_tags = self.call("kms", "list_resource_tags", **key)["Tags"]
        return self.call("kms", "describe_key", **key)["KeyMetadata"] | {
            "EnableKeyRotation": rotation["KeyRotationEnabled"],
            "KeyPolicy": policy,
            "RotationPeriodInDays": rotation.get("RotationPeriodInDays"),
            "Tags": [{"Key": t["TagKey"], "Value": t["TagValue"]} for t in shown_tags],
        }

    def attributes(self) -> dict[str, Any]:
        key = self.call("kms", "describe_key", KeyId=self.physical_id)["KeyMetadata"]
        return {"Arn": key["Arn"], "KeyId": self.physical_id}


class Alias(ResourceType):
    type_name = "AWS::KMS::Alias"
    made_by = "kms.create_alias"
    described_by = "kms.list_aliases"
    read_back = ("AliasName", "TargetKeyId")

    def create(self) -> str:
        self.call("kms", "create_alias", **self.properties)
        return self.properties["AliasName"]

    def describe(self) -> dict[str, Any]:
        aliases = self.call("kms", "list_aliases")["Aliases"]
        alias = next((a for a in aliases if a["AliasName"] == self.physical_id), {})
        wanted = self.properties["TargetKeyId"]
        # the template may name the key by its ARN, KMS shows the id
        same = wanted.split("/")[-1] == alias.get("TargetKeyId")
        return alias | ({"TargetKeyId": wanted} if same else {})
