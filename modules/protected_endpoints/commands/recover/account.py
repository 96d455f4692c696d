"""What exists in the AWS account and region of a stack. All calls read; what a deployer may call is enough.

Credentials are found as the AWS command line finds them: variables of the environment, a profile, single sign-on.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from protected_endpoints.errors import CommandError

_SAYS_MISSING = ("Could not find", "NoSuchEntity")
_DENIED = ("AccessDenied", "AccessDeniedException")


class AwsAccount:
    """Look-ups in one account and region; each raises `CommandError` where AWS refuses it.

    Raises it as well for credentials of another account, where the same names may be somebody else's.
    """

    def __init__(self, account_id: str, region: str) -> None:
        self._client = cache(lambda service: botocore.session.get_session().create_client(service, region_name=region))
        got = self._ask("sts", "get_caller_identity")["Account"]
        if got != account_id:
            raise CommandError(
                f"the credentials are of account {got}, and the stack is in {account_id}; nothing was changed; "
                "use credentials of that account"
            )

    def key_of_alias(self, alias: str) -> str | None:
        """Return the id of the key that an alias names."""
        aliases = self._all("kms", "list_aliases", "Aliases")
        return next((each.get("TargetKeyId") for each in aliases if each["AliasName"] == alias), None)

    def keys_tagged(self, tags: dict[str, str]) -> list[str]:
        """Return the ids of enabled keys with exactly these values, new ones first.

        A key of the environment that has no `endpoint` is the one of the state.
        """
        found = []
        for key in self._all("kms", "list_keys", "Keys"):
            id_ = key["KeyId"]
            has = {tag["TagKey"]: tag["TagValue"] for tag in self._tags_of_key(id_)}
            if all(has.get(name) == tags.get(name) for name in ("project", "environment", "endpoint")):
                metadata = self._ask("kms", "describe_key", KeyId=id_)["KeyMetadata"]
                if metadata["KeyState"] == "Enabled":
                    found.append((metadata["CreationDate"], id_))
        return [id_ for _, id_ in sorted(found, reverse=True)]

    def endpoint_configurations(self, prefix: str) -> list[str]:
        """Return the names of the endpoint configurations that hold a text."""
        listed = self._all("sagemaker", "list_endpoint_configs", "EndpointConfigs", NameContains=prefix)
        return [each["EndpointConfigName"] for each in listed]

    def configuration_of(self, endpoint: str) -> str | None:
        """Return the name of the configuration that an endpoint serves, if it exists."""
        described = self._find("sagemaker", "describe_endpoint", EndpointName=endpoint)
        return described.get("EndpointConfigName")

    def has_model(self, name: str) -> bool:
        return bool(self._find("sagemaker", "describe_model", ModelName=name))

    def inline_policies(self, role: str) -> list[str]:
        """Return the names of a role's inline policies; none where the role does not exist."""
        names: list[str] = self._find("iam", "list_role_policies", RoleName=role).get("PolicyNames", [])
        return names

    def security_groups(self, vpc_id: str, name: str) -> list[str]:
        filters = _filters({"vpc-id": vpc_id, "group-name": name})
        groups = self._ask("ec2", "describe_security_groups", Filters=filters)["SecurityGroups"]
        return [group["GroupId"] for group in groups]

    def vpc_endpoints(self, vpc_id: str, service: str, tags: dict[str, str]) -> list[str]:
        tagged = {f"tag:{name}": value for name, value in tags.items()}
        filters = _filters({"vpc-id": vpc_id, "service-name": service, **tagged})
        found = self._ask("ec2", "describe_vpc_endpoints", Filters=filters)["VpcEndpoints"]
        return [each["VpcEndpointId"] for each in found if each["State"] not in ("deleting", "deleted")]

    def _tags_of_key(self, id_: str) -> list[dict[str, str]]:
        """Return no tags for a key whose own policy keeps us out: ours let the account in."""
        try:
            tags: list[dict[str, str]] = self._call("kms", "list_resource_tags", KeyId=id_)["Tags"]
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] in _DENIED:
                return []
            raise CommandError(f"kms:ListResourceTags: {refusal}; nothing was changed") from None
        return tags

    def _all(self, service: str, operation: str, key: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        try:
            for page in self._client(service).get_paginator(operation).paginate(**arguments):
                yield from page[key]
        except (BotoCoreError, ClientError) as refusal:
            raise CommandError(_refused(service, operation, refusal)) from None

    def _ask(self, service: str, operation: str, **arguments: Any) -> dict[str, Any]:
        try:
            return self._call(service, operation, **arguments)
        except (BotoCoreError, ClientError) as refusal:
            raise CommandError(_refused(service, operation, refusal)) from None

    def _find(self, service: str, operation: str, **arguments: Any) -> dict[str, Any]:
        """Return what AWS answers, or nothing where it says that there is no such thing."""
        try:
            return self._call(service, operation, **arguments)
        except ClientError as refusal:
            if any(words in str(refusal) for words in _SAYS_MISSING):
                return {}
            raise CommandError(_refused(service, operation, refusal)) from None
        except BotoCoreError as refusal:
            raise CommandError(_refused(service, operation, refusal)) from None

    def _call(self, service: str, operation: str, **arguments: Any) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(self._client(service), operation)(**arguments)
        return answer


def _refused(service: str, operation: str, refusal: Exception) -> str:
    return f"{service} {operation.replace('_', '-')}: {refusal}; nothing was changed"


def _filters(values: dict[str, str]) -> list[dict[str, Any]]:
    return [{"Name": name, "Values": [value]} for name, value in values.items()]
