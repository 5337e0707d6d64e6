"""Database instances and what they need."""

from __future__ import annotations

import re
from typing import Any

from ..resource import ResourceType

# property -> parameter of CreateDBInstance, where the two differ
RENAMED = {"VPCSecurityGroups": "VpcSecurityGroupIds"}
KEPT_AS_GIVEN = (
    "AllocatedStorage",
    "AutoMinorVersionUpgrade",
    "AvailabilityZone",
    "BackupRetentionPeriod",
    "CACertificateIdentifier",
    "CopyTagsToSnapshot",
    "DBInstanceClass",
    "DBName",
    "DeletionProtection",
    "Engine",
    "EngineVersion",
    "Iops",
    "KmsKeyId",
    "LicenseModel",
    "MaxAllocatedStorage",
    "MasterUsername",
    "MonitoringInterval",
    "MultiAZ",
    "PreferredBackupWindow",
    "PreferredMaintenanceWindow",
    "PubliclyAccessible",
    "StorageEncrypted",
    "StorageType",
)
SHOWN_ELSEWHERE = (
    "DBInstanceIdentifier",
    "DBParameterGroupName",
    "DBSubnetGroupName",
    "EnableCloudwatchLogsExports",
    "EnableIAMDatabaseAuthentication",
    "ManageMasterUserPassword",
    "Port",
    "Tags",
    "VPCSecurityGroups",
)


