"""Small plans of honest changes, as tools cut them out of larger ones, do not block.

Each has the changed resources at the addresses of this project, an execution role that does not change, and the
configuration of what changes: neither that of the provider nor the protections beside it.
"""

import copy
from datetime import date
from typing import Any

import pytest

from protected_endpoints.review.admission.plans import admit_plans
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.review import Review
from tests.review.fragments import ACCOUNT, DEPLOYED, INVOKE, KEY, NEW_FIRST, Json, change, document

_ENDPOINT, _MODEL, _LOGS = (
    "aws_sagemaker_endpoint.Endpoint",
    "aws_sagemaker_model.Model",
    "aws_cloudwatch_log_group.Logs",
)
_CONFIGURATION, _INVOKE = "aws_sagemaker_endpoint_configuration.Configuration", "aws_iam_policy.Invoke"
_ROLE = "aws_iam_role.Role"
_ATTACHMENT = "aws_iam_role_policy_attachment.Invoke_Invoker-fraud-api_1A2B3C4D"
_IMAGE = f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com/kmeans"
_NAMES_OF_AWS = ("arn", "id", "tags_all")


def _reference(address: str, attribute: str) -> Json:
    return {"references": [f"{address}.{attribute}", address]}


def _expressions(attributes: Json) -> Json:
    """Return the expressions of constant arguments; those of a list of objects are a block."""
    return {
        name: [_expressions(item) for item in value]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else {"constant_value": value}
        for name, value in attributes.items()
        if name not in _NAMES_OF_AWS
    }


def _fragment(*changes: Json, expressions: dict[str, Json] | None = None, **more: Any) -> Json:
    """Return a plan of changes; the expressions replace those that follow from the attributes, by address."""
    role = change(_ROLE, DEPLOYED[_ROLE], DEPLOYED[_ROLE], ("no-op",))
    changed = [item for item in changes if item["change"]["actions"] not in (["no-op"], ["delete"])]
    resources = [
        {
            "address": item["address"],
            "mode": "managed",
            "type": item["type"],
            "name": item["address"].rpartition(".")[2],
            "expressions": (expressions or {}).get(item["address"], _expressions(item["change"]["after"])),
        }
        for item in changed
    ]
    return {
        "format_version": "1.2",
        "terraform_version": "1.14.0",
        "planned_values": {"root_module": {}},
        "resource_changes": [role, *changes],
        "applyable": True,
        "complete": True,
        "errored": False,
        "configuration": {"root_module": {"resources": resources}},
        **more,
    }


def _updated(address: str, **arguments: Any) -> Json:
    before = DEPLOYED[address]
    return change(address, before, {**copy.deepcopy(before), **arguments}, ("update",))


def _new_version(**variant: Any) -> tuple[Json, Json]:
    """Return an endpoint configuration under a generated name, and the update of the endpoint to it."""
    before = DEPLOYED[_CONFIGURATION]
    (deployed,) = before["production_variants"]
    after = {key: value for key, value in before.items() if key != "name"}
    after |= {"name_prefix": "acme-dev-kmeans-", "production_variants": [{**deployed, **variant}]}
    before = {**before, "name_prefix": "acme-dev-kmeans-"}
    configuration = change(_CONFIGURATION, before, after, NEW_FIRST, after_unknown={"name": True, "id": True})
    endpoint = _updated(_ENDPOINT)
    del endpoint["change"]["after"]["endpoint_config_name"]
    endpoint["change"]["after_unknown"] = {"endpoint_config_name": True}
    return configuration, endpoint


def _written(configuration: Json) -> dict[str, Json]:
    """Return the expressions of an endpoint and of its configuration, which refer to each other and to the model."""
    expressions = _expressions(configuration["change"]["after"])
    expressions["production_variants"][0]["model_name"] = _reference(_MODEL, "name")
    endpoint = {
        "name": {"constant_value": "acme-dev-kmeans"},
        "endpoint_config_name": _reference(_CONFIGURATION, "name"),
    }
    return {_CONFIGURATION: expressions, _ENDPOINT: endpoint}


def _scaled() -> Json:
    configuration, endpoint = _new_version(initial_instance_count=4)
    return _fragment(configuration, endpoint, expressions=_written(configuration))


