"""A CloudWatch dashboard."""

import json
from collections.abc import Mapping

from constructs import Construct

from protected_endpoints.bindings.cloudwatch_dashboard import CloudwatchDashboard


class Dashboard(CloudwatchDashboard):
    """Define a dashboard from its body. AWS bills each one, beyond the first three of an account.

    The JSON has sorted keys, so that equal bodies are equal strings in Terraform.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, body: Mapping[str, object]) -> None:
        super().__init__(scope, id_, dashboard_name=name, dashboard_body=json.dumps(body, sort_keys=True))
