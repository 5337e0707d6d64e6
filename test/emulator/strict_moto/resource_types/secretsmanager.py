"""Secrets and their attachment to a database."""

from __future__ import annotations

import json
from typing import Any

from ..resource import ResourceType


class Secret(ResourceType):
    type_name = "AWS::SecretsManager::Secret"
    made_by = "secretsmanager.create_secret, secretsmanager.get_random_password"
    described_by = "secretsmanager.describe_secret, secretsmanager.get_secret_value"
    read_back = ("Description", "GenerateSecretString", "KmsKeyId", "Name", "ReplicaRegions", "SecretString", "Tags")

    def admit(self) -> None:
        both = {"GenerateSecretString", "SecretString"} <= set(self.properties)
        self.require(not both, "InvalidRequestException", "SecretString and GenerateSecretString exclude each other")
        generate = self.properties.get("GenerateSecretString", {})
        paired = ("SecretStringTemplate" in generate) == ("GenerateStringKey" in generate)
        self.require(paired, "InvalidRequestException", "SecretStringTemplate and GenerateStringKey need each other")

    def create(self) -> str:
        given = self.pick("Description", "KmsKeyId", "Tags", AddReplicaRegions="ReplicaRegions")
        return self.call("secretsmanager", "create_secret", Name=self.name("Name", 256), SecretString=self.value(), **given)["ARN"]

    def value(self) -> str:
        if "GenerateSecretString" not in self.properties:
            return self.properties.get("SecretString", "{}")
        generate = dict(self.properties["GenerateSecretString"])
        template, key = generate.pop("SecretStringTemplate", None), generate.pop("GenerateStringKey", None)
        password = self.call("secretsmanager", "get_random_password", **generate)["RandomPassword"]
        return json.dumps(json.loads(template) | {key: password}) if template else password

    def describe(self) -> dict[str, Any]:
        secret = self.call("secretsmanager", "describe_secret", SecretId=self.physical_id)
        value = self.call("secretsmanager", "get_secret_value", SecretId=self.physical_id)["SecretString"]
        replicas = [{"Region": status["Region"]} for status in secret.get("ReplicationStatus", [])]
        return secret | {"GenerateSecretString": self.generated(value), "ReplicaRegions": replicas, "SecretString": value}

    def generated(self, value: str) -> dict[str, Any]:
        """Says what was wanted only as far as the secret's value really has it."""
        wanted = self.properties.get("GenerateSecretString", {})
        if "SecretStringTemplate" in wanted:
            fields = json.loads(value)
            password = fields.get(wanted["GenerateStringKey"], "")
            kept = all(fields.get(k) == v for k, v in json.loads(wanted["SecretStringTemplate"]).items())
        else:
            password, kept = value, True
        long_enough = len(password) == int(wanted.get("PasswordLength", 32))
        clean = not set(password) & set(wanted.get("ExcludeCharacters", ""))
        return wanted if kept and long_enough and clean else {"value": "does not fit"}

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}


class SecretTargetAttachment(ResourceType):
    """Adds the database's address to the secret, as Secrets Manager does."""

    type_name = "AWS::SecretsManager::SecretTargetAttachment"
    made_by = "secretsmanager.put_secret_value"
    described_by = "secretsmanager.get_secret_value"
    read_back = ("SecretId", "TargetId", "TargetType")

    def admit(self) -> None:
        kind = self.properties["TargetType"]
        self.require(kind == "AWS::RDS::DBInstance", "InvalidRequestException", f"the emulator attaches DB instances only, not {kind}")

    def create(self) -> str:
        secret_id = self.properties["SecretId"]
        value = json.loads(self.call("secretsmanager", "get_secret_value", SecretId=secret_id)["SecretString"])
        chosen = {"DBInstanceIdentifier": self.properties["TargetId"]}
        database = self.call("rds", "describe_db_instances", **chosen)["DBInstances"][0]
        value |= {
            "dbInstanceIdentifier": database["DBInstanceIdentifier"],
            "engine": database["Engine"],
            "host": database["Endpoint"]["Address"],
            "port": database["Endpoint"]["Port"],
        }
        self.call("secretsmanager", "put_secret_value", SecretId=secret_id, SecretString=json.dumps(value))
        return secret_id

    def describe(self) -> dict[str, Any]:
        answer = self.call("secretsmanager", "get_secret_value", SecretId=self.physical_id)
        value = json.loads(answer["SecretString"])
        return {
            "SecretId": answer["ARN"],
            "TargetId": value.get("dbInstanceIdentifier"),
            "TargetType": "AWS::RDS::DBInstance" if value.get("host") else None,
        }

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}
