"""Protected model serving endpoints on AWS SageMaker: the public API for Python code that composes stacks.

`__init__.pyi` is the list of public names, for type checkers, editors and this file, which reads it and imports a name
when it is first used (the pattern of the library lazy_loader, SPEC 1 of Scientific Python). Otherwise every program
would start Node, which constructs need, and only then report an error in its configuration.
"""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

_STUB = Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")
_IMPORT = re.compile(r"^from (\S+) import (\w+) as \w+$", flags=re.MULTILINE)
_MODULES = {name: module for module, name in _IMPORT.findall(_STUB)}

__all__ = list(_MODULES)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(_MODULES)
