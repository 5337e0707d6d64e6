"""The runner in PYTHONPATH as it is, but for where it connects to.

worker_runner_process.py <port of the emulator> <port of the metadata service> <configuration>
"""

from __future__ import annotations

import http.client
import sys

from aws_api.imds import Imds
from worker_runner.__main__ import main

emulator, metadata = int(sys.argv.pop(1)), sys.argv.pop(1)
sys.exit(main(lambda _host, timeout: http.client.HTTPConnection("127.0.0.1", emulator, timeout=timeout), Imds(host=f"127.0.0.1:{metadata}")))
