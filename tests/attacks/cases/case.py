"""Cases of the attack tests: their scenarios and principals, and functions that build requests.

`administrator` is a role of the account with a policy that allows everything; `foreign/` roles are in another account.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.attacks.aws_state import AwsState
from tests.attacks.simulator import Document, Request

Context = Mapping[str, Any]
INVOKER, READER, EXECUTION = "role/checkout-api", "role/auditor", "execution role"
FOREIGN = "999988887777"
STREAMS = ["sagemaker:InvokeEndpointWithResponseStream", "sagemaker:InvokeEndpointWithBidirectionalStream"]
INVOKE = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync", *STREAMS]  # every invoke action
_ROLE = "arn:aws:iam::111122223333:role"
VPC, VPC_ENDPOINT = "vpc-0a1b2c3d4e5f60718", "vpce-0a1b2c3d4e5f60718"
SUBNETS = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]
MODELS_KEY = "arn:aws:kms:us-west-2:111122223333:key/models"
FEATURE_GROUP = "arn:aws:sagemaker:us-west-2:111122223333:feature-group/risk"
HUB_CREDENTIALS = "arn:aws:secretsmanager:us-west-2:111122223333:secret:hf/token"
OTHER_ENDPOINT = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-embeddings"
PARTNER, ORGANIZATION = "555566667777", "o-a1b2c3d4e5"
_PLAIN: dict[str, Any] = {
    "invokers": [f"{_ROLE}/checkout-api"],
    "data_capture": {"readers": [f"{_ROLE}/auditor"]},
}
_IN_VPC = {"network": {"vpc_id": VPC, "subnet_ids": SUBNETS, "route_table_ids": ["rtb-0a1b2c3d4e5f60718"]}}


def _artifact(uri: str) -> dict[str, Any]:
    """Return model data that is every object below a prefix."""
    source = {"s3_uri": uri, "s3_data_type": "S3Prefix"}
    return {"model_data_url": None, "model_data_source": {"s3_data_source": source}}


# Changes to the example of the repository, by scenario.
SCENARIOS: dict[str, dict[str, Any]] = {
    "plain": _PLAIN,
    "invokers": {
        **_PLAIN,
        "create_ssm_parameters": True,
        "invokers": [
            f"{_ROLE}/checkout-api",
            {"role_arn": f"{_ROLE}/tagged", "principal_tags": {"team": "fraud", "stage": "live"}},
            {"role_arn": f"{_ROLE}/from-vpc", "source_vpc": VPC},
            {"role_arn": f"{_ROLE}/through", "source_vpc_endpoints": [VPC_ENDPOINT]},
            {"role_arn": f"{_ROLE}/tenant", "target_models": ["tenant-a/*"]},
            {
                "name": "partner",
                "principals": [f"arn:aws:iam::{FOREIGN}:role/gateway", f"arn:aws:iam::{FOREIGN}:user/gateway"],
                "external_id": "acme-7f3a",
            },
            {
                "name": "people",
                "principals": [f"arn:aws:iam::{PARTNER}:root"],
                "principal_org_id": ORGANIZATION,
                "principal_tags": {"team": "fraud"},
                "require_mfa": True,
            },
        ],
    },
    "network": {**_PLAIN, "in_environment": _IN_VPC},
    "relaxed": {
        "in_environment": _IN_VPC,
        "invokers": _PLAIN["invokers"],
        "data_capture": {"enable_capture": False},
        "relax": {
            "model_data_account": "the model registry is in the tooling account",
            "bearer_tokens": "an OpenAI client that cannot sign",
        },
    },
    "asynchronous": {
        "invokers": _PLAIN["invokers"],
        "data_capture": {"enable_capture": False},
        "async_inference_config": {
            "input_locations": ["s3://requests/kmeans"],
            "input_kms_key_id": "arn:aws:kms:us-west-2:111122223333:key/requests",
            "output_config": {
                "s3_output_path": "s3://answers/kmeans",
                "readers": [f"{_ROLE}/billing"],
                "notification_config": {
                    "error_topic": "arn:aws:sns:us-west-2:111122223333:kmeans-failures",
                    "kms_key_id": "arn:aws:kms:us-west-2:111122223333:key/topics",
                },
            },
        },
        "core_dump_config": {
            "destination_s3_uri": "s3://dumps/kmeans",
            "kms_key_id": "arn:aws:kms:us-west-2:111122223333:key/dumps",
        },
    },
    "multi-model": {
        **_PLAIN,
        "in_environment": _IN_VPC,
        "mode": "MultiModel",
        "model_data_url": "s3://my-bucket/models/",
        "model_data_kms_key_arn": MODELS_KEY,
    },
    "other-account": {
        **_PLAIN,
        "in_environment": _IN_VPC,
        **_artifact("s3://partner-models/7/"),
        "model_data_account_id": FOREIGN,
    },
    "jumpstart": {
        **_PLAIN,
        "in_environment": _IN_VPC,
        **_artifact("s3://jumpstart-cache-prod-us-west-2/llama/"),
    },
    "bucket-root": {
        "invokers": _PLAIN["invokers"],
        "in_environment": _IN_VPC,
        "mode": "MultiModel",
        "model_data_url": "s3://my-bucket/",
        "data_capture": {"destination_s3_uri": "s3://my-captures", "readers": [f"{_ROLE}/auditor"]},
    },
    "model-data-key": {
        **_PLAIN,
        "model_data_kms_key_arn": MODELS_KEY,
        "deployment_config": {
            "blue_green_update_policy": {
                "traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}
            },
            "auto_rollback_configuration": {"alarms": [{"alarm_name": "kmeans-5xx"}]},
        },
    },
    "private-registry": {
        **_PLAIN,
        "in_environment": _IN_VPC,
        "image_config": {
            "repository_access_mode": "Vpc",
            "repository_auth_config": {
                "repository_credentials_provider_arn": "arn:aws:lambda:us-west-2:111122223333:function:registry"
            },
        },
    },
    "permissions": {
        **_PLAIN,
        "in_environment": _IN_VPC,
        "relax": {"network_isolation": "the container reads features"},
        "permissions": [
            {
                "actions": ["sagemaker:GetRecord", "s3:GetObject"],
                "resources": [FEATURE_GROUP, "arn:aws:s3:::features/*"],
                "conditions": {"StringEquals": {"aws:ResourceAccount": ["111122223333"]}},
                "reason": "the features of a request",
            },
            {
                "actions": ["secretsmanager:GetSecretValue"],
                "resources": [f"{HUB_CREDENTIALS}-??????"],
                "reason": "the token of the hub",
            },
            {
                "actions": ["sagemaker:InvokeEndpoint"],
                "resources": [OTHER_ENDPOINT],
                "reason": "the endpoint that embeds the text",
            },
        ],
    },
    "existing-role": {**_PLAIN, "in_environment": _IN_VPC, "execution_role_arn": f"{_ROLE}/team/ml-models"},
    "inference-components": {
        **_PLAIN,
        "in_environment": _IN_VPC,
        "image": None,
        "model_data_url": None,
        "inference_components": {
            "llama": {
                "image": "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1",
                "model_data_url": "s3://my-bucket/llama/model.tar.gz",
                "compute_resource_requirements": {"min_memory_required_in_mb": 1024},
            },
            "tax": {"base_inference_component": "llama", "artifact_url": "s3://my-bucket/tax/adapter.tar.gz"},
        },
    },
    "key-admins": {
        **_PLAIN,
        "in_environment": {"deployers": [f"{_ROLE}/deployer"]},
        "kms": {"admins": [f"{_ROLE}/key-admin"]},
    },
}
BUCKET = "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc"
LOG_GROUP = "arn:aws:logs:us-west-2:111122223333:log-group:/aws/sagemaker/Endpoints/acme-dev-kmeans"
NO_TLS = {"aws:SecureTransport": "false"}


@dataclass(frozen=True)
class Case:
    """A request in a scenario, and whether IAM has to allow it."""

    name: str
    request: Callable[[AwsState], Request]
    allowed: bool
    scenario: str = "plain"


def everything() -> Document:
    """Return a policy that allows everything, as an administrator has."""
    return document(Action="*", Resource="*")


def by_identity_policies(short_name: str, action: str, resource: str, context: Context, state: AwsState) -> Request:
    principal, extra_policies = principal_of(state, short_name)
    return state.request(principal, action, resource, extra_policies=extra_policies, context=context)


def with_default_key_policy(short_name: str, action: str, key: str, context: Context, state: AwsState) -> Request:
    """Return a request for a key whose policy leaves the decision to IAM, as KMS creates it by default."""
    default = document(Principal={"AWS": state.arn("iam", "root", region="")}, Action="kms:*", Resource="*")
    principal, extra_policies = principal_of(state, short_name)
    resource = state.key_arn if key == "endpoint key" else key
    return state.request(
        principal, action, resource, extra_policies=extra_policies, resource_policy=default, context=context
    )


def with_public_statement(build: Callable[..., Request], *row: Any, state: AwsState) -> Request:
    """Return the request with a statement added to the resource policy that allows everything to everyone."""
    request = build(*row, state)
    assert request.resource_policy is not None
    public = {"Sid": "Everyone", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    statements = [*request.resource_policy["Statement"], public]
    return replace(request, resource_policy={**request.resource_policy, "Statement": statements})


def principal_of(state: AwsState, short_name: str) -> tuple[str, tuple[Document, ...]]:
    """Return the ARN for a short name, and the policies that the principal has in addition to managed ones."""
    if "administrator" in short_name:
        account = FOREIGN if short_name.startswith("foreign") else None
        name = short_name.rsplit("/", maxsplit=1)[-1].rsplit(maxsplit=1)[-1]
        role = state.execution_role if EXECUTION in short_name else state.role(name, account)
        return role, (everything(),)
    if short_name == EXECUTION:
        return state.execution_role, ()
    kind, _, name = short_name.partition("/")
    if kind in ("role", "foreign"):
        return state.role(name, FOREIGN if kind == "foreign" else None), ()
    return short_name, ()


def document(**statement: Any) -> Document:
    """Return a policy with one Allow statement."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def without_identity_policies(build: Callable[..., Request], *row: Any, state: AwsState) -> Request:
    return replace(build(*row, state=state), identity=[])


