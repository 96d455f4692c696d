"""Edits of the Terraform JSON of a stack, for changes that this project cannot synthesize."""

import json
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Change = Callable[[Json], None]


def resource(stack: Json, address: str) -> Json:
    """Return the arguments of a resource; its ID may omit the hash that CDKTF adds."""
    kind, _, id_ = address.partition(".")
    by_id: dict[str, Json] = stack["resource"][kind]
    if id_ in by_id:
        return by_id[id_]
    (arguments,) = (arguments for key, arguments in by_id.items() if key.startswith(f"{id_}_"))
    return arguments


def set_arguments(address: str, **arguments: Any) -> Change:
    """Return a change of arguments."""
    return lambda stack: resource(stack, address).update(arguments)


def remove_arguments(address: str, *arguments: str) -> Change:
    """Return a change that removes arguments."""

    def change(stack: Json) -> None:
        for argument in arguments:
            del resource(stack, address)[argument]

    return change


def edit_statements(address: str, edit: Callable[[list[Json]], None], attribute: str = "policy") -> Change:
    """Return a change of the statements of a policy."""

    def change(stack: Json) -> None:
        arguments = resource(stack, address)
        document = json.loads(arguments[attribute])
        edit(document["Statement"])
        arguments[attribute] = json.dumps(document, sort_keys=True)

    return change


def remove_resources(*addresses: str) -> Change:
    """Return a change that removes resources, and the explicit dependencies on them."""

    def change(stack: Json) -> None:
        for address in addresses:
            kind, _, id_ = address.partition(".")
            stack["resource"][kind] = {
                key: arguments
                for key, arguments in stack["resource"][kind].items()
                if key != id_ and not key.startswith(f"{id_}_")
            }
        stack["resource"] = {kind: by_id for kind, by_id in stack["resource"].items() if by_id}
        for by_id in stack["resource"].values():
            for arguments in by_id.values():
                dependencies = [
                    address for address in arguments.get("depends_on", ()) if not address.startswith(addresses)
                ]
                arguments.update({"depends_on": dependencies} if dependencies else {})
                if not dependencies:
                    arguments.pop("depends_on", None)

    return change


def remove_destroy_protection(stack: Json) -> None:
    """Allow Terraform to destroy the key and the bucket."""
    for address in ("aws_kms_key.Key", "aws_s3_bucket.Capture"):
        resource(stack, address).pop("lifecycle", None)


def move_resource(old: str, new: str) -> Change:
    """Return a change of the address of a resource, with its `moved` block."""

    def change(stack: Json) -> None:
        moved = json.loads(json.dumps(stack).replace(old, new))
        kind, _, id_ = old.partition(".")
        moved["resource"][kind][new.partition(".")[2]] = moved["resource"][kind].pop(id_)
        stack.clear()
        stack.update({**moved, "moved": [{"from": old, "to": new}]})

    return change


def all_of(*changes: Change) -> Change:
    """Return a change that applies several changes in order."""

    def apply(stack: Json) -> None:
        for change in changes:
            change(stack)

    return apply
