"""Serve the provider: `python -m tests.shared_provider PROGRAM`, until standard input is closed."""

import asyncio
import gc
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.shared_provider.server import Server


async def _serve(program: str) -> None:
    # The path of a socket has at most 107 characters, and folders of tests have long names.
    with tempfile.TemporaryDirectory(prefix="provider-", dir="/tmp") as folder:
        address = f"{folder}/socket"

        async def until_input_ends() -> None:
            plugin = {"Protocol": "grpc", "ProtocolVersion": 5, "Pid": os.getpid(), "Test": True}
            plugin |= {"Addr": {"Network": "unix", "String": address}}
            print(json.dumps({"registry.terraform.io/hashicorp/aws": plugin}), flush=True)
            await asyncio.to_thread(sys.stdin.read)

        await Server(program, Path(folder)).serve(address, until_input_ends)


gc.freeze()
asyncio.run(_serve(sys.argv[1]))
