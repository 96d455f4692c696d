"""Synthesize Terraform JSON for every endpoint of `endpoints.toml`: the app of `cdktf synth`."""

import atexit
import gc
import sys
from pathlib import Path

# The package is found without an installation, also where Python ignores the folder of a script (PYTHONSAFEPATH).
sys.path.insert(0, str(Path(__file__).parent / "modules"))

from protected_endpoints.commands.command_line import command_line


def main() -> None:
    """Write one stack for each environment and endpoint, or print every error of the file and exit with 1."""
    gc.disable()  # A synth is short and creates few cycles: even 5,000 endpoints need no more memory without it.
    atexit.register(gc.freeze)  # Otherwise Python still looks for cycles when it ends, a seventh of a small synth.
    with command_line():
        from protected_endpoints.commands.synth import synthesize

        synthesize()


if __name__ == "__main__":
    main()
