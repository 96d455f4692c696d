"""A deployed example that tests change and inspect."""

import json
import subprocess
import sys
from typing import Any

from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox.emulator import Emulator
from tests.workspace import Workspace

STACK, ENDPOINT = "dev-kmeans", "acme-dev-kmeans"


class Deployed:
    """A deployed example whose endpoints.toml can be changed."""

    def __init__(self, aws: Emulator, workspace: Workspace) -> None:
        self.aws, self._workspace = aws, workspace
        self._file = workspace.directory / "endpoints.toml"
        self._text = self._file.read_text()
        self._initialized: dict[str, Any] = {}

    def with_change(self, *edits: tuple[str, str], stack: str = STACK) -> Terraform:
        """Return Terraform for a stack of the example with these edits alone."""
        self._file.write_text(self._text)
        for old, new in edits:
            self._workspace.edit(old, new)
        self._workspace.synth()
        terraform = self._workspace.stack(stack)
        # Backend and required providers: Terraform refuses to run where they have changed since `init`.
        settings = json.loads((terraform.directory / "cdk.tf.json").read_text())["terraform"]
        if self._initialized.get(stack) != settings:
            terraform.init()
            self._initialized[stack] = settings
        return terraform

    def keep(self, *edits: tuple[str, str]) -> None:
        """Apply edits to the example from which later changes start."""
        self.with_change(*edits)
        self._text = self._file.read_text()

    def check(self) -> tuple[int, str]:
        """Return the exit code and the messages of the check of the synthesized stack that `make plan` begins with."""
        finished = subprocess.run(
            [sys.executable, "-m", "protected_endpoints", "unsupported-updates", STACK],
            cwd=self._workspace.directory,
            env=self._workspace.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return finished.returncode, finished.stderr

    @property
    def key_arn(self) -> str:
        """The existing key of endpoints.toml."""
        return self._text.split('kms.key_arn = "')[1].split('"')[0]

    @property
    def serving(self) -> str:
        """The name of the endpoint configuration in use."""
        return str(self.aws.client("sagemaker").describe_endpoint(EndpointName=ENDPOINT)["EndpointConfigName"])

    @property
    def served_model(self) -> str:
        described = self.aws.client("sagemaker").describe_endpoint_config(EndpointConfigName=self.serving)
        return str(described["ProductionVariants"][0]["ModelName"])


def said(failure: CommandError) -> str:
    """Return the output of Terraform as one line, without the frame around errors."""
    return " ".join(str(failure).replace("│", " ").split())
