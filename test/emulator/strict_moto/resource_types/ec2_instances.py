"""Instances and volumes that stand alone."""

from __future__ import annotations

import base64
from typing import Any

from ..resource import ResourceType
from . import tags
from .ec2_launch_template import check_launch_data, check_volume


class Instance(ResourceType):
    type_name = "AWS::EC2::Instance"
    made_by = "ec2.run_instances"
    described_by = "ec2.describe_instances, ec2.describe_instance_attribute, ec2.describe_volumes"
    read_back = (
        "AvailabilityZone",
        "BlockDeviceMappings",
        "DisableApiTermination",
        "IamInstanceProfile",
        "ImageId",
        "InstanceType",
        "KeyName",
        "Monitoring",
        "NetworkInterfaces",
        "SecurityGroupIds",
        "SourceDestCheck",
        "SubnetId",
        "Tags",
        "UserData",
    )
    not_read_back = {
        "LaunchTemplate": "EC2 shows no launch template on an instance; its admission proves that it exists",
        "BlockDeviceMappings.Ebs.VolumeType": "read back on AWS::EC2::Volume only; moto drops it on instances",
        "MetadataOptions": "moto shows the default options on every instance",
        "PropagateTagsToVolumeOnCreation": "a CloudFormation-only switch",
        "NetworkInterfaces.DeviceIndex": "moto numbers the interfaces itself",
    }
    may_list_more = ("BlockDeviceMappings", "Tags")  # the root volume; tags that name the launch template

    def admit(self) -> None:
        check_launch_data(self, self.properties)
        template = self.properties.get("LaunchTemplate")
        if template:
            check_template_exists(self, template)
        zone, subnet_id = self.properties.get("AvailabilityZone"), self.properties.get("SubnetId")
        if subnet_id:
            subnet = self.call("ec2", "describe_subnets", SubnetIds=[subnet_id])["Subnets"][0]
            same = zone in (None, subnet["AvailabilityZone"])
            self.require(same, "InvalidParameterValue", f"{subnet_id} is not in {zone}")
            check_groups_in_vpc(self, self.properties.get("SecurityGroupIds", []), subnet["VpcId"])

    def create(self) -> str:
        given = self.pick(
            "BlockDeviceMappings", "ImageId", "InstanceType", "KeyName", "LaunchTemplate", "SecurityGroupIds", "SubnetId", "DisableApiTermination"
        )
        if "IamInstanceProfile" in self.properties:
            given["IamInstanceProfile"] = {"Name": self.properties["IamInstanceProfile"]}
        if "Monitoring" in self.properties:
            given["Monitoring"] = {"Enabled": self.properties["Monitoring"]}
        if "AvailabilityZone" in self.properties:
            given["Placement"] = {"AvailabilityZone": self.properties["AvailabilityZone"]}
        if "NetworkInterfaces" in self.properties:
            given["NetworkInterfaces"] = [api_interface(i) for i in self.properties["NetworkInterfaces"]]
        if "UserData" in self.properties:  # boto3 encodes it once more
            given["UserData"] = base64.b64decode(self.properties["UserData"]).decode()
        answer = self.call("ec2", "run_instances", **given, MinCount=1, MaxCount=1, TagSpecifications=tags.specification("instance", self.properties))
        instance_id: str = answer["Instances"][0]["InstanceId"]
        if "SourceDestCheck" in self.properties:
            check = {"Value": self.properties["SourceDestCheck"]}
            self.call("ec2", "modify_instance_attribute", InstanceId=instance_id, SourceDestCheck=check)
        return instance_id

    def describe(self) -> dict[str, Any]:
        answer = self.call("ec2", "describe_instances", InstanceIds=[self.physical_id])
        shown = answer["Reservations"][0]["Instances"][0]
        return shown | {
            "AvailabilityZone": shown["Placement"]["AvailabilityZone"],
            "BlockDeviceMappings": [self.block_device(mapping) for mapping in shown["BlockDeviceMappings"]],
            "DisableApiTermination": self.instance_attribute("disableApiTermination"),
            "IamInstanceProfile": shown.get("IamInstanceProfile", {}).get("Arn", "").split("/")[-1],
            "Monitoring": shown["Monitoring"]["State"] == "enabled",
            "NetworkInterfaces": [template_interface(i) for i in shown["NetworkInterfaces"]],
            "SecurityGroupIds": [group["GroupId"] for group in shown["SecurityGroups"]],
            "UserData": self.instance_attribute("userData"),
        }

    def instance_attribute(self, name: str) -> Any:
        answer = self.call("ec2", "describe_instance_attribute", InstanceId=self.physical_id, Attribute=name)
        return answer.get(name[0].upper() + name[1:], {}).get("Value")

    def block_device(self, mapping: dict[str, Any]) -> dict[str, Any]:
        volume = self.call("ec2", "describe_volumes", VolumeIds=[mapping["Ebs"]["VolumeId"]])["Volumes"][0]
        return mapping | {"Ebs": mapping["Ebs"] | {"Encrypted": volume["Encrypted"], "VolumeSize": volume["Size"]}}

    def attributes(self) -> dict[str, Any]:
        shown = self.describe()
        names = ("PrivateDnsName", "PublicDnsName", "VpcId")
        return {name: shown.get(name) for name in names} | {
            "AvailabilityZone": shown["AvailabilityZone"],
            "InstanceId": self.physical_id,
            "PrivateIp": shown.get("PrivateIpAddress"),
            "PublicIp": shown.get("PublicIpAddress"),
        }


