"""Topics, their policies and subscriptions."""

from __future__ import annotations

import json
from typing import Any

from ..resource import ResourceType
from .policies import check_resource_policy

# property -> topic attribute
TOPIC_ATTRIBUTES = {
    "ContentBasedDeduplication": "ContentBasedDeduplication",
    "DisplayName": "DisplayName",
    "FifoTopic": "FifoTopic",
    "KmsMasterKeyId": "KmsMasterKeyId",
    "SignatureVersion": "SignatureVersion",
    "TracingConfig": "TracingConfig",
}
SUBSCRIPTION_ATTRIBUTES = {
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "SubscriptionRoleArn",
}


class Topic(ResourceType):
    type_name = "AWS::SNS::Topic"
    made_by = "sns.create_topic, sns.subscribe"
    described_by = "sns.get_topic_attributes, sns.list_subscriptions_by_topic, sns.list_tags_for_resource"
    read_back = (*sorted(TOPIC_ATTRIBUTES), "Subscription", "Tags", "TopicName")
    may_list_more = ("Subscription",)  # subscriptions of their own type

    def admit(self) -> None:
        fifo = self.properties.get("FifoTopic", False)
        named = self.properties.get("TopicName", ".fifo" if fifo else "").endswith(".fifo")
        self.require(fifo == named, "InvalidParameter", "the name of a FIFO topic, and only that, ends with .fifo")

    def create(self) -> str:
        name = self.properties.get("TopicName") or self.generated_name(200) + (".fifo" if self.properties.get("FifoTopic") else "")
        attributes = {TOPIC_ATTRIBUTES[key]: value for key, value in self.properties.items() if key in TOPIC_ATTRIBUTES}
        arn: str = self.call("sns", "create_topic", Name=name, Attributes=attributes, **self.pick("Tags"))["TopicArn"]
        for subscription in self.properties.get("Subscription", []):
            self.call("sns", "subscribe", TopicArn=arn, **subscription)
        return arn

    def describe(self) -> dict[str, Any]:
        attributes = self.call("sns", "get_topic_attributes", TopicArn=self.physical_id)["Attributes"]
        subscriptions = self.call("sns", "list_subscriptions_by_topic", TopicArn=self.physical_id)["Subscriptions"]
        shown_tags = self.call("sns", "list_tags_for_resource", ResourceArn=self.physical_id)["Tags"]
        return attributes | {"Subscription": subscriptions, "Tags": shown_tags, "TopicName": self.physical_id.split(":")[-1]}

    def attributes(self) -> dict[str, Any]:
        return {"TopicArn": self.physical_id, "TopicName": self.physical_id.split(":")[-1]}


class TopicPolicy(ResourceType):
    type_name = "AWS::SNS::TopicPolicy"
    made_by = "sns.set_topic_attributes"
    described_by = "sns.get_topic_attributes"
    read_back = ("PolicyDocument", "Topics")

    def admit(self) -> None:
        check_resource_policy(self, self.properties["PolicyDocument"])

    def create(self) -> str:
        document = json.dumps(self.properties["PolicyDocument"])
        for topic in self.properties["Topics"]:
            self.call("sns", "set_topic_attributes", TopicArn=topic, AttributeName="Policy", AttributeValue=document)
        return self.generated_name(128)

    def describe(self) -> dict[str, Any]:
        shown = [self.call("sns", "get_topic_attributes", TopicArn=topic)["Attributes"] for topic in self.properties["Topics"]]
        same = all(attributes["Policy"] == shown[0]["Policy"] for attributes in shown)
        return {"PolicyDocument": shown[0]["Policy"] if same else None, "Topics": [a["TopicArn"] for a in shown]}

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}


class Subscription(ResourceType):
    type_name = "AWS::SNS::Subscription"
    made_by = "sns.subscribe"
    described_by = "sns.get_subscription_attributes"
    read_back = (*sorted(SUBSCRIPTION_ATTRIBUTES), "Endpoint", "Protocol", "TopicArn")

    def admit(self) -> None:
        endpoint, protocol = str(self.properties.get("Endpoint", "")), self.properties["Protocol"]
        fits = {
            "email": "@" in endpoint,
            "email-json": "@" in endpoint,
            "http": endpoint.startswith("http://"),
            "https": endpoint.startswith("https://"),
            "sqs": endpoint.startswith("arn:aws:sqs:"),
            "lambda": endpoint.startswith("arn:aws:lambda:"),
            "sms": endpoint.lstrip("+").isdigit(),
            "firehose": endpoint.startswith("arn:aws:firehose:"),
            "application": endpoint.startswith("arn:aws:sns:"),
        }
        self.require(protocol in fits, "InvalidParameter", f"Invalid parameter: protocol {protocol}")
        self.require(fits[protocol], "InvalidParameter", f"Invalid parameter: {protocol} endpoint {endpoint!r}")

    def create(self) -> str:
        attributes = {key: value for key, value in self.properties.items() if key in SUBSCRIPTION_ATTRIBUTES}
        answer = self.call("sns", "subscribe", **self.pick("Endpoint", "Protocol", "TopicArn"), Attributes=attributes, ReturnSubscriptionArn=True)
        return answer["SubscriptionArn"]

    def describe(self) -> dict[str, Any]:
        return self.call("sns", "get_subscription_attributes", SubscriptionArn=self.physical_id)["Attributes"]

    def attributes(self) -> dict[str, Any]:
        return {"Arn": self.physical_id}
