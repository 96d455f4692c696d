"""Terraform stacks: one for each endpoint, and those that the endpoints of an environment share."""
