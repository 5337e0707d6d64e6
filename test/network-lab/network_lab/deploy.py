"""Brings the stacks of ../app.ts into moto, by the strict CloudFormation of the emulator's tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]
APP = HERE.parent / "app.ts"
EMULATOR = PROJECT / "test" / "emulator"
ACCOUNT = "123456789012"


def synthesize(folder: Path) -> Path:
    """Returns the cloud assembly, which has a stack per variant."""
    tsx = PROJECT / "node_modules" / ".bin" / "tsx"
    environment = {**os.environ, "CDK_OUTDIR": str(folder), "JSII_DEPRECATED": "quiet", "CDK_VALIDATION": "false"}
    done = subprocess.run([str(tsx), str(APP)], cwd=PROJECT, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{APP.name} does not synthesize:\n{done.stdout}{done.stderr}")
    return folder


class Cloud:
    """moto and the strict CloudFormation, in this process and at a port of 127.0.0.1."""

    _started: Cloud | None = None

    @classmethod
    def get(cls) -> Cloud:
        """There is one moto in a process, which is reset for each lab."""
        if cls._started is None:
            cls._started = cls()
        return cls._started

    def __init__(self) -> None:
        import logging

        from . import ec2_rules

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
        sys.path.insert(0, str(EMULATOR))
        from strict_moto.__main__ import install

        install()
        ec2_rules.install()
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.port = self.server.get_host_and_port()[1]
        os.environ["MOTO_PORT"] = str(self.port)
        self.endpoint = f"http://127.0.0.1:{self.port}"

    def reset(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST")).close()

    def client(self, service: str, region: str) -> Any:
        return boto3.client(service, region_name=region, endpoint_url=self.endpoint, aws_access_key_id=ACCOUNT, aws_secret_access_key="lab")

    def deploy(self, assembly: Path, stack: str, region: str) -> None:
        """Publishes the assets and creates the stack; raises with the reason if it is refused."""
        self.client("ssm", region).put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="99", Type="String")
        self._publish(assembly, stack, region)
        template = (assembly / f"{stack}.template.json").read_text()
        parameters = {name: value for name, value in json.loads(template).get("Parameters", {}).items() if "Default" not in value}
        if parameters:
            raise RuntimeError(f"{stack} asks for {', '.join(parameters)}")
        self.client("cloudformation", region).create_stack(StackName=stack, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])

    def _publish(self, assembly: Path, stack: str, region: str) -> None:
        s3 = self.client("s3", region)
        manifest = json.loads((assembly / f"{stack}.assets.json").read_text())
        for asset in manifest.get("files", {}).values():
            source = assembly / asset["source"]["path"]
            body = zipped(source) if asset["source"].get("packaging") == "zip" else source.read_bytes()
            for destination in asset["destinations"].values():
                bucket, key = (
                    destination[name].replace("${AWS::Region}", region).replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Partition}", "aws")
                    for name in ("bucketName", "objectKey")
                )
                if bucket not in {known["Name"] for known in s3.list_buckets()["Buckets"]}:
                    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
                s3.put_object(Bucket=bucket, Key=key, Body=body)


def zipped(folder: Path) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        return Path(shutil.make_archive(f"{scratch}/asset", "zip", folder)).read_bytes()