def _another_image() -> Json:
    before = DEPLOYED[_MODEL]
    after = {key: value for key, value in before.items() if key != "name"}
    after["primary_container"] = [{"image": f"{_IMAGE}:2", "environment": {"LOG_LEVEL": "info"}}]
    model = change(
        _MODEL, before, {**after, "name_prefix": "acme-dev-kmeans-"}, NEW_FIRST, after_unknown={"name": True}
    )
    del model["change"]["after"]["name_prefix"]
    configuration, endpoint = _new_version()
    (variant,) = configuration["change"]["after"]["production_variants"]
    del variant["model_name"]
    configuration["change"]["after_unknown"] = {"name": True, "production_variants": [{"model_name": True}]}
    arguments = {
        "name": {"constant_value": "acme-dev-kmeans-bb"},
        "execution_role_arn": {"constant_value": before["execution_role_arn"]},
        "primary_container": [{"image": {"constant_value": f"{_IMAGE}:2"}}],
    }
    return _fragment(model, configuration, endpoint, expressions={**_written(configuration), _MODEL: arguments})


def _invoker_policy() -> Json:
    actions = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"]
    return _fragment(_updated(_INVOKE, policy=document({**INVOKE, "Action": actions})))


def _invoker_added() -> Json:
    policy = change(_INVOKE, DEPLOYED[_INVOKE], DEPLOYED[_INVOKE], ("no-op",))
    attachment = {"role": "fraud-api", "policy_arn": DEPLOYED[_INVOKE]["arn"]}
    return _fragment(
        policy,
        change(_ATTACHMENT, None, attachment, ("create",)),
        expressions={
            _ATTACHMENT: {"role": {"constant_value": "fraud-api"}, "policy_arn": _reference(_INVOKE, "arn")},
        },
    )


def _retention_raised() -> Json:
    return _fragment(
        _updated(_LOGS, retention_in_days=731), expressions={_LOGS: _expressions({"retention_in_days": 731})}
    )


def _alarm_added() -> Json:
    (deployed,) = DEPLOYED[_ENDPOINT]["deployment_config"]
    alarms = [{"alarm_name": "kmeans-5xx"}, {"alarm_name": "kmeans-latency"}]
    more = [{**deployed, "auto_rollback_configuration": [{"alarms": alarms}]}]
    endpoint = _updated(_ENDPOINT, deployment_config=more)
    del endpoint["change"]["after"]["tags"], endpoint["change"]["before"]["tags"]
    return _fragment(endpoint, expressions={_ENDPOINT: {"deployment_config": _expressions({"c": more})["c"]}})


def _tags() -> Json:
    before = {**DEPLOYED[_MODEL], "tags_all": {"project": "acme"}}
    tagged = change(_MODEL, before, {**before, "tags_all": {"project": "acme", "team": "risk"}}, ("update",))
    return _fragment(tagged, expressions={_MODEL: {"name": {"constant_value": before["name"]}}})


def _nothing() -> Json:
    return _fragment(
        *(change(address, DEPLOYED[address], DEPLOYED[address], ("no-op",)) for address in (_MODEL, _LOGS))
    )


def _import() -> Json:
    group = DEPLOYED[_LOGS]
    return _fragment(
        change(_LOGS, group, group, ("no-op",), importing={"id": group["name"]}),
        expressions={_LOGS: _expressions(group)},
    )


def _moved() -> Json:
    group = DEPLOYED[_LOGS]
    return _fragment(change(_LOGS, group, group, ("no-op",), previous_address="aws_cloudwatch_log_group.Old"))


def _output() -> Json:
    output = {"actions": ["create"], "before": None, "after": KEY, "after_unknown": False}
    plan = _fragment(output_changes={"kms_key_arn": {**output, "before_sensitive": False, "after_sensitive": False}})
    plan["configuration"]["root_module"]["outputs"] = {
        "kms_key_arn": {"expression": _reference("aws_kms_key.Key", "arn")}
    }
    return plan


_FRAGMENTS = {
    "scaled": _scaled,
    "another image": _another_image,
    "invoker policy changed": _invoker_policy,
    "invoker added": _invoker_added,
    "retention raised": _retention_raised,
    "alarm added": _alarm_added,
    "tags": _tags,
    "nothing": _nothing,
    "import": _import,
    "moved": _moved,
    "output": _output,
}


def _findings(raw: Json) -> list[tuple[str, str, str]]:
    (plan,) = admit_plans([parse_plan(raw, "dev-kmeans", "plan.json")], ())
    findings = Review(plan, (), date(2026, 11, 26)).findings
    return [(finding.rule, finding.address, finding.message) for finding in findings if finding.severity == "block"]


@pytest.mark.parametrize("name", _FRAGMENTS)
def test_an_honest_fragment_does_not_block(name: str) -> None:
    assert _findings(_FRAGMENTS[name]()) == []
