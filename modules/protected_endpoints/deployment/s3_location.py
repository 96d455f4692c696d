"""Locations in S3."""

from dataclasses import dataclass


@dataclass(frozen=True)
class S3Location:
    """A bucket with an object key, or with a prefix that does not end with a slash."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> "S3Location":
        """Return the location of a URI such as `s3://bucket/prefix/`, without the slash at the end."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return cls(bucket=bucket, key=key.rstrip("/"))

    @property
    def uri(self) -> str:
        return f"s3://{self.bucket}/{self.key}"
