"""Under which id Terraform imports each declared resource.

Most ids follow from the arguments. AWS or Terraform chose those of keys, endpoint configurations, inline policies with
a `name_prefix` and what is in a network; they are looked up.
"""

import re
from collections.abc import Callable, Collection, Sequence

from protected_endpoints.commands.recover.account import AwsAccount
from protected_endpoints.commands.recover.declared import DeclaredStack, Resource

# What Terraform puts behind a `name_prefix`: the time and a counter, so that later names sort later.
_SUFFIX = re.compile(r"\d{18}[0-9a-f]{8}")
# Per type the form of its id, as the page "Import" of the resource in the provider's documentation has it.
_IDS = {
    "aws_cloudwatch_log_group": "{name}",
    "aws_iam_openid_connect_provider": "{iam}oidc-provider/{host}",
    "aws_iam_policy": "{iam}policy/{name}",
    "aws_iam_role": "{name}",
    "aws_iam_role_policies_exclusive": "{role_name}",
    "aws_iam_role_policy": "{role}:{name}",
    "aws_iam_role_policy_attachment": "{role}/{policy_arn}",
    "aws_kms_alias": "{name}",
    "aws_s3_bucket": "{bucket}",
    "aws_s3_bucket_lifecycle_configuration": "{bucket}",
    "aws_s3_bucket_ownership_controls": "{bucket}",
    "aws_s3_bucket_policy": "{bucket}",
    "aws_s3_bucket_public_access_block": "{bucket}",
    "aws_s3_bucket_server_side_encryption_configuration": "{bucket}",
    "aws_s3_bucket_versioning": "{bucket}",
    "aws_sagemaker_endpoint": "{name}",
    "aws_sagemaker_model": "{name}",
}
_FIELD = re.compile(r"\{(\w+)\}")
_HELD_BY = ("bucket", "policy_arn", "role", "role_name")  # arguments that name what the resource is a part of


class Unknown(Exception):
    """Raised for a type of resource that nothing here tells how to find."""


def holders(stack: DeclaredStack, resource: Resource) -> list[Resource]:
    """Return the declared resources without which this one cannot exist."""
    return [*stack.referenced(resource, _HELD_BY)]


def import_id(
    stack: DeclaredStack, resource: Resource, account: AwsAccount, deposed: Collection[str] = ()
) -> str | None:
    """Return the id to import a resource by, or None where a look-up finds nothing; raises `Unknown`.

    What is `deposed` is deleted by the next apply, and is never imported.
    """
    if look_up := _looked_up(resource):
        return next((id_ for id_ in look_up(stack, resource, account) if id_ not in deposed), None)
    if resource.type not in _IDS:
        raise Unknown(f"{resource.address}: how to find a resource of this type is not known")
    form = _IDS[resource.type]
    id_ = form.format_map({field: _field(stack, resource, field) for field in _FIELD.findall(form)})
    return None if id_ in deposed else id_


def keys(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    """Return the ids of the enabled keys with the stack's tags, first the one that has the alias, then new ones first.

    A run that is killed between CreateKey and CreateAlias leaves a key that only its tags name.
    """
    aliases = [stack.text(alias, "name") for alias in stack.of_type("aws_kms_alias") if _is_alias_of(alias, resource)]
    named = [key for alias in aliases if (key := account.key_of_alias(alias))]
    return [*named, *(key for key in account.keys_tagged(stack.tags) if key not in named)]


def endpoint_configurations(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    """Return the names of endpoint configurations with the prefix, first the one that serves, then new ones first."""
    prefix = stack.text(resource, "name_prefix")
    found = _with_prefix(prefix, account.endpoint_configurations(prefix))
    serving = served(stack, account)
    return sorted(found, key=lambda name: name not in serving)


def served(stack: DeclaredStack, account: AwsAccount) -> list[str]:
    """Return the names of the configurations that the stack's endpoint serves: one, or none where it does not exist."""
    names = [stack.text(endpoint, "name") for endpoint in stack.of_type("aws_sagemaker_endpoint")]
    return [configuration for name in names if (configuration := account.configuration_of(name))]


def _inline_policies(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    role = stack.text(resource, "role")
    found = _with_prefix(stack.text(resource, "name_prefix"), account.inline_policies(role))
    return [f"{role}:{name}" for name in found]


def _security_groups(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    return account.security_groups(stack.text(resource, "vpc_id"), stack.text(resource, "name"))


def _vpc_endpoints(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    vpc, service = stack.text(resource, "vpc_id"), stack.text(resource, "service_name")
    return account.vpc_endpoints(vpc, service, stack.tags)


_LOOK_UPS: dict[str, Callable[[DeclaredStack, Resource, AwsAccount], Sequence[str]]] = {
    "aws_kms_key": keys,
    "aws_sagemaker_endpoint_configuration": endpoint_configurations,
    "aws_security_group": _security_groups,
    "aws_vpc_endpoint": _vpc_endpoints,
}


def _looked_up(resource: Resource) -> Callable[[DeclaredStack, Resource, AwsAccount], Sequence[str]] | None:
    if resource.type == "aws_iam_role_policy" and "name_prefix" in resource.arguments:
        return _inline_policies
    return _LOOK_UPS.get(resource.type)


def _field(stack: DeclaredStack, resource: Resource, field: str) -> str:
    match field:
        case "iam":
            return stack.names.iam_arn("")
        case "host":
            return stack.text(resource, "url").removeprefix("https://")
    return stack.text(resource, field)


def _with_prefix(prefix: str, names: list[str]) -> list[str]:
    """Return the names that Terraform made of a `name_prefix`, new ones first."""
    own = (name for name in names if name.startswith(prefix) and _SUFFIX.fullmatch(name.removeprefix(prefix)))
    return sorted(own, reverse=True)


def _is_alias_of(alias: Resource, key: Resource) -> bool:
    return f"{{{key.address}." in str(alias.arguments["target_key_id"])
