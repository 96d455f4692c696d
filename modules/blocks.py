"""A check that nothing was lost on the way to Terraform JSON.

A Python dict inside a list loses its snake_case keys on the way through jsii without a word, and what is left is an
empty block, which Terraform accepts: the encryption of a bucket can vanish like this.
"""

from collections.abc import Iterator
from typing import Any

import jsii
from cdktf import TerraformStack
from constructs import IValidation

# Blocks that mean something although they are empty, by the resource type and the name of the block. None so far.
MEANT_TO_BE_EMPTY: frozenset[tuple[str, str]] = frozenset()


@jsii.implements(IValidation)
class NoEmptyBlocks:
    """Define a validation that fails the synth of a stack which has an empty block."""

    def __init__(self, stack: TerraformStack) -> None:
        self._stack = stack

    def validate(self) -> list[str]:
        resources = self._stack.to_terraform().get("resource", {})
        return [
            f"{type_}.{name}: {path} is empty; was a dict given in a list, where a struct class is needed?"
            for type_, named in resources.items()
            for name, resource in named.items()
            for path, block in empty_blocks(resource)
            if (type_, block) not in MEANT_TO_BE_EMPTY
        ]


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
