"""Rules about the parts of a plan that are no changes of resources: actions, checks, outputs, and deposed objects."""

import json
from collections.abc import Iterator

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.difference import differences
from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.markdown import code, escape
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.resource_types import CONFIGURATION, ENDPOINT, MODEL
from protected_endpoints.review.rules.registry import RuleResult, rule

_IDENTITIES = ("id", "arn")


@rule("account-unrestricted", "warn")
def account_unrestricted(context: ReviewContext) -> RuleResult:
    """An apply with the credentials of another account changes that account."""
    configuration = (context.plan.raw or {}).get("configuration")
    if configuration and not configuration.get("provider_config"):  # the grammar requires allowed_account_ids in it
        yield (
            "provider.aws",
            "The plan does not show `allowed_account_ids` of the AWS provider. Before you apply it, compare the "
            "account in its ARNs with that of `aws sts get-caller-identity`.",
        )


@rule("action-invoked", "block")
def action_invoked(context: ReviewContext) -> RuleResult:
    """An action does something in AWS that no resource shows, with the permissions of the deployer."""
    for invocation in context.plan.action_invocations:
        trigger = f" {escape(invocation.event)} of {code(invocation.trigger)}" if invocation.trigger else ""
        later = ", once Terraform knows its arguments" if invocation.is_deferred else ""
        arguments = code(json.dumps(invocation.arguments, sort_keys=True, default=str))
        yield (
            invocation.address,
            f"The apply invokes {code(invocation.type)}{trigger}{later}, with the arguments {arguments}. Remove the "
            "action and its trigger.",
        )


@rule("check-not-passed", "warn")
def check_not_passed(context: ReviewContext) -> RuleResult:
    """A failing check block is a warning of Terraform: it does not stop the apply."""
    for check in context.plan.checks:
        problems = f": {escape('; '.join(check.problems))}" if check.problems else ""
        if check.status == "unknown":
            yield check.address, "The check is decided during the apply, which continues if it fails."
        elif check.status != "pass":
            yield check.address, f"The check does not pass{problems}. The apply continues nevertheless."


@rule("output-exposed", "warn")
def output_exposed(context: ReviewContext) -> RuleResult:
    """Everyone who reads a plan, the state or the log of an apply can read an output that is not sensitive."""
    for name in context.plan.exposed_outputs:
        yield f"output.{name}", "The output is no longer sensitive: every later plan and apply prints its value."


@rule("deposed-in-use", "block")
def deposed_in_use(context: ReviewContext) -> RuleResult:
    """AWS deletes by name: to delete the object that a failed apply left can delete the one that is used."""
    used = [*_names_in_use(context)]
    for deposed in context.plan.deposed:
        if deposed.is_removed_from_state:
            continue
        if any(_is_same(deposed, change) for change in context.plan.of_type(deposed.type)):
            yield (
                deposed.address,
                "The apply deletes what a failed apply left, and the resource of the plan is the same one in AWS. "
                f"Remove both from the state with {code(f'terraform state rm {deposed.address}')}, import the resource "
                "again (`make recover`), and plan again.",
            )
        elif (deposed.type, deposed.value_before("name")) in used:
            yield (
                deposed.address,
                f"The apply deletes what a failed apply left: {code(deposed.value_before('name'))}, which an endpoint "
                "uses.",
            )
        elif deposed.type == ENDPOINT:
            yield (
                deposed.address,
                f"The apply deletes the endpoint {code(deposed.value_before('name'))}, which a failed apply left. "
                "Requests to it fail.",
            )


@rule("import-changed", "warn")
def import_changed(context: ReviewContext) -> RuleResult:
    """A resource that something else created may be in use there, and Terraform changes it."""
    for change in context.plan.changes:
        if change.is_imported and not change.is_unchanged and not _has_only_tags(change):
            verb = "replaces" if change.is_replaced else "changes"
            identity = next((value for key in _IDENTITIES if isinstance(value := change.value_before(key), str)), "")
            which = f" {code(identity)}" if identity else ""
            yield change.address, f"The existing resource{which} is imported, and the apply {verb} it."


def _has_only_tags(change: Change) -> bool:
    paths = differences(change.before, change.after)
    return not change.is_replaced and all(path.startswith("tags") for path in paths)


def _is_same(deposed: Change, change: Change) -> bool:
    """Return whether a resource that exists after the plan is in AWS the same as the deposed object."""
    if change.after is None or change.is_deleted or change.is_removed_from_state:
        return False
    keys = (*_IDENTITIES, "name") if deposed.type in (CONFIGURATION, ENDPOINT, MODEL) else _IDENTITIES
    return any(
        isinstance(value := deposed.value_before(key), str) and value and value == change.value_after(key)
        for key in keys
    )


def _names_in_use(context: ReviewContext) -> Iterator[tuple[str, object]]:
    """Yield the type and name of the configurations and models that the endpoints of the plan use after it."""
    names = [
        endpoint.change.value_after("endpoint_config_name") for endpoint in context.endpoints if endpoint.change.after
    ]
    for configuration in context.plan.of_type(CONFIGURATION):
        if configuration.value_after("name") in names:
            yield from ((MODEL, variant.get("model_name")) for variant in variants(configuration.after))
    yield from ((CONFIGURATION, name) for name in names)