class DbInstance(ResourceType):
    type_name = "AWS::RDS::DBInstance"
    made_by = "rds.create_db_instance"
    described_by = "rds.describe_db_instances"
    read_back = tuple(sorted((*KEPT_AS_GIVEN, *SHOWN_ELSEWHERE)))
    not_read_back = {
        "MasterUserPassword": "RDS never shows it",
        "MonitoringRoleArn": "moto drops it; its admission proves that the role exists",
        "StorageThroughput": "moto drops it",
        "EnablePerformanceInsights": "moto drops it",
        "PerformanceInsightsRetentionPeriod": "moto drops it",
        "PerformanceInsightsKMSKeyId": "moto drops it",
        "DeleteAutomatedBackups": "used by a deletion only",
    }

    def admit(self) -> None:
        self.check_zones()
        self.check_storage()
        self.check_windows()
        self.check_login()
        interval = self.properties.get("MonitoringInterval", 0)
        self.require(interval in (0, 1, 5, 10, 15, 30, 60), "InvalidParameterValue", f"MonitoringInterval {interval}")
        role = self.properties.get("MonitoringRoleArn")
        self.require(not interval or bool(role), "InvalidParameterCombination", "enhanced monitoring needs MonitoringRoleArn")
        if role:
            self.call("iam", "get_role", RoleName=role.split("/")[-1])

    def check_zones(self) -> None:
        multi = self.properties.get("MultiAZ", False)
        pinned = self.properties.get("AvailabilityZone")
        self.require(
            not (multi and pinned),
            "InvalidParameterCombination",
            "Requesting a specific availability zone is not valid for Multi-AZ instances.",
        )
        name = self.properties.get("DBSubnetGroupName")
        if not name:
            return
        groups = self.call("rds", "describe_db_subnet_groups", DBSubnetGroupName=name)["DBSubnetGroups"]
        zones = {subnet["SubnetAvailabilityZone"]["Name"] for subnet in groups[0]["Subnets"]}
        self.require(pinned is None or pinned in zones, "InvalidVPCNetworkStateFault", f"{name} has no subnet in {pinned}")
        security_groups = self.properties.get("VPCSecurityGroups", [])
        found = self.call("ec2", "describe_security_groups", GroupIds=security_groups)["SecurityGroups"] if security_groups else []
        for group in found:
            same = group["VpcId"] == groups[0]["VpcId"]
            self.require(same, "InvalidParameterCombination", f"{group['GroupId']} and {name} are in different VPCs")

    def check_storage(self) -> None:
        size, kind = int(self.properties.get("AllocatedStorage", 20)), self.properties.get("StorageType", "gp2")
        aurora = self.properties["Engine"].startswith("aurora")
        smallest = {"gp2": 20, "gp3": 20, "io1": 100, "io2": 100, "standard": 5}.get(kind, 20)
        self.require(aurora or size >= smallest, "InvalidParameterValue", f"Invalid storage size for {kind}: {size} GiB, at least {smallest}")
        self.require(kind not in ("io1", "io2") or "Iops" in self.properties, "InvalidParameterCombination", f"{kind} needs Iops")
        largest = self.properties.get("MaxAllocatedStorage")
        grows = largest is None or int(largest) > size
        self.require(grows, "InvalidParameterCombination", f"MaxAllocatedStorage {largest} is not above AllocatedStorage {size}")
        retention = int(self.properties.get("BackupRetentionPeriod", 1))
        self.require(0 <= retention <= 35, "InvalidParameterValue", f"Invalid backup retention period: {retention}")

    def check_windows(self) -> None:
        backup, maintenance = self.properties.get("PreferredBackupWindow"), self.properties.get("PreferredMaintenanceWindow")
        clock, day = r"([01]\d|2[0-3]):[0-5]\d", "(mon|tue|wed|thu|fri|sat|sun)"
        known = backup is None or re.fullmatch(f"{clock}-{clock}", backup)
        self.require(bool(known), "InvalidParameterValue", f"Invalid backup window format: {backup}")
        known = maintenance is None or re.fullmatch(f"{day}:{clock}-{day}:{clock}", maintenance.lower())
        self.require(bool(known), "InvalidParameterValue", f"Invalid maintenance window format: {maintenance}")
        if backup and maintenance:
            start, end = (minutes(part) for part in backup.split("-"))
            first, last = (minutes(part[4:]) for part in maintenance.split("-"))
            apart = end <= first or last <= start or start > end or first > last
            self.require(apart, "InvalidParameterCombination", "The backup window and maintenance window must not overlap.")

    def check_login(self) -> None:
        given = self.properties
        if {"SourceDBInstanceIdentifier", "DBSnapshotIdentifier", "DBClusterIdentifier"} & set(given):
            return
        named = "MasterUsername" in given and ("MasterUserPassword" in given or given.get("ManageMasterUserPassword"))
        self.require(bool(named), "InvalidParameterValue", "MasterUsername and MasterUserPassword are required")
        twice = "MasterUserPassword" in given and given.get("ManageMasterUserPassword")
        self.require(not twice, "InvalidParameterCombination", "RDS manages the master password, so none can be given")
        password = given.get("MasterUserPassword", "long enough")
        self.require(len(password) >= 8, "InvalidParameterValue", "MasterUserPassword is shorter than 8 characters")
        self.require(not re.search(r'[/"@]', password), "InvalidParameterValue", 'MasterUserPassword must not contain /, " or @')
        reserved = given["MasterUsername"].lower() in ("rdsadmin", "root", "public")
        usable = not reserved or given["Engine"] in ("mysql", "mariadb")
        self.require(usable, "InvalidParameterValue", f"MasterUsername {given['MasterUsername']} is reserved")

    def create(self) -> str:
        name = (self.properties.get("DBInstanceIdentifier") or self.generated_name(63)).lower()
        given = {RENAMED.get(key, key): value for key, value in self.all_but("DeleteAutomatedBackups").items()}
        self.call("rds", "create_db_instance", **(given | {"DBInstanceIdentifier": name}))
        return name

    def describe(self) -> dict[str, Any]:
        shown = self.call("rds", "describe_db_instances", DBInstanceIdentifier=self.physical_id)["DBInstances"][0]
        groups = shown.get("DBParameterGroups", [])
        return shown | {
            "DBParameterGroupName": groups[0]["DBParameterGroupName"] if groups else None,
            "DBSubnetGroupName": shown.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
            "EnableCloudwatchLogsExports": shown.get("EnabledCloudwatchLogsExports", []),
            "EnableIAMDatabaseAuthentication": shown.get("IAMDatabaseAuthenticationEnabled"),
            "ManageMasterUserPassword": "MasterUserSecret" in shown,
            "Port": shown["Endpoint"]["Port"],
            "Tags": shown.get("TagList", []),
            "VPCSecurityGroups": [group["VpcSecurityGroupId"] for group in shown.get("VpcSecurityGroups", [])],
        }

    def attributes(self) -> dict[str, Any]:
        shown = self.call("rds", "describe_db_instances", DBInstanceIdentifier=self.physical_id)["DBInstances"][0]
        return {
            "DBInstanceArn": shown["DBInstanceArn"],
            "DbiResourceId": shown.get("DbiResourceId"),
            "Endpoint.Address": shown["Endpoint"]["Address"],
            "Endpoint.Port": str(shown["Endpoint"]["Port"]),
            "MasterUserSecret.SecretArn": shown.get("MasterUserSecret", {}).get("SecretArn"),
        }


