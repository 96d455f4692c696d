"""What a killed run left: what can be imported, what is tainted, and what no stack needs any more."""

from dataclasses import dataclass, field
from typing import Any

from protected_endpoints.commands.recover import import_ids
from protected_endpoints.commands.recover.account import AwsAccount
from protected_endpoints.commands.recover.declared import DeclaredStack, Resource
from protected_endpoints.commands.recover.state_copy import Copy

Recorded = list[dict[str, Any]]


@dataclass(frozen=True)
class Orphan:
    """Something that exists under the stack's names or tags and that nothing manages, with a command to remove it."""

    what: str
    command: str


@dataclass
class Findings:
    """What there is to do about a stack, each by its address."""

    untainted: list[str] = field(default_factory=list)
    imported: dict[str, str] = field(default_factory=dict)
    orphans: list[Orphan] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def changes_the_state(self) -> bool:
        return bool(self.untainted or self.imported)


def find(copy: Copy, stack: DeclaredStack, account: AwsAccount) -> Findings:
    """Untaint and import in the copy what there is, and return what was found.

    Whether something exists is asked by importing it, because Terraform then looks as it will look in a plan.
    """
    findings = Findings(untainted=copy.tainted())
    for address in findings.untainted:
        copy.capture("untaint", address)
    recorded = copy.recorded()
    present, deposed = _present(recorded), _deposed(recorded)
    foreign: set[str] = set()
    # What is a part of something else comes after it, and is not looked for where that is missing.
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
                    f"{resource.address}: {id_} has not this stack's tags, so it is left alone; "
                    "give one of the two another name"
                )
                continue
            present.add(resource.address)
            findings.imported[resource.address] = id_
    if not foreign:  # what has the names is another's then, and must not be called an orphan
        findings.orphans = orphans(stack, account, managed_ids(copy.recorded()))
    return findings


def orphans(stack: DeclaredStack, account: AwsAccount, managed: set[str]) -> list[Orphan]:
    """Return what is the stack's by its name or tags and not in its state, also not to be deleted yet."""
    return [
        *_orphaned_keys(stack, account, managed),
        *_orphaned_configurations(stack, account, managed),
        *_orphaned_inline_policies(stack, account, managed),
        *_models_in_the_way(stack, account, managed),
    ]


def managed_ids(recorded: Recorded) -> set[str]:
    """Return the ids and names of everything in a state, of what is about to be deleted as well."""
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
    """Put holders first, and a key before the alias that names it."""
    return len(import_ids.holders(stack, resource)), len([*stack.referenced(resource, tuple(resource.arguments))])


def belongs_to(stack: DeclaredStack, resource: Resource, recorded: Recorded) -> bool:
    """Return whether no tag says that this is another stack's: acme + dev-x + y and acme-dev + x + y share names.

    A bucket is tagged after it was created, so that a killed run may leave it without any.
    """
    (instance,) = (
        instance
        for each in recorded
        if each["mode"] == "managed" and (each["type"], each["name"]) == (resource.type, resource.name)
        for instance in each["instances"]
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
    """Return by address the ids of what a killed replacement was about to delete, which may be all that is recorded."""
    return {
        f"{resource['type']}.{resource['name']}": [
            str(instance["attributes"].get("id")) for instance in resource["instances"] if "deposed" in instance
        ]
        for resource in recorded
    }


def _orphaned_keys(stack: DeclaredStack, account: AwsAccount, managed: set[str]) -> list[Orphan]:
    return [
        Orphan(
            f"key {id_}: has the tags of this stack and is not in its state; data may be encrypted with it",
            f"aws kms schedule-key-deletion --region {stack.region} --key-id {id_} --pending-window-in-days 30",
        )
        for resource in stack.of_type("aws_kms_key")
        for id_ in import_ids.keys(stack, resource, account)
        if id_ not in managed
    ]


def _orphaned_configurations(stack: DeclaredStack, account: AwsAccount, managed: set[str]) -> list[Orphan]:
    used = {*managed, *import_ids.served(stack, account)}
    return [
        Orphan(
            f"endpoint configuration {name}: the endpoint does not serve it",
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
            f"inline policy {name} of role {role}: grants what an earlier version needed",
            "the next deploy removes it"
            if role in exclusive
            else f"aws iam delete-role-policy --role-name {role} --policy-name {name}",
        )
        for role in sorted(roles)
        for name in account.inline_policies(role)
        if f"{role}:{name}" not in managed
    ]


def _models_in_the_way(stack: DeclaredStack, account: AwsAccount, managed: set[str]) -> list[Orphan]:
    """Return models that a killed update made: the state has the one before, and the next apply makes it again."""
    return [
        Orphan(
            f"model {name}: a killed update made it, and the next deploy would fail with AlreadyExists",
            f"raise revision of [endpoints.{stack.tags.get('endpoint')}], which gives the model another name",
        )
        for name in (_name(stack, model) for model in stack.of_type("aws_sagemaker_model"))
        if name not in managed and account.has_model(name)
    ]


def _name(stack: DeclaredStack, resource: Resource) -> str:
    return stack.text(resource, "name")
