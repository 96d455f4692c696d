"""CDKTF, or its successor CDK Terrain under the names of CDKTF, whichever is installed.

HashiCorp archived CDKTF in December 2025. CDK Terrain continues it with the same classes in packages with other names.
All code of this project imports `cdktf`. If only CDK Terrain is installed, these imports return its modules, so that a
class is the same object under both names. docs/cdktn.md describes how to move.
"""

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_loader
from types import ModuleType
from typing import NamedTuple


class Framework(NamedTuple):
    """The packages of a framework.

    Attributes:
        core: its Python package, and the name of its jsii assembly.
        bindings: the Python package of its AWS bindings.
        assembly: the name of the jsii assembly of its AWS bindings.
        required_submodules: those of the bindings that the JavaScript of other submodules loads.

    """

    core: str
    bindings: str
    assembly: str
    required_submodules: tuple[str, ...] = ()


CDKTF = Framework("cdktf", "cdktf_cdktf_provider_aws", "@cdktf/provider-aws")
CDK_TERRAIN = Framework("cdktn", "cdktn_provider_aws", "@cdktn/provider-aws", ("provider_functions",))
_NAMES = {CDKTF.core: CDK_TERRAIN.core, CDKTF.bindings: CDK_TERRAIN.bindings}


def installed_framework() -> Framework:
    """Return CDK Terrain if its AWS bindings are installed and those of CDKTF are not, and otherwise CDKTF."""
    if find_spec(CDKTF.bindings) is None and find_spec(CDK_TERRAIN.bindings) is not None:
        return CDK_TERRAIN
    return CDKTF


FRAMEWORK = installed_framework()


def install_names() -> None:
    """Let imports of CDKTF return the modules of CDK Terrain in this process."""
    # First, so that a CDKTF without bindings that is installed as well is not mixed with it.
    sys.meta_path.insert(0, _Aliases())


class _Aliases(MetaPathFinder, Loader):
    def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
        return spec_from_loader(name, self) if name.partition(".")[0] in _NAMES else None

    def exec_module(self, module: ModuleType) -> None:
        package, dot, submodule = module.__name__.partition(".")
        # Python continues with the module that is in `sys.modules` after this.
        sys.modules[module.__name__] = import_module(f"{_NAMES[package]}{dot}{submodule}")
