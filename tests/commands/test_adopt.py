"""The table of a running endpoint: what it keeps, what it leaves out by name, and what it never prints."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.commands.adopt import command
from protected_endpoints.commands.adopt.endpoint_table import endpoint_table
from protected_endpoints.commands.adopt.running_endpoint import AwsReader, RunningEndpoint
from protected_endpoints.commands.adopt.slug import slug
from protected_endpoints.errors import CommandError
from tests.commands.running import ACCOUNT, IMAGE, REGION, ROLE, running

_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_CUSTOMER_KEY = {"Arn": _KEY, "KeyManager": "CUSTOMER"}
_RESOURCE = "endpoint/Fraud-V2/variant/AllTraffic"
_DIMENSION = "sagemaker:variant:DesiredInstanceCount"
_TARGET = f"arn:aws:application-autoscaling:{REGION}:{ACCOUNT}:scalable-target/0ec5abc"
_ADOPT = ("--name", "Fraud-V2", "--region", REGION, "--environment", "prod")


def test_the_table_keeps_what_the_endpoint_has() -> None:
    adopted = endpoint_table(
        running(
            configuration={"KmsKeyId": "alias/fraud"},
            keys={"alias/fraud": _CUSTOMER_KEY},
            tags={"team": "risk"},
            log_group={"retentionInDays": 30},
        )
    )
    assert adopted.left_out == []
    assert adopted.table == {
        "endpoint_name": "Fraud-V2",
        "execution_role_arn": ROLE,
        "tags": {"team": "risk"},
        "image": f"{IMAGE}:7",
        "model_data_url": "s3://acme-models/fraud.tar.gz",
        "instance_type": "ml.m5.large",
        "volume_size_in_gb": 64,
        "initial_instance_count": 3,
        "data_capture": {"enable_capture": False},
        "kms": {"key_arn": _KEY},
        "logs": {"retention_in_days": 30},
    }


def test_what_is_weaker_is_relaxed_with_its_reason() -> None:
    model = {"EnableNetworkIsolation": False, "PrimaryContainer": {"Image": f"{IMAGE}:latest"}}
    adopted = endpoint_table(running(model=model, configuration={"variant": {"EnableSSMAccess": True}}))
    assert adopted.table["relax"] == dict.fromkeys(("image_tag", "ssm_access", "network_isolation"), "as it was before")


def test_what_cannot_be_expressed_is_named() -> None:
    explainer = {"ExplainerConfig": {"ClarifyExplainerConfig": {"EnableExplanations": "`true`"}}}
    configuration = {**explainer, "variant": {"AcceleratorType": "ml.eia1.medium", "InitialVariantWeight": 0.5}}
    adopted = endpoint_table(running(configuration=configuration))
    assert adopted.left_out == [
        "variant AllTraffic: AcceleratorType",
        "ExplainerConfig: ClarifyExplainerConfig",
    ]


def test_logs_that_never_expired_are_kept_for_the_longest_time() -> None:
    adopted = endpoint_table(running(log_group={"logGroupName": "x"}))
    assert adopted.table["logs"] == {"retention_in_days": 3653}
    assert adopted.notes == ["logs never expired; 3653 days is the longest time here"]


def _with_variants(weights: dict[str, float], models: dict[str, str]) -> RunningEndpoint:
    endpoint = running()
    (variant,) = endpoint.configuration["ProductionVariants"]
    names = {"VariantName", "ModelName"}
    hosting = {key: value for key, value in variant.items() if key not in names}
    variants = [{"VariantName": name, "ModelName": models[name], **hosting} for name in weights]
    summaries = [{"VariantName": name, "DesiredWeight": weight} for name, weight in weights.items()]
    return replace(
        endpoint,
        endpoint={**endpoint.endpoint, "ProductionVariants": summaries},
        configuration={"ProductionVariants": variants},
        models=dict.fromkeys(models.values(), endpoint.models["fraud"]),
    )


def _with_components(**configuration: Any) -> RunningEndpoint:
    endpoint = running()
    (variant,) = endpoint.configuration["ProductionVariants"]
    hosting = {key: value for key, value in variant.items() if key != "ModelName"}
    configured = {"ProductionVariants": [hosting], "ExecutionRoleArn": ROLE, **configuration}
    return replace(endpoint, configuration=configured, models={}, components=("llama", "mistral"))


def test_an_endpoint_of_inference_components_is_its_instances(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _print(monkeypatch, tmp_path, _with_components(), "--project", "acme") == 0
    text = capsys.readouterr().out
    (variant,) = tomllib.loads(text)["endpoints"]["fraud-v2"]["variants"]
    assert "model" not in variant
    assert "# NOTE: inference components stay with the tool that created them: llama, mistral\n" in text


def test_what_the_provider_cannot_set_for_inference_components_is_named() -> None:
    network = {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    adopted = endpoint_table(_with_components(VpcConfig=network, EnableNetworkIsolation=True))
    assert adopted.left_out == [
        f"{name} of the endpoint configuration: the AWS provider cannot set it, so that inference components lose it"
        for name in ("VpcConfig", "EnableNetworkIsolation")
    ]


def test_models_in_different_subnets_are_named() -> None:
    endpoint = _with_variants({"a": 1.0, "b": 1.0}, {"a": "m", "b": "n"})
    network = {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}
    models = {**endpoint.models, "n": {**endpoint.models["n"], **network}}
    adopted = endpoint_table(replace(endpoint, models=models))
    assert adopted.left_out == ["VpcConfig: models have different subnets or security groups, and here they share them"]


def test_the_role_and_the_key_get_what_recording_needs_before_the_deployment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 20,
        "DestinationS3Uri": "s3://acme-captured/fraud",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    endpoint = running(configuration={"DataCaptureConfig": capture, "KmsKeyId": "1234"}, keys={"1234": _CUSTOMER_KEY})
    assert _print(monkeypatch, tmp_path, endpoint, "--project", "acme") == 0
    text = capsys.readouterr().out
    commands = ["make role-policy ENDPOINT", "make key-policy ENDPOINT", "make recover STACK", "make deploy STACK"]
    places = [text.index(f"# {command}=prod-fraud-v2\n") for command in commands]
    assert places == sorted(places)


def test_weights_keep_their_proportion() -> None:
    # Single precision, as AWS returns it.
    adopted = endpoint_table(_with_variants({"a": 0.8999999761581421, "b": 0.10000000149011612}, {"a": "m", "b": "n"}))
    assert adopted.left_out == []
    assert [variant["initial_variant_weight"] for variant in adopted.table["variants"]] == [9, 1]


def test_a_weight_that_is_too_small_is_named() -> None:
    adopted = endpoint_table(_with_variants({"a": 1.0, "b": 0.0001}, {"a": "m", "b": "n"}))
    assert adopted.left_out == ["variant b: weight 0.0001: weights below 0.001 are too small to keep"]


def test_models_whose_names_begin_alike_stay_apart() -> None:
    name = "huggingface-pytorch-inference-2024-01-15-10-22-33-"
    adopted = endpoint_table(_with_variants({"a": 1.0, "b": 1.0}, {"a": f"{name}123", "b": f"{name}456"}))
    keys = ["huggingface-pytorch-inference-2024-0", "huggingface-pytorch-inference-2024-2"]
    assert [*adopted.table["models"]] == keys
    assert [variant["model"] for variant in adopted.table["variants"]] == keys


def test_tags_of_aws_are_no_tags_of_the_table() -> None:
    adopted = endpoint_table(running(tags={"aws:cloudformation:stack-name": "serving", "aws:x": "y", "team": "risk"}))
    assert adopted.table["tags"] == {"team": "risk"}
    assert [note.partition(";")[0] for note in adopted.notes] == ["tag aws:cloudformation:stack-name is serving so far"]


def test_tags_of_another_stack_are_named() -> None:
    adopted = endpoint_table(running(tags={"endpoint": "fraud"}))
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
    target = {"ResourceId": _RESOURCE, "ScalableDimension": _DIMENSION}
    policy = {"PolicyName": "p", **target}
    endpoint = running(
        subnets=subnets,
        log_group={"arn": f"arn:aws:logs:us-west-2:{ACCOUNT}:log-group:fraud:*", "retentionInDays": 30},
        scalable_targets=({**target, "MinCapacity": 1, "MaxCapacity": 4, "ScalableTargetARN": _TARGET},),
        scaling_policies=({**policy, "TargetTrackingScalingPolicyConfiguration": tracking},),
    )
    assert _print(monkeypatch, tmp_path, endpoint, "--project", "acme") == 0
    text = capsys.readouterr().out
    assert tomllib.loads(text)["environments"]["prod"]["network"] == {
        "vpc_id": "vpc-0a1b2c3d4e5f60718",
        "subnet_ids": ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
        "private_endpoints": False,
    }
    assert "# make recover STACK=prod-fraud-v2\n" in text
    tags = "--tags project=acme,environment=prod,endpoint=fraud-v2\n"
    assert f"--resource-arn arn:aws:logs:us-west-2:{ACCOUNT}:log-group:fraud {tags}" in text
    assert f"aws application-autoscaling tag-resource --region us-west-2 --resource-arn {_TARGET} {tags}" in text


def test_one_more_table_is_printed_for_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = f'[project]\nname = "acme"\n[environments.prod]\naccount_id = "{ACCOUNT}"\nregion = "{REGION}"\n'
    file = tmp_path / "endpoints.toml"
    file.write_text(head)
    assert _print(monkeypatch, tmp_path, running()) == 0
    text = capsys.readouterr().out
    assert [*tomllib.loads(text)] == ["endpoints"]
    assert tomllib.loads(text)["endpoints"]["fraud-v2"]["only"] == ["prod"]
    assert file.read_text() == head
    file.write_text(head + text)
    with pytest.raises(CommandError, match=r"endpoints\.fraud-v2: exists already"):
        _print(monkeypatch, tmp_path, running())
    file.write_text(head.replace(ACCOUNT, "444455556666"))
    with pytest.raises(CommandError, match=f"account_id: the endpoint is in {ACCOUNT}"):
        _print(monkeypatch, tmp_path, running())


def test_a_secret_is_left_out_and_not_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    container = {"Image": f"{IMAGE}:7", "Environment": {"DB_PASSWORD": "hunter2hunter2", "LEVEL": "2"}}
    endpoint = running(model={"PrimaryContainer": container})
    assert _print(monkeypatch, tmp_path, endpoint, "--project", "acme") == 1
    text = capsys.readouterr().out
    assert "# LEFT OUT, lost or unmanaged after the first deployment: fraud: environment variable DB_PASSWORD" in text
    assert tomllib.loads(text)["endpoints"]["fraud-v2"]["environment"] == {"LEVEL": "2"}
    assert "hunter2" not in text


def test_values_of_any_characters_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {"A": "\"'\\\n\t${x}\x7f\x1b\u2028"}
    container = {"Image": f"{IMAGE}:7", "Environment": environment}
    assert _print(monkeypatch, tmp_path, running(model={"PrimaryContainer": container}), "--project", "acme") == 0
    assert tomllib.loads(capsys.readouterr().out)["endpoints"]["fraud-v2"]["environment"] == environment


def test_what_the_file_does_not_accept_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint = running(model={"PrimaryContainer": {"Image": "docker.io/library/fraud:7"}})
    assert _print(monkeypatch, tmp_path, endpoint, "--project", "acme") == 1
    assert "# CORRECT: " in capsys.readouterr().out


def test_the_file_that_a_shell_creates_for_the_output_is_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "endpoints.toml").touch()
    assert _print(monkeypatch, tmp_path, running(), "--project", "acme") == 0
    assert tomllib.loads(capsys.readouterr().out)["project"] == {"name": "acme"}


def test_a_name_of_the_project_cannot_add_keys(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _print(monkeypatch, tmp_path, running(), "--project", 'a"\nb = "c') == 1
    assert tomllib.loads(capsys.readouterr().out)["project"] == {"name": 'a"\nb = "c'}


def test_an_endpoint_with_the_same_name_in_another_environment_is_another_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = f'[project]\nname = "acme"\n[environments.dev]\naccount_id = "444455556666"\nregion = "{REGION}"\n'
    image = IMAGE.replace(ACCOUNT, "444455556666")
    table = f'[endpoints.first]\nendpoint_name = "Fraud-V2"\nimage = "{image}:7"\ninstance_type = "ml.m5.large"\n'
    other = 'only = ["dev"]\nmodel_data_url = "s3://acme-models/fraud.tar.gz"\n'
    (tmp_path / "endpoints.toml").write_text(head + table + other)
    assert _print(monkeypatch, tmp_path, running()) == 0
    text = capsys.readouterr().out
    assert "# make recover STACK=prod-fraud-v2\n" in text
    assert "is new" not in text


def test_a_new_environment_names_what_else_it_deploys(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = f'[project]\nname = "acme"\n[environments.dev]\naccount_id = "444455556666"\nregion = "{REGION}"\n'
    table = f'[endpoints.first]\nimage = "{IMAGE}:7"\ninstance_type = "ml.m5.large"\n'
    (tmp_path / "endpoints.toml").write_text(f'{head}{table}model_data_url = "s3://acme-models/fraud.tar.gz"\n')
    assert _print(monkeypatch, tmp_path, running()) == 0
    note = "# NOTE: environment prod is new, and endpoints.first is deployed there too; to prevent it, set its only\n"
    assert note in capsys.readouterr().out


@pytest.mark.parametrize("text", ["environments = 3", "endpoints = 3", "[environments]\nprod = 3", "project = 3"])
def test_a_file_with_other_values_than_tables_has_errors(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "endpoints.toml").write_text(f"{text}\n")
    assert _print(monkeypatch, tmp_path, running(), "--project", "acme") == 1
    assert "# CORRECT: " in capsys.readouterr().out


def test_without_credentials_a_message_says_how_to_get_some(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(CommandError, match=r"^credentials: not found; sign in .* or add --profile NAME$"):
        AwsReader("us-west-2", None).running_endpoint("fraud")
