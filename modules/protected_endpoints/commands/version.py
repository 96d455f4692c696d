"""The version of this package, here and nowhere else: `pyproject.toml` and `protected-endpoints --version` read it."""

VERSION = "0.16.0.dev0"
