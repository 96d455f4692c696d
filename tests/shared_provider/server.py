"""Serve the provider to every run of Terraform on this machine that is attached to a socket."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Hashable
from hashlib import sha256
from itertools import count
from pathlib import Path

import grpc.aio

from tests.shared_provider.processes import UNLIMITED, Environment, Provider, Providers, environment_of
from tests.shared_provider.schema import MAPS_BY_METHOD, project_types, with_types

_CONFIGURE = {"Configure", "ConfigureProvider"}
# Calls to AWS are in none of these. Before the provider judges its configuration, it judges the schemas of all its
# types, which would be half of its CPU in most runs; the others are half of all calls.
_WITHOUT_AWS = {
    "PrepareProviderConfig",
    "ValidateProviderConfig",
    "ValidateResourceTypeConfig",
    "ValidateDataSourceConfig",
    "UpgradeResourceState",
}
# For runs that a test has killed at its end.
_SECONDS_TO_END = 10


class Run:
    """A process of Terraform with the processes of the provider that it has taken: one for each configuration.

    Terraform connects several times. Only the connection that configures the provider needs its own process.
    """

    def __init__(self, providers: Providers, environment: Environment) -> None:
        self.connections = 0
        self.environment = environment
        self._providers = providers
        self._taken: list[Provider] = []
        self._by_configuration: dict[bytes, Provider] = {}
        self._taking = asyncio.Lock()

    async def provider(self) -> Provider:
        """Return a process for calls that depend on no configuration."""
        async with self._taking:
            return self._taken[0] if self._taken else await self._take()

    async def provider_for(self, configuration: bytes) -> Provider:
        """Return the process that has a configuration, or is to get it."""
        async with self._taking:
            if configuration not in self._by_configuration:
                configured = self._by_configuration.values()
                unconfigured = next((provider for provider in self._taken if provider not in configured), None)
                self._by_configuration[configuration] = unconfigured or await self._take()
            return self._by_configuration[configuration]

    async def end(self) -> None:
        """Give every process back."""
        for provider in self._taken:
            await self._providers.give_back(provider)

    async def _take(self) -> Provider:
        provider = await self._providers.take(self.environment)
        self._taken.append(provider)
        return provider


class Connection(grpc.GenericRpcHandler):
    """The calls of one connection.

    Answers that depend on nothing but the request and the configuration are kept for all connections. The provider
    reads the environment when it is configured.
    """

    def __init__(self, run: Run, answers: dict[Hashable, bytes]) -> None:
        self._run, self._answers = run, answers
        self._configured: Provider | None = None
        self._configuration = b""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[bytes, bytes] | None":
        """Return the handler of a method. Terraform does without the other services of a plugin."""
        method = handler_call_details.method
        if not method.startswith("/tfplugin"):
            return None

        async def handle(request: bytes, context: "grpc.aio.ServicerContext[bytes, bytes]") -> bytes:
            try:
                return await self._answer(method, request)
            except grpc.aio.AioRpcError as error:
                await context.abort(error.code(), error.details() or "")

        return grpc.unary_unary_rpc_method_handler(handle)

    async def _answer(self, method: str, request: bytes) -> bytes:
        name = method.rsplit("/", 1)[1]
        if name in MAPS_BY_METHOD:
            if method not in self._answers:
                answer = await (await self._run.provider()).call(method, request)
                self._answers[method] = with_types(answer, MAPS_BY_METHOD[name], project_types())
            return self._answers[method]
        if name in _WITHOUT_AWS:
            key = (method, sha256(request).digest(), self._configuration)
            if key not in self._answers:
                self._answers[key] = await self._call(method, request)
            return self._answers[key]
        if name in _CONFIGURE:
            self._configured, self._configuration = await self._run.provider_for(request), request
        return await self._call(method, request)

    async def _call(self, method: str, request: bytes) -> bytes:
        provider = self._configured or await self._run.provider()
        return await provider.call(method, request)


class Server:
    """The connections of every run."""

    def __init__(self, program: str, folder: Path) -> None:
        self._providers = Providers(program, folder)
        self._folder = folder
        self._numbers = count()
        self._runs: dict[int, Run] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self._answers: dict[Hashable, bytes] = {}

    async def serve(self, address: str, until: Callable[[], Awaitable[object]]) -> None:
        """Serve on a socket until the function returns."""
        async with await asyncio.start_unix_server(self._accept, address):
            await until()
        if self._connections:
            await asyncio.wait(self._connections, timeout=_SECONDS_TO_END)
        await self._providers.end()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._connect(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward a connection to a gRPC server of its own, which so knows the run that calls."""
        process = _peer(writer)
        run = self._runs.setdefault(process, Run(self._providers, environment_of(process)))
        run.connections += 1
        address = str(self._folder / f"{next(self._numbers)}")
        server = grpc.aio.server(handlers=[Connection(run, self._answers)], options=UNLIMITED)
        server.add_insecure_port(f"unix:{address}")
        await server.start()
        try:
            calls, answers = await asyncio.open_unix_connection(address)
            await asyncio.gather(_forward(reader, answers), _forward(calls, writer))
        finally:
            await server.stop(None)
            run.connections -= 1
            if not run.connections:
                del self._runs[process]
                await run.end()


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Write what is read until one side ends, and then end the other."""
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


def _peer(writer: asyncio.StreamWriter) -> int:
    """Return the process at the other end of a Unix socket."""
    credentials = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    process, _, _ = struct.unpack("3i", credentials)
    return int(process)
