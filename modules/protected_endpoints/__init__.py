"""Protected model serving endpoints on AWS SageMaker: the public API for Python code that composes stacks.

`__init__.pyi` lists the public names. Each is loaded when it is used, because constructs start Node, and an error in a
configuration is reported before that.
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
