"""The test files that a change can affect, for `make test CHANGED=1`; CI runs all of them.

A test file depends on what it imports, directly or not, and on what its texts name, such as a folder of data or a
program that it starts. Only changes in the folders below select tests. Any other file, such as a construct, is part of
every synth, so its change runs everything.
"""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tests.examples import ROOT

_PACKAGE = "modules/protected_endpoints"
_REVIEW, _COMMANDS = f"{_PACKAGE}/review/", f"{_PACKAGE}/commands/"
NARROW = ("docs/", "tests/", "sandbox/", "bench/", ".github/", _REVIEW, _COMMANDS)
# Cheap tests of the whole repository: of its files, words, layers and pages.
_ALWAYS = re.compile(r"tests/(docs/|repository/|test_)")
# Fixtures of these files are available without an import.
_FIXTURE_FILES = re.compile(r"(^|/)(conftest|synth_fixtures)\.py$")
_CODE = ("tests", "sandbox", "bench", "modules")
_WORD = re.compile(r"[\w-]+")
# A module that a test runs by its name.
_RUN_MODULE = re.compile(r"(tests|sandbox|bench)(\.\w+)+")


def main() -> int:
    """Print the test files that the change affects, each on a line; on standard error, what is left out and why."""
    base = _merge_base()
    if base is None:
        print("every test runs, because there is no branch main to compare with", file=sys.stderr)
        print("\n".join(test_files()))
        return 0
    changed = _changed_files(base)
    affected, everything = affected_tests(changed), test_files()
    print(f"{len(changed)} files changed since {base[:10]}: {len(affected)} of {len(everything)} run", file=sys.stderr)
    if reason := next((file for file in changed if not _is_narrow(file)), None):
        print(f"every test runs, because any can depend on {reason}", file=sys.stderr)
    left_out = Counter(Path(file).parent.as_posix() for file in everything if file not in affected)
    for folder, count in sorted(left_out.items()):
        print(f"left out, because nothing they import or name has changed: {folder} ({count} files)", file=sys.stderr)
    print("\n".join(affected))
    return 0


def affected_tests(changed: Iterable[str]) -> list[str]:
    """Return the test files that depend on changed files, by their paths in the repository."""
    changed = [*changed]
    if not all(_is_narrow(file) for file in changed):
        return test_files()
    return [file for file in test_files() if _ALWAYS.match(file) or any(_depends(file, change) for change in changed)]


def test_files() -> list[str]:
    return sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("test_*.py"))


def _is_narrow(file: str) -> bool:
    """Return whether only tests that import or name a changed file depend on it."""
    if _FIXTURE_FILES.search(file) or not (ROOT / file).is_file():  # what imported a removed file is unknown
        return False
    return file.startswith(NARROW) or ("/" not in file and file.endswith(".md"))


def _depends(test: str, changed: str) -> bool:
    closure = _closure(test)
    if changed in closure or _names(changed) & _texts(test, of_paths=changed.endswith(".md")):
        return True
    if changed.startswith((_REVIEW, _COMMANDS)):
        # A layer is a unit, because some of its files are imported by name and some are data.
        layer = _REVIEW if changed.startswith(_REVIEW) else _COMMANDS
        return any(file.startswith(layer) for file in closure)
    # Helpers and data of a folder of tests belong to all of its tests.
    is_helper = changed.startswith("tests/") and not Path(changed).match("test_*.py")
    return is_helper and Path(test).parts[1] == Path(changed).parts[1]


def _names(file: str) -> set[str]:
    """Return the words that name a file or one of its folders in the text of a test."""
    path = Path(file)
    if file.startswith((_REVIEW, _COMMANDS)):
        return {path.parts[2], "make", "scripts"}  # targets and the scripts of workflows start any command
    if path.suffix == ".md":
        return {*path.parts, "*.md"} - {"tests"}
    if path.suffix == ".py" and path.parts[0] == "tests":
        return set()
    return {*_WORD.findall(" ".join([*path.parts[:-1], path.stem]))} - {"tests", "__init__", "__main__"}


