"""Run by itself, by a Python that has nothing but its standard library: imports all programs and calls two local servers.

    round_trip.py <folder of the programs> <host of the metadata service> <host of the service>

Prints the modules that it imported and what it was answered, as a line of JSON.
"""

import importlib
import sys
from pathlib import Path

programs, metadata_host, service_host = sys.argv[1:]
modules = []
for program in sorted(folder for folder in Path(programs).iterdir() if folder.is_dir()):
    sys.path.insert(0, str(program))
    for file in sorted(program.rglob("*.py")):
        *packages, name = file.relative_to(program).with_suffix("").parts
        if name != "__main__":  # it would start
            modules.append(".".join([*packages, *([] if name == "__init__" else [name])]))
for module in modules:
    importlib.import_module(module)

from aws_api.client import AwsClient  # noqa: E402
from aws_api.imds import Imds  # noqa: E402
from aws_api.json_log import JsonLog  # noqa: E402
from aws_api.metrics import put_metrics  # noqa: E402

imds = Imds(host=metadata_host)
client = AwsClient("monitoring", "eu-west-1", imds.credentials(), host=service_host)
answer = client.call("DescribeAlarms", "2010-08-01", {"AlarmNames.member.1": "a b"})
put_metrics(client, "CdkFaultTolerance/HaNat", {"Group": "Shop"}, {"NodeHealthy": (1, None)})
JsonLog().write("done", modules=modules, instance=imds.get("instance-id"), spot=imds.get("spot/instance-action"), answer=answer.tag)
