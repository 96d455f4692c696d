"""Load of the AWS bindings what is imported, and nothing else.

Imported plainly, the bindings cost more than ten seconds and 600 MB at each run: the Python package imports each of
its 2,212 submodules, and Node reads the JavaScript and the types of all of them. Here,

* the package's own `__init__` is not run, so that `import` finds the submodules that are asked for and no others;
* Node gets the JavaScript and the types of those alone (`cut`), with the first request after they were imported. What
  is imported later comes with the next request.

This leans on inner workings of jsii 1.142, named where they are used. Whatever is not as expected ends in the whole
assembly and one line on stderr. `PLAIN_BINDINGS=1` in the environment switches all of it off.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import jsii
from jsii._kernel.providers import ProcessProvider
from jsii._kernel.types import GetScriptCommandRequest, GetScriptCommandResponse, LoadRequest, LoadResponse
from jsii.errors import JSIIError

from protected_endpoints.bindings import node
from protected_endpoints.bindings.caches import do_it_once
from protected_endpoints.bindings.subset_assembly import cut

PACKAGE = "cdktf_cdktf_provider_aws"
_ASSEMBLY = "@cdktf/provider-aws"
_WHOLE = "loading the AWS bindings whole, which takes longer"
_PACKAGE_CACHE = "JSII_RUNTIME_PACKAGE_CACHE"


def load_only_what_is_imported() -> None:
    """Prepare for the first import of a submodule. Without effect if the package is already imported."""
    if PACKAGE in sys.modules:
        return
    spec = find_spec(PACKAGE)
    if spec is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed; run: pip install -r requirements.txt")
    plain = jsii.kernel.provider
    jsii.kernel.provider = _LateProvider(plain)
    package = sys.modules[PACKAGE] = module_from_spec(spec)
    package.__dict__["__getattr__"] = _submodule
    try:
        # Every submodule needs this one; if it loads, the package is laid out as expected here.
        import_module(f"{PACKAGE}._jsii")
    except ImportError as surprise:
        print(f"{_WHOLE}: {surprise!r}", file=sys.stderr)
        del sys.modules[PACKAGE]
        jsii.kernel.provider = plain
    else:
        do_it_once()


def _submodule(name: str) -> ModuleType:
    """Import a submodule that is used as an attribute of the package, as if the package had imported it."""
    try:
        return import_module(f"{PACKAGE}.{name}")
    except ModuleNotFoundError:
        raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}") from None


def _imported() -> Iterator[str]:
    """Yield the jsii name of each submodule that is imported: that of its first type, without the type."""
    for name, module in [*sys.modules.items()]:
        if name.startswith(f"{PACKAGE}."):
            types = (getattr(getattr(module, public), "__jsii_type__", "") for public in getattr(module, "__all__", ()))
            if type_ := next(filter(None, types), None):
                yield type_.rpartition(".")[0]


class _LateProvider(ProcessProvider):
    """The way to Node, which gives it the AWS assembly as late and as small as it can be."""

    def __init__(self, plain: Any) -> None:
        # Whoever has imported CDKTF before has started Node; what runs there cannot be moved.
        self._node = plain._process if "constructs._jsii" in sys.modules else node.start()
        self._whole: LoadRequest | None = None
        self._loaded: set[str] = set()
        self._modules_seen = 0

    @property
    def _process(self) -> Any:
        """Return Node for the next request; every kind of request asks for it here."""
        # An import changes the count, and to compare it costs nothing.
        if self._whole and len(sys.modules) != self._modules_seen:
            self._modules_seen = len(sys.modules)
            imported = {*_imported()}
            if imported - self._loaded:
                self._load(self._whole, imported)
        return self._node

    def load(self, request: LoadRequest) -> LoadResponse:
        if request.name == _ASSEMBLY:
            self._whole = request
            return LoadResponse(assembly=request.name, types=0)
        try:
            return self._send(request)
        except (JSIIError, RuntimeError) as refusal:
            if self._modules_seen:
                raise  # what was made lives in this Node
            self._start_over(refusal)
            return self._send(request)

    def _load(self, whole: LoadRequest, submodules: set[str]) -> None:
        try:
            archive = cut(Path(whole.tarball), submodules)
            self._replace(LoadRequest(whole.name, whole.version, str(archive)))
            self._loaded = submodules
        except Exception as surprise:
            print(f"{_WHOLE}: {surprise!r}", file=sys.stderr)
            self._whole = None
            if isinstance(surprise, JSIIError | RuntimeError) and not self._loaded:
                self._start_over(surprise)
            self._replace(whole)

    def _replace(self, request: LoadRequest) -> None:
        """Load an assembly in place of the one that was loaded under its name, if any.

        The kernel answers a second request for an assembly from memory while the package is in its folder of
        installed packages, where it is a link into jsii's cache. With that gone it installs and reads the archive.
        Node keeps the JavaScript that it has, because the paths are the same, so what was made stays what it was.
        """
        if self._loaded:
            where = GetScriptCommandRequest(_ASSEMBLY, "manifest")
            installed = Path(self._node.send(where, GetScriptCommandResponse).command).parent
            installed.unlink() if installed.is_symlink() else shutil.rmtree(installed)
        self._send(request)

    def _start_over(self, refusal: Exception) -> None:
        """Start Node anew without jsii's cache of unpacked packages, the one thing that differs between machines."""
        if os.environ.get(_PACKAGE_CACHE) == "disabled":
            raise refusal
        print(f"jsii unpacks its packages for this run alone: {refusal}", file=sys.stderr)
        os.environ[_PACKAGE_CACHE] = "disabled"
        self._node.stop()
        self._node = node.start()
        modules = [module for name, module in sys.modules.items() if name.endswith("._jsii")]
        loaded = [module.__jsii_assembly__ for module in modules if hasattr(module, "__jsii_assembly__")]
        others = [assembly for assembly in loaded if assembly.name != _ASSEMBLY]
        # `sys.modules` is in the order in which imports began, and the other assemblies need these two.
        for assembly in sorted(others, key=lambda other: (other.name != "constructs", other.name != "cdktf")):
            archive = files(f"{assembly.module}._jsii").joinpath(assembly.filename)
            self._send(LoadRequest(assembly.name, assembly.version, str(archive)))

    def _send(self, request: LoadRequest) -> LoadResponse:
        response: LoadResponse = self._node.send(request, LoadResponse)
        return response
