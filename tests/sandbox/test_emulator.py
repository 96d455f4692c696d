"""The emulator behaves as SageMaker does where moto does not, and ends with whoever started it."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import Emulator
from tests.examples import ACCOUNT
from tests.support import IMAGE

ROOT = Path(__file__).parent.parent.parent
_VARIANT = {"VariantName": "A", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}


def _role(aws: Emulator, name: str, *statements: Mapping[str, object]) -> str:
    iam = aws.client("iam")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument='{"Statement":[]}')["Role"]["Arn"]
    if not statements:
        return arn
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=document)
    return arn


@pytest.fixture(scope="module")
def executes(aws: Emulator) -> str:
    """A role that may read every artefact."""
    return _role(aws, "executes", {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::models/*"})


def _configured(aws: Emulator, name: str, role: str, artefact: str = "good", **variant: object) -> None:
    sagemaker = aws.client("sagemaker")
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://models/{artefact}.tar.gz"}
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer=container)
    variants = [{**_VARIANT, "ModelName": name, **variant}]
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)


def test_what_was_created_is_described_as_it_came(aws: Emulator, executes: str) -> None:
    _configured(aws, "described", executes)
    model = aws.client("sagemaker").describe_model(ModelName="described")
    assert model["PrimaryContainer"] == {"Image": IMAGE, "ModelDataUrl": "s3://models/good.tar.gz"}
    assert "VpcConfig" not in model


def test_weights_are_kept_with_single_precision(aws: Emulator, executes: str) -> None:
    _configured(aws, "weights", executes, InitialVariantWeight=0.9)
    (variant,) = aws.client("sagemaker").describe_endpoint_config(EndpointConfigName="weights")["ProductionVariants"]
    assert variant["InitialVariantWeight"] != 0.9
    assert variant["InitialVariantWeight"] == pytest.approx(0.9)


def test_a_shadow_is_beside_one_variant_alone(aws: Emulator, executes: str) -> None:
    _configured(aws, "serving", executes)
    serving, other, shadow = ({**_VARIANT, "VariantName": name, "ModelName": "serving"} for name in "ABC")
    with pytest.raises(ClientError, match="one production variant and one shadow variant"):
        aws.client("sagemaker").create_endpoint_config(
            EndpointConfigName="shadow", ProductionVariants=[serving, other], ShadowProductionVariants=[shadow]
        )


def test_an_endpoint_without_a_model_needs_a_role(aws: Emulator, executes: str) -> None:
    sagemaker = aws.client("sagemaker")
    with pytest.raises(ClientError, match="ExecutionRoleArn is required"):
        sagemaker.create_endpoint_config(EndpointConfigName="components", ProductionVariants=[_VARIANT])
    sagemaker.create_endpoint_config(
        EndpointConfigName="components", ProductionVariants=[_VARIANT], ExecutionRoleArn=executes
    )


def test_a_name_can_be_taken_once(aws: Emulator, executes: str) -> None:
    _configured(aws, "taken", executes)
    with pytest.raises(ClientError, match="Cannot create already existing model"):
        _configured(aws, "taken", executes)


def test_an_unhealthy_update_is_rolled_back_and_called_a_success(aws: Emulator, executes: str) -> None:
    sagemaker = aws.client("sagemaker")
    _configured(aws, "old", executes)
    _configured(aws, "new", executes)
    _configured(aws, "bad", executes, artefact="unhealthy")
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="old")
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="new")
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="bad")
    described = sagemaker.describe_endpoint(EndpointName="e")
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", "new")


def test_a_slow_rollback_is_seen_on_its_way_and_nothing_can_be_changed_meanwhile(aws: Emulator, executes: str) -> None:
    sagemaker = aws.client("sagemaker")
    _configured(aws, "before", executes)
    _configured(aws, "after", executes)
    _configured(aws, "slow", executes, artefact="slowly-unhealthy")
    sagemaker.create_endpoint(EndpointName="slow", EndpointConfigName="before")
    sagemaker.update_endpoint(EndpointName="slow", EndpointConfigName="slow")
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        sagemaker.update_endpoint(EndpointName="slow", EndpointConfigName="after")
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        sagemaker.delete_endpoint(EndpointName="slow")
    seen = [sagemaker.describe_endpoint(EndpointName="slow") for _ in range(5)]
    assert [each["EndpointStatus"] for each in seen] == ["Updating", *["RollingBack"] * 3, "InService"]
    assert {each["EndpointConfigName"] for each in seen} == {"before"}
    sagemaker.update_endpoint(EndpointName="slow", EndpointConfigName="after")


def test_a_new_endpoint_that_is_slowly_unhealthy_is_created_before_it_fails(aws: Emulator, executes: str) -> None:
    sagemaker = aws.client("sagemaker")
    _configured(aws, "never", executes, artefact="slowly-unhealthy")
    sagemaker.create_endpoint(EndpointName="never", EndpointConfigName="never")
    seen = [sagemaker.describe_endpoint(EndpointName="never")["EndpointStatus"] for _ in range(2)]
    assert seen == ["Creating", "Failed"]


def test_a_role_that_cannot_read_the_artefact_is_noticed(aws: Emulator) -> None:
    _configured(aws, "unreadable", _role(aws, "reads-nothing"))
    with pytest.raises(ClientError, match="Could not access model data"):
        aws.client("sagemaker").create_endpoint(EndpointName="unreadable", EndpointConfigName="unreadable")


def test_an_endpoint_has_no_policy_until_it_gets_one_and_takes_it_along(aws: Emulator, executes: str) -> None:
    sagemaker = aws.client("sagemaker")
    _configured(aws, "shared", executes)
    for _ in range(2):
        sagemaker.create_endpoint(EndpointName="shared", EndpointConfigName="shared")
        with pytest.raises(ClientError, match="ValidationException"):
            sagemaker.get_endpoint_policy(EndpointName="shared")
        sagemaker.put_endpoint_policy(EndpointName="shared", ResourcePolicy="{}")
        assert sagemaker.get_endpoint_policy(EndpointName="shared")["ResourcePolicy"] == "{}"
        sagemaker.delete_endpoint(EndpointName="shared")
    with pytest.raises(ClientError, match="ResourceNotFound"):
        sagemaker.get_endpoint_policy(EndpointName="shared")


def test_an_endpoint_that_failed_takes_no_policy_and_one_without_loses_none(aws: Emulator, executes: str) -> None:
    sagemaker = aws.client("sagemaker")
    _configured(aws, "failing", executes, artefact="unhealthy")
    sagemaker.create_endpoint(EndpointName="failing", EndpointConfigName="failing")
    with pytest.raises(ClientError, match="whose status is Failed"):
        sagemaker.put_endpoint_policy(EndpointName="failing", ResourcePolicy="{}")
    sagemaker.delete_endpoint_policy(EndpointName="failing")


def test_an_answer_is_streamed_to_a_role_that_may_stream(aws: Emulator, executes: str) -> None:
    streams = {"Effect": "Allow", "Action": "sagemaker:InvokeEndpointWithResponseStream", "Resource": "*"}
    _role(aws, "streams", streams)
    _role(aws, "invokes", {**streams, "Action": "sagemaker:InvokeEndpoint"})
    _configured(aws, "streaming", executes)
    aws.client("sagemaker").create_endpoint(EndpointName="streaming", EndpointConfigName="streaming")
    asked = {"EndpointName": "streaming", "Body": b"1,2\n9,9", "ContentType": "text/csv"}
    answer = aws.client("sagemaker-runtime", as_role="streams").invoke_endpoint_with_response_stream(**asked)
    parts = [json.loads(event["PayloadPart"]["Bytes"]) for event in answer["Body"]]
    assert [each["closest_cluster"] for each in parts] == [0.0, 1.0]
    assert answer["ContentType"] == "application/jsonlines"
    with pytest.raises(ClientError, match="not authorized to perform: sagemaker:InvokeEndpointWithResponseStream on"):
        aws.client("sagemaker-runtime", as_role="invokes").invoke_endpoint_with_response_stream(**asked)
    with pytest.raises(ClientError, match="not authorized to perform: sagemaker:InvokeEndpoint on"):
        aws.client("sagemaker-runtime", as_role="streams").invoke_endpoint(**asked)


def test_a_caller_without_a_signature_of_the_account_is_refused(aws: Emulator) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client("sagemaker-runtime").invoke_endpoint(EndpointName="e", Body=b"1,2")


def test_an_explicit_deny_wins(aws: Emulator) -> None:
    everything = {"Action": "*", "Resource": "*"}
    _role(aws, "denied", {"Effect": "Allow", **everything}, {"Effect": "Deny", **everything})
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client("sagemaker-runtime", as_role="denied").invoke_endpoint(EndpointName="e", Body=b"1,2")


def test_a_call_that_is_not_emulated_fails_at_once(aws: Emulator) -> None:
    started = time.monotonic()
    with pytest.raises(ClientError, match="is not emulated"):
        aws.client("cloudwatch").put_composite_alarm(AlarmName="a", AlarmRule="b")
    assert time.monotonic() - started < 10


def test_what_moto_cannot_do_is_said_in_the_words_of_the_service(aws: Emulator) -> None:
    with pytest.raises(ClientError, match="is not emulated"):
        aws.client("iam").get_context_keys_for_custom_policy(PolicyInputList=["{}"])


def test_the_account_is_the_one_that_was_asked_for(aws: Emulator) -> None:
    assert aws.client("sts").get_caller_identity()["Account"] == ACCOUNT


def test_it_listens_on_loopback_only(aws: Emulator) -> None:
    assert {url.split("//")[1].split(":")[0] for url in aws.urls.values()} == {"127.0.0.1"}


def test_it_ends_when_the_one_who_started_it_is_killed(tmp_path: Path) -> None:
    starter = (
        "import sys, time; from pathlib import Path; from sandbox.emulator import Emulator\n"
        f"with Emulator(Path({str(tmp_path / 'aws')!r}), account_id='{ACCOUNT}', region='us-west-2') as aws:\n"
        "    print(aws._process.pid, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", starter], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    emulator = int(process.stdout.readline())
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while _runs(emulator) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _runs(emulator)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
