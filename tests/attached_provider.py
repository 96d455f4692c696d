"""Terraform whose runs share one process of the AWS provider.

A run starts the provider two or three times, which is half of its CPU time. Here the provider starts once, and runs
are attached to it as in a debugger (https://developer.hashicorp.com/terraform/plugin/debugging). It is the program that
`init` installed, with the environment variables of the run: where either changes, another process replaces it.

A process has one configuration at a time, so runs follow each other, and their stacks have one provider. What a test
starts itself, such as `cdktf`, `make`, a command or a run that is killed, starts the provider as usual.
"""

import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType

from protected_endpoints.commands.terraform import Terraform
from sandbox.emulator import Emulator
from sandbox.workspace import Workspace

# Others do not start the provider; `init` would not check it.
_STARTS_PROVIDER = {"apply", "destroy", "plan", "show", "validate"}
_REATTACH = re.compile(r"TF_REATTACH_PROVIDERS='(.*)'")
# Terraform discards what the provider logs by default: megabytes in a run.
_WITHOUT_LOGS = {"TF_LOG_SDK": "off", "TF_LOG_PROVIDER": "off"}
# Ends the provider when standard input is closed, so also when the tests are killed.
_UNTIL_INPUT_ENDS = '"$0" -debug & cat; kill "$!"; wait'


class AttachedProvider(AbstractContextManager["AttachedProvider"]):
    """At most one process of the provider, which ends with the `with` block or with this process."""

    def __init__(self, terraform_environment: Mapping[str, str]) -> None:
        self._terraform_environment = terraform_environment
        self._runs = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._started_with: tuple[Path, Mapping[str, str]] | None = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def workspace(self, directory: Path, aws: Emulator) -> Workspace:
        """Return a copy of the project whose stacks Terraform runs with the shared process."""
        return _Workspace(directory, {**self._terraform_environment, **aws.environment}, self)

    @contextmanager
    def attached(self, stack: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Yield the environment variables with the one that attaches runs of Terraform in an initialized folder.

        On macOS without it: the provider does not read `SSL_CERT_FILE` there.
        """
        if sys.platform == "darwin":
            yield dict(environment)
            return
        assert self._runs.acquire(blocking=False), "two runs at once would share one configuration of the provider"
        try:
            program = _installed_provider(stack)
            if self._started_with != (program, environment):
                self._stop()
                self._reattach = self._start(program, environment)
                self._started_with = program, dict(environment)
            yield {**environment, "TF_REATTACH_PROVIDERS": self._reattach}
        finally:
            self._runs.release()

    def _start(self, program: Path, environment: Mapping[str, str]) -> str:
        """Start the provider, and return how Terraform reaches it."""
        # The path of a socket has at most 107 characters, and folders of tests have long names.
        self._sockets = tempfile.TemporaryDirectory(prefix="provider-")
        # The provider refuses AWS_CA_BUNDLE in its second configuration, because the HTTP client of the first has it.
        certificates = {"AWS_CA_BUNDLE": "", "SSL_CERT_FILE": environment.get("AWS_CA_BUNDLE", "")}
        self._process = subprocess.Popen(
            ["sh", "-c", _UNTIL_INPUT_ENDS, program],
            env={**environment, **_WITHOUT_LOGS, **certificates, "TMPDIR": self._sockets.name},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        for line in self._process.stdout:
            if reattach := _REATTACH.search(line):
                return reattach[1]
        raise AssertionError(f"{program} ended before Terraform was attached")

    def _stop(self) -> None:
        if self._process:
            self._process.communicate()
            self._sockets.cleanup()
        self._process = self._started_with = None


class _Terraform(Terraform):
    """Terraform in the folder of a stack, with the shared process of the provider."""

    def __init__(self, directory: Path, environment: Mapping[str, str], provider: AttachedProvider) -> None:
        super().__init__(directory, environment)
        self._provider = provider

    def run(self, *arguments: str, accept: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        if arguments[0] not in _STARTS_PROVIDER:
            return super().run(*arguments, accept=accept)
        with self._provider.attached(self.directory, self._environment) as environment:
            return Terraform(self.directory, environment).run(*arguments, accept=accept)


class _Workspace(Workspace):
    """A copy of the project whose stacks Terraform runs with the shared process of the provider."""

    def __init__(self, directory: Path, environment: dict[str, str], provider: AttachedProvider) -> None:
        super().__init__(directory, environment)
        self._provider = provider

    def stack(self, name: str) -> Terraform:
        return _Terraform(super().stack(name).directory, self.environment, self._provider)


def _installed_provider(stack: Path) -> Path:
    """Return the program of the provider that `terraform init` has installed in the folder of a stack."""
    (program,) = stack.glob(".terraform/providers/registry.terraform.io/hashicorp/aws/*/*/terraform-provider-aws*")
    return program.resolve()
