"""Review how a Terraform plan changes the protection of endpoints: permissions, outages, weakened settings.

Imports only the standard library, `errors`, `secret_scan` and the catalog `aws.metrics`, so that it starts in a
fraction of a second and reviews any plan. `python -m protected_endpoints.review PLAN.json` writes Markdown; its exit
code is 2 if a finding blocks, or 1 if a file cannot be read or written. The folders are layers: `plan`, `admission`,
`analysis`, `rules`, `report`.
"""
