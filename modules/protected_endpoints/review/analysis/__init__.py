"""Compare what a plan changes: permissions, endpoints, protections."""
