"""IAM answers the same with generated names, accounts, regions and partitions."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from protected_endpoints import rules
from protected_endpoints.aws.service_models import regions
from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import ConfigurationError
from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import STREAMS, everything
from tests.attacks.simulator import Request, Simulator

_WORDS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
_ACCOUNTS = st.from_regex(r"[0-9]{12}", fullmatch=True)
_IDS = st.from_regex(r"[0-9a-f]{17}", fullmatch=True)
_INVOKE = "sagemaker:InvokeEndpoint"


@st.composite
def _networks(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "vpc_id": f"vpc-{draw(_IDS)}",
        "subnet_ids": [f"subnet-{id_}" for id_ in draw(st.lists(_IDS, min_size=1, max_size=3, unique=True))],
        "route_table_ids": [f"rtb-{draw(_IDS)}"],
    }


@st.composite
def _deployments(draw: st.DrawFn) -> Deployment:
    account, region = draw(_ACCOUNTS), draw(st.sampled_from(sorted(regions())))
    partition = regions()[region]
    roles = f"arn:{partition.id}:iam::{account}:role"
    environment = {
        "name": draw(_WORDS),
        "account_id": account,
        "region": region,
        "network": draw(st.none() | _networks()),
    }
    endpoint = {
        "name": draw(_WORDS),
        "image": f"{draw(_ACCOUNTS)}.dkr.ecr.{region}.{partition.dns_suffix}/{draw(_WORDS)}/{draw(_WORDS)}:1",
        "model_data_url": f"s3://{draw(_WORDS)}-models/{draw(_WORDS)}/model.tar.gz",
        "instance_type": "ml.m5.xlarge",
        "invokers": [f"{roles}/{draw(st.sampled_from(['', 'path/']))}invoker-{draw(_WORDS)}"],
        "data_capture": {"readers": [f"{roles}/reader-{draw(_WORDS)}"]},
    }
    try:
        deployment = Deployment(
            Project(name=draw(_WORDS)), Environment.model_validate(environment), Endpoint.model_validate(endpoint)
        )
        rules.check(deployment)
    except ConfigurationError:  # the names are too long or reserved
        return draw(st.nothing())
    return deployment


def _requests(state: AwsState) -> Iterator[tuple[str, Request, bool]]:
    """Yield requests of every configured principal that are allowed, and requests with one difference that are not."""
    deployment, names = state.deployment, state.deployment.names
    (invoker,), (reader,) = deployment.invoker_arns, deployment.endpoint.data_capture.readers
    network = deployment.environment.network
    in_vpc = {"aws:SourceVpc": network.vpc_id} if network else {}
    other_account = str((int(state.account) + 1) % 10**12).zfill(12)
    other_region = next(region for region in regions() if region != state.region)
    endpoint = names.endpoint_arn

    def invoking(principal: str, arn: str = endpoint, /, **context: Any) -> Request:
        return state.request(principal, _INVOKE, arn, account=arn.split(":")[4], context={**in_vpc, **context})

    yield "the invoker", invoking(invoker), True
    yield (
        "the invoker, another name in upper case",
        invoking(invoker, endpoint.replace(names.base_name, names.base_name.upper() + "X")),
        False,
    )
    yield "the invoker, a longer name", invoking(invoker, f"{endpoint}x"), False
    yield "the invoker, a shorter name", invoking(invoker, endpoint[:-1]), False
    yield (
        "the invoker, another region",
        invoking(invoker, endpoint.replace(f":{state.region}:", f":{other_region}:")),
        False,
    )
    yield "the invoker, another account", invoking(invoker, endpoint.replace(state.account, other_account)), False
    yield "the invoker, without TLS", invoking(invoker, **{"aws:SecureTransport": "false"}), False
    yield "a role with a longer name", invoking(f"{invoker}x"), False
    for action in STREAMS:
        streaming = replace(invoking(invoker), action=action)
        yield f"the invoker, {action}", streaming, True
        plain = {**streaming.context, "aws:SecureTransport": "false"}
        yield f"the invoker, {action} without TLS", replace(streaming, context=plain), False
    yield "the reader", invoking(reader), False
    yield "the execution role", invoking(state.execution_role), False
    yield "the role of another account", invoking(invoker.replace(state.account, other_account)), False
    if network:
        yield "from another network", invoking(invoker, **{"aws:SourceVpc": "vpc-00000000"}), False
        yield "from no network", invoking(invoker, **{"aws:SourceVpc": None}), False

    def assuming(**context: str) -> Request:
        defaults = {"aws:SourceAccount": state.account, "aws:SourceArn": names.sagemaker_source_arn}
        trust = state.trust(state.execution_role)
        service, role = "sagemaker.amazonaws.com", state.execution_role
        return state.request(service, "sts:AssumeRole", role, resource_policy=trust, context={**defaults, **context})

    other_source = names.sagemaker_source_arn.replace(f":{state.region}:", f":{other_region}:")
    yield "SageMaker", assuming(), True
    yield "SageMaker for another account", assuming(**{"aws:SourceAccount": other_account}), False
    yield "SageMaker of another region", assuming(**{"aws:SourceArn": other_source}), False

    captured = f"{names.objects_arn(names.managed_capture_location)[:-1]}a.jsonl"
    for principal, action, allowed in (
        (state.execution_role, "s3:PutObject", True),
        (state.execution_role, "s3:GetObject", False),
        (reader, "s3:GetObject", True),
        (reader, "s3:PutObject", False),
        (invoker, "s3:GetObject", False),
    ):
        yield (
            f"{principal} {action}",
            state.request(principal, action, captured, resource_policy=state.bucket_policy),
            allowed,
        )
        plain = {"aws:SecureTransport": "false"}
        request = state.request(principal, action, captured, resource_policy=state.bucket_policy, context=plain)
        yield f"{principal} {action} without TLS", request, False
    stranger = state.role("stranger")
    for action in ("s3:GetObject", "s3:PutObject"):
        request = state.request(
            stranger, action, captured, extra_policies=(everything(),), resource_policy=state.bucket_policy
        )
        yield f"an administrator {action}", request, False

    context = names.bucket_arn(names.capture_bucket)
    for principal, action, service, allowed in (
        (state.execution_role, "kms:GenerateDataKey", "s3", True),
        (state.execution_role, "kms:GenerateDataKey", "ec2", False),
        (reader, "kms:Decrypt", "s3", True),
        (reader, "kms:GenerateDataKey", "s3", False),
        (invoker, "kms:Decrypt", "s3", False),
    ):
        request_context = {
            "kms:ViaService": names.kms_via_service(service),
            "kms:CallerAccount": state.account,
            "kms:EncryptionContext:aws:s3:arn": context,
        }
        request = state.request(
            principal, action, state.key_arn, resource_policy=state.key_policy, context=request_context
        )
        yield f"{principal} {action} through {service}", request, allowed


# Shrinking a counterexample would synthesize for minutes.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(max_examples=40, deadline=None, phases=_PHASES, suppress_health_check=[*HealthCheck])
@given(deployment=_deployments())
def test_iam_answers_the_same_in_every_account_and_region(simulator: Simulator, deployment: Deployment) -> None:
    state = AwsState.of(deployment)
    failed = [name for name, request, allowed in _requests(state) if simulator.allows(request) is not allowed]
    assert not failed, f"{deployment.names}: {failed}"
    assert f"arn:{deployment.names.partition}:" in deployment.names.endpoint_arn


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_every_partition_can_be_generated(partition: str) -> None:
    assert any(region.id == partition for region in regions().values())
