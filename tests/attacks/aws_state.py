"""The policies of synthesized stacks, by principal and resource."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Self

from protected_endpoints.deployment import Deployment
from protected_endpoints.policies.execution_role import required_documents
from tests.attacks.simulator import Document, Request
from tests.support import Json, only, resources, synth_stacks

KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"


@dataclass(frozen=True)
class AwsState:
    """The policies in AWS after the stacks of an endpoint are applied, and requests that are evaluated with them.

    By default, a request is sent over TLS 1.2 and has the context keys that AWS adds.
    """

    deployment: Deployment
    stack: Json
    """The resources of the stacks of the endpoint and of its environment's network."""

    @classmethod
    def of(cls, deployment: Deployment) -> Self:
        resource: Json = {}
        for stack in synth_stacks([deployment]).values():
            for type_, by_id in stack["resource"].items():
                resource.setdefault(type_, {}).update(by_id)
        if deployment.endpoint.execution_role_arn:
            for type_, by_id in _existing_role(deployment).items():
                resource.setdefault(type_, {}).update(by_id)
        return cls(deployment, {"resource": resource})

    @property
    def account(self) -> str:
        return self.deployment.environment.account_id

    @property
    def region(self) -> str:
        return self.deployment.environment.region

    @property
    def key_arn(self) -> str:
        return self.arn("kms", f"key/{KEY_ID}")

    @property
    def execution_role(self) -> str:
        return self.deployment.execution_role_arn

    @cached_property
    def key_policy(self) -> Document:
        return self._document(only(self.stack, "aws_kms_key")["policy"])

    @cached_property
    def bucket_policy(self) -> Document:
        return self._document(only(self.stack, "aws_s3_bucket_policy")["policy"])

    @property
    def boundary(self) -> Document:
        """Return the permissions boundary of the execution role."""
        return self.boundary_of(self.execution_role)

    def boundary_of(self, role: str) -> Document:
        policy = self._role(role)["permissions_boundary"].split(".")[1]
        return self._document(self.stack["resource"]["aws_iam_policy"][policy]["policy"])

    def trust(self, role: str) -> Document:
        """Return the trust policy of a role, by its ARN."""
        return self._document(self._role(role)["assume_role_policy"])

    def _role(self, arn: str) -> Json:
        (resource,) = (role for role in resources(self.stack, "aws_iam_role") if role["name"] == arn.rsplit("/", 1)[1])
        return resource

    def endpoint_policy(self, name: str) -> Document:
        """Return the policy of a VPC endpoint: `Runtime` or `S3`."""
        return self._document(self.stack["resource"]["aws_vpc_endpoint"][name]["policy"])

    def arn(self, service: str, resource: str, *, account: str | None = None, region: str | None = None) -> str:
        scope = f"{self.region if region is None else region}:{self.account if account is None else account}"
        return f"arn:{self.deployment.names.partition}:{service}:{scope}:{resource}"

    def role(self, name: str, account: str | None = None) -> str:
        return self.arn("iam", f"role/{name}", account=account, region="")

    def managed_role(self, invoker: str) -> str:
        """Return the ARN of the managed role of an invoker."""
        return self.role(self.deployment.names.invoker_role(invoker))

    def policies_of(self, role: str) -> list[Document]:
        """Return the identity policies of a role in the stack, by its ARN."""
        if role == self.execution_role:
            return [self._document(policy["policy"]) for policy in resources(self.stack, "aws_iam_role_policy")]
        attached = [
            attachment["policy_arn"].split(".")[1]
            for attachment in resources(self.stack, "aws_iam_role_policy_attachment")
            if role.split(":")[4] == self.account and self._resolved(attachment["role"]) == role.rsplit("/", 1)[1]
        ]
        return [self._document(self.stack["resource"]["aws_iam_policy"][id_]["policy"]) for id_ in attached]

    def request(
        self,
        principal: str,
        action: str,
        resource: str,
        *,
        extra_policies: tuple[Document, ...] = (),
        resource_policy: Document | None = None,
        account: str | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> Request:
        """Return a request; `extra_policies` add to the managed identity policies, `context` overrides the defaults."""
        defaults: dict[str, Any] = {"aws:SecureTransport": "true", **_aws_context(principal)}
        if action.startswith("s3:"):
            defaults |= {"s3:TlsVersion": "1.2", "aws:ResourceAccount": account or self.account}
        if resource == self.key_arn:
            defaults |= {"kms:ResourceAliases": [self.deployment.names.key_alias]}
        merged = {**defaults, **(context or {})}
        return Request(
            principal=principal,
            action=action,
            resource=resource,
            account=account or self.account,
            context={key: value for key, value in merged.items() if value is not None},
            identity=[*self.policies_of(principal), *extra_policies] if _is_identity(principal) else [],
            resource_policy=resource_policy,
        )

    def _resolved(self, role: str) -> str:
        """Return the name of a role, also for a reference to it."""
        if not role.startswith("${"):
            return role
        name: str = self.stack["resource"]["aws_iam_role"][role.split(".")[1]]["name"]
        return name

    def _document(self, text: str) -> Document:
        resolved = text.replace("${aws_kms_key.Key.arn}", self.key_arn)
        assert "${" not in resolved
        return _parsed(resolved)


@lru_cache(maxsize=1000)  # thousands of requests are evaluated with the same policies
def _parsed(text: str) -> Document:
    document: Document = json.loads(text)
    return document


def _existing_role(deployment: Deployment) -> Json:
    """Return an existing execution role with the printed documents, in the form of a stack's resources."""
    printed = required_documents(deployment)
    role = {
        "name": deployment.execution_role_arn.rsplit("/", 1)[1],
        "assume_role_policy": json.dumps(printed["trust_policy"]),
        "permissions_boundary": "${aws_iam_policy.existing-boundary.arn}",
    }
    policies = {
        f"existing-{name}": {"role": role["name"], "policy": json.dumps(policy)}
        for name, policy in printed["inline_policies"].items()
    }
    boundary = {"policy": json.dumps(printed["permissions_boundary"])}
    return {
        "aws_iam_role": {"existing": role},
        "aws_iam_role_policy": policies,
        "aws_iam_policy": {"existing-boundary": boundary},
    }


def _is_identity(principal: str) -> bool:
    return ":role/" in principal or ":user/" in principal


def _aws_context(principal: str) -> dict[str, str]:
    if not _is_identity(principal):
        return {"aws:PrincipalIsAWSService": "true"}
    return {
        "aws:PrincipalArn": principal,
        "aws:PrincipalAccount": principal.split(":")[4],
        "aws:PrincipalIsAWSService": "false",
    }
