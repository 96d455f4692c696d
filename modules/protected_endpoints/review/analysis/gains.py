"""What a principal gains by an added permission, in words, and an empty text if it is nothing that has to block.

The rules report what these functions return; `iam-added` reports the permissions for which all of them are empty.
"""

import re
from dataclasses import replace

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.grant import Grant
from protected_endpoints.review.analysis.grant_text import action_on_resource, describe_permission, principal_name
from protected_endpoints.review.analysis.powerful_actions import is_powerful
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import account_id

# Actions that do not support resources, so that `*` is the only resource.
_WITHOUT_RESOURCES = {
    "ecr:getauthorizationtoken",
    "cloudwatch:putmetricdata",
    "kms:listaliases",
    "logs:describeloggroups",
}
# Values of a condition with which a powerful action is limited to the use of a service.
_HARMLESS_WITH = {
    "iam:passrole": ("iam:passedtoservice", {"sagemaker.amazonaws.com"}),
    "kms:creategrant": ("kms:grantisforawsresource", {"true"}),
}
# The statements that `permissions` of an endpoint add to the policy of its execution role.
_CONTAINER_SID = re.compile(r"Permission[0-9]+")
_COMPONENTS = re.compile(r":inference-component/([\w-]+)-\*$")
_WITHOUT_SIGNATURE = "sagemaker:callwithbearertoken"
_SAGEMAKER = "sagemaker.amazonaws.com"
# The actions of the other statements of execution roles; a test compares them with synthesized stacks.
EXECUTION_ACTIONS = frozenset(
    {
        *("cloudwatch:describealarms", "cloudwatch:putmetricdata"),
        *("ec2:createnetworkinterface", "ec2:createnetworkinterfacepermission"),
        *("ec2:deletenetworkinterface", "ec2:deletenetworkinterfacepermission"),
        *("ec2:describedhcpoptions", "ec2:describenetworkinterfaces", "ec2:describesecuritygroups"),
        *("ec2:describesubnets", "ec2:describevpcendpoints", "ec2:describevpcs"),
        *("ecr:batchchecklayeravailability", "ecr:batchgetimage", "ecr:getauthorizationtoken"),
        *("ecr:getdownloadurlforlayer", "lambda:invokefunction", "sns:publish"),
        *("kms:creategrant", "kms:decrypt", "kms:describekey", "kms:generatedatakey"),
        *("logs:createlogstream", "logs:describelogstreams", "logs:putlogevents"),
        *("s3:getobject", "s3:listbucket", "s3:putobject"),
    }
)
_PRIVATE_KEYS = ("aws:sourcevpc", "aws:sourcevpce", "aws:securetransport")


def describe_invocation(context: ReviewContext, grant: Grant) -> str:
    """Return a message if a principal that is no invoker can invoke, or an invoker loses a condition."""
    if not grant.is_invocation or grant.is_boundary:
        return ""
    before = context.permissions.similar_values(grant, _private_conditions)
    if lost := sorted(before - _private_conditions(grant)):
        return f"{principal_name(grant)} can perform {code(grant.action)} without condition {' and '.join(lost)}."
    is_pattern = "*" in grant.resource.rpartition(":")[2] and not _is_for_components(context, grant)
    if is_pattern or not _is_managed_invoke_policy(grant):
        return f"{describe_permission(grant)}, which `invokers` does not configure."
    if grant.is_identity_policy and not _is_served(context, grant.resource):
        return f"{describe_permission(grant)}, which is no endpoint of this plan."
    return ""


def _is_for_components(context: ReviewContext, grant: Grant) -> bool:
    """Return whether a permission is for the inference components of an endpoint that the same statement names."""
    endpoint = _COMPONENTS.sub(r":endpoint/\1", grant.resource)
    return endpoint != grant.resource and replace(grant, resource=endpoint) in context.permissions.after


def _is_served(context: ReviewContext, resource: str) -> bool:
    """Return whether the ARN is that of an endpoint or inference component of the plan.

    A plan with `-target` may have neither; `plan-incomplete` reports it.
    """
    return not context.invocable or resource.rpartition(":")[2].lower() in context.invocable


