"""Describe a running endpoint for `endpoints.toml`: `protected-endpoints adopt`.

`running_endpoint` reads it with calls that change nothing, `api_tables` turns the answers of AWS into tables, and
`endpoint_table` and `scaling_table` make those of the endpoint. `command` checks and prints them with the next steps.
The imports themselves are those of `protected-endpoints recover`.
"""
