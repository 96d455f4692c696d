"""ARNs, the service models of AWS, and the versions of its Terraform provider."""