def _texts(test: str, *, of_paths: bool) -> set[str]:
    """Return the words in the strings of a test file and of the helpers that it imports, or the parts of their paths.

    Pages are named by paths: messages name pages as well, without reading them.
    """
    # tests/order.py names files to order them.
    files = [file for file in _closure(test) if not file.startswith("modules/") and file != "tests/order.py"]
    return {word for file in files for word in (_path_words if of_paths else _words)(file)}


@cache
def _closure(test: str) -> frozenset[str]:
    """Return the files that a file imports, directly or not, with those of the fixtures that it names."""
    found: set[str] = set()
    waiting = [test]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported_files(file)
            if file.startswith("tests/"):
                waiting += [fixtures for fixtures in _fixture_files(file) if _fixtures(fixtures) & _arguments(file)]
    return frozenset(found)


def _fixture_files(file: str) -> Iterator[str]:
    folder = (ROOT / file).parent
    while folder != ROOT:
        yield from (
            path.relative_to(ROOT).as_posix() for path in folder.glob("*.py") if _FIXTURE_FILES.search(path.name)
        )
        folder = folder.parent


@cache
def _imported_files(file: str) -> frozenset[str]:
    return frozenset(found for module in _modules(file) if (found := _file_of(module)))


@cache
def _file_of(module: str) -> str | None:
    """Return the file of a dotted name, which can be a module, a package or something in one of them."""
    parts = module.split(".")
    root = "modules" if parts[0] == "protected_endpoints" else "."
    if parts[0] not in (*_CODE, "protected_endpoints"):
        return None
    for length in range(len(parts), 0, -1):
        path = ROOT.joinpath(root, *parts[:length])
        for candidate in (path.with_suffix(".py"), path / "__init__.py"):
            if candidate.is_file():
                return candidate.relative_to(ROOT).as_posix()
    return None


@cache
def _nodes(file: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))))


@cache
def _modules(file: str) -> frozenset[str]:
    """Return the dotted names that a file imports, wherever in the file, or runs by name: modules and commands."""
    names = {text for text in _strings(file) if _RUN_MODULE.fullmatch(text)}
    for node in _nodes(file):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    if "subprocess" in names:
        commands = {text.replace("-", "_") for text in _strings(file)}
        names |= {f"protected_endpoints.commands.{name}" for name in commands if name.isidentifier()}
    return frozenset(names)


@cache
def _strings(file: str) -> frozenset[str]:
    """Return the strings of a file, except for docstrings."""
    nodes = _nodes(file)
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return frozenset(
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    )


@cache
def _words(file: str) -> frozenset[str]:
    return frozenset(_WORD.findall("\n".join(_strings(file))))


@cache
def _path_words(file: str) -> frozenset[str]:
    paths = [text for text in _strings(file) if not re.search(r"\s", text)]
    return frozenset(part for path in paths for part in path.split("/"))


@cache
def _fixtures(file: str) -> frozenset[str]:
    return frozenset(node.name for node in _nodes(file) if isinstance(node, ast.FunctionDef))


@cache
def _arguments(file: str) -> frozenset[str]:
    return frozenset(node.arg for node in _nodes(file) if isinstance(node, ast.arg))


def _merge_base() -> str | None:
    """Return the commit at which the branch began, on main itself the last one; None in a clone without main."""
    for branch in ("origin/main", "main"):
        found = subprocess.run(
            ["git", "merge-base", "HEAD", branch], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if found.returncode == 0:
            return found.stdout.strip()
    return None


def _changed_files(base: str) -> list[str]:
    """Return the files that were changed, added or removed since a commit, committed or not."""
    untracked = ["ls-files", "--others", "--exclude-standard"]
    # A renamed file is a removed one and an added one.
    return sorted({*_git("diff", "--name-only", "--no-renames", base), *_git(*untracked)})


def _git(*arguments: str) -> list[str]:
    command = ["git", "-c", "core.quotePath=false", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main())
