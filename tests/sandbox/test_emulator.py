"""The emulator behaves like SageMaker where moto does not, and ends with the process that started it."""

import http.client
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
def execution_role(aws: Emulator) -> str:
    """A role that can read all model artifacts."""
    return _role(aws, "executes", {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::models/*"})


def _create_configuration(aws: Emulator, name: str, role: str, artifact: str = "good", **variant: object) -> None:
    sagemaker = aws.client("sagemaker")
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://models/{artifact}.tar.gz"}
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer=container)
    variants = [{**_VARIANT, "ModelName": name, **variant}]
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)


def test_describe_returns_what_create_received(aws: Emulator, execution_role: str) -> None:
    _create_configuration(aws, "described", execution_role)
    model = aws.client("sagemaker").describe_model(ModelName="described")
    assert model["PrimaryContainer"] == {"Image": IMAGE, "ModelDataUrl": "s3://models/good.tar.gz"}
    assert "VpcConfig" not in model


def test_weights_have_single_precision(aws: Emulator, execution_role: str) -> None:
    _create_configuration(aws, "weights", execution_role, InitialVariantWeight=0.9)
    (variant,) = aws.client("sagemaker").describe_endpoint_config(EndpointConfigName="weights")["ProductionVariants"]
    assert variant["InitialVariantWeight"] != 0.9
    assert variant["InitialVariantWeight"] == pytest.approx(0.9)


def test_a_shadow_variant_requires_exactly_one_production_variant(aws: Emulator, execution_role: str) -> None:
    _create_configuration(aws, "serving", execution_role)
    serving, other, shadow = ({**_VARIANT, "VariantName": name, "ModelName": "serving"} for name in "ABC")
    with pytest.raises(ClientError, match="exactly one production variant and one shadow variant"):
        aws.client("sagemaker").create_endpoint_config(
            EndpointConfigName="shadow", ProductionVariants=[serving, other], ShadowProductionVariants=[shadow]
        )


def test_a_variant_without_a_model_requires_an_execution_role(aws: Emulator, execution_role: str) -> None:
    sagemaker = aws.client("sagemaker")
    with pytest.raises(ClientError, match="ExecutionRoleArn is required"):
        sagemaker.create_endpoint_config(EndpointConfigName="components", ProductionVariants=[_VARIANT])
    sagemaker.create_endpoint_config(
        EndpointConfigName="components", ProductionVariants=[_VARIANT], ExecutionRoleArn=execution_role
    )


def test_a_name_can_be_used_once(aws: Emulator, execution_role: str) -> None:
    _create_configuration(aws, "taken", execution_role)
    with pytest.raises(ClientError, match="Cannot create already existing model"):
        _create_configuration(aws, "taken", execution_role)


def test_an_unhealthy_update_is_rolled_back_and_reported_as_successful(aws: Emulator, execution_role: str) -> None:
    sagemaker = aws.client("sagemaker")
    _create_configuration(aws, "old", execution_role)
    _create_configuration(aws, "new", execution_role)
    _create_configuration(aws, "bad", execution_role, artifact="unhealthy")
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="old")
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="new")
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="bad")
    described = sagemaker.describe_endpoint(EndpointName="e")
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", "new")


def test_during_a_slow_rollback_the_status_changes_and_the_endpoint_cannot_be_changed(
    aws: Emulator, execution_role: str
) -> None:
    sagemaker = aws.client("sagemaker")
    _create_configuration(aws, "before", execution_role)
    _create_configuration(aws, "after", execution_role)
    _create_configuration(aws, "slow", execution_role, artifact="slowly-unhealthy")
    sagemaker.create_endpoint(EndpointName="slow", EndpointConfigName="before")
    sagemaker.update_endpoint(EndpointName="slow", EndpointConfigName="slow")
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        sagemaker.update_endpoint(EndpointName="slow", EndpointConfigName="after")
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        sagemaker.delete_endpoint(EndpointName="slow")
    descriptions = [sagemaker.describe_endpoint(EndpointName="slow") for _ in range(5)]
    assert [description["EndpointStatus"] for description in descriptions] == [
        "Updating",
        *["RollingBack"] * 3,
        "InService",
    ]
    assert {description["EndpointConfigName"] for description in descriptions} == {"before"}
    sagemaker.update_endpoint(EndpointName="slow", EndpointConfigName="after")


def test_a_slowly_unhealthy_new_endpoint_is_creating_before_it_fails(aws: Emulator, execution_role: str) -> None:
    sagemaker = aws.client("sagemaker")
    _create_configuration(aws, "never", execution_role, artifact="slowly-unhealthy")
    sagemaker.create_endpoint(EndpointName="never", EndpointConfigName="never")
    descriptions = [sagemaker.describe_endpoint(EndpointName="never")["EndpointStatus"] for _ in range(2)]
    assert descriptions == ["Creating", "Failed"]


def test_an_execution_role_without_access_to_the_artifact_is_an_error(aws: Emulator) -> None:
    _create_configuration(aws, "unreadable", _role(aws, "reads-nothing"))
    with pytest.raises(ClientError, match="Could not access model data"):
        aws.client("sagemaker").create_endpoint(EndpointName="unreadable", EndpointConfigName="unreadable")


def test_an_endpoint_has_no_policy_by_default_and_deleting_it_deletes_its_policy(
    aws: Emulator, execution_role: str
) -> None:
    sagemaker = aws.client("sagemaker")
    _create_configuration(aws, "shared", execution_role)
    for _ in range(2):
        sagemaker.create_endpoint(EndpointName="shared", EndpointConfigName="shared")
        with pytest.raises(ClientError, match="ValidationException"):
            sagemaker.get_endpoint_policy(EndpointName="shared")
        sagemaker.put_endpoint_policy(EndpointName="shared", ResourcePolicy="{}")
        assert sagemaker.get_endpoint_policy(EndpointName="shared")["ResourcePolicy"] == "{}"
        sagemaker.delete_endpoint(EndpointName="shared")
    with pytest.raises(ClientError, match="ResourceNotFound"):
        sagemaker.get_endpoint_policy(EndpointName="shared")


def test_a_failed_endpoint_accepts_no_policy_and_deleting_a_missing_policy_succeeds(
    aws: Emulator, execution_role: str
) -> None:
    sagemaker = aws.client("sagemaker")
    _create_configuration(aws, "failing", execution_role, artifact="unhealthy")
    sagemaker.create_endpoint(EndpointName="failing", EndpointConfigName="failing")
    with pytest.raises(ClientError, match="whose status is Failed"):
        sagemaker.put_endpoint_policy(EndpointName="failing", ResourcePolicy="{}")
    sagemaker.delete_endpoint_policy(EndpointName="failing")


def test_a_response_is_streamed_to_a_role_with_the_permission(aws: Emulator, execution_role: str) -> None:
    streams = {"Effect": "Allow", "Action": "sagemaker:InvokeEndpointWithResponseStream", "Resource": "*"}
    _role(aws, "streams", streams)
    _role(aws, "invokes", {**streams, "Action": "sagemaker:InvokeEndpoint"})
    _create_configuration(aws, "streaming", execution_role)
    aws.client("sagemaker").create_endpoint(EndpointName="streaming", EndpointConfigName="streaming")
    request = {"EndpointName": "streaming", "Body": b"1,2\n9,9", "ContentType": "text/csv"}
    response = aws.client("sagemaker-runtime", as_role="streams").invoke_endpoint_with_response_stream(**request)
    parts = [json.loads(event["PayloadPart"]["Bytes"]) for event in response["Body"]]
    assert [part["closest_cluster"] for part in parts] == [0.0, 1.0]
    assert response["ContentType"] == "application/jsonlines"
    with pytest.raises(ClientError, match="not authorized to perform: sagemaker:InvokeEndpointWithResponseStream on"):
        aws.client("sagemaker-runtime", as_role="invokes").invoke_endpoint_with_response_stream(**request)
    with pytest.raises(ClientError, match="not authorized to perform: sagemaker:InvokeEndpoint on"):
        aws.client("sagemaker-runtime", as_role="streams").invoke_endpoint(**request)


def test_a_request_without_a_signature_of_the_account_is_denied(aws: Emulator) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client("sagemaker-runtime").invoke_endpoint(EndpointName="e", Body=b"1,2")


def test_an_explicit_deny_overrides_an_allow(aws: Emulator) -> None:
    everything = {"Action": "*", "Resource": "*"}
    _role(aws, "denied", {"Effect": "Allow", **everything}, {"Effect": "Deny", **everything})
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client("sagemaker-runtime", as_role="denied").invoke_endpoint(EndpointName="e", Body=b"1,2")


def test_a_call_that_is_not_emulated_fails_immediately(aws: Emulator) -> None:
    started = time.monotonic()
    with pytest.raises(ClientError, match="is not emulated"):
        aws.client("cloudwatch").put_composite_alarm(AlarmName="a", AlarmRule="b")
    assert time.monotonic() - started < 10


def test_an_unsupported_call_is_an_error_in_the_protocol_of_the_service(aws: Emulator) -> None:
    with pytest.raises(ClientError, match="is not emulated"):
        aws.client("iam").get_context_keys_for_custom_policy(PolicyInputList=["{}"])


def test_events_of_a_bucket_are_described(aws: Emulator) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="watched", CreateBucketConfiguration={"LocationConstraint": aws.region})
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket="watched")
    s3.put_bucket_notification_configuration(
        Bucket="watched", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket="watched")


def test_the_emulator_has_the_requested_account(aws: Emulator) -> None:
    assert aws.client("sts").get_caller_identity()["Account"] == ACCOUNT


def test_the_emulator_listens_on_the_loopback_address_only(aws: Emulator) -> None:
    assert {url.split("//")[1].split(":")[0] for url in aws.urls.values()} == {"127.0.0.1"}


def test_the_emulator_ends_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
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
    while _is_running(emulator) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _is_running(emulator)


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_connection_stays_open_for_other_calls(aws: Emulator) -> None:
    connection = http.client.HTTPConnection(aws.urls["plain"].removeprefix("http://"), timeout=10)
    sockets = []
    for _ in range(2):
        connection.request("GET", "/", headers={"Host": "s3.amazonaws.com"})
        assert b"ListAllMyBucketsResult" in connection.getresponse().read()
        sockets.append(connection.sock)
    assert sockets[0] is sockets[1] is not None
