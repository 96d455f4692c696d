"""Start the emulator, and the environment variables that direct AWS clients to it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from io import BufferedWriter
from pathlib import Path
from types import TracebackType
from typing import Any

from protected_endpoints.commands.offline_configuration import clear_aws_settings
from sandbox.call_log import Call
from sandbox.control import ROOT, control
from sandbox.faults import Fault, InjectedFault

_START_SECONDS = 60
# Of moto. Roles have policies of AWS. Machine images take a quarter of a second to load, and nothing starts them.
SETTINGS = {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
SIMULATION = f"{ROOT}/simulation"
# The only address on which it listens.
LOOPBACK = "127.0.0.1"
# This header replaces the VPC that AWS derives from the VPC endpoint of a request.
SOURCE_VPC = "x-sandbox-source-vpc"


class Emulator(AbstractContextManager["Emulator"]):
    """An emulated AWS account in a separate process, which ends with the `with` block or with this process."""

    def __init__(self, directory: Path, *, account_id: str, region: str) -> None:
        self.account_id, self.region = account_id, region
        self._directory = directory

    def __enter__(self) -> "Emulator":
        clear_aws_settings()
        os.environ.update(without_proxy(os.environ))
        self._directory.mkdir(parents=True, exist_ok=True)
        self._start((self._directory / "emulator.log").open("wb"))
        ready = self._directory / "ready.json"
        deadline = time.monotonic() + _START_SECONDS
        while not ready.exists():
            if self._has_ended() or time.monotonic() > deadline:
                self._stop()
                raise RuntimeError(f"the AWS emulator did not start; see {self._directory / 'emulator.log'}")
            time.sleep(0.05)
        self.urls: dict[str, str] = json.loads(ready.read_text())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that direct AWS clients to the emulator, for a process without AWS variables."""
        return {
            "AWS_ENDPOINT_URL": self.urls["secure"],
            "AWS_CA_BUNDLE": str(self._directory / "ca.pem"),
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            **without_proxy(os.environ),
        }

    def credentials(self, role: str) -> dict[str, str]:
        """Return the variables with the credentials of a role. Its policies then apply."""
        arn = f"arn:aws:iam::{self.account_id}:role/{role}"
        assumed = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="sandbox")["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": assumed["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": assumed["SecretAccessKey"],
            "AWS_SESSION_TOKEN": assumed["SessionToken"],
        }

    def client(self, service: str, *, as_role: str | None = None, tls: bool = True, from_vpc: str | None = None) -> Any:
        """Return a boto3 client, optionally with the credentials of a role, without TLS, or as if called from a VPC."""
        credentials = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
        if as_role:
            credentials = {name.lower(): value for name, value in self.credentials(as_role).items()}
        client = _session().client(
            service,
            region_name=self.region,
            **credentials,
            endpoint_url=self.urls["secure" if tls else "plain"],
            verify=str(self._directory / "ca.pem") if tls else None,
        )
        if from_vpc:
            client.meta.events.register(
                "before-sign", lambda request, **_: request.headers.add_header(SOURCE_VPC, from_vpc)
            )
        return client

    def inject(self, fault: Fault) -> InjectedFault:
        """Inject a fault into calls until the `with` block of the returned object ends."""
        return InjectedFault(fault, address=self._address)

    def pass_minutes(self, count: int) -> None:
        """Let simulated minutes pass: endpoints publish metrics, alarms are evaluated and scaling policies act."""
        self._simulate({"minutes": count})

    @contextmanager
    def traffic(self, endpoint: str, *, requests_per_minute: int) -> Iterator[None]:
        """Send simulated requests to a real-time endpoint in each simulated minute. They are not captured."""
        self._simulate({"endpoint": endpoint, "requests_per_minute": requests_per_minute})
        try:
            yield
        finally:
            self._simulate({"endpoint": endpoint, "requests_per_minute": 0})

    def _simulate(self, change: dict[str, Any]) -> None:
        response = control(self._address, "POST", SIMULATION, {"region": self.region, **change})
        if "error" in response:
            raise RuntimeError(response["error"])

    @property
    def _address(self) -> str:
        return self.urls["plain"].removeprefix("http://")

    def calls(self) -> list[Call]:
        """Return all calls in order."""
        lines = (self._directory / "calls.jsonl").read_text().splitlines()
        return [Call(**json.loads(line)) for line in lines]

    def count_calls(self, action: str) -> int:
        """Return the number of calls of an action, a hundred times as fast as `calls`."""
        return (self._directory / "calls.jsonl").read_text().count(f'"action": "{action}"')

    def _start(self, log: BufferedWriter) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.server", str(self._directory)],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "MOTO_ACCOUNT_ID": self.account_id, **SETTINGS},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )

    def _has_ended(self) -> bool:
        return self._process.poll() is not None

    def _stop(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the proxy variables with the emulator added to the hosts that bypass the proxy.

    Clients read either of the two names. Hosts of the user stay in the list; a single `*` already includes all hosts.
    """
    names = ("no_proxy", "NO_PROXY")
    first = next((environment[name] for name in names if environment.get(name)), "")
    bypassed = {name: environment.get(name) or first for name in names}
    return {
        name: hosts if hosts == "*" or LOOPBACK in hosts.split(",") else ",".join(filter(None, (hosts, LOOPBACK)))
        for name, hosts in bypassed.items()
    }


@cache
def _session() -> Any:
    """Return the session of every client: it keeps the descriptions of services, a tenth of a second each."""
    import boto3

    return boto3.session.Session()