def describe_wildcard(context: ReviewContext, grant: Grant) -> str:
    """Return a message if a permission is for every action of a service, or for every resource."""
    if grant.is_trust_policy or grant.is_boundary:
        return ""
    service, _colon, action = grant.action.lower().partition(":")
    if grant.is_all_actions:
        return f"{describe_permission(grant)}."
    if grant.is_all_resources and grant.action.lower() not in _WITHOUT_RESOURCES and not action.startswith("describe"):
        resource = "every resource" if grant.resource == "*" else code(grant.resource)
        reason = context.reason_of("bearer_tokens") if grant.action.lower() == _WITHOUT_SIGNATURE else ""
        return f"{principal_name(grant)} can perform {code(grant.action)} on {resource} of {code(service)}.{reason}"
    return ""


def describe_escalation(context: ReviewContext, grant: Grant) -> str:
    """Return what a principal gains by a powerful action: it can change permissions, run code or assume a role."""
    if grant.is_boundary or grant.is_trust_policy or grant.is_all_actions or not is_powerful(grant.action):
        return ""
    # A resource policy for the whole account delegates to the identity policies of the account, which are reviewed.
    if grant.principal.endswith(":root") or _is_harmless(context, grant):
        return ""
    if grant.matches_action("sts:assumerole"):
        return "by which it can assume the role"
    if grant.matches_action("iam:passrole"):
        return f"and `iam:PassedToService` does not require {code(_SAGEMAKER)}"
    return "by which it can change permissions or run code"


def _is_harmless(context: ReviewContext, grant: Grant) -> bool:
    """Return whether a condition, or what the endpoints of the plan need, limits a powerful action."""
    key, values = _HARMLESS_WITH.get(grant.action.lower(), ("", set()))
    if (required := grant.required_condition_values.get(key)) and values.issuperset(required):
        return True
    change = context.by_address.get(grant.address)
    if change and change.is_created and change.type == "aws_kms_key":
        # Nothing is encrypted with a new key.
        return bool(context.plan.account) and account_id(grant.principal) == context.plan.account
    return grant.action.lower() == "lambda:invokefunction" and grant.resource in context.credentials_providers


def describe_container_permission(context: ReviewContext, grant: Grant) -> str:
    """Return a message if a container gains one of its `permissions`, or an action that no endpoint needs."""
    if not grant.is_identity_policy or grant.is_boundary:
        return ""
    if not _CONTAINER_SID.fullmatch(grant.sid) and not _is_foreign_to_execution_role(context, grant):
        return ""
    had_another = grant.resource in context.permissions.similar_values(grant, _resources)
    conditions = ", with other conditions than before" if had_another else ""
    return f"The container can perform {action_on_resource(grant)} as {principal_name(grant)}{conditions}."


def _is_foreign_to_execution_role(context: ReviewContext, grant: Grant) -> bool:
    """Return whether an execution role gains an action that no endpoint needs, and that no worse rule reports."""
    if grant.principal not in context.permissions.execution_roles or grant.action.lower() in EXECUTION_ACTIONS:
        return False
    return not any(
        describe(context, grant) for describe in (describe_invocation, describe_wildcard, describe_escalation)
    )


def is_created_first(context: ReviewContext, grant: Grant) -> bool:
    """Return whether a policy is created together with the endpoints of the plan."""
    change = context.by_address.get(grant.address)
    return context.creates_all_endpoints and change is not None and change.is_created


def _resources(grant: Grant) -> list[str]:
    return [grant.resource]


def _private_conditions(grant: Grant) -> set[str]:
    """Return the condition keys by which a permission requires a private or encrypted connection."""
    required = grant.required_condition_values
    return {key for key in _PRIVATE_KEYS if "false" not in required.get(key, ["false"])}


def _is_managed_invoke_policy(grant: Grant) -> bool:
    """Return whether a grant is in a policy that this project creates from `invokers`."""
    return grant.address.startswith(("aws_iam_policy.Invoke", "aws_vpc_endpoint.Runtime"))
