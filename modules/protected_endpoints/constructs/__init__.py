"""CDKTF constructs, one per file. Each defines the AWS resources of one part of an endpoint or of its environment."""

# Before the first import of `cdktf`, as in `stacks`.
import protected_endpoints.bindings  # noqa: F401  reason: see above
