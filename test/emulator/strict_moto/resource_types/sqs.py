"""Queues and their policies."""

from __future__ import annotations

import json
from typing import Any

from ..resource import ResourceType
from .policies import check_resource_policy
from .tags import as_list, as_map

ATTRIBUTES = (
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
)


class Queue(ResourceType):
    type_name = "AWS::SQS::Queue"
    made_by = "sqs.create_queue"
    described_by = "sqs.get_queue_attributes, sqs.list_queue_tags"
    read_back = (*sorted(ATTRIBUTES), "QueueName", "Tags")

    def admit(self) -> None:
        fifo = self.properties.get("FifoQueue", False)
        named = self.properties.get("QueueName", ".fifo" if fifo else "").endswith(".fifo")
        self.require(fifo == named, "InvalidParameterValue", "the name of a FIFO queue, and only that, ends with .fifo")
        only_fifo = {"ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"} & set(self.properties)
        self.require(fifo or not only_fifo, "InvalidAttributeName", f"Unknown Attribute {sorted(only_fifo)}: for FIFO queues only")
        self.check_redrive(self.properties.get("RedrivePolicy"), fifo)

    def check_redrive(self, policy: Any, fifo: bool) -> None:
        if not policy:
            return
        policy = json.loads(policy) if isinstance(policy, str) else policy
        complete = {"deadLetterTargetArn", "maxReceiveCount"} <= set(policy)
        self.require(complete, "InvalidParameterValue", "RedrivePolicy needs deadLetterTargetArn and maxReceiveCount")
        count = int(policy["maxReceiveCount"])
        self.require(1 <= count <= 1000, "InvalidParameterValue", f"maxReceiveCount {count} is not within 1 to 1000")
        arn = policy["deadLetterTargetArn"]
        here = f":sqs:{self.region}:" in arn
        self.require(here, "InvalidParameterValue", f"the dead-letter queue {arn} is not a queue of {self.region}")
        self.call("sqs", "get_queue_url", QueueName=arn.split(":")[-1])
        self.require(arn.endswith(".fifo") == fifo, "InvalidParameterValue", f"the dead-letter queue {arn} must be of the queue's own type")

    def create(self) -> str:
        suffix = ".fifo" if self.properties.get("FifoQueue") else ""
        name = self.properties.get("QueueName") or self.generated_name(75) + suffix
        attributes = {key: self.properties[key] for key in ATTRIBUTES if key in self.properties}
        queue_tags = as_map(self.properties.get("Tags", [])) or None
        return self.call("sqs", "create_queue", QueueName=name, Attributes=attributes, tags=queue_tags)["QueueUrl"]

    def describe(self) -> dict[str, Any]:
        attributes = self.call("sqs", "get_queue_attributes", QueueUrl=self.physical_id, AttributeNames=["All"])["Attributes"]
        shown_tags = self.call("sqs", "list_queue_tags", QueueUrl=self.physical_id).get("Tags", {})
        return attributes | {"QueueName": self.physical_id.split("/")[-1], "Tags": as_list(shown_tags)}

    def attributes(self) -> dict[str, Any]:
        chosen = {"QueueUrl": self.physical_id, "AttributeNames": ["QueueArn"]}
        arn = self.call("sqs", "get_queue_attributes", **chosen)["Attributes"]["QueueArn"]
        return {"Arn": arn, "QueueName": arn.split(":")[-1], "QueueUrl": self.physical_id}


class QueuePolicy(ResourceType):
    type_name = "AWS::SQS::QueuePolicy"
    made_by = "sqs.set_queue_attributes"
    described_by = "sqs.get_queue_attributes"
    read_back = ("PolicyDocument", "Queues")

    def admit(self) -> None:
        check_resource_policy(self, self.properties["PolicyDocument"])

    def create(self) -> str:
        document = json.dumps(self.properties["PolicyDocument"])
        for queue in self.properties["Queues"]:
            self.call("sqs", "set_queue_attributes", QueueUrl=queue, Attributes={"Policy": document})
        return self.generated_name(128)

    def describe(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"Queues": []}
        for queue in self.properties["Queues"]:
            answer = self.call("sqs", "get_queue_attributes", QueueUrl=queue, AttributeNames=["Policy"])["Attributes"]
            if json.loads(answer["Policy"]) == self.properties["PolicyDocument"]:
                shown["Queues"].append(queue)
            shown["PolicyDocument"] = answer["Policy"]
        return shown

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}
