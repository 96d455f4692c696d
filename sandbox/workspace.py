"""A copy of the project that a demonstration or a test may change, deploy and throw away."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from protected_endpoints.commands.provider_lock import LOCK
from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform

ROOT = Path(__file__).parent.parent
# Not the file of the project, which is its user's.
EXAMPLE = ROOT / "examples" / "kmeans.toml"


class Workspace:
    """Define a copy of the project with the example in a folder of its own, with the AWS provider that is at hand."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.directory = directory
        tools = [str(Path(sys.executable).parent), str(ROOT / "node_modules" / ".bin")]
        self.environment = {**environment, "PATH": os.pathsep.join([*tools, environment["PATH"]])}
        directory.mkdir(parents=True, exist_ok=True)
        for file in ("main.py", "cdktf.json"):
            shutil.copy(ROOT / file, directory / file)
        shutil.copy(EXAMPLE, directory / "endpoints.toml")
        shutil.copytree(ROOT / "modules", directory / "modules", ignore=shutil.ignore_patterns("__pycache__"))
        if version := mirrored_version():
            self.edit("[project]\n", f'[project]\naws_provider_version = "{version}"\n')
        else:
            shutil.copy(ROOT / LOCK, directory / LOCK)

    def edit(self, old: str, new: str) -> None:
        """Replace a text that stands in endpoints.toml once."""
        file = self.directory / "endpoints.toml"
        text = file.read_text()
        if text.count(old) != 1:
            raise ValueError(f"{old!r} does not stand in endpoints.toml once")
        file.write_text(text.replace(old, new))

    def synth(self) -> None:
        """Synthesize as `cdktf synth` does, without its command line."""
        subprocess.run([sys.executable, "main.py"], cwd=self.directory, env=self.environment, check=True)

    def stack(self, name: str) -> Terraform:
        """Return Terraform in the folder of a synthesized stack."""
        return Terraform(self.directory / "cdktf.out" / "stacks" / name, self.environment)
