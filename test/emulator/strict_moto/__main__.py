"""`python -m strict_moto --port N`: serve the emulated AWS on 127.0.0.1."""

from __future__ import annotations

import argparse
import logging
import os

from moto import server

from . import outages, patches, resource_types, stack


def main() -> None:
    parser = argparse.ArgumentParser(prog="strict_moto", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = str(parser.parse_args().port)
    os.environ["MOTO_PORT"] = port
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"  # else no role could use one
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request otherwise
    install()
    server.main(["-H", "127.0.0.1", "-p", port])


def install() -> None:
    resource_types.load()
    patches.install()
    outages.install()
    stack.install()


if __name__ == "__main__":
    main()
