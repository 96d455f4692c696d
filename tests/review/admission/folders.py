"""A synthesized folder for the tests of the admission, and changes of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.examples import ROOT
from tests.support import Json, write_stacks

STACK = "dev-scoring"


@dataclass(frozen=True)
class Folder:
    """The folder of the example for real-time inference."""

    path: Path

    @property
    def stack(self) -> Path:
        return self.path / "stacks" / STACK

    @property
    def text(self) -> str:
        return (self.stack / "cdk.tf.json").read_text(encoding="utf-8")

    def change(self, edit: Callable[[Json], None]) -> None:
        """Change the Terraform JSON of the stack."""
        content = json.loads(self.text)
        edit(content)
        self.write("cdk.tf.json", json.dumps(content).encode())

    def write(self, name: str, content: bytes) -> None:
        """Write a file of the stack."""
        (self.stack / name).write_bytes(content)


def create(outdir: Path) -> Folder:
    """Synthesize the example."""
    write_stacks(ROOT / "examples" / "real-time.toml", outdir)
    return Folder(outdir)


def only(stack: Json, type_: str) -> Json:
    """Return the first resource of a type."""
    resource: Json = next(iter(stack["resource"][type_].values()))
    return resource
