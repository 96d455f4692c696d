"""Amazon Resource Names."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Arn:
    """An Amazon Resource Name: `arn:partition:service:region:account-id:resource`.

    The region or the account ID is empty if ARNs of the service have none: IAM has no region, S3 has neither.
    """

    partition: str
    service: str
    region: str
    account_id: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> "Arn":
        """Return the parts of an ARN. Raises `ValueError` if the text is not an ARN."""
        prefix, *parts = text.split(":", 5)
        if prefix != "arn" or len(parts) != 5:
            raise ValueError(f"not an ARN: {text!r}")
        return cls(*parts)

    @property
    def name(self) -> str:
        """Return the last part of the resource, such as the name of a role without its path, or the ID of a key."""
        return self.resource.rsplit("/", 1)[-1]

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account_id}:{self.resource}"


def resource_includes(resource: str, arn: str) -> bool:
    """Return whether a resource of an IAM policy, with `*` and `?` as wildcards, includes an ARN."""
    return bool(re.fullmatch(re.escape(resource).replace(r"\*", ".*").replace(r"\?", "."), arn))
