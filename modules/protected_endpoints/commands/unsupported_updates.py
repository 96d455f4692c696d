"""Refuse a deployment that would update an endpoint in a way that SageMaker does not support.

`make plan` and `make deploy` run it before Terraform, which would notice it during the apply only. It compares the
state with the synthesized stack: from instances to serverless inference, and to or from asynchronous inference.

Example:
  protected-endpoints unsupported-updates dev-kmeans

Exit code: 1 if an endpoint would be updated so.

"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.errors import CommandError
from protected_endpoints.review.analysis.inference_option import NEW_ENDPOINT, inference_option, refusal
from protected_endpoints.review.plan.resource_types import CONFIGURATION, ENDPOINT
from protected_endpoints.review.plan.synthesized import configured_arguments


def run(arguments: Sequence[str]) -> int:
    """Print a message for each endpoint of a stack that cannot be updated as configured."""
    parser = CommandParser("unsupported-updates", __doc__)
    parser.add_argument("stack", metavar="STACK", help="a synthesized stack")
    name = parser.parse_args(arguments).stack
    messages = [*_messages(name)]
    print("".join(f"{message}\n" for message in messages), end="", file=sys.stderr)
    return 1 if messages else 0


def _messages(name: str) -> Iterator[str]:
    try:
        stack = SynthesizedStack(name)
        recorded = stack.recorded()
    except CommandError:  # there is no state to read, and Terraform reports why
        return
    configured = configured_arguments(stack.content)
    deployed = {attributes["name"]: attributes for _, attributes in _instances(recorded, CONFIGURATION)}
    for address, endpoint in _instances(recorded, ENDPOINT):
        arguments = configured.get(address, {})
        if arguments.get("name") != endpoint["name"]:  # deleted or replaced, not updated
            continue
        reference = str(arguments.get("endpoint_config_name")).removeprefix("${").removesuffix(".name}")
        before = inference_option(deployed.get(endpoint["endpoint_config_name"]))
        after = inference_option(configured.get(reference))
        if before and after and (reason := refusal(before, after)):
            advice = NEW_ENDPOINT.rstrip(".")
            yield (
                f"{name}: endpoint {endpoint['name']} cannot be updated from {before} to {after}: {reason}; "
                f"{advice[0].lower()}{advice[1:]}"
            )


def _instances(recorded: list[dict[str, Any]], type_: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the address and the attributes of the resources of a type that Terraform keeps or updates."""
    for resource in recorded:
        if (resource["mode"], resource["type"]) == ("managed", type_):
            for instance in resource["instances"]:
                if "deposed" not in instance and instance.get("status") != "tainted":  # deleted or replaced
                    yield f"{type_}.{resource['name']}", instance["attributes"]
