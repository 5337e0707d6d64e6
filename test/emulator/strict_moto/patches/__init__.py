"""Corrections of moto, each with its reason; installed once, before the server starts."""

from __future__ import annotations

from . import autoscaling, cloudfront, elbv2, iam, instances, nat_gateways, s3


def install() -> None:
    for patch in (autoscaling, cloudfront, elbv2, iam, instances, nat_gateways, s3):
        patch.install()
