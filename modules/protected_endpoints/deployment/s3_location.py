"""Locations in S3."""

from dataclasses import dataclass


@dataclass(frozen=True)
class S3Location:
    """A bucket with an object key, or with a prefix that does not end with a slash; it is empty for the root."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> "S3Location":
        """Return the location of a URI such as `s3://bucket/prefix/`, without the slash at the end."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return cls(bucket=bucket, key=key.rstrip("/"))

    @property
    def uri(self) -> str:
        return f"s3://{self.bucket}/{self.key}".rstrip("/")

    @property
    def is_root(self) -> bool:
        """Return whether the location is the whole bucket."""
        return not self.key

    @property
    def objects(self) -> str:
        """Return the pattern of the keys of all objects below the prefix."""
        return f"{self.key}/*" if self.key else "*"

    def contains(self, other: "S3Location") -> bool:
        """Return whether another location is the same or below this prefix."""
        return self.bucket == other.bucket and (self.is_root or f"{other.key}/".startswith(f"{self.key}/"))
