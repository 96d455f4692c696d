"""The documents of an execution role: what a managed role gets, and what an existing one needs."""

from typing import Any

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.policies.document import Document, Statement, document
from protected_endpoints.policies.execution_role_base import base_permissions, network_permissions, trust_policy
from protected_endpoints.policies.execution_role_version import key_permissions, version_permissions
from protected_endpoints.policies.permissions import permission_statements
from protected_endpoints.policies.permissions_boundary import permissions_boundary

NO_CHANGE = "running"  # the inline policy that is the same for every version of the endpoint


def inline_policies(deployment: Deployment, *, key_arn: str) -> dict[str, Document]:
    """Return the inline policies by name; `key_arn` is the ARN of the endpoint's KMS key."""
    names, network = deployment.names, deployment.environment.network
    documents = {
        NO_CHANGE: base_permissions(deployment),
        "version": version_permissions(names, deployment),
        "key-use": key_permissions(names, deployment, key_arn=key_arn),
    }
    if network:
        documents["network"] = network_permissions(names, vpc_id=network.vpc_id, subnet_ids=network.subnet_ids)
    return documents


def boundary(deployment: Deployment) -> Document:
    """Return the permissions boundary, with the optional permissions that the endpoint needs."""
    return permissions_boundary(
        deployment,
        model_data_of_any_account=deployment.endpoint.relax.model_data_account is not None,
        needs_sns=bool(deployment.notification_topics),
        needs_lambda=bool(deployment.credentials_providers),
        needs_alarms=bool(deployment.rollback_alarms),
        permissions=permission_statements(deployment),
    )


def required_documents(deployment: Deployment) -> dict[str, Any]:
    """Return what a role needs to be the execution role of an endpoint: trust policy, inline policies and boundary.

    They are complete before anything is deployed. The permissions boundary of the environment, if there is one, is
    named by its ARN. The one of the state stack is for managed roles only.
    """
    is_existing = deployment.endpoint.execution_role_arn is not None
    boundary_arn = (
        deployment.environment.permissions_boundary_arn if is_existing else deployment.environment_boundary_arn
    )
    return {
        "role_arn": deployment.execution_role_arn,
        "trust_policy": trust_policy(deployment.names),
        "inline_policies": _with_known_key(deployment),
        **(
            {"permissions_boundary_arn": boundary_arn}
            if boundary_arn
            else {"permissions_boundary": boundary(deployment)}
        ),
    }


def _with_known_key(deployment: Deployment) -> dict[str, Document]:
    """Return the inline policies, with the managed key named by its alias, because AWS chooses its ARN."""
    if key_arn := deployment.endpoint.kms.key_arn:
        return inline_policies(deployment, key_arn=key_arn)
    names = deployment.names
    alias_arn = names.arn("kms", names.key_alias)
    documents = inline_policies(deployment, key_arn=alias_arn)
    return {
        name: document(
            *(
                _for_key_with_alias(names, statement) if statement["Resource"] == alias_arn else statement
                for statement in policy["Statement"]
            )
        )
        for name, policy in documents.items()
    }


def _for_key_with_alias(names: EndpointNames, statement: Statement) -> Statement:
    """Return a statement for the key that has the alias: as a resource, an alias is never the key itself."""
    condition = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": names.key_alias}}
    return {
        **statement,
        "Resource": names.arn("kms", "key/*"),
        "Condition": {**statement.get("Condition", {}), **condition},
    }
