"""Refuse a deployment that would update an endpoint in a way that SageMaker does not support, or replace it.

`make plan` and `make deploy` run it before Terraform, which would notice it during the apply only. It compares the
state with the synthesized stack: from instances to serverless inference, to or from asynchronous inference, changes of
`deployment_config` that an endpoint cannot get, and models that exist under another address.
It prints what an endpoint keeps instead of the default.

Example:
  protected-endpoints unsupported-updates dev-kmeans

Exit code: 1 if an endpoint would be updated so.

"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.commands.rollout_updates import RolloutUpdate
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.errors import CommandError
from protected_endpoints.review.analysis.inference_option import NEW_ENDPOINT, inference_option, refusal
from protected_endpoints.review.plan.resource_types import CONFIGURATION, ENDPOINT, MODEL
from protected_endpoints.review.plan.synthesized import configured_arguments
from protected_endpoints.review.plan.values import Json, as_dict, as_list

_ALARM = "aws_cloudwatch_metric_alarm"


def run(arguments: Sequence[str]) -> int:
    """Print a message for each endpoint of a stack that cannot be updated as configured."""
    parser = CommandParser("unsupported-updates", __doc__)
    parser.add_argument("stack", metavar="STACK", help="a synthesized stack")
    name = parser.parse_args(arguments).stack
    try:
        stack = SynthesizedStack(name)
        recorded, content = stack.recorded(), stack.content
    except CommandError:  # there is no state to read, and Terraform reports why
        return 0
    updates = [*_updates(recorded, content)]
    refused = [message for update in updates for message in _refusals(update)]
    if updates:
        refused += _existing_models(recorded, content)
    messages = refused or [note for update in updates for note in update.notes()]
    print("".join(f"{name}: {message}\n" for message in messages), end="", file=sys.stderr)
    return 1 if refused else 0


def _refusals(update: RolloutUpdate) -> list[str]:
    before, after = (inference_option(side) for side in (update.configuration_before, update.configuration_after))
    if before and after and (reason := refusal(before, after)):
        advice = NEW_ENDPOINT.rstrip(".")
        return [
            f"endpoint {update.name} cannot be updated from {before} to {after}: {reason}; "
            f"{advice[0].lower()}{advice[1:]}"
        ]
    return [*update.refusals()]


def _existing_models(recorded: list[dict[str, Any]], content: Json) -> Iterator[str]:
    """Yield the models that Terraform would create before it deletes the one of the same name.

    The address of a model changes between `image` of the endpoint and `models`, its name with its content alone.
    """
    existing = {attributes["name"]: address for address, attributes in _instances(recorded, MODEL)}
    for address, arguments in configured_arguments(content).items():
        name = arguments.get("name")
        if address.startswith(f"{MODEL}.") and existing.get(name, address) != address:
            yield (
                f"model {name} exists as {existing[name]}, and Terraform would create it again as {address}, which "
                f"SageMaker refuses; raise revision of [{_table(content)}], which changes its name"
            )


def _updates(recorded: list[dict[str, Any]], content: Json) -> Iterator[RolloutUpdate]:
    """Yield the endpoints that are in the state and in the stack under the same name."""
    configured = configured_arguments(content)
    in_state = {
        address: attributes for type_ in _types(recorded) for address, attributes in _instances(recorded, type_)
    }
    # After an update that was rolled back, the endpoint serves a configuration that is still to be deleted.
    configurations = {
        instance["attributes"]["name"]: instance["attributes"]
        for resource in recorded
        if resource["type"] == CONFIGURATION
        for instance in resource["instances"]
    }
    alarms = {attributes["alarm_name"] for _, attributes in _instances(recorded, _ALARM)}
    kept = {arguments.get("alarm_name") for arguments in configured.values()}
    for address, endpoint in _instances(recorded, ENDPOINT):
        arguments = configured.get(address, {})
        if arguments.get("name") != endpoint["name"]:  # deleted or replaced, not updated
            continue
        reference = str(arguments.get("endpoint_config_name")).removeprefix("${").removesuffix(".name}")
        lifecycle = as_dict(
            as_dict(content["resource"][ENDPOINT][address.removeprefix(f"{ENDPOINT}.")]).get("lifecycle")
        )
        yield RolloutUpdate(
            name=endpoint["name"],
            table=_table(content),
            recorded=endpoint,
            configured=arguments,
            is_ignored="deployment_config" in as_list(lifecycle.get("ignore_changes")),
            configuration_before=as_dict(configurations.get(endpoint["endpoint_config_name"])),
            configuration_after=as_dict(configured.get(reference)),
            deleted_alarms=frozenset(alarms - kept),
            has_failed=any(
                "deposed" in instance
                for resource in recorded
                if resource["type"] == CONFIGURATION
                for instance in resource["instances"]
            ),
            resources={address: {**in_state.get(address, {}), **known} for address, known in configured.items()},
        )


def _types(recorded: list[dict[str, Any]]) -> set[str]:
    return {resource["type"] for resource in recorded}


def _table(content: Json) -> str:
    """Return the name of the table of the endpoint in `endpoints.toml`."""
    return f"endpoints.{_tags(content).get('endpoint', 'NAME')}"


def _tags(content: Json) -> Json:
    """Return the tags of every resource of a stack."""
    (provider,) = as_list(as_dict(content.get("provider")).get("aws")) or [{}]
    (tags,) = as_list(as_dict(provider).get("default_tags")) or [{}]
    return as_dict(as_dict(tags).get("tags"))


def _instances(recorded: list[dict[str, Any]], type_: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the address and the attributes of the resources of a type that Terraform keeps or updates."""
    for resource in recorded:
        if (resource["mode"], resource["type"]) == ("managed", type_):
            for instance in resource["instances"]:
                if "deposed" not in instance and instance.get("status") != "tainted":  # deleted or replaced
                    yield f"{type_}.{resource['name']}", instance["attributes"]
