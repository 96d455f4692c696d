"""Ways to host that the demonstration does not show: deployed together on the sandbox, invoked and destroyed.

Nothing is recorded here: the lifecycle of a bucket for what is recorded takes a minute.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform
from sandbox.emulator import Emulator
from tests.examples import MODES
from tests.workspace import Workspace

Json = dict[str, Any]

_DEPLOYED = (
    "asynchronous",
    "model-data-prefix",
    "pipeline",
    "real-time",
    "serverless-provisioned",
    "shadow",
    "variants",
)
_POINTS, _ANSWER = b"1,2\n9,9", [0.0, 1.0]


@pytest.fixture(scope="module")
def deployed(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> dict[str, Terraform]:
    """Terraform in the applied stack of each example; all are endpoints of one configuration."""
    for role in ("checkout-api", "billing"):
        aws.client("iam").create_role(RoleName=role, AssumeRolePolicyDocument='{"Statement":[]}')
    location = {"LocationConstraint": aws.region}
    for bucket in ("acme-requests", "acme-answers"):
        aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=location)
    workspace = Workspace(tmp_path_factory.mktemp("modes") / "project", {**terraform_environment, **aws.environment})
    (workspace.directory / "endpoints.toml").write_text(_in_one_file([MODES[name] for name in _DEPLOYED]))
    workspace.synth()
    stacks = {name: workspace.stack(f"dev-{name}") for name in _DEPLOYED}
    for stack in stacks.values():
        stack.init()
        stack.run("apply", "-auto-approve")
    return stacks


def test_a_second_plan_of_each_is_empty(deployed: dict[str, Terraform]) -> None:
    assert [name for name, stack in deployed.items() if not stack.has_no_changes()] == []


def test_requests_are_shared_by_weight(aws: Emulator, deployed: dict[str, Terraform]) -> None:
    variants = _configuration(aws, "variants")["ProductionVariants"]
    assert {variant["VariantName"]: variant["InitialVariantWeight"] for variant in variants} == {
        "champion": 9,
        "challenger": 1,
    }
    assert len({variant["ModelName"] for variant in variants}) == 2


def test_a_rollout_is_watched_from_the_start(aws: Emulator, deployed: dict[str, Terraform]) -> None:
    described = aws.client("sagemaker").describe_endpoint(EndpointName=_name("real-time"))["LastDeploymentConfig"]
    routing = described["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert (routing["Type"], routing["CanarySize"]) == ("CANARY", {"Type": "CAPACITY_PERCENT", "Value": 10})
    alarms = described["AutoRollbackConfiguration"]["Alarms"]
    assert {alarm["AlarmName"] for alarm in alarms} == {"scoring-5xx", "scoring-latency"}


def test_a_shadow_gets_copies_beside_the_variant_that_answers(aws: Emulator, deployed: dict[str, Terraform]) -> None:
    configuration = _configuration(aws, "shadow")
    named = [
        [variant["VariantName"] for variant in configuration[f"{kind}ProductionVariants"]] for kind in ("", "Shadow")
    ]
    assert named == [["serving"], ["candidate"]]


def test_serverless_inference_has_neither_instances_nor_a_key_for_them(
    aws: Emulator, deployed: dict[str, Terraform]
) -> None:
    configuration = _configuration(aws, "serverless-provisioned")
    (variant,) = configuration["ProductionVariants"]
    assert variant["ServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 20, "ProvisionedConcurrency": 2}
    assert "InstanceType" not in variant
    assert "KmsKeyId" not in configuration


def test_a_pipeline_runs_its_containers_one_after_the_other(aws: Emulator, deployed: dict[str, Terraform]) -> None:
    (variant,) = _configuration(aws, "pipeline")["ProductionVariants"]
    model = aws.client("sagemaker").describe_model(ModelName=variant["ModelName"])
    assert model["InferenceExecutionConfig"] == {"Mode": "Serial"}
    assert [container["Image"].rsplit("/", 1)[1] for container in model["Containers"]] == ["features:3", "scoring:7"]


@pytest.mark.parametrize("name", [name for name in _DEPLOYED if name != "asynchronous"])
def test_an_invoker_gets_an_answer(name: str, aws: Emulator, deployed: dict[str, Terraform]) -> None:
    runtime = aws.client("sagemaker-runtime", as_role="checkout-api")
    answered = runtime.invoke_endpoint(EndpointName=_name(name), Body=_POINTS, ContentType="text/csv")["Body"].read()
    assert _clusters(answered) == _ANSWER


def test_an_asynchronous_answer_is_in_s3_under_the_key(aws: Emulator, deployed: dict[str, Terraform]) -> None:
    runtime = aws.client("sagemaker-runtime", as_role="checkout-api")
    accepted = runtime.invoke_endpoint_async(EndpointName=_name("asynchronous"), Body=_POINTS)
    bucket, _, key = accepted["OutputLocation"].removeprefix("s3://").partition("/")
    assert (bucket, key.rsplit("/", 1)[0]) == ("acme-answers", "scoring/answers")
    answer = aws.client("s3").get_object(Bucket=bucket, Key=key)
    assert _clusters(answer["Body"].read()) == _ANSWER
    (key_arn,) = (
        resource["values"]["arn"]
        for resource in _resources(deployed["asynchronous"])
        if resource["type"] == "aws_kms_key"
    )
    assert answer["SSEKMSKeyId"] == key_arn


def test_a_request_is_read_from_its_place_and_from_nowhere_else(aws: Emulator, deployed: dict[str, Terraform]) -> None:
    runtime, s3 = aws.client("sagemaker-runtime", as_role="checkout-api"), aws.client("s3")
    for key in ("scoring/a.csv", "other/a.csv"):
        s3.put_object(Bucket="acme-requests", Key=key, Body=_POINTS)
    name = _name("asynchronous")
    accepted = runtime.invoke_endpoint_async(EndpointName=name, InputLocation="s3://acme-requests/scoring/a.csv")
    bucket, _, key = accepted["OutputLocation"].removeprefix("s3://").partition("/")
    assert _clusters(s3.get_object(Bucket=bucket, Key=key)["Body"].read()) == _ANSWER
    with pytest.raises(ClientError, match="not authorized to perform: s3:GetObject"):
        runtime.invoke_endpoint_async(EndpointName=name, InputLocation="s3://acme-requests/other/a.csv")


def test_an_asynchronous_endpoint_takes_no_other_request(aws: Emulator, deployed: dict[str, Terraform]) -> None:
    runtime = aws.client("sagemaker-runtime", as_role="checkout-api")
    with pytest.raises(ClientError, match="not authorized to perform: sagemaker:InvokeEndpoint "):
        runtime.invoke_endpoint(EndpointName=_name("asynchronous"), Body=_POINTS)
    with pytest.raises(ClientError, match="not authorized to perform: sagemaker:InvokeEndpointAsync "):
        runtime.invoke_endpoint_async(EndpointName=_name("pipeline"), Body=_POINTS)


def test_destroying_leaves_nothing_of_any(aws: Emulator, deployed: dict[str, Terraform]) -> None:
    for stack in deployed.values():
        stack.run("destroy", "-auto-approve")

    assert {role["RoleName"] for role in aws.client("iam").list_roles()["Roles"]} == {"billing", "checkout-api"}


def _in_one_file(examples: list[Path]) -> str:
    """Return the examples as endpoints of one environment, named after its file, without data capture."""
    project, _, _ = examples[0].read_text().partition("[endpoints.")
    if version := mirrored_version():
        project = project.replace("[project]\n", f'[project]\naws_provider_version = "{version}"\n')
    return project + "".join(_renamed(example) for example in examples)


def _renamed(example: Path) -> str:
    _, _, rest = example.read_text().partition("[endpoints.")
    name = rest.partition("]")[0]
    text = re.sub(rf"(?m)^(\[+endpoints\.){name}\b", rf"\1{example.stem}", f"[endpoints.{rest}")
    text = text.replace("data_capture.enable_capture = false\n", "")
    first, _, others = text.partition("\n")
    relaxed = 'relax.prevent_destroy = "it is a test"\ndata_capture.enable_capture = false\n'
    return f"{first}\n{relaxed}{others}\n"


def _name(example: str) -> str:
    return f"acme-dev-{example}"


def _configuration(aws: Emulator, example: str) -> Json:
    sagemaker = aws.client("sagemaker")
    name = sagemaker.describe_endpoint(EndpointName=_name(example))["EndpointConfigName"]
    described: Json = sagemaker.describe_endpoint_config(EndpointConfigName=name)
    return described


def _resources(terraform: Terraform) -> list[Json]:
    found: list[Json] = json.loads(terraform.run("show", "-json").stdout)["values"]["root_module"]["resources"]
    return found


def _clusters(answer: bytes) -> list[float]:
    return [prediction["closest_cluster"] for prediction in json.loads(answer)["predictions"]]
