"""Admit a synthesized folder: its files, its manifest, and the Terraform JSON of each stack."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from protected_endpoints.review.admission import shapes
from protected_endpoints.review.admission.admitted import Admitted
from protected_endpoints.review.admission.grammar import grammar
from protected_endpoints.review.admission.own_stack import manifest_problems, own_stack_problems
from protected_endpoints.review.admission.stack import stack_problems
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.files import parse_json
from protected_endpoints.review.plan.node import is_nested_too_deeply
from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.plan.plan import Unreadable

FOLDER = "folder"  # instead of a stack, for what belongs to none; names of stacks have a hyphen
STACK_FILE = "cdk.tf.json"
_LOCK_FILE, _MANIFEST, _STACKS = ".terraform.lock.hcl", "manifest.json", "stacks"
_MAX_BYTES = 20_000_000  # of a file; a stack of this project has less than a hundredth of it
_LOCK = re.compile(
    r'(?:#[^\n]*\n|\n)*provider "registry\.(?:terraform\.io|opentofu\.org)/hashicorp/aws" \{\n'
    r'  version     = "[\w.-]+"\n(?:  constraints = "[^"$%\\\n]*"\n)?'
    r'  hashes = \[\n(?:    "(?:h1|zh):[\w+/=]+",\n)*  \]\n\}\n*'
)
_UNKNOWN_FILE = "this project writes no such file"


def folder_problems(folder: Path, admitted: Sequence[Admitted] = ()) -> dict[str, list[NotAdmitted]]:
    """Return what this project does not write in a `cdktf.out`: by stack, and under `FOLDER` for the rest of it.

    A stack without problems has an empty list. Raises `Unreadable` if the folder cannot be read.
    """
    problems: dict[str, list[NotAdmitted]] = {FOLDER: []}
    for path in _entries(folder):
        if path.name == _STACKS and _is_folder(path):
            for stack in _entries(path):
                if _is_folder(stack):
                    problems[stack.name] = [*_stack_folder_problems(stack, admitted)]
                else:
                    problems[FOLDER].append(NotAdmitted(f"{_STACKS}/{stack.name}", "", _UNKNOWN_FILE))
        else:
            problems[FOLDER] += _file_problems(path, _is_known(path.name), admitted)
    return problems


def _stack_folder_problems(stack: Path, admitted: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    entries = _entries(stack)
    for path in entries:
        yield from _file_problems(path, _is_known(f"{_STACKS}/*/{path.name}"), admitted)
    if STACK_FILE not in {path.name for path in entries}:
        yield NotAdmitted(STACK_FILE, "", "missing: every stack has this file")


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        suggestion = f"create it with: cdktf synth --output {folder}"
        raise Unreadable(f"{folder}: cannot be read ({error.strerror}); {suggestion}") from None


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_known(pattern: str) -> bool:
    return pattern in grammar().files


def _file_problems(path: Path, is_known: bool, admitted: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    if path.is_symlink():
        yield NotAdmitted(path.name, "", "must be a regular file, got a symbolic link")
    elif not is_known or not path.is_file():
        yield NotAdmitted(f"{path.name}/" if path.is_dir() else path.name, "", _UNKNOWN_FILE)
    elif path.stat().st_size > _MAX_BYTES:
        yield NotAdmitted(path.name, "", f"must have at most {_MAX_BYTES // 1_000_000} MB")
    else:
        yield from _content_problems(path, admitted)


def _content_problems(path: Path, admitted: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    try:
        text = path.read_bytes().decode("utf-8")
        content = parse_json(text) if path.suffix == ".json" else None
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read ({error.strerror}); synthesize again") from None
    except RecursionError:
        yield NotAdmitted(path.name, "", "is nested too deeply")
    except ValueError as error:
        yield NotAdmitted(path.name, "", f"must be valid JSON in UTF-8, got the error {code(error)}")
    else:
        yield from _text_problems(path, text, content, admitted)


def _text_problems(path: Path, text: str, content: Any, admitted: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    name = path.name
    if name == _LOCK_FILE:
        if not _LOCK.fullmatch(text):
            provider = code("registry.terraform.io/hashicorp/aws")
            yield NotAdmitted(name, "", f"must lock the provider {provider} and no other")
    elif is_nested_too_deeply(content):
        yield NotAdmitted(name, "", "is nested too deeply")
    elif name == _MANIFEST:
        for problem in shapes.problems(content, grammar().manifest):
            yield NotAdmitted(name, problem.path, problem.message)
        yield from manifest_problems(content)
    else:
        yield from stack_problems(content, admitted)
        yield from own_stack_problems(content, path.parent.name)
