"""The id with which Terraform imports each declared resource.

Most ids follow from the arguments. The ids of keys, endpoint configurations, inline policies with a `name_prefix`,
security groups and VPC endpoints are chosen by AWS or Terraform and looked up in the account. So are alarms, of which a
stack has many: to try to import one that does not exist takes seconds.
"""

import re
from collections.abc import Callable, Collection, Sequence

from protected_endpoints.commands.recover.account import AwsAccount
from protected_endpoints.commands.recover.declared import DeclaredStack, Resource

# What Terraform appends to a `name_prefix`: the time and a counter, so names sort by age.
_SUFFIX = re.compile(r"\d{18}[0-9a-f]{8}")
# The format of the id by resource type (AWS provider documentation, section "Import" of the resource).
_IDS = {
    "aws_appautoscaling_policy": "{service_namespace}/{resource_id}/{scalable_dimension}/{name}",
    "aws_appautoscaling_target": "{service_namespace}/{resource_id}/{scalable_dimension}",
    "aws_cloudtrail": "{trail}{name}",
    "aws_cloudwatch_dashboard": "{dashboard_name}",
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
    "aws_s3_bucket_notification": "{bucket}",
    "aws_s3_bucket_ownership_controls": "{bucket}",
    "aws_s3_bucket_policy": "{bucket}",
    "aws_s3_bucket_public_access_block": "{bucket}",
    "aws_s3_bucket_server_side_encryption_configuration": "{bucket}",
    "aws_s3_bucket_versioning": "{bucket}",
    "aws_sagemaker_endpoint": "{name}",
    "aws_sagemaker_model": "{name}",
    "aws_sns_topic": "{topic}",
    "aws_sns_topic_policy": "{topic}",
    "aws_ssm_parameter": "{name}",
}
INFERENCE_COMPONENT = "aws_cloudcontrolapi_resource"
# Not imported: creating a scheduled action that exists replaces its settings (PutScheduledAction), and the data of
# Terraform is in the state alone.
_CREATED_AGAIN = ("aws_appautoscaling_scheduled_action", "terraform_data")
_FIELD = re.compile(r"\{(\w+)\}")
_HOLDERS = ("arn", "bucket", "policy_arn", "role", "role_name")  # arguments with the resource that this one is part of


class Unknown(Exception):
    """Raised for a resource type whose id is not known."""


def holders(stack: DeclaredStack, resource: Resource) -> list[Resource]:
    """Return the declared resources that this one is part of."""
    return [*stack.referenced(resource, _HOLDERS)]


def import_id(
    stack: DeclaredStack, resource: Resource, account: AwsAccount, deposed: Collection[str] = ()
) -> str | None:
    """Return the id of a resource, or None if a look-up finds nothing; raises `Unknown`.

    Ids in `deposed` are deleted by the next apply, and are never returned.
    """
    if look_up := _look_up(resource):
        return next((id_ for id_ in look_up(stack, resource, account) if id_ not in deposed), None)
    if resource.type in (INFERENCE_COMPONENT, *_CREATED_AGAIN):
        return None  # the provider cannot import it; `findings` reports an inference component that exists
    if resource.type not in _IDS:
        raise Unknown(f"{resource.address}: resources of this type cannot be found automatically; import it yourself")
    form = _IDS[resource.type]
    id_ = form.format_map({field: _field(stack, resource, field) for field in _FIELD.findall(form)})
    return None if id_ in deposed else id_


def keys(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    """Return the ids of the enabled keys of a stack: the one with the alias, then the newest first.

    A run that is interrupted between CreateKey and CreateAlias leaves a key that only its tags and its description
    identify. The stacks that the endpoints of an environment share have the same tags.
    """
    aliases = [stack.text(alias, "name") for alias in stack.of_type("aws_kms_alias") if _is_alias_of(alias, resource)]
    with_alias = [key for alias in aliases if (key := account.key_of_alias(alias))]
    description = stack.text(resource, "description")
    return [*with_alias, *(key for key in account.keys_tagged(stack.tags, description) if key not in with_alias)]


def endpoint_configurations(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    """Return the names of endpoint configurations with the prefix: the one in use, then the newest first."""
    prefix = stack.text(resource, "name_prefix")
    names = _with_prefix(prefix, account.endpoint_configurations(prefix))
    in_use = used_configurations(stack, account)
    return sorted(names, key=lambda name: name not in in_use)


def used_configurations(stack: DeclaredStack, account: AwsAccount) -> list[str]:
    """Return the name of the configuration that the stack's endpoint uses, or nothing if it does not exist."""
    names = [stack.text(endpoint, "name") for endpoint in stack.of_type("aws_sagemaker_endpoint")]
    return [configuration for name in names if (configuration := account.configuration_of(name))]


def _inline_policies(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    role = stack.text(resource, "role")
    names = _with_prefix(stack.text(resource, "name_prefix"), account.inline_policies(role))
    return [f"{role}:{name}" for name in names]


def _security_groups(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    return account.security_groups(stack.text(resource, "vpc_id"), stack.text(resource, "name"))


def _vpc_endpoints(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    vpc, service = stack.text(resource, "vpc_id"), stack.text(resource, "service_name")
    return account.vpc_endpoints(vpc, service, stack.tags)


def _alarms(stack: DeclaredStack, resource: Resource, account: AwsAccount) -> list[str]:
    name = stack.text(resource, "alarm_name")
    return [name] if account.has_alarm(name) else []


_LOOK_UPS: dict[str, Callable[[DeclaredStack, Resource, AwsAccount], Sequence[str]]] = {
    "aws_cloudwatch_metric_alarm": _alarms,
    "aws_kms_key": keys,
    "aws_sagemaker_endpoint_configuration": endpoint_configurations,
    "aws_security_group": _security_groups,
    "aws_vpc_endpoint": _vpc_endpoints,
}


def _look_up(resource: Resource) -> Callable[[DeclaredStack, Resource, AwsAccount], Sequence[str]] | None:
    if resource.type == "aws_iam_role_policy" and "name_prefix" in resource.arguments:
        return _inline_policies
    return _LOOK_UPS.get(resource.type)


def _field(stack: DeclaredStack, resource: Resource, field: str) -> str:
    match field:
        case "iam":
            return stack.names.iam_arn("")
        case "trail":
            return stack.names.arn("cloudtrail", "trail/")
        case "topic":
            return stack.names.alarm_topic_arn
        case "host":
            return stack.text(resource, "url").removeprefix("https://")
    return stack.text(resource, field)


def _with_prefix(prefix: str, names: list[str]) -> list[str]:
    """Return the names that Terraform generated from a `name_prefix`, the newest first."""
    generated = (name for name in names if name.startswith(prefix) and _SUFFIX.fullmatch(name.removeprefix(prefix)))
    return sorted(generated, reverse=True)


def _is_alias_of(alias: Resource, key: Resource) -> bool:
    return f"{{{key.address}." in str(alias.arguments["target_key_id"])
