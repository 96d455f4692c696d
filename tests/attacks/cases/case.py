"""What a case is, and who and what the cases are about.

`administrator` is a role of ours to which somebody else has given everything; `foreign/` roles are of another account.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.attacks.aws_state import World
from tests.attacks.simulator import Document, Request

Context = Mapping[str, Any]
CALLER, READER, EXECUTION = "role/checkout-api", "role/auditor", "execution role"
FOREIGN = "999988887777"
STREAMS = ["sagemaker:InvokeEndpointWithResponseStream", "sagemaker:InvokeEndpointWithBidirectionalStream"]
INVOKE = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync", *STREAMS]  # every action that invokes
_ROLE = "arn:aws:iam::111122223333:role"
VPC, VPC_ENDPOINT = "vpc-0a1b2c3d4e5f60718", "vpce-0a1b2c3d4e5f60718"
SUBNETS = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]
MODELS_KEY = "arn:aws:kms:us-west-2:111122223333:key/models"
PARTNER, ORGANIZATION = "555566667777", "o-a1b2c3d4e5"
_PLAIN: dict[str, Any] = {
    "invokers": [f"{_ROLE}/checkout-api"],
    "data_capture": {"readers": [f"{_ROLE}/auditor"]},
}
_IN_VPC = {"network": {"vpc_id": VPC, "subnet_ids": SUBNETS, "route_table_ids": ["rtb-0a1b2c3d4e5f60718"]}}
# The example of the repository, changed by what the cases of a world are about.
WORLDS: dict[str, dict[str, Any]] = {
    "plain": _PLAIN,
    "callers": {
        **_PLAIN,
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
    "guarded": {
        **_PLAIN,
        "model_data_kms_key_arn": MODELS_KEY,
        "deployment_config": {
            "blue_green_update_policy": {
                "traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}
            },
            "auto_rollback_configuration": {"alarms": [{"alarm_name": "kmeans-5xx"}]},
        },
    },
    "registry": {
        **_PLAIN,
        "in_environment": _IN_VPC,
        "image_config": {
            "repository_access_mode": "Vpc",
            "repository_auth_config": {
                "repository_credentials_provider_arn": "arn:aws:lambda:us-west-2:111122223333:function:registry"
            },
        },
    },
    "keys": {
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
    """A request that is made in a world, and whether it has to be allowed."""

    name: str
    request: Callable[[World], Request]
    allowed: bool
    world: str = "plain"


def everything() -> Document:
    """Return what an administrator has."""
    return document(Action="*", Resource="*")


def by_identity(who: str, action: str, resource: str, context: Context, world: World) -> Request:
    principal, also = principal_of(world, who)
    return world.request(principal, action, resource, also=also, context=context)


def key_left_to_iam(who: str, action: str, key: str, context: Context, world: World) -> Request:
    """Return a request for a key that leaves the decision to IAM, as an existing one may."""
    left_to_iam = document(Principal={"AWS": world.arn("iam", "root", region="")}, Action="kms:*", Resource="*")
    principal, also = principal_of(world, who)
    resource = world.key_arn if key == "ours" else key
    return world.request(principal, action, resource, also=also, resource_policy=left_to_iam, context=context)


def opened(build: Callable[..., Request], *row: Any, world: World) -> Request:
    request = build(*row, world)
    assert request.resource_policy is not None
    everybody = {"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    statements = [*request.resource_policy["Statement"], everybody]
    return replace(request, resource_policy={**request.resource_policy, "Statement": statements})


def principal_of(world: World, who: str) -> tuple[str, tuple[Document, ...]]:
    """Return an ARN for a short name, and what somebody else lets it do."""
    if "administrator" in who:
        account = FOREIGN if who.startswith("foreign") else None
        name = who.rsplit("/", maxsplit=1)[-1].rsplit(maxsplit=1)[-1]
        role = world.execution_role if EXECUTION in who else world.role(name, account)
        return role, (everything(),)
    if who == EXECUTION:
        return world.execution_role, ()
    kind, _, name = who.partition("/")
    if kind in ("role", "foreign"):
        return world.role(name, FOREIGN if kind == "foreign" else None), ()
    return who, ()


def document(**statement: Any) -> Document:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def unaided(build: Callable[..., Request], *row: Any, world: World) -> Request:
    """Return the request of somebody to whom no policy of their own lets anything."""
    return replace(build(*row, world=world), identity=[])


def permission_alone(build: Callable[..., Request], *row: Any, world: World) -> Request:
    """Return the request as if the policies of who makes it denied nothing."""
    request = build(*row, world=world)
    allowing = [
        {**each, "Statement": [statement for statement in each["Statement"] if statement["Effect"] == "Allow"]}
        for each in request.identity
    ]
    return replace(request, identity=[each for each in allowing if each["Statement"]])


def bounded(build: Callable[..., Request], *row: Any, world: World) -> Request:
    """Return the execution role's request as IAM judges it, with the role's boundary."""
    return replace(build(*row, world=world), boundary=[world.boundary])


def named(build: Callable[..., Request], rows: list[Any], layer: str = "", *, world: str = "plain") -> list[Case]:
    place = "" if world == "plain" else f", world {world}"
    return [
        Case(" ".join(map(_text, row[:-1])) + layer + place, _later(build, *row[:-1]), row[-1], world) for row in rows
    ]


def _later(build: Callable[..., Request], *row: Any) -> Callable[[World], Request]:
    return lambda world: build(*row, world=world)


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key.rpartition(':')[2]}={inner}" for key, inner in value.items()) or "as usual"
    return str(value)
