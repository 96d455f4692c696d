"""Read Terraform plans and synthesized stacks."""
