"""The arguments of Terraform resources as the newest AWS bindings have them, and what in a stack contradicts them.

The bindings are generated from the schema of one version of the AWS provider. Their jsii description has its arguments
with their kinds, the required ones, and the attributes that only AWS sets. It lacks limits of the number of blocks
other than one, and the values that an argument accepts.
"""

import json
import re
import tarfile
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from protected_endpoints.bindings.subset_assembly import subset_assembly

Json = dict[str, Any]

_ASSEMBLY = "@cdktn/provider-aws"
_META_ARGUMENTS = {"//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"}
_BASES = {"cdktn.TerraformResource", "cdktn.TerraformDataSource", "cdktn.TerraformProvider"}
# Arguments that the generator of the bindings renames, because a class in JavaScript or Java cannot have the name.
_RENAMED = {"equal_to": "equals", "self_attribute": "self"}
_PYTHON_TYPES = {"string": (str,), "number": (int, float), "boolean": (bool,)}


class ProviderSchema:
    """The schema of the resources with these addresses: `aws_kms_key`, `data.aws_vpc` or `provider.aws`."""

    def __init__(self, archive: Path, addresses: Set[str]) -> None:
        submodules = {address: f"{_ASSEMBLY}.{_submodule(address)}" for address in addresses}
        with tarfile.open(subset_assembly(archive, {*submodules.values()})) as subset:
            file = subset.extractfile("package/.jsii")
            assert file
            self._types: dict[str, Json] = json.load(file)["types"]
        self._classes = {address: self._class(submodule) for address, submodule in submodules.items()}

    def _class(self, submodule: str) -> str:
        (name,) = (
            name for name, type_ in self._types.items() if type_.get("base") in _BASES and _is_in(submodule, name)
        )
        return name

    def problems(self, address: str, arguments: Mapping[str, Any]) -> Iterator[str]:
        """Yield what in the arguments of a resource contradicts the schema."""
        values = {name: value for name, value in arguments.items() if name not in _META_ARGUMENTS}
        class_ = self._classes[address]
        yield from self._block(values, address, f"{class_}Config", class_)

    def attributes(self, address: str) -> Set[str]:
        """Return the names that can follow the address of a resource in an expression."""
        return self._properties(self._classes[address]).keys()

    def _properties(self, name: str) -> dict[str, Json]:
        return {_argument(item["name"]): item for item in self._types[name].get("properties", [])}

    def _block(self, block: Any, path: str, struct: str, class_: str) -> Iterator[str]:
        if not isinstance(block, dict):
            yield f"{path}: must be a block, got {block!r}"
            return
        arguments = self._properties(struct)
        for name in sorted(block.keys() - arguments.keys()):
            is_computed = class_ in self._types and name in self._properties(class_)
            yield f"{path}.{name}: {'only AWS sets it' if is_computed else 'unknown argument'}"
        for name, argument in arguments.items():
            if name in block:
                yield from self._value(block[name], f"{path}.{name}", argument["type"])
            elif not argument.get("optional"):
                yield f"{path}.{name}: required"

    def _value(self, value: Any, path: str, type_: Json) -> Iterator[str]:
        if isinstance(value, str) and value.startswith("${"):
            return  # the value of an expression is known to Terraform alone
        match type_:
            case {"union": {"types": forms}}:  # a value, and the token of one
                yield from min(([*self._value(value, path, form)] for form in forms if not _is_token(form)), key=len)
            case {"fqn": struct}:
                blocks = value if isinstance(value, list) else [value]
                if len(blocks) > 1:
                    yield f"{path}: must be one block, got {len(blocks)}"
                for block in blocks:
                    yield from self._block(block, path, struct, f"{struct}OutputReference")
            case {"collection": {"kind": "array", "elementtype": element}}:
                yield from self._list(value, path, element)
            case {"collection": {"elementtype": element}} if isinstance(value, dict):
                for key, item in value.items():
                    yield from self._value(item, f"{path}[{key!r}]", element)
            case {"primitive": primitive} if type(value) in _PYTHON_TYPES[primitive]:
                return
            case _:
                yield f"{path}: must be {type_.get('primitive', 'a map')}, got {value!r}"

    def _list(self, value: Any, path: str, element: Json) -> Iterator[str]:
        if isinstance(value, dict) and "fqn" in element:
            value = [value]  # Terraform accepts an object for one block
        if not isinstance(value, list):
            yield f"{path}: must be a list, got {value!r}"
            return
        for index, item in enumerate(value):
            yield from self._value(item, f"{path}[{index}]", element)


def _submodule(address: str) -> str:
    """Return the submodule of a resource: `kmsKey`, `dataAwsVpc` or `provider`."""
    first, *rest = {"provider.aws": "provider"}.get(address, address.removeprefix("aws_").replace(".", "_")).split("_")
    return first + "".join(part.capitalize() for part in rest)


def _is_in(submodule: str, name: str) -> bool:
    return name.rpartition(".")[0] == submodule


def _is_token(form: Json) -> bool:
    return form.get("fqn") == "cdktn.IResolvable"


def _argument(property_: str) -> str:
    """Return the name in Terraform of a property: `kms_key_id` of `kmsKeyId`."""
    name = re.sub(r"(?<=[a-z0-9])[A-Z]", lambda match: f"_{match[0]}", property_).lower()
    return _RENAMED.get(name, name)
