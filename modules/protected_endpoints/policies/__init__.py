"""The IAM policies of an endpoint: execution role, invokers, readers, KMS key, buckets, VPC endpoints.

Policies are computed from names only, so they can be read, tested and attacked without CDKTF. The source of a
statement is AWS's documentation of the service; a docstring or comment says which where it is not obvious.
"""

from protected_endpoints.policies.document import Document, Statement, to_json

__all__ = ["Document", "Statement", "to_json"]
