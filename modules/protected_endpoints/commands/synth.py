"""Write Terraform JSON for every stack of endpoints.toml to cdktf.out, as `cdktf synth` does. Needs Node.js.

--set is for this synth only: `cdktf` and `make` synthesize again, with PROTECTED_ENDPOINTS_SET or SET.

Exit code: 0, also with warnings; 1 with every error of endpoints.toml, or for a state that Terraform could not save.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from protected_endpoints.commands.command_line import FILE, CommandParser
from protected_endpoints.commands.configuration import load_configuration
from protected_endpoints.commands.move_state import stacks_with_local_state
from protected_endpoints.commands.print_warnings import print_warnings
from protected_endpoints.commands.provider_lock import copy_to_stacks
from protected_endpoints.commands.state_checks import refuse_other_states, refuse_unsaved_states
from protected_endpoints.commands.synth_lock import only_one_synth
from protected_endpoints.commands.synthesized_stack import STACKS


def run(arguments: Sequence[str]) -> None:
    """Synthesize, and say where the stacks are."""
    parser = CommandParser("synth", __doc__)
    parser.add_set()
    print(f"written to {synthesize(parser.parse_args(arguments).set)}")


def synthesize(set_options: Sequence[str] = ()) -> Path:
    """Write one stack for each environment and endpoint, and those that the endpoints of an environment share.

    `set_options` are values that replace those of the file. Returns the folder of the stacks.
    Raises `ConfigurationError` with every error of `endpoints.toml`.
    """
    with only_one_synth(Path()):
        refuse_other_states()
        refuse_unsaved_states(STACKS)
        configuration = load_configuration(FILE, set_options)
        print_warnings(configuration)
        for name in stacks_with_local_state(configuration):
            print(
                f"warning: {name}: a local state exists although the environment stores states in S3; "
                f"run: make move-state STACK={name}",
                file=sys.stderr,
            )
        # CDKTF starts Node.js, so it is imported only for a valid configuration.
        from protected_endpoints.stacks import app

        outdir = app.synthesize(configuration)
        if warning := copy_to_stacks(outdir, configuration.deployments[0].project.aws_provider_version):
            print(f"warning: {warning}", file=sys.stderr)
    return outdir
