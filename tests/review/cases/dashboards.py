"""Plans for the rules of `dashboards`."""

import json
from typing import Any

from tests.review.cases.shapes import ENDPOINT, Cases
from tests.review.fragments import Json, change

_RULE = "dashboard-reduced"


def _dashboard(*titles: str, name: str = "acme-dev-kmeans") -> Json:
    widgets: list[Json] = [{"type": "text", "properties": {"markdown": "x"}}]
    widgets += [{"type": "metric", "properties": {"title": title}} for title in titles]
    return {"dashboard_name": name, "dashboard_body": json.dumps({"widgets": widgets})}


def _changed(before: Json | None, after: Json | None, page: int = 1, **more: Any) -> Json:
    actions = ("create",) if before is None else ("delete",) if after is None else ("update",)
    return change(f"aws_cloudwatch_dashboard.Dashboard-{page}", before, after, actions, **more)


def _plan(*dashboards: Json, **more: Any) -> dict[str, Any]:
    return {"others": [*dashboards], **more}


_BOTH, _ONE = _dashboard("Requests", "Latency"), _dashboard("Latency")
_REDUCED = _plan(_changed(_BOTH, _ONE))
_UNKNOWN = _changed(_BOTH, {"dashboard_name": "acme-dev-kmeans"}, after_unknown={"dashboard_body": True})

CASES: Cases = [
    (_RULE, _REDUCED, _plan(_changed(_ONE, _BOTH))),
    (_RULE, _REDUCED, _plan(_changed(_ONE, {**_ONE, "dashboard_name": "acme-dev-other"}))),
    (_RULE, _REDUCED, _plan(_UNKNOWN)),
    (_RULE, _REDUCED, _plan(_changed({**_BOTH, "dashboard_body": "x"}, _ONE))),
    # A widget moves to another page.
    (_RULE, _REDUCED, _plan(_changed(_BOTH, _ONE), _changed(None, _dashboard("Requests"), 2))),
    # With its endpoint, a dashboard is deleted as well.
    (_RULE, _plan(_changed(_ONE, None)), _plan(_changed(_ONE, None), changed={ENDPOINT: "delete"})),
]
