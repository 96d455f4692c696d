"""Review what a Terraform plan does to the protection of endpoints: who gains access, what goes down, what weakens.

Standard library only, and nothing of the rest of the project, so that it starts in a fraction of a second and can judge
any plan. `python -m protected_endpoints.review PLAN.json` writes Markdown; exit code 0, or 2 where something blocks.
"""
