"""Tables."""

from __future__ import annotations

from typing import Any

from .. import aws
from ..resource import ResourceType
from . import dynamodb_capacity as capacity

KEPT_AS_GIVEN = (
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "OnDemandThroughput",
    "ProvisionedThroughput",
    "TableClass",
    "TableName",
)
SHOWN_ELSEWHERE = ("PointInTimeRecoverySpecification", "SSESpecification", "StreamSpecification", "Tags", "TimeToLiveSpecification")


class Table(ResourceType):
    type_name = "AWS::DynamoDB::Table"
    made_by = "dynamodb.create_table, dynamodb.update_time_to_live, dynamodb.update_continuous_backups"
    described_by = "dynamodb.describe_table, describe_time_to_live, describe_continuous_backups, list_tags_of_resource"
    read_back = tuple(sorted((*KEPT_AS_GIVEN, *SHOWN_ELSEWHERE)))
    not_read_back = {
        "PointInTimeRecoverySpecification.RecoveryPeriodInDays": "moto always shows 35",
    }

    def admit(self) -> None:
        check_keys(self, self.properties)
        ttl = self.properties.get("TimeToLiveSpecification", {})
        named = not ttl.get("Enabled") or bool(ttl.get("AttributeName"))
        self.require(named, "ValidationException", "TimeToLiveSpecification needs an AttributeName")
        keys = {key["AttributeName"] for key in self.properties.get("KeySchema", [])}
        free = ttl.get("AttributeName") not in keys
        self.require(free, "ValidationException", f"the TTL attribute {ttl.get('AttributeName')} is a key of the table")
        self.check_billing()

    def check_billing(self) -> None:
        on_demand = self.properties.get("BillingMode", "PROVISIONED") == "PAY_PER_REQUEST"
        throughput = "ProvisionedThroughput" in self.properties
        self.require(
            on_demand != throughput,
            "ValidationException",
            "ProvisionedThroughput belongs to the billing mode PROVISIONED, which needs it, and to no other",
        )

    def create(self) -> str:
        name = self.name("TableName")
        create_table(self, self.region, name, self.properties)
        return name

    def describe(self) -> dict[str, Any]:
        return describe_table(self.region, self.physical_id)

    def attributes(self) -> dict[str, Any]:
        table = self.call("dynamodb", "describe_table", TableName=self.physical_id)["Table"]
        return {"Arn": table["TableArn"], "StreamArn": table.get("LatestStreamArn")}


class GlobalTable(ResourceType):
    """A table in each Region of its replicas; moto replicates no items between them."""

    type_name = "AWS::DynamoDB::GlobalTable"
    made_by = "dynamodb.create_table in each Region"
    described_by = "dynamodb.describe_table, describe_time_to_live, describe_continuous_backups in each Region"
    read_back = (
        "AttributeDefinitions",
        "BillingMode",
        "GlobalSecondaryIndexes",
        "KeySchema",
        "LocalSecondaryIndexes",
        "Replicas",
        "SSESpecification",
        "StreamSpecification",
        "TableName",
        "TimeToLiveSpecification",
        "WriteProvisionedThroughputSettings",
    )
    not_read_back = {
        "Replicas.PointInTimeRecoverySpecification.RecoveryPeriodInDays": "moto always shows 35",
        "Replicas.GlobalSecondaryIndexes": "settings of the capacity of an index per Region, which moto does not have",
    }

    def admit(self) -> None:
        check_keys(self, self.properties)
        regions = [replica["Region"] for replica in self.properties["Replicas"]]
        self.require(self.region in regions, "ValidationException", f"Replicas must name the stack's own Region {self.region}")
        self.require(len(regions) == len(set(regions)), "ValidationException", f"Replicas repeat a Region: {regions}")
        streams = len(regions) == 1 or "StreamSpecification" in self.properties
        self.require(streams, "ValidationException", "a global table of several Regions needs a StreamSpecification")

    def create(self) -> str:
        name = self.name("TableName")
        for replica in self.properties["Replicas"]:
            table = self.all_but("Replicas") | {key: value for key, value in replica.items() if key != "Region"}
            if "SSESpecification" in self.properties:  # the key is the replica's, the rest is the table's
                table["SSESpecification"] = self.properties["SSESpecification"] | replica.get("SSESpecification", {})
            throughput = capacity.provisioned(self.properties, replica)
            create_table(self, replica["Region"], name, table | ({"ProvisionedThroughput": throughput} if throughput else {}))
            if throughput:
                capacity.register(replica["Region"], name, self.properties, replica)
        return name

    def describe(self) -> dict[str, Any]:
        shown = [self.describe_replica(replica["Region"]) for replica in self.properties["Replicas"]]
        return next(table for table in shown if table["Region"] == self.region) | {"Replicas": shown}

    def describe_replica(self, region: str) -> dict[str, Any]:
        table = describe_table(region, self.physical_id) | {"Region": region}
        return table | (capacity.shown(region, self.physical_id, table) if table["BillingMode"] == "PROVISIONED" else {})

    def attributes(self) -> dict[str, Any]:
        table = self.call("dynamodb", "describe_table", TableName=self.physical_id)["Table"]
        return {"Arn": table["TableArn"], "StreamArn": table.get("LatestStreamArn"), "TableId": table.get("TableId")}


