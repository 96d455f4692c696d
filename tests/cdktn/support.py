"""The virtual environment with CDK Terrain, and what its output has in common with that of CDKTF."""

import re
from pathlib import Path

import pytest

from tests.examples import ROOT

PACKAGE = "cdktn_provider_aws"
_PYTHON = ROOT / ".venv-cdktn" / "bin" / "python"
_VERSION = re.compile(r'("version": )"0\.\d+\.\d+"')
_EMPTY_LIST = re.compile(r"\[\s+\]")


def python() -> Path:
    """Return the Python of the virtual environment; the test fails without it."""
    if not _PYTHON.exists():
        pytest.fail("CDK Terrain is not installed in .venv-cdktn; run: make test-cdktn")
    return _PYTHON


def archive() -> Path:
    """Return the jsii assembly of the AWS bindings."""
    (file,) = (python().parent.parent / "lib").glob(f"python*/site-packages/{PACKAGE}/_jsii/*.jsii.tgz")
    return file


def without_framework(text: str) -> str:
    """Return synthesized JSON without the version of the framework, and with empty lists as CDK Terrain writes them."""
    return _EMPTY_LIST.sub("[]", _VERSION.sub(r"\1", text))
