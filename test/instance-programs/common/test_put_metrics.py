from __future__ import annotations

from unittest import mock

from aws_api.client import AwsClient
from aws_api.metrics import put_metrics


def called(dimensions, values) -> mock.Mock:
    client = mock.create_autospec(AwsClient, instance=True)
    put_metrics(client, "CdkFaultTolerance/HaNat", dimensions, values)
    return client.call


def test_sends_all_values_in_one_call_each_under_all_dimensions():
    call = called(
        {"Group": "Shop/Vpc/HaNat", "AvailabilityZone": "eu-west-1a"},
        {"NodeHealthy": (1, None), "TakeoverSeconds": (1.25, "Seconds")},
    )

    call.assert_called_once_with(
        "PutMetricData",
        "2010-08-01",
        {
            "Namespace": "CdkFaultTolerance/HaNat",
            "MetricData.member.1.MetricName": "NodeHealthy",
            "MetricData.member.1.Value": 1,
            "MetricData.member.1.Dimensions.member.1.Name": "Group",
            "MetricData.member.1.Dimensions.member.1.Value": "Shop/Vpc/HaNat",
            "MetricData.member.1.Dimensions.member.2.Name": "AvailabilityZone",
            "MetricData.member.1.Dimensions.member.2.Value": "eu-west-1a",
            "MetricData.member.2.MetricName": "TakeoverSeconds",
            "MetricData.member.2.Value": 1.25,
            "MetricData.member.2.Unit": "Seconds",
            "MetricData.member.2.Dimensions.member.1.Name": "Group",
            "MetricData.member.2.Dimensions.member.1.Value": "Shop/Vpc/HaNat",
            "MetricData.member.2.Dimensions.member.2.Name": "AvailabilityZone",
            "MetricData.member.2.Dimensions.member.2.Value": "eu-west-1a",
        },
    )


def test_sends_nothing_when_there_is_nothing_to_send():
    called({"Group": "Shop/Vpc/HaNat"}, {}).assert_not_called()
