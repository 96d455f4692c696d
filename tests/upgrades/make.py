"""Record the examples of a release with their addresses and names: `python -m tests.upgrades.make VERSION CHECKOUT`.

CHECKOUT is a folder with the sources of the release; its own `main.py` synthesizes, with the installed packages.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.upgrades.contract import RELEASES, RESOURCES, Json, stacks_of


def record(version: str, checkout: Path) -> None:
    """Replace the folder of a release."""
    folder = RELEASES / version
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    recorded = {}
    for file in sorted([*checkout.glob("examples/*.toml"), *checkout.glob("tests/snapshots/*.toml")]):
        shutil.copy(file, folder)
        recorded[file.stem] = _synthesized(file, checkout)
    (folder / RESOURCES).write_text(_compact(recorded))


def _synthesized(file: Path, checkout: Path) -> dict[str, Json]:
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copy(file, Path(scratch) / "endpoints.toml")
        subprocess.run([sys.executable, str(checkout / "main.py")], cwd=scratch, env=_without_package(), check=True)
        return stacks_of(Path(scratch) / "cdktf.out")


def _without_package() -> dict[str, str]:
    """Return the variables with which `main.py` finds the package beside it, and not this one."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _compact(recorded: dict[str, dict[str, Json]]) -> str:
    """Return JSON with a line for each stack, so that a diff shows which stack changed."""
    examples = (
        f"{json.dumps(example)}: {{\n"
        + ",\n".join(f"  {json.dumps(name)}: {json.dumps(stack)}" for name, stack in sorted(stacks.items()))
        + "\n}"
        for example, stacks in recorded.items()
    )
    return "{\n" + ",\n".join(examples) + "\n}\n"


if __name__ == "__main__":
    version_, checkout_ = sys.argv[1:]
    record(version_, Path(checkout_).resolve())
