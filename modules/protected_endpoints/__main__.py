"""`python -m protected_endpoints` is the console script `protected-endpoints`."""

import atexit
import gc
import sys

from protected_endpoints.commands.cli import main

if __name__ == "__main__":
    # A command is short. Looking for cycles takes up to a fifth of its time, and once more when Python ends.
    gc.disable()
    atexit.register(gc.freeze)
    sys.exit(main())
