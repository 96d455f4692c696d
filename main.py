"""Synthesize Terraform JSON for every endpoint of `endpoints.toml`. `cdktf synth` runs this file."""

import sys
from pathlib import Path

# The package is found without an installation, and also with PYTHONSAFEPATH.
sys.path.insert(0, str(Path(__file__).parent / "modules"))

from protected_endpoints.commands.command_line import command_line
from protected_endpoints.commands.move_state import left_behind
from protected_endpoints.commands.provider_lock import place
from protected_endpoints.commands.state_checks import refuse_other_states, refuse_unsaved_states
from protected_endpoints.commands.synth_lock import only_one_synth
from protected_endpoints.commands.synthesized_stack import STACKS
from protected_endpoints.errors import group_by_message
from protected_endpoints.loading.load import load


def main() -> None:
    """Write one stack per environment and endpoint, or report every mistake in the file and exit with 1."""
    with command_line(), only_one_synth(Path()):
        _synthesize()


def _synthesize() -> None:
    refuse_other_states()
    refuse_unsaved_states(STACKS)
    configuration = load(Path("endpoints.toml"))
    for warning in group_by_message(configuration.warnings):
        print(f"warning: {warning}", file=sys.stderr)

    for name in left_behind(configuration):
        print(f"warning: {name}: its state is still beside the project; make move-state STACK={name}", file=sys.stderr)

    # Importing CDKTF starts Node, so it is imported only if there is something to synthesize.
    from protected_endpoints.stacks.app import synthesize

    outdir = synthesize(configuration)
    if unlocked := place(outdir, configuration.deployments[0].project.aws_provider_version):
        print(f"warning: {unlocked}", file=sys.stderr)


if __name__ == "__main__":
    main()
