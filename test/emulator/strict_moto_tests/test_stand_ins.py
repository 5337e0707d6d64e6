"""Custom resources of CDK are answered by stand-ins that do what their handlers do."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from conftest import Emulator
from stacks import att, network, ref, resource
from strict_moto.resource_types.custom_resources import BucketDeployment, RestrictDefaultSecurityGroup


def custom(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"Custom::{kind}", "Properties": {"ServiceToken": "handler", **properties}}


def restricted() -> dict[str, Any]:
    group = att("Vpc", "DefaultSecurityGroup")
    return network() | {"Restrict": custom("VpcRestrictDefaultSG", DefaultSecurityGroupId=group, Account=ref("AWS::AccountId"))}


def test_default_security_group_loses_its_rules(emulator: Emulator) -> None:
    emulator.deploy(restricted())
    chosen = [{"Name": "vpc-id", "Values": [emulator.physical_id("Vpc")]}, {"Name": "group-name", "Values": ["default"]}]
    group = emulator.client("ec2").describe_security_groups(Filters=chosen)["SecurityGroups"][0]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])


def test_default_security_group_that_keeps_a_rule_is_found(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RestrictDefaultSecurityGroup, "create", lambda self: "nothing done")
    assert "Restrict (Custom::VpcRestrictDefaultSG): DefaultSecurityGroupId was not kept" in emulator.refusal(restricted())


def test_export_crosses_regions(emulator: Emulator) -> None:
    name = "/cdk/exports/Reader/value"
    writer = custom("CrossRegionExportWriter", WriterProps={"region": "us-east-1", "prefix": "Reader", "exports": {name: "hello"}})
    emulator.deploy({"Writer": writer}, name="Writer")
    reader = custom(
        "CrossRegionExportReader",
        ReaderProps={
            "region": "us-east-1",
            "prefix": "Reader",
            "imports": {name: f"{{{{resolve:ssm:{name}}}}}"},
        },
    )
    outputs = emulator.deploy({"Reader": reader}, name="Reader", region="us-east-1", Outputs={"Out": {"Value": att("Reader", name)}})
    assert outputs == {"Out": "hello"}


def archive(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return buffer.getvalue()


def deployment(emulator: Emulator, **properties: Any) -> dict[str, Any]:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="assets", CreateBucketConfiguration={"LocationConstraint": emulator.region})
    s3.put_object(Bucket="assets", Key="site.zip", Body=archive(index="Ask <marker>", style="body {}"))
    return {
        "Bucket": resource("S3::Bucket"),
        "Deployment": custom(
            "CDKBucketDeployment",
            SourceBucketNames=["assets"],
            SourceObjectKeys=["site.zip"],
            SourceMarkers=[{"<marker>": "us"}],
            DestinationBucketName=ref("Bucket"),
            **properties,
        ),
    }


def test_bucket_deployment_unpacks_its_sources_and_puts_values_in(emulator: Emulator) -> None:
    emulator.deploy(deployment(emulator))
    found = {key: emulator.client("s3").get_object(Bucket=emulator.physical_id("Bucket"), Key=key)["Body"].read() for key in ("index", "style")}
    assert found == {"index": b"Ask us", "style": b"body {}"}


def test_bucket_deployment_gives_its_files_their_headers(emulator: Emulator) -> None:
    emulator.deploy(deployment(emulator, SystemMetadata={"cache-control": "no-store"}))
    assert emulator.client("s3").head_object(Bucket=emulator.physical_id("Bucket"), Key="index")["CacheControl"] == "no-store"


def test_bucket_deployment_with_a_header_that_the_stand_in_does_not_know_is_refused(emulator: Emulator) -> None:
    assert "does not know ['x-new']" in emulator.refusal(deployment(emulator, SystemMetadata={"x-new": "1"}))


def test_bucket_deployment_that_loses_a_header_is_found(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BucketDeployment, "kept_headers", lambda self: {})
    assert "SystemMetadata.cache-control was not kept" in emulator.refusal(deployment(emulator, SystemMetadata={"cache-control": "no-store"}))


def test_bucket_deployment_that_uploads_nothing_is_found(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BucketDeployment, "create", lambda self: "nothing done")
    assert "NoSuchKey" in emulator.refusal(deployment(emulator))


def test_auto_delete_is_answered(emulator: Emulator) -> None:
    emulator.deploy({"Bucket": resource("S3::Bucket"), "Delete": custom("S3AutoDeleteObjects", BucketName=ref("Bucket"))})
    assert emulator.physical_id("Delete")
