"""Rules about CloudWatch dashboards."""

import json
from collections.abc import Iterator

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import EndpointAction
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.resource_types import DASHBOARD
from protected_endpoints.review.plan.values import Json, Unknown, as_dict, as_list
from protected_endpoints.review.rules.registry import RuleResult, rule


@rule("dashboard-reduced", "note")
def dashboard_reduced(context: ReviewContext) -> RuleResult:
    """The dashboard shows less to the people who operate the endpoints."""
    dashboards = context.plan.of_type(DASHBOARD)
    endpoints = context.endpoints
    is_unneeded = endpoints and all(endpoint.action is EndpointAction.DELETED for endpoint in endpoints)
    if is_unneeded or any(isinstance(change.value_after("dashboard_body"), Unknown) for change in dashboards):
        return
    # A widget may move to another page.
    after = {title for change in dashboards if not change.is_deleted for title in _titles(change.after)}
    for change in dashboards:
        if removed := [title for title in _titles(change.before) if title not in after]:
            name = code(change.value_before("dashboard_name"))
            yield change.address, f"The dashboard {name} no longer shows {code(', '.join(removed))}."


def _titles(dashboard: Json | None) -> Iterator[str]:
    """Yield the titles of the widgets of a dashboard, as far as its body is known."""
    body = as_dict(dashboard).get("dashboard_body")
    try:
        widgets = as_list(as_dict(json.loads(body)).get("widgets")) if isinstance(body, str) else []
    except (ValueError, RecursionError):
        return
    for widget in map(as_dict, widgets):
        if title := as_dict(widget.get("properties")).get("title"):
            yield str(title)
