"""IAM policies: of execution roles, invokers, readers, KMS keys, buckets and VPC endpoints, and of operators.

Policies are computed from names only, so they can be read, tested and attacked without CDKTF. The source of a
statement is the AWS documentation of the service; a docstring or comment names the page where it is not obvious.
"""

from protected_endpoints.policies.document import Document, Statement, to_json

__all__ = ["Document", "Statement", "to_json"]
