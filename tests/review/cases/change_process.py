"""Plans for the rules of `change_process`."""

from typing import Any

from tests.review.cases.shapes import ENDPOINT, ENDPOINT_UPDATED, EXCLUSIVE, LOGS, MANAGED_KEY, RUNNING, Cases
from tests.review.fragments import DEPLOYED, NEW_FIRST, OLD_FIRST, Json, change

_DEFERRED = change("aws_kms_key.Later", None, {"tags": {}}, ("create",))


def _drift(address: str, **after: Any) -> Json:
    before = DEPLOYED[address]
    resources = [{"address": address, "expressions": {key: {} for key in before}}]
    return {
        "resource_drift": [change(address, before, {**before, **after}, ("update",))],
        "configuration": {"root_module": {"resources": resources}},
    }


def _running(action: str) -> dict[str, Any]:
    """Return a resource with a provisioner."""
    resource = {"address": "terraform_data.T", "provisioners": [{"type": "local-exec"}]}
    side = None if action == "create" else {"input": "a"}
    return {
        "others": [change("terraform_data.T[0]", side, {"input": "a"}, (action,))],
        "configuration": {"root_module": {"resources": [resource]}},
    }


def _planning(kind: str) -> dict[str, Any]:
    """Return a data source."""
    source = {"address": f"data.{kind}.D", "mode": "data", "type": kind}
    return {"configuration": {"root_module": {"module_calls": {"m": {"module": {"resources": [source]}}}}}}


def _rolled_out(**changes: Any) -> dict[str, Any]:
    routing = {"type": "CANARY", "canary_size": [{"type": "CAPACITY_PERCENT", "value": 10}], **changes}
    policy = {"blue_green_update_policy": [{"traffic_routing_configuration": [routing]}]}
    return {"changed": {ENDPOINT: {"deployment_config": [{**DEPLOYED[ENDPOINT]["deployment_config"][0], **policy}]}}}


def _tainted(actions: tuple[str, ...]) -> dict[str, Any]:
    """Return a policy at which an earlier apply failed."""
    policy = {"name": "running", "role": "acme-dev-kmeans-exec", "policy": "{}"}
    return {"others": [change(RUNNING, policy, policy, actions, action_reason="replace_because_tainted")]}


_STATE = {"backend": {"s3": {"bucket": "acme-tfstate", "key": "acme/dev-kmeans.tfstate"}}}
_OTHER_STATE = {"backend": {"s3": {"bucket": "other", "key": "acme/dev-kmeans.tfstate"}}}
_LOCAL_STATE = {"backend": {"local": {"path": "terraform.tfstate"}}}

CASES: Cases = [
    ("state-moved", {"states": (_STATE, _OTHER_STATE)}, {"states": (_LOCAL_STATE, _STATE)}),
    ("local-state-moved", {"states": (_LOCAL_STATE, _STATE)}, {"states": (_STATE, _OTHER_STATE)}),
    ("state-moved", {"states": (_STATE, {"cloud": {"organization": "acme"}})}, {"states": (_STATE, _STATE)}),
    ("runs-commands", _running("create"), _running("no-op")),
    ("runs-commands", _planning("external"), _planning("aws_iam_policy_document")),
    ("plan-incomplete", {"complete": False}, {"complete": True}),
    ("plan-incomplete", {"errored": True}, {"errored": False}),
    ("plan-incomplete", {"deferred_changes": [{"reason": "unknown", "resource_change": _DEFERRED}]}, {}),
    (
        "plan-incomplete",
        {"applyable": False, "changed": {LOGS: {"retention_in_days": 400}}},
        {"applyable": False},
    ),
    (
        "rollout-weaker",
        _rolled_out(canary_size=[{"type": "CAPACITY_PERCENT", "value": 50}]),
        _rolled_out(canary_size=[{"type": "CAPACITY_PERCENT", "value": 5}]),
    ),
    ("tainted-replaced", _tainted(NEW_FIRST), _tainted(OLD_FIRST)),
    ("tainted-replaced", _tainted(NEW_FIRST), {"changed": {RUNNING: (NEW_FIRST, {})}}),
    ("rollout-weaker", {"changed": {ENDPOINT: {"deployment_config": []}}}, {"changed": ENDPOINT_UPDATED}),
    (
        "changes-ignored",
        {"ignored": ((ENDPOINT, "deployment_config"),)},
        {"ignored": (("aws_appautoscaling_target.Target", "min_capacity"),)},
    ),
    ("removed-from-state", {"changed": {LOGS: (("forget",), {})}}, {"changed": {LOGS: "delete"}}),
    (
        "removed-from-state",
        {"changed": {LOGS: (("create", "forget"), {"name": "b"})}},
        {"changed": {LOGS: (OLD_FIRST, {})}},
    ),
    (
        "moved",
        {
            "others": [
                change("aws_kms_key.B", {"arn": "a"}, {"arn": "b"}, ("update",), previous_address="aws_kms_key.A")
            ]
        },
        {"others": [change("aws_kms_key.B", {"arn": "a"}, None, ("delete",), previous_address="aws_kms_key.A")]},
    ),
    (
        "drift-on-protected",
        _drift(EXCLUSIVE, policy_names=["running", "version-orphan"]),
        _drift(EXCLUSIVE, policy_names=["running"]),
    ),
    ("drift-on-protected", _drift(RUNNING, policy="wide"), _drift(RUNNING, id="new")),
    (
        "tags-only",
        {"changed": {MANAGED_KEY: {"tags": {"a": "b"}}}},
        {"changed": {MANAGED_KEY: {"tags": {"a": "b"}, "enable_key_rotation": False}}},
    ),
    (
        "moved",
        {
            "others": [
                change(
                    "aws_iam_policy.B", {"name": "p"}, {"name": "p"}, ("no-op",), previous_address="aws_iam_policy.A"
                )
            ]
        },
        {"others": [change("aws_iam_policy.B", {"name": "p"}, {"name": "p"}, ("no-op",))]},
    ),
    (
        "import",
        {"others": [change("aws_iam_policy.B", {"name": "p"}, {"name": "p"}, ("no-op",), importing={"id": "p"})]},
        {"others": [change("aws_iam_policy.B", {"name": "p"}, {"name": "p"}, ("no-op",))]},
    ),
]