def without_denials(build: Callable[..., Request], *row: Any, state: AwsState) -> Request:
    """Return the request with the Allow statements of the principal's policies only."""
    request = build(*row, state=state)
    allowing = [
        {**policy, "Statement": [statement for statement in policy["Statement"] if statement["Effect"] == "Allow"]}
        for policy in request.identity
    ]
    return replace(request, identity=[policy for policy in allowing if policy["Statement"]])


def within_boundary(build: Callable[..., Request], *row: Any, state: AwsState) -> Request:
    """Return the execution role's request, evaluated with its permissions boundary."""
    return replace(build(*row, state=state), boundary=[state.boundary])


def cases(build: Callable[..., Request], rows: list[Any], layer: str = "", *, scenario: str = "plain") -> list[Case]:
    """Return a case for each row: the arguments of `build`, then the expected answer."""
    suffix = "" if scenario == "plain" else f", scenario {scenario}"
    return [
        Case(" ".join(map(_describe, row[:-1])) + layer + suffix, _bind(build, *row[:-1]), row[-1], scenario)
        for row in rows
    ]


def _bind(build: Callable[..., Request], *row: Any) -> Callable[[AwsState], Request]:
    return lambda state: build(*row, state=state)


def _describe(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key.rpartition(':')[2]}={inner}" for key, inner in value.items()) or "default context"
    return str(value)


AS_BOUNDED_ADMINISTRATOR = ", as an administrator within the boundary"


def as_administrator(action: str, resource: str, context: Context, state: AwsState) -> Request:
    account = resource.split(":")[4] or state.account
    return state.request(
        state.execution_role, action, resource, account=account, extra_policies=(everything(),), context=context
    )
