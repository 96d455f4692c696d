"""A folder with an endpoints.toml, and a home directory that is its own: what is kept between runs is kept there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.examples import EXAMPLES

ROOT = Path(__file__).parent.parent
PACKAGE = "cdktf_cdktf_provider_aws"
PREPARING, WHOLE = "preparing the AWS bindings", "loading the AWS bindings whole"
# Runs main.py after something was changed in the modules that load the bindings.
_MAIN = "\nimport runpy; runpy.run_path('main.py', run_name='__main__')"


class Project:
    """A folder with an endpoints.toml and a home directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.home = directory, directory / "home"
        self.home.mkdir(parents=True)
        self.cache = self.home / ".cache" / "protected-endpoints"
        shutil.copy(ROOT / "main.py", directory)
        shutil.copy(EXAMPLES["everything"], directory / "endpoints.toml")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
        return subprocess.Popen(
            [sys.executable, *(arguments or ["main.py"])],
            cwd=self.directory,
            env={**inherited, "PYTHONPATH": str(ROOT / "modules"), "HOME": str(self.home), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[str, str]:
        """Return what a program, by default main.py, printed to its output and as errors."""
        process = self.start(*arguments, **environment)
        output, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        return output, errors

    def synth(self, before: str = "pass", **environment: str) -> tuple[dict[str, str], str]:
        """Return the files that a synth writes, and what it says."""
        shutil.rmtree(self.directory / "cdktf.out", ignore_errors=True)
        _, said = self.run("-c", before + _MAIN, **environment)
        return self.written(), said

    def written(self, folder: str = "cdktf.out") -> dict[str, str]:
        out = self.directory / folder
        return {str(file.relative_to(out)): file.read_text() for file in out.rglob("*") if file.is_file()}

    @property
    def cuts(self) -> list[Path]:
        return sorted(self.cache.iterdir())
