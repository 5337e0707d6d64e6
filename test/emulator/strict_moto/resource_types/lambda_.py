"""Functions and the permissions to invoke them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from ..resource import ResourceType
from .tags import as_list, as_map


class Function(ResourceType):
    type_name = "AWS::Lambda::Function"
    made_by = "lambda.create_function"
    described_by = "lambda.get_function, lambda.get_function_concurrency"
    read_back = (
        "Architectures",
        "DeadLetterConfig",
        "Description",
        "Environment",
        "EphemeralStorage",
        "FunctionName",
        "Handler",
        "KmsKeyArn",
        "Layers",
        "MemorySize",
        "PackageType",
        "ReservedConcurrentExecutions",
        "Role",
        "Runtime",
        "Tags",
        "Timeout",
        "TracingConfig",
        "VpcConfig",
    )
    not_read_back = {
        "Code": "Lambda shows a download address only; its admission proves that the object exists",
        "LoggingConfig": "moto drops it; the log group is a resource of its own",
    }

    def admit(self) -> None:
        role_name = self.properties["Role"].split("/")[-1]
        self.call("iam", "get_role", RoleName=role_name)
        code = self.properties["Code"]
        if "S3Bucket" in code:
            self.call("s3", "head_object", Bucket=code["S3Bucket"], Key=code["S3Key"])
        if "ZipFile" in code:
            self.require(len(code["ZipFile"]) <= 4 * 1024 * 1024, "InvalidParameterValueException", "inline code over 4 MB")
        self.require("ImageUri" not in code, "InvalidParameterValueException", "the emulator has no image registry")
        for subnet_id in self.properties.get("VpcConfig", {}).get("SubnetIds", []):
            self.call("ec2", "describe_subnets", SubnetIds=[subnet_id])

    def create(self) -> str:
        given = self.all_but("Code", "ReservedConcurrentExecutions", "Tags", "LoggingConfig")
        given |= {"FunctionName": self.name("FunctionName", 64), "Code": self.code()}
        function_tags = as_map(self.properties.get("Tags", [])) or None
        self.call("lambda", "create_function", **given, Tags=function_tags)
        reserved = self.pick("ReservedConcurrentExecutions")
        if reserved:
            self.call("lambda", "put_function_concurrency", FunctionName=given["FunctionName"], **reserved)
        return given["FunctionName"]

    def code(self) -> dict[str, Any]:
        code = self.properties["Code"]
        if "ZipFile" not in code:
            return {key: value for key, value in code.items() if key in ("S3Bucket", "S3Key", "S3ObjectVersion")}
        suffix = "py" if self.properties.get("Runtime", "").startswith("python") else "js"
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as zipped:
            zipped.writestr(f"index.{suffix}", code["ZipFile"])
        return {"ZipFile": archive.getvalue()}

    def describe(self) -> dict[str, Any]:
        answer = self.call("lambda", "get_function", FunctionName=self.physical_id)
        function = answer["Configuration"]
        concurrency = self.call("lambda", "get_function_concurrency", FunctionName=self.physical_id)
        return (
            function
            | concurrency
            | {
                "Layers": [layer["Arn"] for layer in function.get("Layers", [])],
                "Tags": as_list(answer.get("Tags", {})),
            }
        )

    def attributes(self) -> dict[str, Any]:
        function = self.call("lambda", "get_function", FunctionName=self.physical_id)["Configuration"]
        return {"Arn": function["FunctionArn"]}


class LayerVersion(ResourceType):
    type_name = "AWS::Lambda::LayerVersion"
    made_by = "lambda.publish_layer_version"
    described_by = "lambda.get_layer_version"
    read_back = ("CompatibleArchitectures", "CompatibleRuntimes", "Description", "LicenseInfo")
    not_read_back = {
        "Content": "Lambda shows a download address only; its admission proves that the object exists",
        "LayerName": "shown within the ARN only",
    }

    def admit(self) -> None:
        content = self.properties["Content"]
        self.call("s3", "head_object", Bucket=content["S3Bucket"], Key=content["S3Key"])

    def create(self) -> str:
        given = self.properties | {"LayerName": self.name("LayerName", 64)}
        return self.call("lambda", "publish_layer_version", **given)["LayerVersionArn"]

    def describe(self) -> dict[str, Any]:
        layer, version = self.physical_id.rsplit(":", 1)  # moto fails at get_layer_version_by_arn
        return self.call("lambda", "get_layer_version", LayerName=layer, VersionNumber=version)

    def attributes(self) -> dict[str, Any]:
        return {"LayerVersionArn": self.physical_id}


class Permission(ResourceType):
    type_name = "AWS::Lambda::Permission"
    made_by = "lambda.add_permission"
    described_by = "lambda.get_policy"
    read_back = ("Action", "FunctionName", "Principal", "SourceAccount", "SourceArn")

    def create(self) -> str:
        statement_id = self.generated_name(100)
        self.call("lambda", "add_permission", StatementId=statement_id, **self.properties)
        return statement_id

    def describe(self) -> dict[str, Any]:
        answer = self.call("lambda", "get_policy", **self.pick("FunctionName"))
        statements = json.loads(answer["Policy"])["Statement"]
        mine = next((s for s in statements if s["Sid"] == self.physical_id), {})
        principal = mine.get("Principal", {})
        condition = mine.get("Condition", {})
        shown = {
            "Action": mine.get("Action"),
            "SourceArn": condition.get("ArnLike", {}).get("AWS:SourceArn"),
            "SourceAccount": condition.get("StringEquals", {}).get("AWS:SourceAccount"),
        }
        named = self.properties["FunctionName"]
        shown["FunctionName"] = named if named.split(":")[-1] in mine.get("Resource", "") else mine.get("Resource")
        shown["Principal"] = next(iter(principal.values()), None) if isinstance(principal, dict) else principal
        return shown

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}
