"""`make plan` and `make deploy` refuse an update of an endpoint that SageMaker refuses, before Terraform begins."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.examples import ROOT
from tests.loading.support import Table
from tests.rules.pair import variant
from tests.support import synth

_WRAPPER = ROOT / "modules" / "protected_endpoints" / "commands" / "terraform.sh"
_INSTANCES = {"variant_name": "AllTraffic", "model_name": "m", "instance_type": "ml.m5.xlarge"}
_SERVERLESS_VARIANT = {"variant_name": "AllTraffic", "model_name": "m", "serverless_config": [{"max_concurrency": 5}]}
_REAL_TIME = {"production_variants": [{**_INSTANCES, "serverless_config": []}], "async_inference_config": []}
_SERVERLESS = {"production_variants": [_SERVERLESS_VARIANT], "async_inference_config": []}
_ASYNCHRONOUS = {**_REAL_TIME, "async_inference_config": [{"output_config": [{"s3_output_path": "s3://a/b"}]}]}
_TO_SERVERLESS: Table = {
    "instance_type": None,
    "initial_instance_count": None,
    "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 5},
    "relax": {"network_isolation": "serverless inference has none"},
}
_TO_ASYNCHRONOUS: Table = {"async_inference_config": {"output_config": {"s3_output_path": "s3://answers/kmeans"}}}
# Prints the state of the stack, and records every other call.
_TERRAFORM = """#!/bin/sh
[ "$1 $2" != "state pull" ] || exec cat "{0}/state.json"
echo "$@" >>"{0}/calls"
"""
_ALARMS = ("acme-dev-kmeans/rollback-errors", "acme-dev-kmeans/rollback-latency")
_ROLLBACK = [{"alarms": [{"alarm_name": name} for name in _ALARMS]}]


def _blue_green(type_: str, size: int | None = None) -> list[Table]:
    """Return an update policy as it is in a state."""
    canary_size = [{"type": "INSTANCE_COUNT", "value": size}] if size else []
    routing = {"type": type_, "wait_interval_in_seconds": 600, "canary_size": canary_size, "linear_step_size": []}
    return [
        {
            "traffic_routing_configuration": [routing],
            "termination_wait_in_seconds": 300,
            "maximum_execution_timeout_in_seconds": None,
        }
    ]


_CANARY: Table = {
    "blue_green_update_policy": _blue_green("CANARY", 1),
    "auto_rollback_configuration": _ROLLBACK,
    "rolling_update_policy": [],
}
_OWN = {"traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}}
_ADVICE = (
    "add a table with another name to endpoints.toml, deploy it, let the invokers call that endpoint, and remove this "
    "table then"
)


def _resource(type_: str, name: str, attributes: Table, **more: str) -> Table:
    return {"mode": "managed", "type": type_, "name": name, "instances": [{"attributes": attributes, **more}]}


def _state(
    configuration: Table, endpoint_name: str = "acme-dev-kmeans", rollout: Table | None = None, **more: str
) -> str:
    """Return a state with an endpoint, its configuration and its rollback alarms."""
    endpoint = {
        "name": endpoint_name,
        "endpoint_config_name": "c1",
        "deployment_config": [_CANARY if rollout is None else rollout],
    }
    resources = [
        _resource("aws_sagemaker_endpoint", "Endpoint", endpoint, **more),
        _resource("aws_sagemaker_endpoint_configuration", "EndpointConfiguration", {"name": "c1", **configuration}),
        *(
            _resource("aws_cloudwatch_metric_alarm", f"Alarm{n}", {"alarm_name": name})
            for n, name in enumerate(_ALARMS)
        ),
    ]
    return json.dumps({"version": 4, "resources": resources})


def _run(project: Path, state: str, changes: Table, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Return a finished run of the wrapper in the folder of a stack with these changes to the example."""
    folder = project / "cdktf.out" / "stacks" / "dev-kmeans"
    folder.mkdir(parents=True)
    (folder / "cdk.tf.json").write_text(json.dumps(synth(**changes)))
    (project / "state.json").write_text(state)
    terraform = project / "terraform"
    terraform.write_text(_TERRAFORM.format(project))
    terraform.chmod(0o755)
    environment = {**os.environ, "PATH": f"{project}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        ["sh", str(_WRAPPER), *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", ["plan -input=false -out plan", "apply -auto-approve"])
