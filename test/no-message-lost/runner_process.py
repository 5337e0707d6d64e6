"""The runner as it is, but for where it connects to: runner_process.py <port of the proxy> <configuration>"""

from __future__ import annotations

import http.client
import sys
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parents[2] / "instance-programs"
sys.path[:0] = [str(PROGRAMS / "common"), str(PROGRAMS / "worker-runner")]

from aws_api.imds import Imds  # noqa: E402
from worker_runner.__main__ import main  # noqa: E402

port = int(sys.argv.pop(1))
sys.exit(main(lambda _host, timeout: http.client.HTTPConnection("127.0.0.1", port, timeout=timeout), Imds(host=f"127.0.0.1:{port}")))
