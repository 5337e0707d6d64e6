"""Corrections of moto, each with its reason; installed once, before the server starts."""

from __future__ import annotations

from . import autoscaling, elbv2


def install() -> None:
    autoscaling.install()
    elbv2.install()
