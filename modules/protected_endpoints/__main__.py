"""`python -m protected_endpoints` is the console script `protected-endpoints`."""

import sys

from protected_endpoints.commands.cli import main

if __name__ == "__main__":
    sys.exit(main())
