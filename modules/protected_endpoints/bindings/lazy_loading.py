"""Load only those submodules of the AWS bindings that are imported.

A plain import of the bindings takes ten times the time and memory of a whole synth (docs/speed.md): the Python package
imports all of its 2,212 submodules, and Node reads their JavaScript and types. With lazy loading

* the `__init__` of the package does not run, so that Python imports only the submodules that are used;
* Node receives the JavaScript and the types of these submodules (`subset_assembly`), with the first request after
  their import. Submodules that are imported later follow with the next request.

This depends on internals of jsii 1.142, which the code names where it uses them. If they differ, the complete assembly
is loaded, with one line on stderr. `PLAIN_BINDINGS=1` in the environment turns lazy loading off.
"""

import os
import shutil
import sys
import time
import warnings
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
from protected_endpoints.bindings.arguments import install_arguments
from protected_endpoints.bindings.caches import install_caches
from protected_endpoints.bindings.framework import FRAMEWORK
from protected_endpoints.bindings.subset_assembly import subset_assembly

PACKAGE = FRAMEWORK.bindings
_ASSEMBLY = FRAMEWORK.assembly
_FALLBACK_MESSAGE = "loading all AWS bindings, which takes longer"
_PACKAGE_CACHE = "JSII_RUNTIME_PACKAGE_CACHE"
_INDEX = ".jsii.runtime.v1.json"  # the file of the index that is written last; there is none without the cache
_MAX_SECONDS_OF_INDEX = 10


def install_lazy_loading() -> None:
    """Install lazy loading for this process. It has no effect, except for a warning, if the package is imported."""
    if PACKAGE in sys.modules:
        warnings.warn(
            f"{PACKAGE} was imported before protected_endpoints.bindings, which takes ten times as long; "
            "begin the program with: import protected_endpoints.bindings",
            stacklevel=2,
        )
        return
    spec = find_spec(PACKAGE)
    if spec is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed; run: pip install -r requirements.txt")
    plain = jsii.kernel.provider
    jsii.kernel.provider = LazyKernelProvider(plain)
    package = sys.modules[PACKAGE] = module_from_spec(spec)
    package.__dict__["__getattr__"] = _submodule
    try:
        # Every submodule imports this one. If it can be imported, the layout of the package is the expected one.
        import_module(f"{PACKAGE}._jsii")
        for required in FRAMEWORK.required_submodules:
            import_module(f"{PACKAGE}.{required}")
        install_caches()
        install_arguments()
    except (AttributeError, ImportError) as error:
        print(f"{_FALLBACK_MESSAGE}: {error!r}", file=sys.stderr)
        del sys.modules[PACKAGE]
        jsii.kernel.provider = plain


def _submodule(name: str) -> ModuleType:
    """Import a submodule when it is first used as an attribute of the package."""
    try:
        return import_module(f"{PACKAGE}.{name}")
    except ModuleNotFoundError:
        raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}") from None


def _imported_submodules() -> Iterator[str]:
    """Yield the jsii name of each imported submodule: the name of its first type, without the type."""
    for name, module in [*sys.modules.items()]:
        if name.startswith(f"{PACKAGE}."):
            types = (getattr(getattr(module, public), "__jsii_type__", "") for public in getattr(module, "__all__", ()))
            if type_ := next(filter(None, types), None):
                yield type_.rpartition(".")[0]


def _wait_for_index(package: Path) -> None:
    """Wait until the kernel has written its index of an installed package, which a thread of Node does.

    The thread would write it into the package that replaces this one, and the kernel would not find its types.
    """
    deadline = time.monotonic() + _MAX_SECONDS_OF_INDEX
    while os.environ.get(_PACKAGE_CACHE) != "disabled" and not (package / _INDEX).exists():
        if time.monotonic() > deadline:
            return
        time.sleep(0.01)


class LazyKernelProvider(ProcessProvider):
    """The jsii kernel provider that sends the AWS assembly to Node late, and only the part that is used."""

    def __init__(self, plain: Any) -> None:
        # If CDKTF was imported before, Node is already running, and its objects cannot move to another process.
        self._node = plain._process if "constructs._jsii" in sys.modules else node.start()
        self._complete: LoadRequest | None = None
        self._loaded: set[str] = set()
        self._modules_seen = 0

    @property
    def _process(self) -> Any:
        """Return Node for the next request. Every kind of request uses this property."""
        # An import changes the number of modules, which is fast to compare.
        if self._complete and len(sys.modules) != self._modules_seen:
            self._modules_seen = len(sys.modules)
            imported = {*_imported_submodules()}
            if imported - self._loaded:
                self._load(self._complete, imported)
        return self._node

    def load(self, request: LoadRequest) -> LoadResponse:
        if request.name == _ASSEMBLY:
            self._complete = request
            return LoadResponse(assembly=request.name, types=0)
        try:
            return self._send(request)
        except (JSIIError, RuntimeError) as error:
            if self._modules_seen:
                raise  # objects exist in this Node process
            self._restart(error)
            return self._send(request)

    def _load(self, complete: LoadRequest, submodules: set[str]) -> None:
        try:
            archive = subset_assembly(Path(complete.tarball), submodules)
            self._replace(LoadRequest(complete.name, complete.version, str(archive)))
            self._loaded = submodules
        except Exception as error:
            print(f"{_FALLBACK_MESSAGE}: {error!r}", file=sys.stderr)
            self._complete = None
            if isinstance(error, JSIIError | RuntimeError) and not self._loaded:
                self._restart(error)
            self._replace(complete)

    def _replace(self, request: LoadRequest) -> None:
        """Load an assembly and replace the one that is loaded under the same name, if any.

        The kernel keeps an assembly in memory as long as its package is in the folder of installed packages, where it
        is a link into jsii's cache. Without the link, the kernel installs and reads the new archive. The paths stay
        the same, so Node keeps the JavaScript that it has loaded, and existing objects stay valid.
        """
        if self._loaded:
            request_path = GetScriptCommandRequest(_ASSEMBLY, "manifest")
            installed = Path(self._node.send(request_path, GetScriptCommandResponse).command).parent
            _wait_for_index(installed)
            installed.unlink() if installed.is_symlink() else shutil.rmtree(installed)
        self._send(request)

    def _restart(self, error: Exception) -> None:
        """Restart Node without jsii's cache of unpacked packages, which may not work on this machine."""
        if os.environ.get(_PACKAGE_CACHE) == "disabled":
            raise error
        print(f"jsii unpacks its packages for this run only: {error}", file=sys.stderr)
        os.environ[_PACKAGE_CACHE] = "disabled"
        self._node.stop()
        self._node = node.start()
        modules = [module for name, module in sys.modules.items() if name.endswith("._jsii")]
        loaded = [module.__jsii_assembly__ for module in modules if hasattr(module, "__jsii_assembly__")]
        dependents = [assembly for assembly in loaded if assembly.name != _ASSEMBLY]
        # `sys.modules` has the order in which imports began. The other assemblies depend on these two.
        for assembly in sorted(dependents, key=lambda item: (item.name != "constructs", item.name != FRAMEWORK.core)):
            archive = files(f"{assembly.module}._jsii").joinpath(assembly.filename)
            self._send(LoadRequest(assembly.name, assembly.version, str(archive)))

    def _send(self, request: LoadRequest) -> LoadResponse:
        response: LoadResponse = self._node.send(request, LoadResponse)
        return response
