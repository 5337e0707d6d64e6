"""Buckets and their policies."""

from __future__ import annotations

import json
from typing import Any

from ..resource import ResourceType
from .policies import check_resource_policy


class Bucket(ResourceType):
    type_name = "AWS::S3::Bucket"
    made_by = "s3.create_bucket, s3.put_bucket_*"
    described_by = "s3.get_bucket_*, s3.get_public_access_block"
    read_back = (
        "BucketEncryption",
        "BucketName",
        "CorsConfiguration",
        "LifecycleConfiguration",
        "LoggingConfiguration",
        "OwnershipControls",
        "PublicAccessBlockConfiguration",
        "Tags",
        "VersioningConfiguration",
        "WebsiteConfiguration",
    )
    not_read_back = {"AccessControl": "moto keeps grants, not the name of the canned list"}

    def create(self) -> str:
        bucket = self.properties.get("BucketName") or self.generated_name(63).lower()
        location = None if self.region == "us-east-1" else {"LocationConstraint": self.region}
        ownership = self.properties.get("OwnershipControls", {}).get("Rules", [{}])[0].get("ObjectOwnership")
        self.call("s3", "create_bucket", Bucket=bucket, CreateBucketConfiguration=location, ObjectOwnership=ownership)
        self.configure(bucket)
        return bucket

    def configure(self, bucket: str) -> None:
        given = self.properties
        if "OwnershipControls" in given:
            self.call("s3", "put_bucket_ownership_controls", Bucket=bucket, OwnershipControls=given["OwnershipControls"])
        if "PublicAccessBlockConfiguration" in given:
            self.call("s3", "put_public_access_block", Bucket=bucket, **self.pick("PublicAccessBlockConfiguration"))
        if "BucketEncryption" in given:
            self.call("s3", "put_bucket_encryption", Bucket=bucket, ServerSideEncryptionConfiguration=to_encryption(given["BucketEncryption"]))
        if "VersioningConfiguration" in given:
            self.call("s3", "put_bucket_versioning", Bucket=bucket, **self.pick("VersioningConfiguration"))
        if "LifecycleConfiguration" in given:
            rules = [to_lifecycle_rule(rule) for rule in given["LifecycleConfiguration"]["Rules"]]
            self.call("s3", "put_bucket_lifecycle_configuration", Bucket=bucket, LifecycleConfiguration={"Rules": rules})
        if "Tags" in given:
            self.call("s3", "put_bucket_tagging", Bucket=bucket, Tagging={"TagSet": given["Tags"]})
        self.configure_access(bucket)

    def configure_access(self, bucket: str) -> None:
        given = self.properties
        if "LoggingConfiguration" in given:
            log = given["LoggingConfiguration"]
            target = {"TargetBucket": log.get("DestinationBucketName", bucket), "TargetPrefix": log.get("LogFilePrefix", "")}
            self.call("s3", "put_bucket_logging", Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": target})
        if "CorsConfiguration" in given:
            rules = [{key: rule[name] for key, name in CORS.items() if name in rule} for rule in given["CorsConfiguration"]["CorsRules"]]
            self.call("s3", "put_bucket_cors", Bucket=bucket, CORSConfiguration={"CORSRules": rules})
        if "WebsiteConfiguration" in given:
            site = given["WebsiteConfiguration"]
            pages = {"IndexDocument": {"Suffix": site["IndexDocument"]}} if "IndexDocument" in site else {}
            if "ErrorDocument" in site:
                pages["ErrorDocument"] = {"Key": site["ErrorDocument"]}
            self.call("s3", "put_bucket_website", Bucket=bucket, WebsiteConfiguration=pages)

    def describe(self) -> dict[str, Any]:
        """Asks only for what the template gives: S3 answers an error for what a bucket lacks."""
        readers = {
            "BucketEncryption": lambda: from_encryption(self.get("get_bucket_encryption")["ServerSideEncryptionConfiguration"]),
            "CorsConfiguration": lambda: {
                "CorsRules": [{name: rule[key] for key, name in CORS.items() if key in rule} for rule in self.get("get_bucket_cors")["CORSRules"]]
            },
            "LifecycleConfiguration": lambda: {
                "Rules": [from_lifecycle_rule(rule) for rule in self.get("get_bucket_lifecycle_configuration")["Rules"]]
            },
            "LoggingConfiguration": self.logging,
            "OwnershipControls": lambda: self.get("get_bucket_ownership_controls")["OwnershipControls"],
            "PublicAccessBlockConfiguration": lambda: self.get("get_public_access_block")["PublicAccessBlockConfiguration"],
            "Tags": lambda: self.get("get_bucket_tagging")["TagSet"],
            "VersioningConfiguration": lambda: self.get("get_bucket_versioning"),
            "WebsiteConfiguration": self.website,
        }
        return {name: read() for name, read in readers.items() if name in self.properties} | {"BucketName": self.physical_id}

    def get(self, operation: str) -> dict[str, Any]:
        return self.call("s3", operation, Bucket=self.physical_id)

    def logging(self) -> dict[str, Any]:
        shown = self.get("get_bucket_logging")["LoggingEnabled"]
        return {"DestinationBucketName": shown["TargetBucket"], "LogFilePrefix": shown.get("TargetPrefix")}

    def website(self) -> dict[str, Any]:
        shown = self.get("get_bucket_website")
        return {"IndexDocument": shown.get("IndexDocument", {}).get("Suffix"), "ErrorDocument": shown.get("ErrorDocument", {}).get("Key")}

    def attributes(self) -> dict[str, Any]:
        bucket = self.physical_id
        return {
            "Arn": f"arn:aws:s3:::{bucket}",
            "DomainName": f"{bucket}.s3.amazonaws.com",
            "RegionalDomainName": f"{bucket}.s3.{self.region}.amazonaws.com",
            "WebsiteURL": f"http://{bucket}.s3-website-{self.region}.amazonaws.com",
        }


class BucketPolicy(ResourceType):
    type_name = "AWS::S3::BucketPolicy"
    made_by = "s3.put_bucket_policy"
    described_by = "s3.get_bucket_policy"
    read_back = ("Bucket", "PolicyDocument")

    def admit(self) -> None:
        check_resource_policy(self, self.properties["PolicyDocument"])
        arn = f"arn:aws:s3:::{self.properties['Bucket']}"
        for statement in self.properties["PolicyDocument"]["Statement"]:
            resources = statement.get("Resource", [])
            for resource in [resources] if isinstance(resources, str) else resources:
                known = resource == arn or resource.startswith(f"{arn}/")
                self.require(known, "MalformedPolicy", f"Policy has invalid resource {resource}")

    def create(self) -> str:
        document = json.dumps(self.properties["PolicyDocument"])
        self.call("s3", "put_bucket_policy", **self.pick("Bucket"), Policy=document)
        return self.properties["Bucket"]

    def describe(self) -> dict[str, Any]:
        answer = self.call("s3", "get_bucket_policy", **self.pick("Bucket"))
        return {"Bucket": self.physical_id, "PolicyDocument": answer["Policy"]}


CORS = {
    "AllowedHeaders": "AllowedHeaders",
    "AllowedMethods": "AllowedMethods",
    "AllowedOrigins": "AllowedOrigins",
    "ExposeHeaders": "ExposedHeaders",
    "ID": "Id",
    "MaxAgeSeconds": "MaxAge",
}


def to_encryption(encryption: dict[str, Any]) -> dict[str, Any]:
    rules = []
    for rule in encryption["ServerSideEncryptionConfiguration"]:
        renamed = {("ApplyServerSideEncryptionByDefault" if "ByDefault" in key else key): value for key, value in rule.items()}
        rules.append(renamed)
    return {"Rules": rules}


def from_encryption(encryption: dict[str, Any]) -> dict[str, Any]:
    rules = []
    for rule in encryption["Rules"]:
        rules.append({("ServerSideEncryptionByDefault" if "ByDefault" in key else key): value for key, value in rule.items()})
    return {"ServerSideEncryptionConfiguration": rules}


def to_lifecycle_rule(rule: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if "Id" in rule:
        made["ID"] = rule["Id"]
    if "ExpirationInDays" in rule:
        made["Expiration"] = {"Days": rule["ExpirationInDays"]}
    if "ExpiredObjectDeleteMarker" in rule:
        made["Expiration"] = {"ExpiredObjectDeleteMarker": rule["ExpiredObjectDeleteMarker"]}
    for name in ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"):
        if name in rule:
            made[name] = rule[name]
    if "Transitions" in rule:
        made["Transitions"] = [{"Days": t["TransitionInDays"], "StorageClass": t["StorageClass"]} for t in rule["Transitions"]]
    if "NoncurrentVersionTransitions" in rule:
        made["NoncurrentVersionTransitions"] = [
            {"NoncurrentDays": t["TransitionInDays"], "StorageClass": t["StorageClass"]} for t in rule["NoncurrentVersionTransitions"]
        ]
    return made


def from_lifecycle_rule(shown: dict[str, Any]) -> dict[str, Any]:
    rule = {key: shown[key] for key in ("Status", "NoncurrentVersionExpiration") if key in shown}
    rule |= {"Id": shown.get("ID"), "Prefix": shown.get("Filter", {}).get("Prefix")}
    rule["AbortIncompleteMultipartUpload"] = shown.get("AbortIncompleteMultipartUpload")
    expiration = shown.get("Expiration", {})
    rule |= {"ExpirationInDays": expiration.get("Days"), "ExpiredObjectDeleteMarker": expiration.get("ExpiredObjectDeleteMarker")}
    rule["Transitions"] = [{"TransitionInDays": t["Days"], "StorageClass": t["StorageClass"]} for t in shown.get("Transitions", [])]
    rule["NoncurrentVersionTransitions"] = [
        {"TransitionInDays": t["NoncurrentDays"], "StorageClass": t["StorageClass"]} for t in shown.get("NoncurrentVersionTransitions", [])
    ]
    return rule