@pytest.mark.parametrize(
    ("deployed", "changes", "reason"),
    [
        (
            _REAL_TIME,
            _TO_SERVERLESS,
            "real-time inference to serverless inference: SageMaker refuses it with a ValidationError",
        ),
        (
            _ASYNCHRONOUS,
            {},
            "asynchronous inference to real-time inference: SageMaker refuses to remove AsyncInferenceConfig with a "
            "ValidationException",
        ),
        (
            _REAL_TIME,
            _TO_ASYNCHRONOUS,
            "real-time inference to asynchronous inference: it then accepts asynchronous requests only, so all other "
            "requests fail",
        ),
    ],
)
def test_an_update_that_sagemaker_refuses_does_not_begin(
    tmp_path: Path, command: str, deployed: Table, changes: Table, reason: str
) -> None:
    finished = _run(tmp_path, _state(deployed), changes, *command.split())
    expected = f"dev-kmeans: endpoint acme-dev-kmeans cannot be updated from {reason}; {_ADVICE}\n"
    assert (finished.returncode, finished.stderr) == (1, expected)
    assert not (tmp_path / "calls").exists()


@pytest.mark.parametrize(
    ("state", "changes", "command"),
    [
        (_state(_REAL_TIME), {}, "apply"),
        (_state(_SERVERLESS), {}, "apply"),  # once, and not back; the review warns
        (_state(_SERVERLESS, rollout={}), _TO_SERVERLESS, "apply"),
        (_state(_REAL_TIME, "another"), _TO_SERVERLESS, "apply"),  # replaced, not updated
        (_state(_REAL_TIME, status="tainted"), _TO_SERVERLESS, "apply"),  # its creation failed, so it is replaced
        (_state(_REAL_TIME), _TO_SERVERLESS, "destroy"),
        (_state(_REAL_TIME), _TO_SERVERLESS, "plan -destroy"),
        (_state(_REAL_TIME), _TO_SERVERLESS, "init"),
        ("", _TO_SERVERLESS, "apply"),  # nothing is deployed
        ("not a state", {}, "init"),
    ],
)
def test_any_other_command_runs(tmp_path: Path, state: str, changes: Table, command: str) -> None:
    finished = _run(tmp_path, state, changes, *command.split())
    assert (finished.returncode, finished.stderr) == (0, "")
    assert (tmp_path / "calls").read_text() == f"{command}\n"


_KEEPS = "dev-kmeans: endpoint acme-dev-kmeans keeps"
_PARTS = """{ blue_green_update_policy = { termination_wait_in_seconds = 300, traffic_routing_configuration = \
{ canary_size = { type = "INSTANCE_COUNT", value = 1 }, type = "CANARY", wait_interval_in_seconds = 600 } } }"""
_TOO_LARGE = "which must not exceed half of the instances of a variant, here"


