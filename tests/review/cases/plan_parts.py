"""Plans for the rules of `plan_parts`."""

from typing import Any

from tests.review.cases.shapes import CONFIGURATION, ENDPOINT, LOGS, Cases
from tests.review.fragments import DEPLOYED, PROVIDER, Json, change


def _invoking(**more: Any) -> Json:
    """Return the invocation of an action after an update."""
    trigger = {"triggering_resource_address": ENDPOINT, "action_trigger_event": "AfterUpdate"}
    return {
        "address": "action.aws_lambda_invoke.grant",
        "type": "aws_lambda_invoke",
        "config_values": {"function_name": "grant-access"},
        "lifecycle_action_trigger": trigger,
        **more,
    }


def _checked(kind: str, status: str) -> dict[str, Any]:
    """Return a condition with a status."""
    address = {"kind": kind, "name": "serves", "to_display": f"{kind}.serves"}
    instance = {"address": address, "status": status, "problems": [{"message": "another version is served"}]}
    return {"checks": [{"address": address, "status": status, "instances": [instance]}]}


def _output(*, is_sensitive: bool) -> dict[str, Any]:
    """Return an output that was sensitive, and the flag in its configuration."""
    values = {"before": "a", "after": "a", "after_unknown": False}
    flags = {"before_sensitive": True, "after_sensitive": True}
    outputs: Json = {"token": {"sensitive": True} if is_sensitive else {"expression": {}}}
    return {
        "output_changes": {"token": {"actions": ["update"], **values, **flags}},
        "configuration": {"root_module": {"outputs": outputs}},
    }


def _deposed(address: str, **attributes: Any) -> dict[str, Any]:
    """Return an object that a failed apply left, and that the plan deletes."""
    return {"others": [{**change(address, attributes, None, ("delete",)), "deposed": "0123abcd"}]}


def _importing(action: str) -> dict[str, Any]:
    before, after = {"name": "a", "retention_in_days": 7}, {"name": "a", "retention_in_days": 365}
    sides = (after, after) if action == "no-op" else (before, after)
    return {"others": [change("aws_cloudwatch_log_group.Existing", *sides, (action,), importing={"id": "a"})]}


CASES: Cases = [
    (
        "account-unrestricted",
        {"configuration": {"root_module": {}}},
        {"configuration": {"provider_config": {"aws": PROVIDER}, "root_module": {}}},
    ),
    ("action-invoked", {"action_invocations": [_invoking()]}, {"action_invocations": []}),
    (
        "action-invoked",
        {"deferred_action_invocations": [{"reason": "deferred_prereq", "action_invocation": _invoking()}]},
        {"deferred_action_invocations": []},
    ),
    ("check-not-passed", _checked("check", "fail"), _checked("check", "pass")),
    ("check-not-passed", _checked("check", "error"), _checked("resource", "unknown")),
    ("check-not-passed", _checked("check", "unknown"), _checked("check", "pass")),
    ("output-exposed", _output(is_sensitive=False), _output(is_sensitive=True)),
    ("deposed-in-use", _deposed(ENDPOINT, name="acme-dev-kmeans"), _deposed(LOGS, name="another")),
    ("deposed-in-use", _deposed(ENDPOINT, name="another"), _deposed(LOGS, name="another")),
    ("deposed-in-use", _deposed(CONFIGURATION, name="acme-dev-kmeans-1"), _deposed(CONFIGURATION, name="another")),
    (
        "deposed-in-use",
        _deposed("aws_sagemaker_model.Old", name="acme-dev-kmeans-aa"),
        _deposed("aws_sagemaker_model.Old", name="acme-dev-kmeans-bb"),
    ),
    (
        "deposed-in-use",
        _deposed("aws_iam_policy.Old", arn=DEPLOYED["aws_iam_policy.Invoke"]["arn"]),
        _deposed("aws_iam_policy.Old", arn="another"),
    ),
    ("import-changed", _importing("update"), _importing("no-op")),
]
