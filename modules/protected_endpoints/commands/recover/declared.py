"""The resources of a synthesized stack, with the references between them resolved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from protected_endpoints.deployment.names import EnvironmentNames

_REFERENCE = re.compile(r"\$\{(aws_\w+)\.([\w-]+)\.(\w+)\}")


@dataclass(frozen=True)
class Resource:
    """A resource of the stack's Terraform JSON."""

    type: str
    name: str
    arguments: dict[str, Any]

    @property
    def address(self) -> str:
        return f"{self.type}.{self.name}"


@dataclass(frozen=True)
class DeclaredStack:
    """The content of `cdk.tf.json`."""

    content: dict[str, Any]

    @cached_property
    def resources(self) -> list[Resource]:
        """Return the declared resources, without those of `count = 0`."""
        return [
            Resource(type_, name, arguments)
            for type_, named in self.content.get("resource", {}).items()
            for name, arguments in named.items()
            if arguments.get("count") != 0
        ]

    def of_type(self, type_: str) -> list[Resource]:
        return [resource for resource in self.resources if resource.type == type_]

    @property
    def region(self) -> str:
        return str(self._provider["region"])

    @property
    def tags(self) -> dict[str, str]:
        """Return the tags that identify the resources of the stack; the user's own tags may change."""
        (default,) = self._provider["default_tags"]
        return {key: value for key, value in default["tags"].items() if key in ("project", "environment", "endpoint")}

    @property
    def account_id(self) -> str:
        (account_id,) = self._provider["allowed_account_ids"]
        return str(account_id)

    @property
    def names(self) -> EnvironmentNames:
        return EnvironmentNames(self.tags["project"], self.tags["environment"], self.account_id, self.region)

    def text(self, resource: Resource, argument: str) -> str:
        """Return the value of an argument, which may be a reference to an argument of another resource.

        Of the attributes that are not arguments, only the ARN of a policy is resolved, from the policy's name.
        """
        value = str(resource.arguments[argument])
        if not (reference := _REFERENCE.fullmatch(value)):
            return value
        referenced = self._named(reference[1], reference[2])
        if reference[1] == "aws_iam_policy" and reference[3] == "arn":
            return self.names.iam_arn(f"policy/{self.text(referenced, 'name')}")
        return self.text(referenced, reference[3])

    def referenced(self, resource: Resource, arguments: tuple[str, ...]) -> Iterator[Resource]:
        """Yield the resources that these arguments of a resource refer to."""
        for argument in arguments:
            if reference := _REFERENCE.fullmatch(str(resource.arguments.get(argument))):
                yield self._named(reference[1], reference[2])

    def _named(self, type_: str, name: str) -> Resource:
        return Resource(type_, name, self.content["resource"][type_][name])

    @property
    def _provider(self) -> dict[str, Any]:
        (provider,) = self.content["provider"]["aws"]
        settings: dict[str, Any] = provider
        return settings
