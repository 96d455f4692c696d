"""Compare a stack, its state and the account: what can be imported, what is tainted, and what is orphaned."""

import json
from dataclasses import dataclass, field
from typing import Any

from protected_endpoints.commands.recover import import_ids
from protected_endpoints.commands.recover.account import AwsAccount
from protected_endpoints.commands.recover.declared import DeclaredStack, Resource
from protected_endpoints.commands.recover.state_copy import Copy

Recorded = list[dict[str, Any]]


@dataclass(frozen=True)
class Orphan:
    """A resource with the stack's names or tags that is in no state, with a command that deletes it."""

    description: str
    command: str


@dataclass
class Findings:
    """The changes that a state needs, by resource address, and what they leave out."""

    untainted: list[str] = field(default_factory=list)
    imported: dict[str, str] = field(default_factory=dict)
    orphans: list[Orphan] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def changes_the_state(self) -> bool:
        return bool(self.untainted or self.imported)


def find(copy: Copy, stack: DeclaredStack, account: AwsAccount) -> Findings:
    """Untaint and import resources in the copy of the state, and return the result.

    An import decides whether a resource exists, because Terraform reads it then as it does in a plan.
    """
    findings = Findings(untainted=copy.tainted())
    for address in findings.untainted:
        copy.capture("untaint", address)
    recorded = copy.recorded()
    present, deposed = _present(recorded), _deposed(recorded)
    foreign: set[str] = set()
    # A resource that is part of another one comes after it, and is skipped where that one does not exist.
    for resource in sorted(stack.resources, key=lambda resource: _order(stack, resource)):
        if resource.address in present:
            continue
        if not present.issuperset(holder.address for holder in import_ids.holders(stack, resource)):
            continue
        try:
            id_ = import_ids.import_id(stack, resource, account, deposed.get(resource.address, ()))
        except import_ids.Unknown as unknown:
            findings.unknown.append(str(unknown))
            continue
        if any(referenced.address in foreign for referenced in stack.referenced(resource, tuple(resource.arguments))):
            continue
        if id_ and copy.imports(resource.address, id_):
            if not belongs_to(stack, resource, copy.recorded()):
                copy.capture("state", "rm", resource.address)
                foreign.add(resource.address)
                findings.unknown.append(
                    f"{resource.address}: {id_} exists without the tags of this stack, so it is not imported; "
                    "rename one of the two"
                )
                continue
            present.add(resource.address)
            findings.imported[resource.address] = id_
    if not foreign:  # otherwise, resources with these names belong to another stack and are not orphans
        findings.orphans = orphans(stack, account, managed_ids(copy.recorded()))
    return findings


def orphans(stack: DeclaredStack, account: AwsAccount, managed: set[str]) -> list[Orphan]:
    """Return the resources with the stack's names or tags that are not in its state, not even to be deleted."""
    return [
        *_orphaned_keys(stack, account, managed),
        *_orphaned_configurations(stack, account, managed),
        *_orphaned_inline_policies(stack, account, managed),
        *_conflicting_models(stack, account, managed),
        *_unmanaged_components(stack, account, managed),
    ]


def managed_ids(recorded: Recorded) -> set[str]:
    """Return the ids and names of every resource in a state, including those to be deleted."""
    return {
        str(instance["attributes"].get(attribute))
        for resource in recorded
        for instance in resource["instances"]
        for attribute in ("id", "name")
    }


def _present(recorded: Recorded) -> set[str]:
    return {
        f"{resource['type']}.{resource['name']}"
        for resource in recorded
        if resource["mode"] == "managed" and any("deposed" not in instance for instance in resource["instances"])
    }


def _order(stack: DeclaredStack, resource: Resource) -> tuple[int, int]:
    """Sort resources after those that they are part of, and an alias after its key."""
    return len(import_ids.holders(stack, resource)), len([*stack.referenced(resource, tuple(resource.arguments))])


