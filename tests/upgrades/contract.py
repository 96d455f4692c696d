"""What an upgrade must not change in a stack: where its state is, and the addresses and names of its resources."""

import json
import re
from pathlib import Path
from typing import Any

RELEASES = Path(__file__).parent / "releases"
RESOURCES = "resources.json"

Json = dict[str, Any]

# Arguments that AWS knows a resource by, or by which Terraform finds it. Another value is another resource.
_NAMES = ("name", "name_prefix", "bucket", "role", "key", "dashboard_name", "topic_arn", "resource_id", "policy_arn")
# The end of the name of an inline policy is a hash of its content, which Terraform replaces in the right order.
_CONTENT_HASH = re.compile(r"-[0-9a-f]{10}-$")


def stacks_of(outdir: Path) -> dict[str, Json]:
    """Return the contract of every stack in a synthesized folder."""
    return {file.parent.name: _contract(json.loads(file.read_text())) for file in outdir.glob("stacks/*/cdk.tf.json")}


def _contract(stack: Json) -> Json:
    state = {kind: stack["terraform"][kind] for kind in ("backend", "cloud") if kind in stack["terraform"]}
    return {"state": state, "resources": _resources(stack)}


def _resources(stack: Json) -> dict[str, dict[str, str]]:
    return {
        f"{type_}.{name}": {
            argument: _CONTENT_HASH.sub("-", str(arguments[argument])) for argument in _NAMES if argument in arguments
        }
        for type_, resources in sorted(stack["resource"].items())
        for name, arguments in sorted(resources.items())
    }


def changes(before: Json, after: Json, moves: dict[str, str]) -> list[str]:
    """Return how the stack of a release differs in what must not change.

    Args:
        before: the contract of the stack in the release.
        after: the contract of the stack today.
        moves: new addresses by old ones, from the `moved` blocks of the stack today.

    """
    found = [] if before["state"] == after["state"] else [f"the state is {after['state']}, was {before['state']}"]
    for address, names in before["resources"].items():
        now = after["resources"].get(moves.get(address, address))
        if now is None:
            found.append(f"{address} is gone; Terraform would destroy it")
        elif now != names:
            found.append(f"{address} is named {now}, was {names}")
    return found