class DbSubnetGroup(ResourceType):
    type_name = "AWS::RDS::DBSubnetGroup"
    made_by = "rds.create_db_subnet_group"
    described_by = "rds.describe_db_subnet_groups, rds.list_tags_for_resource"
    read_back = ("DBSubnetGroupDescription", "DBSubnetGroupName", "SubnetIds", "Tags")

    def admit(self) -> None:
        subnets = self.call("ec2", "describe_subnets", SubnetIds=self.properties["SubnetIds"])["Subnets"]
        zones = sorted({subnet["AvailabilityZone"] for subnet in subnets})
        self.require(
            len(zones) >= 2,
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            f"The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: {zones}",
        )
        vpcs = {subnet["VpcId"] for subnet in subnets}
        self.require(len(vpcs) == 1, "InvalidSubnet", f"the subnets are in several VPCs: {sorted(vpcs)}")

    def create(self) -> str:
        name = (self.properties.get("DBSubnetGroupName") or self.generated_name(255)).lower()
        self.call("rds", "create_db_subnet_group", **(self.properties | {"DBSubnetGroupName": name}))
        return name

    def describe(self) -> dict[str, Any]:
        shown = self.call("rds", "describe_db_subnet_groups", DBSubnetGroupName=self.physical_id)["DBSubnetGroups"][0]
        return shown | {
            "SubnetIds": [subnet["SubnetIdentifier"] for subnet in shown["Subnets"]],
            "Tags": tags_of(self, shown["DBSubnetGroupArn"]),
        }


class DbParameterGroup(ResourceType):
    type_name = "AWS::RDS::DBParameterGroup"
    made_by = "rds.create_db_parameter_group, rds.modify_db_parameter_group"
    described_by = "rds.describe_db_parameter_groups, rds.describe_db_parameters"
    read_back = ("DBParameterGroupName", "Description", "Family", "Parameters", "Tags")

    def create(self) -> str:
        name = (self.properties.get("DBParameterGroupName") or self.generated_name(255)).lower()
        given = self.pick("Description", "Tags", DBParameterGroupFamily="Family")
        self.call("rds", "create_db_parameter_group", DBParameterGroupName=name, **given)
        parameters = [
            {"ParameterName": key, "ParameterValue": str(value), "ApplyMethod": "pending-reboot"}
            for key, value in self.properties.get("Parameters", {}).items()
        ]
        if parameters:
            self.call("rds", "modify_db_parameter_group", DBParameterGroupName=name, Parameters=parameters)
        return name

    def describe(self) -> dict[str, Any]:
        chosen = {"DBParameterGroupName": self.physical_id}
        shown = self.call("rds", "describe_db_parameter_groups", **chosen)["DBParameterGroups"][0]
        parameters = self.call("rds", "describe_db_parameters", **chosen)["Parameters"]
        return shown | {
            "Family": shown["DBParameterGroupFamily"],
            "Tags": tags_of(self, shown["DBParameterGroupArn"]),
            "Parameters": {p["ParameterName"]: p.get("ParameterValue") for p in parameters},
        }

    def attributes(self) -> dict[str, Any]:
        return {"DBParameterGroupName": self.physical_id}


class EventSubscription(ResourceType):
    type_name = "AWS::RDS::EventSubscription"
    made_by = "rds.create_event_subscription"
    described_by = "rds.describe_event_subscriptions"
    read_back = ("Enabled", "EventCategories", "SnsTopicArn", "SourceIds", "SourceType", "SubscriptionName")
    not_read_back = {"Tags": "moto drops them"}

    def admit(self) -> None:
        self.call("sns", "get_topic_attributes", TopicArn=self.properties["SnsTopicArn"])
        kinds = {
            "db-cluster",
            "db-cluster-snapshot",
            "db-instance",
            "db-parameter-group",
            "db-proxy",
            "db-security-group",
            "db-snapshot",
            "blue-green-deployment",
            "custom-engine-version",
        }
        kind = self.properties.get("SourceType")
        self.require(kind is None or kind in kinds, "SourceNotFound", f"unknown SourceType {kind}")
        named = not self.properties.get("SourceIds") or kind is not None
        self.require(named, "InvalidParameterCombination", "SourceIds need a SourceType")

    def create(self) -> str:
        name = self.name("SubscriptionName").lower()
        self.call("rds", "create_event_subscription", **(self.all_but("Tags") | {"SubscriptionName": name}))
        return name

    def describe(self) -> dict[str, Any]:
        chosen = {"SubscriptionName": self.physical_id}
        shown = self.call("rds", "describe_event_subscriptions", **chosen)["EventSubscriptionsList"][0]
        return shown | {
            "EventCategories": shown.get("EventCategoriesList", []),
            "SourceIds": shown.get("SourceIdsList", []),
            "SubscriptionName": shown["CustSubscriptionId"],
        }


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


def tags_of(resource: ResourceType, arn: str) -> list[dict[str, str]]:
    return resource.call("rds", "list_tags_for_resource", ResourceName=arn)["TagList"]
