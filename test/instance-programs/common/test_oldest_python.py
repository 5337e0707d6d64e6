from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from botocore_signature import botocore_signature
from local_servers import Answer, Certificates, LocalServer, Metadata

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE.parents[2] / "instance-programs"


def oldest_python() -> str | None:
    """A real Python 3.9, which is what Amazon Linux 2023 has on board. Some version managers put a name there with nothing behind."""
    candidates = [shutil.which("python3.9"), *sorted(str(path) for path in Path.home().glob(".pyenv/versions/3.9*/bin/python3.9"))]
    return next((candidate for candidate in candidates if candidate is not None and version_of(candidate).startswith("Python 3.9.")), None)


def version_of(python: str) -> str:
    try:
        return subprocess.run([python, "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


@pytest.mark.parametrize("oldest", [True, False], ids=["oldest", "this"])
def test_all_programs_load_and_make_signed_calls_under_a_bare_python(serve, serve_tls, certificates: Certificates, oldest: bool):
    python = oldest_python() if oldest else sys.executable
    if python is None:
        pytest.skip("no Python 3.9 on this machine")
    metadata = Metadata(time.time)
    metadata.give_role(1, ends=time.time() + 3600)
    service: LocalServer = serve_tls(lambda _request: Answer('<A xmlns="urn:x"/>'))

    # -I: neither what this environment has installed nor its variables; -S: nor its site-packages
    run = subprocess.run(
        [python, "-I", "-S", "-B", "-W", "error::DeprecationWarning", str(HERE / "round_trip.py"), str(PROGRAMS), serve(metadata).host, service.host],
        env={**os.environ, "SSL_CERT_FILE": str(certificates.authority_file)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (run.returncode, run.stderr) == (0, "")
    line = json.loads(run.stdout)
    assert (line["instance"], line["spot"], line["answer"]) == ("i-1", None, "A")
    assert {"aws_api", "aws_api.client", "aws_api.imds", "aws_api.json_log", "aws_api.metrics", "aws_api.sigv4"} <= set(line["modules"])
    assert [request.form["Action"] for request in service.requests] == ["DescribeAlarms", "PutMetricData"]
    for request in service.requests:
        expected = botocore_signature(
            "POST",
            f"https://{service.host}/",
            [("Host", service.host), ("Content-Type", request.headers["Content-Type"])],
            request.body,
            service="monitoring",
            region="eu-west-1",
            credentials=("AKID1", "secret1", "session1"),
            now=datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc),
        )
        assert request.headers["Authorization"] == expected["Authorization"]
