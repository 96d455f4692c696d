"""A copy of the project that a demonstration or a test can change and deploy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from protected_endpoints.commands.provider_lock import LOCK
from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform

ROOT = Path(__file__).parent.parent
# Not endpoints.toml of the project, which belongs to its user.
EXAMPLE = ROOT / "examples" / "kmeans.toml"


class Workspace:
    """A copy of the project with an example, in a separate folder, with the AWS provider of a local mirror, if any."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.directory = directory
        tools = [str(Path(sys.executable).parent), str(ROOT / "node_modules" / ".bin")]
        self.environment = {**environment, "PATH": os.pathsep.join([*tools, environment["PATH"]])}
        directory.mkdir(parents=True, exist_ok=True)
        for file in ("main.py", "cdktf.json"):
            shutil.copy(ROOT / file, directory / file)
        shutil.copy(EXAMPLE, directory / "endpoints.toml")
        (directory / "modules").symlink_to(ROOT / "modules")
        if version := mirrored_version():
            self.edit("[project]\n", f'[project]\naws_provider_version = "{version}"\n')
        else:
            shutil.copy(ROOT / LOCK, directory / LOCK)

    def edit(self, old: str, new: str) -> None:
        """Replace a text in endpoints.toml.

        Raises:
            ValueError: the text does not occur exactly once.

        """
        file = self.directory / "endpoints.toml"
        text = file.read_text()
        if text.count(old) != 1:
            raise ValueError(f"{old!r} does not occur in endpoints.toml exactly once")
        file.write_text(text.replace(old, new))

    def synth(self) -> None:
        """Synthesize like `cdktf synth`, without the CDKTF command line."""
        subprocess.run([sys.executable, "main.py"], cwd=self.directory, env=self.environment, check=True)

    def stack(self, name: str) -> Terraform:
        """Return a Terraform runner for a synthesized stack."""
        return Terraform(self.directory / "cdktf.out" / "stacks" / name, self.environment)
