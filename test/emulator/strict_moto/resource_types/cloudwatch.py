"""Alarms and dashboards."""

from __future__ import annotations

import json
from typing import Any

from ..resource import ResourceType
from .metric_math import check_metric_queries

STATISTICS = {"Average", "Maximum", "Minimum", "SampleCount", "Sum"}


class Alarm(ResourceType):
    type_name = "AWS::CloudWatch::Alarm"
    made_by = "cloudwatch.put_metric_alarm"
    described_by = "cloudwatch.describe_alarms"
    read_back = (
        "ActionsEnabled",
        "AlarmActions",
        "AlarmDescription",
        "AlarmName",
        "ComparisonOperator",
        "DatapointsToAlarm",
        "Dimensions",
        "EvaluateLowSampleCountPercentile",
        "EvaluationPeriods",
        "ExtendedStatistic",
        "InsufficientDataActions",
        "MetricName",
        "Metrics",
        "Namespace",
        "OKActions",
        "Period",
        "Statistic",
        "Tags",
        "Threshold",
        "ThresholdMetricId",
        "TreatMissingData",
        "Unit",
    )

    def admit(self) -> None:
        given = self.properties
        self.require(("Metrics" in given) != ("MetricName" in given), "ValidationError", "an alarm needs either Metrics or MetricName")
        periods = int(given["EvaluationPeriods"])
        points = int(given.get("DatapointsToAlarm", periods))
        self.require(1 <= points <= periods, "ValidationError", f"DatapointsToAlarm {points} of EvaluationPeriods {periods}")
        if "Metrics" in given:
            check_metric_queries(self, given["Metrics"])
            for query in given["Metrics"]:
                self.check_period(query.get("MetricStat", query).get("Period"), periods)
        else:
            self.check_single_metric(periods)
        for action in [*given.get("AlarmActions", []), *given.get("OKActions", []), *given.get("InsufficientDataActions", [])]:
            self.check_action(action)
        self.require("Threshold" in given or "ThresholdMetricId" in given, "ValidationError", "an alarm needs a Threshold or a ThresholdMetricId")

    def check_single_metric(self, periods: int) -> None:
        given = self.properties
        self.require("Namespace" in given and "Period" in given, "ValidationError", "an alarm on one metric needs Namespace and Period")
        statistics = {"Statistic", "ExtendedStatistic"} & set(given)
        self.require(len(statistics) == 1, "ValidationError", "an alarm needs either Statistic or ExtendedStatistic")
        statistic = given.get("Statistic", "Average")
        self.require(statistic in STATISTICS, "ValidationError", f"Statistic {statistic} is not one of {sorted(STATISTICS)}")
        self.check_period(given["Period"], periods)

    def check_period(self, period: Any, periods: int) -> None:
        if period is None:
            return
        known = int(period) in (10, 20, 30) or int(period) > 0 and int(period) % 60 == 0
        self.require(known, "ValidationError", f"Period {period} must be 10, 20, 30 or a multiple of 60")
        week = 7 * 86400
        limit = week if int(period) >= 3600 else 86400
        self.require(int(period) * periods <= limit, "ValidationError", f"{periods} periods of {period} s are more than {limit} s")

    def check_action(self, action: str) -> None:
        self.require(str(action).startswith("arn:aws"), "ValidationError", f"Invalid arn syntax: {action}")
        if action.startswith("arn:aws:sns:"):
            topics = {topic["TopicArn"] for topic in self.call("sns", "list_topics")["Topics"]}
            # CloudWatch takes a topic that does not exist, and then never tells anybody
            here = f":{self.region}:" in action
            self.require(action in topics or not here, "ResourceNotFound", f"no topic {action}")

    def create(self) -> str:
        name = self.name("AlarmName")
        self.call("cloudwatch", "put_metric_alarm", **(self.properties | {"AlarmName": name}))
        return name

    def describe(self) -> dict[str, Any]:
        alarm = self.call("cloudwatch", "describe_alarms", AlarmNames=[self.physical_id])["MetricAlarms"][0]
        shown = self.call("cloudwatch", "list_tags_for_resource", ResourceARN=alarm["AlarmArn"])
        return alarm | {"Tags": shown["Tags"]}

    def attributes(self) -> dict[str, Any]:
        alarms = self.call("cloudwatch", "describe_alarms", AlarmNames=[self.physical_id])["MetricAlarms"]
        return {"Arn": alarms[0]["AlarmArn"]}


class Dashboard(ResourceType):
    type_name = "AWS::CloudWatch::Dashboard"
    made_by = "cloudwatch.put_dashboard"
    described_by = "cloudwatch.get_dashboard"
    read_back = ("DashboardBody", "DashboardName")

    def admit(self) -> None:
        try:
            body = json.loads(self.properties["DashboardBody"])
        except ValueError as error:
            self.refuse("InvalidParameterInput", f"The dashboard body is invalid JSON: {error}")
            return
        for index, widget in enumerate(body.get("widgets", [])):
            complete = {"type", "properties"} <= set(widget)
            self.require(complete, "InvalidParameterInput", f"widget {index} needs type and properties")
            on_grid = widget.get("x", 0) + widget.get("width", 6) <= 24
            self.require(on_grid, "InvalidParameterInput", f"widget {index} leaves the grid of 24 columns")

    def create(self) -> str:
        name = self.name("DashboardName")
        self.call("cloudwatch", "put_dashboard", DashboardName=name, **self.pick("DashboardBody"))
        return name

    def describe(self) -> dict[str, Any]:
        return self.call("cloudwatch", "get_dashboard", DashboardName=self.physical_id)