def check_keys(resource: ResourceType, table: dict[str, Any]) -> None:
    indexes = [*table.get("GlobalSecondaryIndexes", []), *table.get("LocalSecondaryIndexes", [])]
    used = {key["AttributeName"] for item in [table, *indexes] for key in item.get("KeySchema", [])}
    defined = {attribute["AttributeName"] for attribute in table.get("AttributeDefinitions", [])}
    resource.require(
        used == defined,
        "ValidationException",
        f"AttributeDefinitions {sorted(defined)} and the keys of table and indexes {sorted(used)} do not match",
    )


def create_table(resource: ResourceType, region: str, name: str, properties: dict[str, Any]) -> None:
    given = {key: properties[key] for key in (*KEPT_AS_GIVEN, "Tags") if key in properties}
    if "StreamSpecification" in properties:
        given["StreamSpecification"] = {"StreamEnabled": True} | properties["StreamSpecification"]
    if "SSESpecification" in properties:
        given["SSESpecification"] = {("Enabled" if k == "SSEEnabled" else k): v for k, v in properties["SSESpecification"].items()}
    aws.call("dynamodb", "create_table", region, **(given | {"TableName": name}))
    if properties.get("TimeToLiveSpecification", {}).get("Enabled"):
        ttl = properties["TimeToLiveSpecification"]
        aws.call("dynamodb", "update_time_to_live", region, TableName=name, TimeToLiveSpecification=ttl)
    recovery = properties.get("PointInTimeRecoverySpecification")
    if recovery:
        aws.call("dynamodb", "update_continuous_backups", region, TableName=name, PointInTimeRecoverySpecification=recovery)


def describe_table(region: str, name: str) -> dict[str, Any]:
    table = aws.call("dynamodb", "describe_table", region, TableName=name)["Table"]
    ttl = aws.call("dynamodb", "describe_time_to_live", region, TableName=name)["TimeToLiveDescription"]
    backups = aws.call("dynamodb", "describe_continuous_backups", region, TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]
    encryption = table.get("SSEDescription", {})
    return table | {
        "BillingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": recovery["PointInTimeRecoveryStatus"] == "ENABLED"},
        "SSESpecification": {
            "SSEEnabled": encryption.get("Status") == "ENABLED",
            "SSEType": encryption.get("SSEType"),
            "KMSMasterKeyId": encryption.get("KMSMasterKeyArn"),
        },
        "TableClass": table.get("TableClassSummary", {}).get("TableClass"),
        "Tags": aws.call("dynamodb", "list_tags_of_resource", region, ResourceArn=table["TableArn"])["Tags"],
        "TimeToLiveSpecification": {"Enabled": ttl["TimeToLiveStatus"] == "ENABLED", "AttributeName": ttl.get("AttributeName")},
    }
