"""Volumes that come with the image."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import Instance


def install() -> None:
    Instance.add_block_device = size_of_the_image(Instance.add_block_device)


def size_of_the_image(add: Any) -> Any:
    """moto demands a size even for a device of the image, whose snapshot AWS takes unless told otherwise."""

    def add_with_snapshot_of_image(self: Instance, size: int | None, device_path: str, snapshot_id: str | None, *rest: Any, **more: Any) -> None:
        if size is None and snapshot_id is None:
            snapshot_id = snapshot_in_image(self, device_path)
        add(self, size, device_path, snapshot_id, *rest, **more)

    return add_with_snapshot_of_image


def snapshot_in_image(instance: Instance, device_path: str) -> str | None:
    """None for a device that the image does not have: without a size AWS refuses it, as moto does."""
    image = instance.ec2_backend.amis.get(instance.image_id)
    devices = image.block_device_mappings if image else []
    return next((device["Ebs"]["SnapshotId"] for device in devices if device["DeviceName"] == device_path), None)
