"""A workspace of tests, which synthesizes at a tenth of the time of a new process."""

from contextlib import chdir

from protected_endpoints.commands.provider_lock import copy_to_stacks
from protected_endpoints.loading.load import load
from protected_endpoints.stacks.app import synthesize
from sandbox import workspace


class Workspace(workspace.Workspace):
    """A copy of the project that Terraform, `make` and `cdktf` run in, and that the process of the tests synthesizes.

    `tests/e2e/test_cli.py` shows that `main.py` and `cdktf synth` write the same, and `tests/bindings` that a process
    does which has loaded nothing before.
    """

    def synth(self) -> None:
        """Write the stacks and the lock file. Raises `ConfigurationError`."""
        configuration = load(self.directory / "endpoints.toml")
        outdir = synthesize(configuration, self.directory / "cdktf.out")
        with chdir(self.directory):
            copy_to_stacks(outdir, configuration.deployments[0].project.aws_provider_version)