class Volume(ResourceType):
    type_name = "AWS::EC2::Volume"
    made_by = "ec2.create_volume"
    described_by = "ec2.describe_volumes"
    read_back = ("AvailabilityZone", "Encrypted", "Iops", "KmsKeyId", "MultiAttachEnabled", "Size", "SnapshotId", "Tags", "Throughput", "VolumeType")

    def admit(self) -> None:
        check_volume(self, self.properties)
        zones = {z["ZoneName"] for z in self.call("ec2", "describe_availability_zones")["AvailabilityZones"]}
        zone = self.properties["AvailabilityZone"]
        self.require(zone in zones, "InvalidZone.NotFound", f"{zone} is not a zone of {self.region}")

    def create(self) -> str:
        specification = tags.specification("volume", self.properties)
        return self.call("ec2", "create_volume", **self.all_but("Tags"), TagSpecifications=specification)["VolumeId"]

    def describe(self) -> dict[str, Any]:
        return self.call("ec2", "describe_volumes", VolumeIds=[self.physical_id])["Volumes"][0]

    def attributes(self) -> dict[str, Any]:
        return {"VolumeId": self.physical_id}


def api_interface(interface: dict[str, Any]) -> dict[str, Any]:
    return {("Groups" if key == "GroupSet" else key): value for key, value in interface.items()}


def template_interface(interface: dict[str, Any]) -> dict[str, Any]:
    return interface | {
        "GroupSet": [group["GroupId"] for group in interface["Groups"]],
        "AssociatePublicIpAddress": "Association" in interface,
        "DeleteOnTermination": interface.get("Attachment", {}).get("DeleteOnTermination"),
    }


def check_template_exists(resource: ResourceType, template: dict[str, Any]) -> dict[str, Any]:
    """Return the data of the launch template version; EC2 refuses one that does not exist."""
    name = {key: template[key] for key in ("LaunchTemplateId", "LaunchTemplateName") if key in template}
    answer = resource.call("ec2", "describe_launch_template_versions", **name, Versions=[str(template.get("Version", "$Default"))])
    found = answer["LaunchTemplateVersions"]
    resource.require(bool(found), "InvalidLaunchTemplateId.VersionNotFound", f"{template}")
    return found[0]["LaunchTemplateData"]


def check_groups_in_vpc(resource: ResourceType, group_ids: list[str], vpc_id: str) -> None:
    if group_ids:
        for group in resource.call("ec2", "describe_security_groups", GroupIds=group_ids)["SecurityGroups"]:
            same = group["VpcId"] == vpc_id
            resource.require(same, "InvalidParameterValue", f"{group['GroupId']} and the subnet are in different VPCs")
