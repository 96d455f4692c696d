"""Calls go wrong as they are told to, and as often."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from sandbox.emulator import Emulator
from sandbox.faults import Fault

_CALLS = {
    "ec2": "describe_vpcs",
    "iam": "list_roles",
    "kms": "list_keys",
    "s3": "list_buckets",
    "sagemaker": "list_endpoints",
}


@pytest.fixture
def aws_without_retries(aws: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    return aws


def _create_role(aws: Emulator, name: str) -> Any:
    return aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument='{"Statement":[]}')


def _roles(aws: Emulator) -> set[str]:
    return {each["RoleName"] for each in aws.client("iam").list_roles()["Roles"]}


def _outcomes(aws: Emulator, count: int) -> list[bool]:
    """Return of some calls whether they were answered."""
    kms = aws.client("kms")

    def answered(_: int) -> bool:
        try:
            kms.list_keys()
        except ClientError:
            return False
        return True

    return [answered(each) for each in range(count)]


@pytest.mark.parametrize("service", [*_CALLS, "sts"])
def test_an_error_is_said_in_the_words_of_the_service(aws_without_retries: Emulator, service: str) -> None:
    client = aws_without_retries.client(service)
    fault = Fault(f"{service}:*", error="Overloaded", message="come <later>", status=503)
    with aws_without_retries.inject(fault) as injected, pytest.raises(ClientError) as refused:
        getattr(client, _CALLS.get(service, "get_caller_identity"))()
    assert refused.value.response["Error"]["Code"] == "Overloaded"
    assert refused.value.response["Error"]["Message"] == "come <later>"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert injected.hits == 1


def test_a_call_that_is_refused_has_no_effect(aws_without_retries: Emulator) -> None:
    with (
        aws_without_retries.inject(Fault("iam:CreateRole", error="AccessDenied", status=403)),
        pytest.raises(ClientError, match="AccessDenied"),
    ):
        _create_role(aws_without_retries, "refused")
    assert "refused" not in _roles(aws_without_retries)


def test_other_calls_go_on(aws: Emulator) -> None:
    with aws.inject(Fault("iam:CreateRole", error="AccessDenied")) as fault:
        assert aws.client("kms").list_keys()
        assert fault.hits == 0


def test_a_request_to_s3_is_named_by_its_line(aws_without_retries: Emulator) -> None:
    s3 = aws_without_retries.client("s3")
    place = {"LocationConstraint": aws_without_retries.region}
    s3.create_bucket(Bucket="mine", CreateBucketConfiguration=place)
    with aws_without_retries.inject(Fault("s3:PUT /mine?tagging=", error="OperationAborted", status=409)):
        with pytest.raises(ClientError, match="OperationAborted"):
            s3.put_bucket_tagging(Bucket="mine", Tagging={"TagSet": []})
        s3.put_object(Bucket="mine", Key="a", Body=b"")


def test_it_ends_with_its_block(aws_without_retries: Emulator) -> None:
    with aws_without_retries.inject(Fault("kms:ListKeys", error="AccessDeniedException")):
        assert _outcomes(aws_without_retries, 1) == [False]
    assert _outcomes(aws_without_retries, 1) == [True]


def test_it_strikes_the_calls_that_are_meant(aws_without_retries: Emulator) -> None:
    with aws_without_retries.inject(Fault("kms:ListKeys", error="AccessDeniedException", skip=1, times=2)):
        assert _outcomes(aws_without_retries, 5) == [True, False, False, True, True]


def test_it_strikes_for_a_while_since_it_first_struck(aws_without_retries: Emulator) -> None:
    with aws_without_retries.inject(Fault("kms:ListKeys", error="AccessDeniedException", seconds=0.5)):
        time.sleep(0.6)
        assert _outcomes(aws_without_retries, 1) == [False]
        time.sleep(0.6)
        assert _outcomes(aws_without_retries, 1) == [True]


def test_it_strikes_a_share_of_the_calls_the_same_in_each_run(aws_without_retries: Emulator) -> None:
    runs = []
    for _ in range(2):
        with aws_without_retries.inject(Fault("kms:*", error="ThrottlingException", share=0.3)):
            runs.append(_outcomes(aws_without_retries, 40))
    assert runs[0] == runs[1]
    assert 6 <= runs[0].count(False) <= 18


def test_of_several_faults_the_first_that_strikes_counts(aws_without_retries: Emulator) -> None:
    first, second = (
        Fault("kms:*", error=code, times=1) for code in ("AccessDeniedException", "LimitExceededException")
    )
    with aws_without_retries.inject(first), aws_without_retries.inject(second) as later:
        assert _outcomes(aws_without_retries, 3) == [False, False, True]
        assert later.hits == 1


def test_an_answer_is_lost_after_the_call_took_effect(aws_without_retries: Emulator) -> None:
    with aws_without_retries.inject(Fault("iam:CreateRole", lost=True)), pytest.raises(ConnectionClosedError):
        _create_role(aws_without_retries, "lost")
    assert "lost" in _roles(aws_without_retries)


def test_who_asks_again_after_a_lost_answer_is_told_that_it_is_there(aws: Emulator) -> None:
    with (
        aws.inject(Fault("iam:CreateRole", lost=True, times=1)),
        pytest.raises(ClientError, match="EntityAlreadyExists"),
    ):
        _create_role(aws, "asked-twice")


def test_an_answer_is_delayed_and_nobody_else_waits(aws: Emulator) -> None:
    with aws.inject(Fault("iam:CreateRole", delay=2)), ThreadPoolExecutor() as pool:
        started = time.monotonic()
        slow = pool.submit(_create_role, aws, "slow")
        while "slow" not in _roles(aws):
            time.sleep(0.05)
        assert time.monotonic() - started < 2
        assert slow.result()["Role"]["RoleName"] == "slow"
        assert time.monotonic() - started >= 2


def test_an_answer_is_held_until_the_fault_ends(aws: Emulator) -> None:
    with ThreadPoolExecutor() as pool:
        with aws.inject(Fault("iam:CreateRole", held=True)) as fault:
            held = pool.submit(_create_role, aws, "held")
            fault.wait()
            assert "held" in _roles(aws)
            assert not held.done()
        assert held.result()["Role"]["RoleName"] == "held"
