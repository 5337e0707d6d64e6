"""Launch templates."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from ..resource import ResourceType

MAX_USER_DATA = 16 * 1024


class LaunchTemplate(ResourceType):
    type_name = "AWS::EC2::LaunchTemplate"
    made_by = "ec2.create_launch_template"
    described_by = "ec2.describe_launch_template_versions, ec2.describe_launch_templates"
    read_back = ("LaunchTemplateData", "LaunchTemplateName", "TagSpecifications", "VersionDescription")
    may_list_more = ("LaunchTemplateData.TagSpecifications",)  # moto adds the template's own tags

    def admit(self) -> None:
        check_launch_data(self, self.properties["LaunchTemplateData"])

    def create(self) -> str:
        properties = self.properties | {"LaunchTemplateName": self.name("LaunchTemplateName", 128)}
        answer = self.call("ec2", "create_launch_template", **properties)
        return answer["LaunchTemplate"]["LaunchTemplateId"]

    def describe(self) -> dict[str, Any]:
        chosen = {"LaunchTemplateId": self.physical_id, "Versions": ["$Latest"]}
        version = self.call("ec2", "describe_launch_template_versions", **chosen)["LaunchTemplateVersions"][0]
        template = self.call("ec2", "describe_launch_templates", LaunchTemplateIds=[self.physical_id])["LaunchTemplates"][0]
        return version | {"TagSpecifications": [{"ResourceType": "launch-template", "Tags": template.get("Tags", [])}]}

    def attributes(self) -> dict[str, Any]:
        template = self.call("ec2", "describe_launch_templates", LaunchTemplateIds=[self.physical_id])["LaunchTemplates"][0]
        return {
            "LaunchTemplateId": self.physical_id,
            "DefaultVersionNumber": str(template["DefaultVersionNumber"]),
            "LatestVersionNumber": str(template["LatestVersionNumber"]),
        }


def check_launch_data(resource: ResourceType, data: dict[str, Any]) -> None:
    """What RunInstances refuses of a launch template or an instance."""
    check_user_data(resource, data.get("UserData"))
    check_image(resource, data.get("ImageId"))
    check_instance_type(resource, data.get("InstanceType"))
    check_instance_profile(resource, data.get("IamInstanceProfile"))
    check_block_devices(resource, data.get("BlockDeviceMappings", []))
    groups = list(data.get("SecurityGroupIds", []))
    for interface in data.get("NetworkInterfaces", []):
        groups += interface.get("Groups", interface.get("GroupSet", []))
    if groups:
        resource.call("ec2", "describe_security_groups", GroupIds=groups)
    resource.require(
        not (data.get("SecurityGroupIds") and data.get("NetworkInterfaces")),
        "InvalidParameterCombination",
        "network interfaces and instance-level security groups may not be given both",
    )


def check_user_data(resource: ResourceType, user_data: str | None) -> None:
    if not user_data:
        return
    try:
        size = len(base64.b64decode(user_data, validate=True))
    except binascii.Error:
        resource.refuse("InvalidUserData.Malformed", "user data is not base64")
        return
    resource.require(size <= MAX_USER_DATA, "InvalidParameterValue", f"user data is {size} bytes, the limit is {MAX_USER_DATA}")


def check_image(resource: ResourceType, image_id: str | None) -> None:
    known = image_id is None or image_id.startswith(("ami-", "resolve:ssm:"))
    resource.require(known, "InvalidAMIID.Malformed", f"{image_id}")


def check_instance_type(resource: ResourceType, instance_type: str | None) -> None:
    if instance_type is None:
        return
    named = [{"Name": "instance-type", "Values": [instance_type]}]
    offered = resource.call("ec2", "describe_instance_type_offerings", Filters=named)["InstanceTypeOfferings"]
    resource.require(bool(offered), "InvalidParameterValue", f"{instance_type} is not offered in {resource.region}")


def check_instance_profile(resource: ResourceType, profile: Any) -> None:
    if not profile:
        return
    wanted = {"Name": profile} if isinstance(profile, str) else profile
    profiles = resource.call("iam", "list_instance_profiles")["InstanceProfiles"]
    for key, shown_as in (("Name", "InstanceProfileName"), ("Arn", "Arn")):
        if key in wanted:
            known = wanted[key] in {item[shown_as] for item in profiles}
            resource.require(known, "InvalidParameterValue", f"instance profile {wanted[key]} does not exist")


def check_block_devices(resource: ResourceType, mappings: list[dict[str, Any]]) -> None:
    names = [mapping.get("DeviceName") for mapping in mappings]
    resource.require(len(names) == len(set(names)), "InvalidBlockDeviceMapping", f"device names repeat: {names}")
    for mapping in mappings:
        check_volume(resource, mapping.get("Ebs") or {})


def check_volume(resource: ResourceType, volume: dict[str, Any]) -> None:
    """The limits of EBS volume types."""
    kind, iops, throughput = volume.get("VolumeType", "gp2"), volume.get("Iops"), volume.get("Throughput")
    size = volume.get("VolumeSize") or volume.get("Size")
    ranges = {
        "gp2": (1, 16384),
        "gp3": (1, 65536),
        "io1": (4, 16384),
        "io2": (4, 65536),
        "st1": (125, 16384),
        "sc1": (125, 16384),
        "standard": (1, 1024),
    }
    resource.require(kind in ranges, "InvalidParameterValue", f"unknown volume type {kind}")
    smallest, largest = ranges[kind]
    in_range = size is None or smallest <= int(size) <= largest
    resource.require(in_range, "InvalidParameterValue", f"a {kind} volume has {smallest} to {largest} GiB, not {size}")
    if kind in ("io1", "io2"):
        resource.require(iops is not None, "MissingParameter", f"a {kind} volume needs Iops")
    elif iops is not None:
        resource.require(kind == "gp3" and int(iops) >= 3000, "InvalidParameterCombination", f"Iops {iops} on {kind}")
    if throughput is not None:
        resource.require(kind == "gp3" and int(throughput) >= 125, "InvalidParameterCombination", f"Throughput on {kind}")
