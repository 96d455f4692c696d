"""The table of a running endpoint: what it keeps, what it leaves out by name, and what it never prints."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.commands.adopt import command
from protected_endpoints.commands.adopt.endpoint_table import endpoint_table, slug
from protected_endpoints.commands.adopt.running_endpoint import AwsReader, RunningEndpoint
from protected_endpoints.errors import CommandError

_ACCOUNT, _REGION = "111122223333", "us-west-2"
_IMAGE = f"{_ACCOUNT}.dkr.ecr.{_REGION}.amazonaws.com/fraud"
_KEY = f"arn:aws:kms:{_REGION}:{_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_ROLE = f"arn:aws:iam::{_ACCOUNT}:role/serves"
_RESOURCE = "endpoint/Fraud-V2/variant/AllTraffic"
_DIMENSION = "sagemaker:variant:DesiredInstanceCount"
_TARGET = f"arn:aws:application-autoscaling:{_REGION}:{_ACCOUNT}:scalable-target/0ec5abc"
_ADOPT = ("--name", "Fraud-V2", "--region", _REGION, "--environment", "prod")


def _running(*, model: dict[str, Any] | None = None, **changes: Any) -> RunningEndpoint:
    container = {"Image": f"{_IMAGE}:7", "ModelDataUrl": "s3://acme-models/fraud.tar.gz", "Environment": {}}
    variant = {"VariantName": "AllTraffic", "ModelName": "fraud", "InitialVariantWeight": 1.0}
    hosting = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1, "VolumeSizeInGB": 64}
    extra = changes.pop("configuration", {})
    return RunningEndpoint(
        account_id=_ACCOUNT,
        region=_REGION,
        endpoint={
            "EndpointName": "Fraud-V2",
            "EndpointArn": f"arn:aws:sagemaker:{_REGION}:{_ACCOUNT}:endpoint/fraud_v2",
            "EndpointConfigName": "fraud-7",
            "ProductionVariants": [{"VariantName": "AllTraffic", "DesiredInstanceCount": 3, "DesiredWeight": 1.0}],
        },
        configuration={"ProductionVariants": [{**variant, **hosting, **extra.pop("variant", {})}], **extra},
        models={
            "fraud": {
                "ExecutionRoleArn": _ROLE,
                "EnableNetworkIsolation": True,
                "PrimaryContainer": container,
                **(model or {}),
            }
        },
        **changes,
    )


def test_the_table_keeps_what_the_endpoint_has() -> None:
    adopted = endpoint_table(_running(key_arn=_KEY, tags={"team": "risk"}, log_group={"retentionInDays": 30}))
    assert adopted.left_out == []
    assert adopted.table == {
        "endpoint_name": "Fraud-V2",
        "execution_role_arn": _ROLE,
        "tags": {"team": "risk"},
        "image": f"{_IMAGE}:7",
        "model_data_url": "s3://acme-models/fraud.tar.gz",
        "instance_type": "ml.m5.large",
        "volume_size_in_gb": 64,
        "initial_instance_count": 3,
        "data_capture": {"enable_capture": False},
        "kms": {"key_arn": _KEY},
        "logs": {"retention_in_days": 30},
    }


def test_what_is_weaker_is_relaxed_with_its_reason() -> None:
    model = {"EnableNetworkIsolation": False, "PrimaryContainer": {"Image": f"{_IMAGE}:latest"}}
    adopted = endpoint_table(_running(model=model, configuration={"variant": {"EnableSSMAccess": True}}))
    assert adopted.table["relax"] == dict.fromkeys(("image_tag", "ssm_access", "network_isolation"), "as it was before")


def test_what_cannot_be_expressed_is_named() -> None:
    explainer = {"ExplainerConfig": {"ClarifyExplainerConfig": {"EnableExplanations": "`true`"}}}
    configuration = {**explainer, "variant": {"AcceleratorType": "ml.eia1.medium", "InitialVariantWeight": 0.5}}
    adopted = endpoint_table(_running(configuration=configuration))
    assert adopted.left_out == [
        "variant AllTraffic: AcceleratorType",
        "ExplainerConfig: ClarifyExplainerConfig",
    ]


def test_logs_that_never_expired_are_kept_for_the_longest_time() -> None:
    adopted = endpoint_table(_running(log_group={"logGroupName": "x"}))
    assert adopted.table["logs"] == {"retention_in_days": 3653}
    assert adopted.notes == ["logs were kept for ever; 3653 days is the longest time here"]


@pytest.mark.parametrize(
    ("modes", "expected"), [(["Input"], "Input"), (["Output"], "Output"), (["Input", "Output"], None)]
)
def test_captured_data_keeps_its_place(modes: list[str], expected: str | None) -> None:
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 20,
        "DestinationS3Uri": "s3://acme-captured/fraud",
        "CaptureOptions": [{"CaptureMode": mode} for mode in modes],
    }
    table = endpoint_table(_running(configuration={"DataCaptureConfig": capture})).table["data_capture"]
    assert table.pop("capture_mode", None) == expected
    assert table == {"initial_sampling_percentage": 20, "destination_s3_uri": "s3://acme-captured/fraud"}


def test_target_tracking_is_kept_and_the_present_policy_named() -> None:
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    policy = {"PolicyName": "p", "ResourceId": _RESOURCE, "ScalableDimension": _DIMENSION}
    tracking = {"TargetValue": 70.0, "PredefinedMetricSpecification": metric, "ScaleInCooldown": 60}
    adopted = endpoint_table(
        _running(
            scalable_targets=({"ResourceId": _RESOURCE, "MinCapacity": 1, "MaxCapacity": 4},),
            scaling_policies=(
                {**policy, "TargetTrackingScalingPolicyConfiguration": tracking},
                {**policy, "PolicyName": "steps", "StepScalingPolicyConfiguration": {}},
            ),
        )
    )
    assert adopted.table["scaling"] == {
        "min_capacity": 1,
        "max_capacity": 4,
        "target_value": 70.0,
        "predefined_metric_type": "SageMakerVariantInvocationsPerInstance",
        "scale_in_cooldown": 60,
    }
    assert adopted.left_out == ["variant AllTraffic: scaling policy steps"]
    assert f"--resource-id {_RESOURCE} --scalable-dimension {_DIMENSION} --policy-name 'p'" in adopted.notes[0]


def test_other_scaling_and_the_tags_of_a_stack_are_named() -> None:
    target = {"ResourceId": _RESOURCE, "MinCapacity": 1, "MaxCapacity": 4}
    adopted = endpoint_table(_running(scalable_targets=(target,), tags={"endpoint": "fraud"}))
    assert adopted.left_out == ["variant AllTraffic: scalable target from 1 to 4"]
    assert "tags" not in adopted.table
    assert adopted.notes == ["tag endpoint is fraud so far; if another stack manages the endpoint, do not adopt it"]


@pytest.mark.parametrize(("name", "key"), [("Fraud-V2", "fraud-v2"), ("a--b", "a-b"), ("x" * 40, "x" * 36)])
def test_the_key_of_the_table_follows_from_the_name(name: str, key: str) -> None:
    assert slug(name) == key


def _print(monkeypatch: pytest.MonkeyPatch, folder: Path, running: RunningEndpoint, *arguments: str) -> int:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(AwsReader, "running_endpoint", lambda *_: running)
    return command.run([*_ADOPT, *arguments])


def test_a_whole_file_is_printed_that_loads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subnets = tuple(
        {"SubnetId": f"subnet-0a1b2c3d4e5f6071{number}", "VpcId": "vpc-0a1b2c3d4e5f60718"} for number in "98"
    )
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    tracking = {"TargetValue": 70.0, "PredefinedMetricSpecification": metric}
    policy = {"PolicyName": "p", "ResourceId": _RESOURCE, "ScalableDimension": _DIMENSION}
    running = _running(
        subnets=subnets,
        log_group={"arn": f"arn:aws:logs:us-west-2:{_ACCOUNT}:log-group:fraud:*", "retentionInDays": 30},
        scalable_targets=({"ResourceId": _RESOURCE, "MinCapacity": 1, "MaxCapacity": 4, "ScalableTargetARN": _TARGET},),
        scaling_policies=({**policy, "TargetTrackingScalingPolicyConfiguration": tracking},),
    )
    assert _print(monkeypatch, tmp_path, running, "--project", "acme") == 0
    text = capsys.readouterr().out
    assert tomllib.loads(text)["environments"]["prod"]["network"] == {
        "vpc_id": "vpc-0a1b2c3d4e5f60718",
        "subnet_ids": ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
        "private_endpoints": False,
    }
    assert "# make recover STACK=prod-fraud-v2\n" in text
    tags = "--tags project=acme,environment=prod,endpoint=fraud-v2\n"
    assert f"--resource-arn arn:aws:logs:us-west-2:{_ACCOUNT}:log-group:fraud {tags}" in text
    assert f"aws application-autoscaling tag-resource --region us-west-2 --resource-arn {_TARGET} {tags}" in text


def test_one_more_table_is_printed_for_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = f'[project]\nname = "acme"\n[environments.prod]\naccount_id = "{_ACCOUNT}"\nregion = "{_REGION}"\n'
    file = tmp_path / "endpoints.toml"
    file.write_text(head)
    assert _print(monkeypatch, tmp_path, _running()) == 0
    text = capsys.readouterr().out
    assert [*tomllib.loads(text)] == ["endpoints"]
    assert tomllib.loads(text)["endpoints"]["fraud-v2"]["only"] == ["prod"]
    assert file.read_text() == head
    file.write_text(head + text)
    with pytest.raises(CommandError, match=r"endpoints\.fraud-v2: exists already"):
        _print(monkeypatch, tmp_path, _running())
    file.write_text(head.replace(_ACCOUNT, "444455556666"))
    with pytest.raises(CommandError, match=f"account_id: the endpoint is in {_ACCOUNT}"):
        _print(monkeypatch, tmp_path, _running())


def test_a_secret_is_left_out_and_not_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    container = {"Image": f"{_IMAGE}:7", "Environment": {"DB_PASSWORD": "hunter2hunter2", "LEVEL": "2"}}
    running = _running(model={"PrimaryContainer": container})
    assert _print(monkeypatch, tmp_path, running, "--project", "acme") == 1
    text = capsys.readouterr().out
    assert "# LEFT OUT, lost or unmanaged after the first deployment: fraud: environment variable DB_PASSWORD" in text
    assert tomllib.loads(text)["endpoints"]["fraud-v2"]["environment"] == {"LEVEL": "2"}
    assert "hunter2" not in text


def test_what_the_file_does_not_accept_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = _running(model={"PrimaryContainer": {"Image": "docker.io/library/fraud:7"}})
    assert _print(monkeypatch, tmp_path, running, "--project", "acme") == 1
    assert "# CORRECT: " in capsys.readouterr().out
