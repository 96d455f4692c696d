"""A workspace of tests, which synthesizes at a tenth of the time of a new process."""

from contextlib import chdir

from protected_endpoints.commands.synth import synthesize
from sandbox import workspace


class Workspace(workspace.Workspace):
    """A copy of the project that Terraform, `make` and `cdktf` run in, and that the process of the tests synthesizes.

    `tests/e2e/test_cli.py` shows that `main.py` and `cdktf synth` write the same, and `tests/bindings` that a process
    does which has loaded nothing before.
    """

    def synth(self) -> None:
        """Synthesize as `main.py` does. Raises `ConfigurationError`."""
        with chdir(self.directory):
            synthesize()
