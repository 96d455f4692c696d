"""The one place that takes ARNs apart."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Arn:
    """An Amazon Resource Name: `arn:partition:service:region:account-id:resource`.

    Region and account id are empty where the service has none in its ARNs, as IAM has no region and S3 neither.
    """

    partition: str
    service: str
    region: str
    account_id: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> "Arn":
        """Return the parts of an ARN; raises `ValueError` for a text that is none."""
        prefix, *parts = text.split(":", 5)
        if prefix != "arn" or len(parts) != 5:
            raise ValueError(f"not an ARN: {text!r}")
        return cls(*parts)

    @property
    def name(self) -> str:
        """Return the last part of the resource: the name of a role without its path, or the id of a key."""
        return self.resource.rsplit("/", 1)[-1]

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account_id}:{self.resource}"
