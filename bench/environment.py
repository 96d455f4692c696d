"""The environment variables of measured programs: those of every user, and none of a developer or CI machine."""

import os

# An allow-list, because variables slow down Python, Node, jsii and AWS CDK by many names. With
# PYTHONDONTWRITEBYTECODE, for example, Python compiles every module again in every run.
_ALLOWED = ("PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "LANG", "LC_ALL")


def user_environment() -> dict[str, str]:
    """Return the allowed variables of this process."""
    return {name: os.environ[name] for name in _ALLOWED if name in os.environ}
