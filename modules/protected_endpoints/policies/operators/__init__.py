"""IAM policies of operators: deployers, planners and GitHub Actions workflows."""
