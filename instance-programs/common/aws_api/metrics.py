"""What a program measures, to CloudWatch."""

from __future__ import annotations

from collections.abc import Mapping

from .client import AwsClient


def put_metrics(client: AwsClient, namespace: str, dimensions: Mapping[str, str], values: Mapping[str, tuple[int | float, str | None]]) -> None:
    """Send all values in one call of PutMetricData, each under all dimensions and with its unit, if it has one.

    The client is one for `monitoring`. No values, no call: CloudWatch refuses an empty one. Raises AwsError.
    """
    params: dict[str, str | int | float] = {"Namespace": namespace}
    for number, (name, (value, unit)) in enumerate(values.items(), 1):
        datum = f"MetricData.member.{number}"
        params[f"{datum}.MetricName"] = name
        params[f"{datum}.Value"] = value
        if unit is not None:
            params[f"{datum}.Unit"] = unit
        for index, (dimension, content) in enumerate(dimensions.items(), 1):
            params[f"{datum}.Dimensions.member.{index}.Name"] = dimension
            params[f"{datum}.Dimensions.member.{index}.Value"] = content
    if values:
        client.call("PutMetricData", "2010-08-01", params)
