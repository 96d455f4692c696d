"""IAM policies of those who operate endpoints: deployers, planners and GitHub Actions workflows."""
