"""Flow logs."""

from __future__ import annotations

from typing import Any

from ..resource import ResourceType
from . import tags


class FlowLog(ResourceType):
    type_name = "AWS::EC2::FlowLog"
    made_by = "ec2.create_flow_logs"
    described_by = "ec2.describe_flow_logs"
    read_back = (
        "DeliverLogsPermissionArn",
        "LogDestination",
        "LogDestinationType",
        "LogFormat",
        "LogGroupName",
        "MaxAggregationInterval",
        "ResourceId",
        "Tags",
        "TrafficType",
    )
    not_read_back = {"ResourceType": "the description has the ResourceId only, of which it is the kind"}

    def admit(self) -> None:
        if self.properties.get("LogDestinationType", "cloud-watch-logs") == "cloud-watch-logs":
            self.require(
                "DeliverLogsPermissionArn" in self.properties,
                "InvalidParameter",
                "flow logs to CloudWatch Logs need a DeliverLogsPermissionArn",
            )

    def create(self) -> str:
        answer = self.call(
            "ec2",
            "create_flow_logs",
            ResourceIds=[self.properties["ResourceId"]],
            **self.all_but("ResourceId", "Tags"),
            TagSpecifications=tags.specification("vpc-flow-log", self.properties),
        )
        self.require(not answer.get("Unsuccessful"), "InvalidParameter", str(answer.get("Unsuccessful")))
        flow_log_id: str = answer["FlowLogIds"][0]
        return flow_log_id

    def describe(self) -> dict[str, Any]:
        flow_log: dict[str, Any] = self.call("ec2", "describe_flow_logs", FlowLogIds=[self.physical_id])["FlowLogs"][0]
        return flow_log
