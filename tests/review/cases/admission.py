"""Plans for the rule of `admission`."""

from tests.review.cases.shapes import Cases
from tests.review.fragments import change

_FUNCTION, _GROUP = {"function_name": "router"}, {"name": "/aws/lambda/router"}

CASES: Cases = [
    (
        "not-admitted",
        {"others": [change("aws_lambda_function.F", None, _FUNCTION, ("create",))]},
        {"others": [change("aws_cloudwatch_log_group.F", None, _GROUP, ("create",))]},
    ),
]
