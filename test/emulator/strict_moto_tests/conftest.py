"""One emulator in this very process, so that a test can take a part of it away."""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

sys.path.insert(0, str(Path(__file__).parent.parent))

from moto.moto_api._internal import moto_api_backend  # noqa: E402
from moto.moto_server.threaded_moto_server import ThreadedMotoServer  # noqa: E402
from strict_moto import __main__ as strict_moto  # noqa: E402
from strict_moto import aws  # noqa: E402

REGION = "eu-west-1"


class Emulator:
    region = REGION

    def client(self, service: str, region: str = REGION) -> Any:
        return aws.client(service, region)

    def deploy(self, resources: dict[str, Any], name: str = "Stack", region: str = REGION, **sections: Any) -> dict[str, str]:
        """Create the stack; return its outputs."""
        cloudformation = self.client("cloudformation", region)
        template = {"Resources": resources} | sections
        cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def refusal(self, resources: dict[str, Any], **sections: Any) -> str:
        """Create the stack, which must be refused; return the reason."""
        with pytest.raises(ClientError) as refused:
            self.deploy(resources, **sections)
        problem = refused.value.response
        assert problem["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert problem["Error"]["Code"] == "ValidationError"
        return problem["Error"]["Message"]

    def physical_id(self, logical_id: str, stack: str = "Stack") -> str:
        answer = self.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId=logical_id)
        return answer["StackResourceDetail"]["PhysicalResourceId"]


@pytest.fixture(scope="session")
def server() -> Iterator[Emulator]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ["MOTO_PORT"] = str(port)
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    strict_moto.install()
    moto = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    moto.start()
    yield Emulator()
    moto.stop()


@pytest.fixture
def emulator(server: Emulator) -> Emulator:
    moto_api_backend.reset()
    return server
