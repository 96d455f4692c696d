"""What the benchmark runs: the virtual environments of the project, and the versions in them."""

import os
import platform
import re
import subprocess
from importlib.metadata import distributions
from pathlib import Path

from protected_endpoints.commands.terraform import terraform_program

ROOT = Path(__file__).parent.parent
MAIN = ROOT / "main.py"
# The packages whose versions matter, by virtual environment.
_PACKAGES = {
    ".venv": ("cdktf", "cdktf-cdktf-provider-aws", "jsii"),
    ".venv-cdktn": ("cdktn", "cdktn-provider-aws"),
    ".venv-bench": ("aws-cdk-lib",),
    ".venv-scan": ("checkov",),
}


def program(venv: str, name: str = "python") -> Path:
    """Return a program of a virtual environment. Raises `SystemExit` if it is not installed."""
    path = ROOT / venv / "bin" / name
    if not path.exists():
        raise SystemExit(f"{venv}/bin/{name}: not installed; run: make bench")
    return path


def site_packages(venv: str) -> Path:
    """Return the folder with the packages of a virtual environment."""
    program(venv)
    (folder,) = (ROOT / venv / "lib").glob("python*/site-packages")
    return folder


def versions() -> str:
    """Return the versions of everything that is measured, as a list in one line."""
    packages = [
        f"{name} {distribution.version}"
        for venv, names in _PACKAGES.items()
        for name in names
        for distribution in distributions(name=name, path=[str(site_packages(venv))])
    ]
    programs = [("Node", "node", "--version"), ("Terraform", terraform_program(), "version")]
    return ", ".join(
        [*packages, f"Python {platform.python_version()}", *(f"{name} {_version(*run)}" for name, *run in programs)]
    )


def _version(*command: str) -> str:
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    output = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    if not (number := re.search(r"v(\d+\.\d+\.\d+)", output)):
        raise SystemExit(f"{' '.join(command)}: printed no version:\n{output}")
    return number[1]
