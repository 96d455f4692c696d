"""Only the used part of the AWS bindings is loaded, and nothing depends on the short cut."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_PACKAGE = "cdktf_cdktf_provider_aws"


def test_only_the_submodules_that_are_named_are_loaded() -> None:
    loaded = _python(
        "import sys, modules.stack\n"
        f"print(*sorted({{m.split('.')[1] for m in sys.modules if m.startswith('{_PACKAGE}.')}}))"
    ).split()
    assert "sagemaker_endpoint" in loaded
    assert len(loaded) < 30


def test_the_classes_are_the_packages_own() -> None:
    assert _python("from modules.bindings import KmsKey; print(KmsKey.__module__)") == f"{_PACKAGE}.kms_key\n"


def test_a_submodule_that_is_not_named_can_still_be_imported() -> None:
    code = f"import modules.bindings; from {_PACKAGE}.sns_topic import SnsTopic; print(SnsTopic.__module__)"
    assert _python(code) == f"{_PACKAGE}.sns_topic\n"


def test_a_missing_package_is_one_clear_error() -> None:
    code = (
        "import importlib.util as u, sys; find = u.find_spec\n"
        f"u.find_spec = lambda name, *a: None if name == '{_PACKAGE}' else find(name, *a)\n"
        "try:\n    import modules.bindings\nexcept ModuleNotFoundError as e:\n    print(e)"
    )
    assert _python(code) == f"{_PACKAGE} is not installed; run: pip install -r requirements.txt\n"


def test_a_package_that_is_laid_out_otherwise_is_imported_plainly() -> None:
    """Without its `_jsii` the short cut gives up, and the package's own `__init__` runs."""
    code = (
        "import sys, types, pathlib, tempfile\n"
        "folder = pathlib.Path(tempfile.mkdtemp()) / 'pkg'; folder.mkdir()\n"
        "(folder / '__init__.py').write_text('ran = True')\n"
        "sys.path.insert(0, str(folder.parent))\n"
        "source = pathlib.Path('modules/bindings.py').read_text().split('_skip_package_init()\\n\\n')[0]\n"
        f"exec(source.replace('{_PACKAGE}', 'pkg') + '_skip_package_init()')\n"
        "import pkg; print(pkg.ran)"
    )
    assert _python(code) == "True\n"


def _python(code: str) -> str:
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout
