"""Look-ups in the AWS account and region of a stack. All calls read, and the permissions of a deployer suffice.

Credentials are those of the AWS command line: environment variables, a profile or single sign-on.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from protected_endpoints.errors import CommandError

_NOT_FOUND = ("Could not find", "NoSuchEntity")
_DENIED = ("AccessDenied", "AccessDeniedException")


class AwsAccount:
    """One account and region; each look-up raises `CommandError` where AWS refuses it.

    So does the constructor for credentials of another account, where other resources may have the same names.
    """

    def __init__(self, account_id: str, region: str) -> None:
        self._client = cache(lambda service: botocore.session.get_session().create_client(service, region_name=region))
        actual = self._ask("sts", "get_caller_identity")["Account"]
        if actual != account_id:
            raise CommandError(
                f"credentials: must be of account {account_id}, got {actual}; nothing was changed; "
                "use credentials of that account"
            )

    def key_of_alias(self, alias: str) -> str | None:
        """Return the id of the key of an alias."""
        aliases = self._all("kms", "list_aliases", "Aliases")
        return next((entry.get("TargetKeyId") for entry in aliases if entry["AliasName"] == alias), None)

    def keys_tagged(self, tags: dict[str, str], description: str) -> list[str]:
        """Return the ids of the enabled keys with these tag values and this description, the newest first.

        Keys of the environment without the tag `endpoint` are those of the state, the topic and the trail.
        """
        keys = []
        for key in self._all("kms", "list_keys", "Keys"):
            id_ = key["KeyId"]
            key_tags = {tag["TagKey"]: tag["TagValue"] for tag in self._tags_of_key(id_)}
            if all(key_tags.get(name) == tags.get(name) for name in ("project", "environment", "endpoint")):
                metadata = self._ask("kms", "describe_key", KeyId=id_)["KeyMetadata"]
                if (metadata["KeyState"], metadata["Description"]) == ("Enabled", description):
                    keys.append((metadata["CreationDate"], id_))
        return [id_ for _, id_ in sorted(keys, reverse=True)]

    def endpoint_configurations(self, prefix: str) -> list[str]:
        """Return the names of the endpoint configurations that contain a text."""
        configurations = self._all("sagemaker", "list_endpoint_configs", "EndpointConfigs", NameContains=prefix)
        return [configuration["EndpointConfigName"] for configuration in configurations]

    def configuration_of(self, endpoint: str) -> str | None:
        """Return the name of the endpoint configuration in use, if the endpoint exists."""
        described = self._find("sagemaker", "describe_endpoint", EndpointName=endpoint)
        return described.get("EndpointConfigName")

    def has_model(self, name: str) -> bool:
        return bool(self._find("sagemaker", "describe_model", ModelName=name))

    def has_alarm(self, name: str) -> bool:
        return bool(self._ask("cloudwatch", "describe_alarms", AlarmNames=[name])["MetricAlarms"])

    def inference_component_of(self, name: str) -> str | None:
        """Return the ARN of an inference component, or None if it does not exist."""
        described = self._find("sagemaker", "describe_inference_component", InferenceComponentName=name)
        return described.get("InferenceComponentArn")

    def inline_policies(self, role: str) -> list[str]:
        """Return the names of a role's inline policies; none if the role does not exist."""
        names: list[str] = self._find("iam", "list_role_policies", RoleName=role).get("PolicyNames", [])
        return names

    def security_groups(self, vpc_id: str, name: str) -> list[str]:
        filters = _filters({"vpc-id": vpc_id, "group-name": name})
        groups = self._ask("ec2", "describe_security_groups", Filters=filters)["SecurityGroups"]
        return [group["GroupId"] for group in groups]

    def vpc_endpoints(self, vpc_id: str, service: str, tags: dict[str, str]) -> list[str]:
        by_tag = {f"tag:{name}": value for name, value in tags.items()}
        filters = _filters({"vpc-id": vpc_id, "service-name": service, **by_tag})
        endpoints = self._ask("ec2", "describe_vpc_endpoints", Filters=filters)["VpcEndpoints"]
        return [entry["VpcEndpointId"] for entry in endpoints if entry["State"] not in ("deleting", "deleted")]

    def _tags_of_key(self, id_: str) -> list[dict[str, str]]:
        """Return the tags of a key; none if its key policy denies access, which a managed key does not."""
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
        """Return the answer of AWS, or an empty one for a resource that does not exist."""
        try:
            return self._call(service, operation, **arguments)
        except ClientError as refusal:
            if any(text in str(refusal) for text in _NOT_FOUND):
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
