"""Stand-ins for the custom resources that CDK itself brings in.

Their handlers are Lambda functions, which would need Docker.  Each stand-in does what
its handler does, through the same API calls; any other custom resource is refused.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from .. import aws
from ..resource import ResourceType

#: the headers of uploaded files that `SystemMetadata` may give, and how the API of S3 calls them
HEADERS = {"cache-control": "CacheControl", "content-language": "ContentLanguage"}

HANDLER = {"ServiceToken": "the handler; the stand-in answers in its place"}


class RestrictDefaultSecurityGroup(ResourceType):
    type_name = "Custom::VpcRestrictDefaultSG"
    made_by = "stand-in: ec2.revoke_security_group_ingress, ec2.revoke_security_group_egress"
    described_by = "ec2.describe_security_groups"
    read_back = ("DefaultSecurityGroupId",)
    not_read_back = HANDLER | {"Account": "one account only"}

    def create(self) -> str:
        group_id: str = self.properties["DefaultSecurityGroupId"]
        group = self.group(group_id)
        if group["IpPermissions"]:
            self.call("ec2", "revoke_security_group_ingress", GroupId=group_id, IpPermissions=group["IpPermissions"])
        if group["IpPermissionsEgress"]:
            self.call("ec2", "revoke_security_group_egress", GroupId=group_id, IpPermissions=group["IpPermissionsEgress"])
        return self.generated_name(64)

    def describe(self) -> dict[str, Any]:
        group = self.group(self.properties["DefaultSecurityGroupId"])
        left = group["IpPermissions"] + group["IpPermissionsEgress"]
        # the promise is a group without rules: with any rule left, nothing is shown
        return {} if left else {"DefaultSecurityGroupId": group["GroupId"]}

    def group(self, group_id: str) -> dict[str, Any]:
        return self.call("ec2", "describe_security_groups", GroupIds=[group_id])["SecurityGroups"][0]


class AutoDeleteObjects(ResourceType):
    type_name = "Custom::S3AutoDeleteObjects"
    made_by = "stand-in: nothing, the handler acts on deletion only"
    described_by = "s3.head_bucket"
    read_back = ("BucketName",)
    not_read_back = HANDLER

    def create(self) -> str:
        return self.generated_name(64)

    def describe(self) -> dict[str, Any]:
        self.call("s3", "head_bucket", Bucket=self.properties["BucketName"])
        return self.pick("BucketName")


class BucketDeployment(ResourceType):
    type_name = "Custom::CDKBucketDeployment"
    made_by = "stand-in: s3.get_object of the archives, s3.put_object of what is in them"
    described_by = "s3.get_object, s3.head_object"
    read_back = ("DestinationBucketName", "SourceBucketNames", "SourceObjectKeys", "SystemMetadata")
    not_read_back = HANDLER | {
        "DestinationBucketArn": "the bucket has a name already",
        "DistributionId": "nothing is kept at an edge here",
        "DistributionPaths": "nothing is kept at an edge here",
        "OutputObjectKeys": "steers the answer of the handler only",
        "Prune": "the bucket is empty before, as there are no updates here",
        "RetainOnDelete": "used by a deletion only",
        "SourceMarkers": "put into the files, which are compared as they are then",
        "WaitForDistributionInvalidation": "nothing is kept at an edge here",
    }

    def create(self) -> str:
        metadata = self.properties.get("SystemMetadata", {})
        unknown = set(metadata) - set(HEADERS)
        self.require(not unknown, "InvalidArgument", f"SystemMetadata: the stand-in does not know {sorted(unknown)}")
        headers = {HEADERS[name]: value for name, value in metadata.items()}
        for name, content in self.files().items():
            self.call("s3", "put_object", Bucket=self.properties["DestinationBucketName"], Key=name, Body=content, **headers)
        return self.generated_name(64)

    def files(self) -> dict[str, bytes]:
        """What the archives hold, with the values of deployment put in for their markers."""
        files: dict[str, bytes] = {}
        keys = self.properties["SourceObjectKeys"]
        markers = self.properties.get("SourceMarkers") or [{} for _ in keys]
        for bucket, key, values in zip(self.properties["SourceBucketNames"], keys, markers, strict=True):
            archive = zipfile.ZipFile(io.BytesIO(self.content(bucket, key)))
            for name in [entry.filename for entry in archive.infolist() if not entry.is_dir()]:
                content = archive.read(name)
                for marker, value in values.items():
                    content = content.replace(marker.encode(), str(value).encode())
                files[name] = content
        return files

    def kept_headers(self) -> dict[str, str]:
        """The headers that all files have alike."""
        bucket = self.properties["DestinationBucketName"]
        heads = [self.call("s3", "head_object", Bucket=bucket, Key=name) for name in self.files()]
        return {name: heads[0][api] for name, api in HEADERS.items() if heads and len({head.get(api) for head in heads}) == 1 and api in heads[0]}

    def content(self, bucket: str, key: str) -> bytes:
        body: bytes = self.call("s3", "get_object", Bucket=bucket, Key=key)["Body"].read()
        return body

    def describe(self) -> dict[str, Any]:
        bucket = self.properties["DestinationBucketName"]
        for name, content in self.files().items():
            self.require(self.content(bucket, name) == content, "NoSuchKey", f"{name} is not in {bucket} as it was uploaded")
        return self.pick("DestinationBucketName", "SourceBucketNames", "SourceObjectKeys") | {"SystemMetadata": self.kept_headers()}

    def attributes(self) -> dict[str, Any]:
        keys = self.properties["SourceObjectKeys"]
        return {"DestinationBucketArn": f"arn:aws:s3:::{self.properties['DestinationBucketName']}", "SourceObjectKeys": keys}


class CrossRegionExportWriter(ResourceType):
    type_name = "Custom::CrossRegionExportWriter"
    made_by = "stand-in: ssm.put_parameter in the other Region"
    described_by = "ssm.get_parameter in the other Region"
    read_back = ("WriterProps",)
    not_read_back = HANDLER | {
        "WriterProps.prefix": "part of every name already",
        "WriterProps.region": "the Region that the reader asks",
    }

    def create(self) -> str:
        writer = self.properties["WriterProps"]
        for name, value in writer["exports"].items():
            aws.call("ssm", "put_parameter", writer["region"], Name=parameter_name(name), Value=value, Type="String")
        return self.generated_name(64)

    def describe(self) -> dict[str, Any]:
        writer = self.properties["WriterProps"]
        return {"WriterProps": {"exports": {name: read_parameter(name, writer["region"]) for name in writer["exports"]}}}


class CrossRegionExportReader(ResourceType):
    type_name = "Custom::CrossRegionExportReader"
    made_by = "stand-in: ssm.add_tags_to_resource"
    described_by = "ssm.get_parameter"
    read_back = ("ReaderProps",)
    not_read_back = HANDLER | {
        "ReaderProps.prefix": "names the reading stack, for the tag",
        "ReaderProps.region": "the Region of the stack itself",
    }

    def create(self) -> str:
        reader = self.properties["ReaderProps"]
        for name in reader["imports"]:
            tag = {"Key": f"aws-cdk:strong-ref:{reader['prefix']}", "Value": "true"}
            self.call("ssm", "add_tags_to_resource", ResourceType="Parameter", ResourceId=parameter_name(name), Tags=[tag])
        return self.generated_name(64)

    def describe(self) -> dict[str, Any]:
        return {"ReaderProps": {"imports": self.attributes()}}

    def attributes(self) -> dict[str, Any]:
        return {name: read_parameter(name, self.region) for name in self.properties["ReaderProps"]["imports"]}


class LogRetention(ResourceType):
    type_name = "Custom::LogRetention"
    made_by = "stand-in: logs.create_log_group, logs.put_retention_policy"
    described_by = "logs.describe_log_groups"
    read_back = ("LogGroupName", "RetentionInDays")
    not_read_back = HANDLER | {
        "LogGroupRegion": "the Region of the stack itself",
        "SdkRetry": "steers the handler",
        "RemovalPolicy": "used by a deletion only",
    }

    def create(self) -> str:
        name: str = self.properties["LogGroupName"]
        if not self.groups(name):
            self.call("logs", "create_log_group", logGroupName=name)
        if "RetentionInDays" in self.properties:
            self.call("logs", "put_retention_policy", logGroupName=name, **self.pick(retentionInDays="RetentionInDays"))
        return name

    def groups(self, name: str) -> list[dict[str, Any]]:
        groups = self.call("logs", "describe_log_groups", logGroupNamePrefix=name)["logGroups"]
        return [group for group in groups if group["logGroupName"] == name]

    def describe(self) -> dict[str, Any]:
        group = self.groups(self.physical_id)[0]
        return {"LogGroupName": group["logGroupName"], "RetentionInDays": group.get("retentionInDays")}

    def attributes(self) -> dict[str, Any]:
        return {"LogGroupName": self.physical_id}


def parameter_name(name: str) -> str:
    return name if name.startswith("/") else f"/{name}"


def read_parameter(name: str, region: str) -> str:
    return aws.call("ssm", "get_parameter", region, Name=parameter_name(name))["Parameter"]["Value"]
