"""Plans for the rules of `ssm_parameters`."""

from typing import Any

from tests.review.cases.shapes import ENDPOINT, Cases
from tests.review.fragments import Json, change

_RULE = "ssm-parameter-removed"
_NAME = {"name": "/acme/dev/kmeans/name", "type": "String", "value": "acme-dev-kmeans"}
_RENAMED = {**_NAME, "name": "/acme/prod/kmeans/name"}


def _plan(before: Json, after: Json | None, *actions: str, **more: Any) -> dict[str, Any]:
    return {"others": [change("aws_ssm_parameter.Parameters_Name", before, after, actions)], **more}


_REMOVED = _plan(_NAME, None, "delete")

CASES: Cases = [
    (_RULE, _REMOVED, _plan(_NAME, {**_NAME, "description": "Name"}, "update")),
    (_RULE, _plan(_NAME, _RENAMED, "delete", "create"), _plan(_NAME, _NAME, "delete", "create")),
    # With its endpoint, which endpoint-down reports.
    (_RULE, _REMOVED, {**_REMOVED, "changed": {ENDPOINT: "delete"}}),
]
