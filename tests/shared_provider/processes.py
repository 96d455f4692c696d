"""Processes of the AWS provider. A run of Terraform takes one and gives it back, so that few have to start."""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Self

import grpc.aio

# Messages may be larger than the 4 MB that gRPC allows by default.
UNLIMITED = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))
_REATTACH = re.compile(rb"TF_REATTACH_PROVIDERS='(.*)'")
# Ends the provider when standard input is closed, so also when the tests are killed.
_UNTIL_INPUT_ENDS = '"$0" -debug & cat; kill "$!"; wait'
# Many processes live long, so that they have to collect garbage: 0.2 GB more than by default, and a third less CPU.
_MEMORY = {"GOGC": "400"}
# Terraform discards what the provider logs by default: megabytes in a run.
_WITHOUT_LOGS = {"TF_LOG_SDK": "off", "TF_LOG_PROVIDER": "off", "TF_LOG_PROVIDER_AWS": "off"}
# The variables of the provider, of the AWS SDK and of Go.
_READ = re.compile(r"(AWS|TF_(ACC|APPEND|AWS|LOG)|GO|SSL)\w*|(HTTPS?|NO)_PROXY|HOME|TMPDIR|TZ", re.IGNORECASE)
_FOLDER = "PWD"
_MAX_IDLE = 12

Environment = frozenset[tuple[str, str]]


def environment_of(process: int) -> Environment:
    """Return the environment variables of a running process that the provider reads.

    The folder of the process is one of them if it contains assets, whose paths are relative. It would be different for
    most runs, which then could not share a provider.
    """
    variables = Path(f"/proc/{process}/environ").read_bytes().decode(errors="surrogateescape").split("\0")
    pairs = (variable.partition("=") for variable in variables if variable)
    read = {(name, value) for name, _, value in pairs if _is_read(name)}
    folder = Path(f"/proc/{process}/cwd").resolve()
    return frozenset(read | ({(_FOLDER, str(folder))} if (folder / "assets").is_dir() else set()))


def _is_read(name: str) -> bool:
    return bool(_READ.fullmatch(name))


class Provider:
    """A process of the provider, which has one configuration at a time."""

    def __init__(
        self, environment: Environment, process: asyncio.subprocess.Process, channel: grpc.aio.Channel
    ) -> None:
        self.environment, self._process, self._channel = environment, process, channel
        self._is_reusable = True

    @classmethod
    async def start(cls, program: str, environment: Environment, folder: Path) -> Self:
        """Start the program as in a debugger (https://developer.hashicorp.com/terraform/plugin/debugging)."""
        variables = dict(environment)
        # The provider refuses AWS_CA_BUNDLE in its second configuration, because the HTTP client of the first has it.
        bundle = variables.get("AWS_CA_BUNDLE") or variables.get("SSL_CERT_FILE", "")
        certificates = {"AWS_CA_BUNDLE": "", "SSL_CERT_FILE": bundle}
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", _UNTIL_INPUT_ENDS, program),
            env={**variables, **_MEMORY, **_WITHOUT_LOGS, **certificates, "PATH": os.defpath, "TMPDIR": str(folder)},
            cwd=variables.get(_FOLDER, "/"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdout
        async for line in process.stdout:
            if reattach := _REATTACH.search(line):
                (plugin,) = json.loads(reattach[1]).values()
                channel = grpc.aio.insecure_channel(f"unix:{plugin['Addr']['String']}", options=UNLIMITED)
                return cls(environment, process, channel)
        raise RuntimeError(f"{program} ended before Terraform was attached")

    @property
    def is_reusable(self) -> bool:
        """Return whether the next run can have it: it runs, finished every call, and was not stopped."""
        return self._is_reusable and self._process.returncode is None

    async def call(self, method: str, request: bytes) -> bytes:
        """Return the answer to a call. Raises `grpc.aio.AioRpcError`."""
        is_finished = False
        try:
            send: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = self._channel.unary_unary(method)
            answer = await send(request)
            is_finished = True
        finally:
            # After `Stop`, a provider refuses every operation.
            self._is_reusable &= is_finished and not method.endswith("/Stop")
        return answer

    async def end(self) -> None:
        await self._channel.close()
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.communicate()


class Providers:
    """The processes that no run has taken."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self._idle: list[Provider] = []

    async def take(self, environment: Environment) -> Provider:
        """Return a process with exactly these environment variables."""
        for provider in reversed(self._idle):
            if provider.environment == environment and provider.is_reusable:
                self._idle.remove(provider)
                return provider
        return await Provider.start(self._program, environment, self._folder)

    async def give_back(self, provider: Provider) -> None:
        """Keep a process for other runs, or end it."""
        if provider.is_reusable:
            self._idle.append(provider)
        else:
            await provider.end()
        while len(self._idle) > _MAX_IDLE:
            await self._idle.pop(0).end()

    async def end(self) -> None:
        for provider in self._idle:
            await provider.end()