@pytest.mark.parametrize(
    ("rollout", "changes", "code", "message"),
    [
        (  # from before the default
            {},
            {},
            0,
            "dev-kmeans: endpoint acme-dev-kmeans has no rollback alarms, and Terraform cannot add them to an endpoint "
            f"that exists; to update with them, {_ADVICE}\n",
        ),
        (  # another default, after a change of the number of instances
            {**_CANARY, "blue_green_update_policy": _blue_green("ALL_AT_ONCE")},
            {},
            0,
            f"{_KEEPS} the deployment_config it has (blue/green, all at once, automatic rollback on 2 alarms) "
            "instead of the default (blue/green, canary 1 instance, automatic rollback on 2 alarms); to set it, add to "
            "[endpoints.kmeans]: deployment_config = { auto_rollback_configuration = { alarms = [{ alarm_name = "
            f'"{_ALARMS[0]}" }}, {{ alarm_name = "{_ALARMS[1]}" }}] }}, {_PARTS.removeprefix("{ ")}\n',
        ),
        (_CANARY, {"initial_instance_count": 1}, 1, f"{_KEEPS} its canary of 1, {_TOO_LARGE} 1; add to"),
        (
            {**_CANARY, "blue_green_update_policy": _blue_green("CANARY", 2)},
            {"initial_instance_count": 3},
            1,
            f"{_KEEPS} its canary of 2, {_TOO_LARGE} 3; add to",
        ),
        (  # not supported any more, and the alarms that the endpoint names are deleted
            _CANARY,
            {"instance_type": "ml.inf1.xlarge"},
            1,
            f"{_KEEPS} the deployment_config it has, whose alarms this change deletes: {', '.join(_ALARMS)}; {_ADVICE}",
        ),
        (
            _CANARY,
            {"deployment_config": {"blue_green_update_policy": _OWN}},
            1,
            "dev-kmeans: endpoint acme-dev-kmeans would be deleted and created again, because Terraform cannot remove ",
        ),
        (
            _CANARY,
            {"instance_type": None, "variants": [variant("one"), variant("two")]},
            0,
            "dev-kmeans: the variants of endpoint acme-dev-kmeans change from AllTraffic to one, two, and AWS "
            "documents that an endpoint with deployment_config keeps their names; if SageMaker refuses the update, "
            f"{_ADVICE}\n",
        ),
        (  # a table with an alarm of the user was removed, and with it the permission to read the alarm
            {**_CANARY, "auto_rollback_configuration": [{"alarms": [{"alarm_name": "by-hand"}]}]},
            {},
            1,
            f"{_KEEPS} the deployment_config it has, whose alarms its execution role can no longer describe: by-hand; "
            "restore deployment_config of [endpoints.kmeans], or add to [endpoints.kmeans]: deployment_config = { "
            f'auto_rollback_configuration = {{ alarms = [{{ alarm_name = "{_ALARMS[0]}" }}, ',
        ),
        ({}, {"deployment_config": {"blue_green_update_policy": _OWN}}, 0, ""),  # in place
    ],
)
def test_what_an_endpoint_keeps_of_its_deployment_config_is_said(
    tmp_path: Path, rollout: Table, changes: Table, code: int, message: str
) -> None:
    finished = _run(tmp_path, _state(_REAL_TIME, rollout=rollout), changes, "plan")
    assert finished.returncode == code
    assert finished.stderr.startswith(message)
    assert bool(finished.stderr) == bool(message)
    assert (tmp_path / "calls").exists() == (code == 0)


def _after_a_rollback(configuration: Table) -> str:
    """Return the state after an update that was rolled back: what the endpoint serves is still to be deleted."""
    state = json.loads(_state(configuration))
    (configurations,) = (item for item in state["resources"] if item["name"] == "EndpointConfiguration")
    (served,) = configurations["instances"]
    served["deposed"] = "0a1b2c3d"
    configurations["instances"].append({"attributes": {"name": "c2", **configuration}})
    return json.dumps(state)


def test_after_a_rollback_an_update_is_compared_with_what_the_endpoint_serves(tmp_path: Path) -> None:
    finished = _run(tmp_path, _after_a_rollback(_REAL_TIME), {}, "plan")
    assert (finished.returncode, finished.stderr) == (0, "")


def test_after_a_rollback_an_update_that_sagemaker_refuses_does_not_begin(tmp_path: Path) -> None:
    finished = _run(tmp_path, _after_a_rollback(_REAL_TIME), _TO_SERVERLESS, "plan")
    assert finished.returncode == 1
    assert "cannot be updated from real-time inference to serverless inference" in finished.stderr


def test_a_model_is_not_created_again_under_another_address(tmp_path: Path) -> None:
    changes: Table = {"instance_type": None, "variants": [variant("AllTraffic")]}
    ((_, model),) = synth(**changes)["resource"]["aws_sagemaker_model"].items()
    state = json.loads(_state(_REAL_TIME))
    state["resources"].append(_resource("aws_sagemaker_model", "Other", {"name": model["name"]}))
    finished = _run(tmp_path, json.dumps(state), changes, "plan")
    assert finished.returncode == 1
    assert finished.stderr.startswith(
        f"dev-kmeans: model {model['name']} exists as aws_sagemaker_model.Other, and Terraform would create it again"
    )
    assert finished.stderr.endswith("; raise revision of [endpoints.kmeans], which changes its name\n")
