"""uv installs packages, or pip where its settings say how to reach them. Both require hashes.

`.ci/run` installs the real packages; here the programs record their arguments.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import ROOT

_PIP = """#!/bin/sh
if [ "$1" = config ]; then cat settings; else echo "pip $*" >>calls; fi
"""
_UV = """#!/bin/sh
echo "uv $*" >>calls
echo "$SSL_CERT_FILE" >certificates
"""
_OPTIONS = "--quiet --require-hashes --no-deps"
_BY_UV = f"uv pip install {_OPTIONS} --python .venv-x/bin/python -r requirements-x.txt"
_BY_PIP = f"pip --disable-pip-version-check --python .venv-x/bin/python install {_OPTIONS} -r requirements-x.txt"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "install_packages.sh", tmp_path / "scripts")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, text in (("pip", _PIP), ("uv", _UV)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    return tmp_path


def _install(checkout: Path, settings: str, **environment: str) -> list[str]:
    (checkout / "settings").write_text(settings)
    command = ["sh", "scripts/install_packages.sh", ".venv-x", "requirements-x.txt"]
    inherited = {name: value for name, value in os.environ.items() if name != "SSL_CERT_FILE"}
    subprocess.run(command, cwd=checkout, env={**inherited, "PYTHON": sys.executable, **environment}, check=True)
    assert (checkout / ".venv-x" / "bin" / "python").exists()
    return (checkout / "calls").read_text().splitlines()


@pytest.mark.parametrize("settings", ["", "global.extra-index-url='https://example.com'\n:env:.find-links='wheels'\n"])
def test_uv_installs(checkout: Path, settings: str) -> None:
    assert _install(checkout, settings) == [_BY_UV]


@pytest.mark.parametrize(
    "setting",
    [
        ":env:.index-url='https://example.com'",
        "global.no-index='1'",
        "global.proxy='http://localhost:3128'",
        "global.trusted-host='example.com'",
        "user.client-cert='me.pem'",
    ],
)
def test_pip_installs_where_it_is_set_how_to_reach_packages(checkout: Path, setting: str) -> None:
    assert _install(checkout, f":env:.timeout='60'\n{setting}\n") == [_BY_PIP]


def test_uv_trusts_the_certificates_of_pip_or_of_its_own_variable(checkout: Path) -> None:
    settings = "global.cert='/etc/a b.pem'\n"
    _install(checkout, settings)
    assert (checkout / "certificates").read_text() == "/etc/a b.pem\n"
    _install(checkout, settings, SSL_CERT_FILE="mine.pem")
    assert (checkout / "certificates").read_text() == "mine.pem\n"


def test_a_failed_installation_fails(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "uv").write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(subprocess.CalledProcessError):
        _install(checkout, "")
