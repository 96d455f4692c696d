"""The layers of the package: each imports only what stands below it, and no two files import each other."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from tests.examples import ROOT

_PACKAGE = ROOT / "modules" / "protected_endpoints"
_NAME = _PACKAGE.name
# From the bottom to the top.
LAYERS = (
    "errors",
    "secret_scan",
    "aws",
    "config",
    "deployment",
    "policies",
    "rules",
    "loading",
    "bindings",
    "constructs",
    "stacks",
    "review",
    "commands",
    "__main__",
)
# The folders of the review, likewise.
REVIEW_LAYERS = ("plan", "admission", "analysis", "rules", "report")
_REVIEW = {"errors", "secret_scan", "review"}
_REVIEW_FACTS = {"aws.metrics"}  # what it imports besides: a table without imports of its own
_PUBLIC = "__init__"  # names of every layer, each imported when it is used


@cache
def _files() -> dict[str, Path]:
    """Return the files by module, without the name of the package."""
    return {".".join(file.relative_to(_PACKAGE).with_suffix("").parts): file for file in _PACKAGE.rglob("*.py")}


@cache
def imports(file: Path) -> tuple[str, ...]:
    """Return the modules of the package that a file imports, wherever in the file, by their names in `_files`."""
    return tuple(_imports(file))


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            assert node.level == 0, f"{file}: a relative import"
        else:
            continue
        for name in names:
            if name.split(".")[0] == _NAME:
                yield _module(name)


def _module(name: str) -> str:
    """Return the module that a dotted name is, or that it is in."""
    keys = name.split(".")[1:]
    for length in range(len(keys), -1, -1):
        path = _PACKAGE.joinpath(*keys[:length])
        if length and path.with_suffix(".py").is_file():
            return ".".join(keys[:length])
        if (path / "__init__.py").is_file():
            return ".".join([*keys[:length], "__init__"])
    raise AssertionError(name)


def _layer(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def layer_imports() -> set[tuple[str, str]]:
    """Return each layer with each other layer that it imports."""
    pairs = {
        (_layer(module), _layer(imported))
        for module, file in _files().items()
        for imported in imports(file)
        if _PUBLIC not in (module, imported)
    }
    return {(importing, imported) for importing, imported in pairs if importing != imported}


def test_every_file_is_in_a_layer() -> None:
    assert {_layer(module) for module in _files()} == {*LAYERS, _PUBLIC}


def test_each_layer_imports_only_what_stands_below_it() -> None:
    below = {layer: {*LAYERS[: number + 1]} for number, layer in enumerate(LAYERS)} | {"review": _REVIEW}
    below["commands"].add("review")
    upward = [
        f"{module} imports {imported}"
        for module, file in _files().items()
        if _layer(module) in below
        for imported in imports(file)
        if _layer(imported) not in below[_layer(module)]
        and not (_layer(module) == "review" and imported in _REVIEW_FACTS)
    ]
    assert upward == []


def test_the_facts_of_the_review_import_nothing() -> None:
    assert [imported for module in _REVIEW_FACTS for imported in imports(_files()[module])] == []


def test_each_folder_of_the_review_imports_only_what_stands_below_it() -> None:
    folders = {module: module.split(".")[1] for module in _files() if module.startswith("review.")}
    assert {*REVIEW_LAYERS} <= {*folders.values()}
    upward = [
        f"{module} imports {imported}"
        for module, folder in folders.items()
        if folder in REVIEW_LAYERS
        for imported in imports(_files()[module])
        if folders.get(imported) in REVIEW_LAYERS[REVIEW_LAYERS.index(folder) + 1 :]
    ]
    assert upward == []


def test_no_files_import_each_other() -> None:
    graph = {module: {*imports(file)} - {module} for module, file in _files().items() if module != _PUBLIC}
    assert [*TopologicalSorter(graph).static_order()]  # raises CycleError with the circle


def test_no_import_is_hidden_from_python() -> None:
    hiding = [module for module, file in _files().items() if "TYPE_CHECKING" in file.read_text(encoding="utf-8")]
    assert hiding == []
