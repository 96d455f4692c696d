"""What AWS's APIs and the versions of its Terraform provider accept."""
