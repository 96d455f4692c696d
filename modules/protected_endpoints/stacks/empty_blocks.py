"""A validation that no block of the Terraform JSON is empty.

jsii silently drops the snake_case keys of a Python dict inside a list. The result is an empty block, which Terraform
accepts: a bucket can lose its encryption this way.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsii
from cdktf import App
from constructs import IValidation

# Blocks that are valid although they are empty: resource type and name of the block. There are none yet.
ALLOWED_EMPTY_BLOCKS: frozenset[tuple[str, str]] = frozenset()


def validate_no_empty_blocks(app: App, stack: str) -> None:
    """Fail the synth if the stack with this id has an empty block."""
    validation = _validations.get(app)
    if validation is None:
        validation = _validations[app] = _NoEmptyBlocks(app)
        app.node.add_validation(validation)
    validation.stacks.append(stack)


@jsii.implements(IValidation)
class _NoEmptyBlocks:
    """A CDKTF validation of an app, which deletes the output of the stacks that fail.

    It reads the written files, because resolving each stack again takes a tenth of the time of a large synth.
    """

    def __init__(self, app: App) -> None:
        self.stacks: list[str] = []
        self._app = app

    def validate(self) -> list[str]:
        folder = Path(self._app.outdir) / "stacks"
        return [error for stack in self.stacks for error in _errors(folder / stack / "cdk.tf.json")]


# jsii keeps each app until the process ends, so this does not keep one longer.
_validations: dict[App, _NoEmptyBlocks] = {}


def _errors(file: Path) -> list[str]:
    errors = [
        f"{file.parent.name}: {type_}.{name}: {path} is an empty block; "
        "in a list, use the struct class of the bindings instead of a dict"
        for type_, resources in json.loads(file.read_text()).get("resource", {}).items()
        for name, resource in resources.items()
        for path, block in empty_blocks(resource)
        if (type_, block) not in ALLOWED_EMPTY_BLOCKS
    ]
    if errors:
        file.unlink()
    return errors


def empty_blocks(node: Any, path: str = "", block: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the name of every empty block inside a node."""
    if node == {}:
        yield path, block
    elif isinstance(node, dict):
        for key, child in node.items():
            if key != "//":
                yield from empty_blocks(child, f"{path}.{key}".lstrip("."), key)
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from empty_blocks(child, f"{path}[{index}]", block)
