"""Name a place in S3: a bucket and a key in it, or a prefix."""

from dataclasses import dataclass


@dataclass(frozen=True)
class S3Location:
    """Define a bucket and a key in it, or a prefix without the slash at its end."""

    bucket: str
    key: str

    @classmethod
    def of(cls, uri: str) -> "S3Location":
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return cls(bucket=bucket, key=key.rstrip("/"))

    @property
    def uri(self) -> str:
        return f"s3://{self.bucket}/{self.key}"
