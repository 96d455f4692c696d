"""Terraform stacks: one per endpoint, and those that the endpoints of an environment share."""

# Node starts when CDKTF is imported. The bindings prepare how it starts, so they are imported before any stack.
import protected_endpoints.bindings  # noqa: F401  reason: see above
