"""The protection of a managed capture bucket that endpoints.toml no longer configures."""

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints.bindings import S3Bucket


class CaptureBucketDestroyGuard(S3Bucket):
    """Define zero buckets at the address of `CaptureBucket`, so that Terraform refuses to destroy an earlier one.

    `prevent_destroy` has no effect once its resource block is removed, so the block stays, with `count = 0`.
    """

    def __init__(self, scope: Construct, id_: str, *, prevent_destroy: bool) -> None:
        super().__init__(scope, id_, count=0, lifecycle=TerraformResourceLifecycle(prevent_destroy=prevent_destroy))
