"""A check that nothing was lost on the way to Terraform JSON.

A Python dict inside a list loses its snake_case keys on the way through jsii without a word, and what is left is an
empty block, which Terraform accepts: the encryption of a bucket can vanish like this.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsii
from cdktf import App
from constructs import IValidation

# Blocks that mean something although they are empty, by the resource type and the name of the block. None so far.
MEANT_TO_BE_EMPTY: frozenset[tuple[str, str]] = frozenset()


def refuse_empty_blocks(app: App, stack: str) -> None:
    """Fail the synth if the stack of this id is written with an empty block."""
    validation = _validations.get(app)
    if validation is None:
        validation = _validations[app] = _NoEmptyBlocks(app)
        app.node.add_validation(validation)
    validation.stacks.append(stack)


@jsii.implements(IValidation)
class _NoEmptyBlocks:
    """Define a validation of an app, which removes the stacks that it finds fault with.

    It looks at what was written: to resolve each stack for it would take a tenth of a synth of many stacks.
    """

    def __init__(self, app: App) -> None:
        self.stacks: list[str] = []
        self._app = app

    def validate(self) -> list[str]:
        folder = Path(self._app.outdir) / "stacks"
        return [error for stack in self.stacks for error in _errors(folder / stack / "cdk.tf.json")]


# jsii keeps each app for the life of the process; so does this.
_validations: dict[App, _NoEmptyBlocks] = {}


def _errors(file: Path) -> list[str]:
    found = [
        f"{file.parent.name}: {type_}.{name}: {path} is empty; "
        "was a dict given in a list, where a struct class is needed?"
        for type_, named in json.loads(file.read_text()).get("resource", {}).items()
        for name, resource in named.items()
        for path, block in empty_blocks(resource)
        if (type_, block) not in MEANT_TO_BE_EMPTY
    ]
    if found:
        file.unlink()
    return found


def empty_blocks(node: Any, path: str = "", block: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the name of every empty block below a node."""
    if node == {}:
        yield path, block
    elif isinstance(node, dict):
        for key, child in node.items():
            if key != "//":
                yield from empty_blocks(child, f"{path}.{key}".lstrip("."), key)
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from empty_blocks(child, f"{path}[{index}]", block)