def belongs_to(stack: DeclaredStack, resource: Resource, recorded: Recorded) -> bool:
    """Return whether no tag names another stack: acme + dev-x + y and acme-dev + x + y have the same names.

    A bucket is tagged after its creation, so an interrupted run may leave it without tags.
    """
    (instance,) = (
        instance
        for record in recorded
        if record["mode"] == "managed" and (record["type"], record["name"]) == (resource.type, resource.name)
        for instance in record["instances"]
        if "deposed" not in instance
    )
    attributes = instance["attributes"]
    if "tags_all" not in attributes:
        return True
    tags = attributes["tags_all"] or {}
    if resource.type == "aws_s3_bucket" and not tags:
        return True
    return all(tags.get(name) == stack.tags.get(name) for name in ("project", "environment", "endpoint"))


def _deposed(recorded: Recorded) -> dict[str, list[str]]:
    """Return by address the ids that an interrupted replacement left to be deleted, maybe the only ones recorded."""
    return {
        f"{resource['type']}.{resource['name']}": [
            str(instance["attributes"].get("id")) for instance in resource["instances"] if "deposed" in instance
        ]
        for resource in recorded
    }


def _orphaned_keys(stack: DeclaredStack, account: AwsAccount, managed: set[str]) -> list[Orphan]:
    return [
        Orphan(
            f"key {id_}: has the tags of this stack but is not in its state; data may be encrypted with it",
            f"aws kms schedule-key-deletion --region {stack.region} --key-id {id_} --pending-window-in-days 30",
        )
        for resource in stack.of_type("aws_kms_key")
        for id_ in import_ids.keys(stack, resource, account)
        if id_ not in managed
    ]


def _orphaned_configurations(stack: DeclaredStack, account: AwsAccount, managed: set[str]) -> list[Orphan]:
    used = {*managed, *import_ids.used_configurations(stack, account)}
    return [
        Orphan(
            f"endpoint configuration {name}: the endpoint does not use it",
            f"aws sagemaker delete-endpoint-config --region {stack.region} --endpoint-config-name {name}",
        )
        for resource in stack.of_type("aws_sagemaker_endpoint_configuration")
        for name in import_ids.endpoint_configurations(stack, resource, account)
        if name not in used
    ]


def _orphaned_inline_policies(stack: DeclaredStack, account: AwsAccount, managed: set[str]) -> list[Orphan]:
    roles = {stack.text(resource, "role") for resource in stack.of_type("aws_iam_role_policy")}
    exclusive = {stack.text(resource, "role_name") for resource in stack.of_type("aws_iam_role_policies_exclusive")}
    return [
        Orphan(
            f"inline policy {name} of role {role}: grants permissions of an earlier version",
            "the next deploy deletes it"
            if role in exclusive
            else f"aws iam delete-role-policy --role-name {role} --policy-name {name}",
        )
        for role in sorted(roles)
        for name in account.inline_policies(role)
        if f"{role}:{name}" not in managed
    ]


def _conflicting_models(stack: DeclaredStack, account: AwsAccount, managed: set[str]) -> list[Orphan]:
    """Return models of an interrupted update: the state has the previous model, and the next apply would conflict."""
    return [
        Orphan(
            f"model {name}: created by an interrupted update; the next deploy would fail with AlreadyExists",
            f"raise revision of [endpoints.{stack.tags.get('endpoint')}], which changes the name of the model",
        )
        for name in (_name(stack, model) for model in stack.of_type("aws_sagemaker_model"))
        if name not in managed and account.has_model(name)
    ]


def _unmanaged_components(stack: DeclaredStack, account: AwsAccount, managed: set[str]) -> list[Orphan]:
    """Return inference components that exist outside of the state; the provider cannot import them."""
    states = [
        json.loads(resource.arguments["desired_state"]) for resource in stack.of_type(import_ids.INFERENCE_COMPONENT)
    ]
    names = [str(state["InferenceComponentName"]) for state in states]
    return [
        Orphan(
            f"inference component {name}: exists outside of the state; the next deploy would fail with its name",
            f"aws sagemaker delete-inference-component --region {stack.region} --inference-component-name {name}",
        )
        for name in names
        if (arn := account.inference_component_of(name)) and arn not in managed
    ]


def _name(stack: DeclaredStack, resource: Resource) -> str:
    return stack.text(resource, "name")
