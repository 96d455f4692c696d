"""Faults affect the calls that they describe, and as many of them."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from sandbox.emulator import Emulator
from sandbox.faults import Fault

_CALLS = {
    "application-autoscaling": "describe_scalable_targets",
    "cloudtrail": "list_trails",
    "cloudwatch": "list_dashboards",
    "ec2": "describe_vpcs",
    "iam": "list_roles",
    "kms": "list_keys",
    "s3": "list_buckets",
    "sagemaker": "list_endpoints",
    "sns": "list_topics",
}
_PARAMETERS = {"application-autoscaling": {"ServiceNamespace": "sagemaker"}}
_SIGNING_NAMES = {"cloudwatch": "monitoring"}


@pytest.fixture
def aws_without_retries(aws: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    return aws


def _create_role(aws: Emulator, name: str) -> Any:
    return aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument='{"Statement":[]}')


def _roles(aws: Emulator) -> set[str]:
    return {role["RoleName"] for role in aws.client("iam").list_roles()["Roles"]}


def _outcomes(aws: Emulator, count: int) -> list[bool]:
    """Return for a number of calls whether they succeeded."""
    kms = aws.client("kms")

    def succeeds(_: int) -> bool:
        try:
            kms.list_keys()
        except ClientError:
            return False
        return True

    return [succeeds(number) for number in range(count)]


@pytest.mark.parametrize("service", [*_CALLS, "sts"])
def test_an_error_has_the_protocol_of_the_service(aws_without_retries: Emulator, service: str) -> None:
    client = aws_without_retries.client(service)
    fault = Fault(f"{_SIGNING_NAMES.get(service, service)}:*", error="Overloaded", message="retry <later>", status=503)
    with aws_without_retries.inject(fault) as injected, pytest.raises(ClientError) as error:
        getattr(client, _CALLS.get(service, "get_caller_identity"))(**_PARAMETERS.get(service, {}))
    assert error.value.response["Error"]["Code"] == "Overloaded"
    assert error.value.response["Error"]["Message"] == "retry <later>"
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert injected.hits == 1


def test_a_call_with_an_error_has_no_effect(aws_without_retries: Emulator) -> None:
    with (
        aws_without_retries.inject(Fault("iam:CreateRole", error="AccessDenied", status=403)),
        pytest.raises(ClientError, match="AccessDenied"),
    ):
        _create_role(aws_without_retries, "refused")
    assert "refused" not in _roles(aws_without_retries)


def test_other_calls_are_not_affected(aws: Emulator) -> None:
    with aws.inject(Fault("iam:CreateRole", error="AccessDenied")) as fault:
        assert aws.client("kms").list_keys()
        assert fault.hits == 0


def test_a_request_to_s3_is_matched_by_its_request_line(aws_without_retries: Emulator) -> None:
    s3 = aws_without_retries.client("s3")
    location = {"LocationConstraint": aws_without_retries.region}
    s3.create_bucket(Bucket="mine", CreateBucketConfiguration=location)
    with aws_without_retries.inject(Fault("s3:PUT /mine?tagging=", error="OperationAborted", status=409)):
        with pytest.raises(ClientError, match="OperationAborted"):
            s3.put_bucket_tagging(Bucket="mine", Tagging={"TagSet": []})
        s3.put_object(Bucket="mine", Key="a", Body=b"")


def test_a_fault_ends_with_its_block(aws_without_retries: Emulator) -> None:
    with aws_without_retries.inject(Fault("kms:ListKeys", error="AccessDeniedException")):
        assert _outcomes(aws_without_retries, 1) == [False]
    assert _outcomes(aws_without_retries, 1) == [True]


def test_skip_and_times_select_the_affected_calls(aws_without_retries: Emulator) -> None:
    with aws_without_retries.inject(Fault("kms:ListKeys", error="AccessDeniedException", skip=1, times=2)):
        assert _outcomes(aws_without_retries, 5) == [True, False, False, True, True]


def test_seconds_count_from_the_first_affected_call(aws_without_retries: Emulator) -> None:
    with aws_without_retries.inject(Fault("kms:ListKeys", error="AccessDeniedException", seconds=0.5)):
        time.sleep(0.6)
        assert _outcomes(aws_without_retries, 1) == [False]
        time.sleep(0.6)
        assert _outcomes(aws_without_retries, 1) == [True]


def test_a_share_of_the_calls_is_affected_and_the_same_in_every_run(aws_without_retries: Emulator) -> None:
    runs = []
    for _ in range(2):
        with aws_without_retries.inject(Fault("kms:*", error="ThrottlingException", share=0.3)):
            runs.append(_outcomes(aws_without_retries, 40))
    assert runs[0] == runs[1]
    assert 6 <= runs[0].count(False) <= 18


def test_the_first_of_several_faults_that_match_applies(aws_without_retries: Emulator) -> None:
    first, second = (
        Fault("kms:*", error=code, times=1) for code in ("AccessDeniedException", "LimitExceededException")
    )
    with aws_without_retries.inject(first), aws_without_retries.inject(second) as later:
        assert _outcomes(aws_without_retries, 3) == [False, False, True]
        assert later.hits == 1


def test_a_lost_response_follows_after_the_call_took_effect(aws_without_retries: Emulator) -> None:
    with aws_without_retries.inject(Fault("iam:CreateRole", lost=True)), pytest.raises(ConnectionClosedError):
        _create_role(aws_without_retries, "lost")
    assert "lost" in _roles(aws_without_retries)


def test_a_repeated_call_after_a_lost_response_is_a_new_call(aws: Emulator) -> None:
    with (
        aws.inject(Fault("iam:CreateRole", lost=True, times=1)),
        pytest.raises(ClientError, match="EntityAlreadyExists"),
    ):
        _create_role(aws, "asked-twice")


def test_a_delayed_response_takes_at_least_its_delay(aws: Emulator) -> None:
    with aws.inject(Fault("iam:CreateRole", delay=2)):
        started = time.monotonic()
        assert _create_role(aws, "slow")["Role"]["RoleName"] == "slow"
        assert time.monotonic() - started >= 2


def test_a_response_is_held_until_the_fault_ends_and_other_calls_are_answered(aws: Emulator) -> None:
    with ThreadPoolExecutor() as pool:
        with aws.inject(Fault("iam:CreateRole", held=True)) as fault:
            held = pool.submit(_create_role, aws, "held")
            fault.wait()
            assert "held" in _roles(aws)
            assert not held.done()
        assert held.result()["Role"]["RoleName"] == "held"
