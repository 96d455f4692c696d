"""Collect generated files, and validate many stacks at once with Terraform."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from protected_endpoints.aws.provider_versions import allows_major
from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.loading.load import Configuration
from protected_endpoints.rules.variant import instance_type_requires_provider_6
from tests.properties.generated_file import GeneratedFile
from tests.support import write_stacks
from tests.terraform.modules import write_modules

EXAMPLES = int(os.environ.get("EXAMPLES", "300"))
PROVIDER = int((mirrored_version() or "6").split(".")[0])
_BATCH_SIZE = 150


class _EnoughError(Exception):
    """The number of files is generated."""


def reproducible(count: int) -> settings:
    """Return settings that generate this number of examples, and the same ones in every run."""
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[*HealthCheck],
    )


def collected(strategy: st.SearchStrategy[GeneratedFile], count: int) -> list[GeneratedFile]:
    """Return a number of different files of a strategy."""
    files: dict[str, GeneratedFile] = {}

    @settings(reproducible(2 * count), phases=(Phase.generate,), report_multiple_bugs=False)
    @given(strategy)
    def collect(example: GeneratedFile) -> None:
        files.setdefault(example.text, example)
        # A failure ends the generation, which takes as long as the synth.
        if len(files) >= count:
            raise _EnoughError

    with suppress(_EnoughError):
        collect()
    return [*files.values()]


def supports_installed_provider(configuration: Configuration) -> bool:
    """Return whether a configuration allows the installed AWS provider without a warning about it."""
    return all(
        allows_major(deployment.project.aws_provider_version, PROVIDER)
        and not instance_type_requires_provider_6.findings(deployment)
        for deployment in configuration.deployments
    )


def synthesized(text: str) -> dict[str, str]:
    """Return the Terraform JSON of every stack of a file. Errors have the file as a note."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "endpoints.toml"
        file.write_text(text, encoding="utf-8")
        try:
            stacks = write_stacks(file, Path(folder) / "out")
        except Exception as error:
            error.add_note(text)
            raise
        return {name: (stack / "cdk.tf.json").read_text(encoding="utf-8") for name, stack in stacks.items()}


def validation_errors(files: Sequence[tuple[str, Mapping[str, str]]], folder: Path, environment: dict[str, str]) -> str:
    """Return the errors of `terraform validate` with the real provider, each with the file of its stack."""
    stacks = {
        f"m{index}-{name}": json.loads(stack)
        for index, (_, stacks_by_name) in enumerate(files)
        for name, stack in stacks_by_name.items()
    }
    messages_by_text: dict[str, str] = {}
    for start in range(0, len(stacks), _BATCH_SIZE):
        batch = [*stacks.items()][start : start + _BATCH_SIZE]
        terraform = Terraform(folder / str(start), environment)
        write_modules(terraform.directory, dict(batch))
        terraform.init()
        valid = json.loads(terraform.run("validate", "-json", accept=(0, 1)).stdout)
        for diagnostic in valid["diagnostics"]:
            stack = diagnostic["range"]["filename"].split("/")[0]
            text = files[int(stack[1:].split("-")[0])][0]
            messages_by_text[text] = (
                f"{messages_by_text.get(text, '')}{diagnostic['summary']}: {diagnostic['detail']}\n"
            )
        assert valid["valid"] or messages_by_text
    return "\n".join(f"{messages}{text}" for text, messages in messages_by_text.items())
