"""The policies of a synthesized stack, by whom and what they are for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from modules.config import Deployment
from tests.attacks.simulator import Document, Request
from tests.support import Json, only, resources

KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"


@dataclass(frozen=True)
class World:
    """Define what AWS holds after a stack was applied, and the requests that are made there.

    A request is signed and sent over TLS 1.2 unless it says otherwise, and has the context keys that AWS adds.
    """

    deployment: Deployment
    stack: Json

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
        return self.deployment.names.role_arn

    @cached_property
    def trust(self) -> Document:
        return self._document(only(self.stack, "aws_iam_role")["assume_role_policy"])

    @cached_property
    def key_policy(self) -> Document:
        return self._document(only(self.stack, "aws_kms_key")["policy"])

    @cached_property
    def bucket_policy(self) -> Document:
        return self._document(only(self.stack, "aws_s3_bucket_policy")["policy"])

    def arn(self, service: str, resource: str, *, account: str | None = None, region: str | None = None) -> str:
        where = f"{self.region if region is None else region}:{self.account if account is None else account}"
        return f"arn:{self.deployment.names.partition}:{service}:{where}:{resource}"

    def role(self, name: str, account: str | None = None) -> str:
        return self.arn("iam", f"role/{name}", account=account, region="")

    def policies_of(self, role: str) -> list[Document]:
        """Return the identity policies that the stack gives a role, by its ARN."""
        if role == self.execution_role:
            return [self._document(each["policy"]) for each in resources(self.stack, "aws_iam_role_policy")]
        name = role.rsplit("/", 1)[1]
        attached = [
            each["policy_arn"].split(".")[1]
            for each in resources(self.stack, "aws_iam_role_policy_attachment")
            if each["role"] == name and role.split(":")[4] == self.account
        ]
        return [self._document(self.stack["resource"]["aws_iam_policy"][id_]["policy"]) for id_ in attached]

    def request(
        self,
        principal: str,
        action: str,
        resource: str,
        *,
        also: tuple[Document, ...] = (),
        resource_policy: Document | None = None,
        account: str | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> Request:
        """Return a request; `also` is what somebody else gave the principal, `context` changes its context."""
        added = {"aws:SecureTransport": "true", **_by_aws(principal)}
        if action.startswith("s3:"):
            added |= {"s3:TlsVersion": "1.2", "aws:ResourceAccount": account or self.account}
        changed = {**added, **(context or {})}
        return Request(
            principal=principal,
            action=action,
            resource=resource,
            account=account or self.account,
            context={key: value for key, value in changed.items() if value is not None},
            identity=[*self.policies_of(principal), *also] if ":role/" in principal else [],
            resource_policy=resource_policy,
        )

    def _document(self, text: str) -> Document:
        document: Document = json.loads(text.replace("${aws_kms_key.Key.arn}", self.key_arn))
        assert "${" not in json.dumps(document)
        return document


def _by_aws(principal: str) -> dict[str, str]:
    if ":role/" not in principal:
        return {"aws:PrincipalIsAWSService": "true"}
    return {
        "aws:PrincipalArn": principal,
        "aws:PrincipalAccount": principal.split(":")[4],
        "aws:PrincipalIsAWSService": "false",
    }
