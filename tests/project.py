"""A project folder with an endpoints.toml and a home directory of its own, where caches are kept."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.examples import EXAMPLES

ROOT = Path(__file__).parent.parent
PACKAGE = "cdktf_cdktf_provider_aws"
PREPARING, LOADING_ALL = "preparing the AWS bindings", "loading all AWS bindings"
# Runs main.py after other code has changed the modules that load the bindings.
_MAIN = "\nimport runpy; runpy.run_path('main.py', run_name='__main__')"


class Project:
    """A folder with main.py, an endpoints.toml, a home directory, and the Python that runs in it."""

    def __init__(self, directory: Path, python: Path = Path(sys.executable), home: Path | None = None) -> None:
        """`home` is that of the user if its caches, which are filled, do not matter for what is tested."""
        self.directory, self.home, self.python = directory, home or directory / "home", python
        self.home.mkdir(parents=True, exist_ok=True)
        self.cache = self.home / ".cache" / "protected-endpoints"
        shutil.copy(ROOT / "main.py", directory)
        shutil.copy(EXAMPLES["everything"], directory / "endpoints.toml")

    def use_packages_of(self, other: "Project") -> None:
        """Share the packages that jsii has unpacked in another home: those of all AWS bindings are 450 MB."""
        self.cache.parent.mkdir(exist_ok=True)
        (self.cache.parent / "aws").symlink_to(other.cache.parent / "aws")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start Python with these arguments, by default with main.py, and with further environment variables."""
        inherited = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
        return subprocess.Popen(
            [self.python, *(arguments or ["main.py"])],
            cwd=self.directory,
            env={**inherited, "PYTHONPATH": str(ROOT / "modules"), "HOME": str(self.home), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[str, str]:
        """Run Python, by default with main.py, and return its standard output and standard error."""
        process = self.start(*arguments, **environment)
        output, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        return output, errors

    def synth(self, before: str = "pass", **environment: str) -> tuple[dict[str, str], str]:
        """Run main.py after some code; return the files that it writes and its standard error."""
        shutil.rmtree(self.directory / "cdktf.out", ignore_errors=True)
        _, errors = self.run("-c", before + _MAIN, **environment)
        return self.files(), errors

    def files(self, folder: str = "cdktf.out") -> dict[str, str]:
        """Return the content of all files in a folder by their relative path."""
        out = self.directory / folder
        return {str(file.relative_to(out)): file.read_text() for file in out.rglob("*") if file.is_file()}

    @property
    def cached_subsets(self) -> list[Path]:
        """Return the archives of binding subsets in the cache."""
        return sorted(self.cache.iterdir())
