"""Review how a Terraform plan changes the protection of endpoints: permissions, outages, weakened settings.

Imports only the standard library, `errors` and `secret_scan`, so that it starts in a fraction of a second and reviews
any plan. `python -m protected_endpoints.review PLAN.json` writes Markdown; exit code 0, or 2 if a finding blocks.
"""
