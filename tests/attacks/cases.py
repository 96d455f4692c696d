"""The requests that are tried, each with what IAM has to answer.

`administrator` is a role of ours to which somebody else has given everything; `foreign/` roles are of another account.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from tests.attacks.simulator import Document, Request
from tests.attacks.world import World

Context = Mapping[str, Any]

CALLER, READER, EXECUTION = "role/checkout-api", "role/auditor", "execution role"
FOREIGN = "999988887777"
CHANGES: dict[str, Any] = {
    "invokers": ["arn:aws:iam::111122223333:role/checkout-api"],
    "data_capture": {"readers": ["arn:aws:iam::111122223333:role/auditor"]},
}
_INVOKE = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync", "sagemaker:InvokeEndpointWithResponseStream"]
_HEADER = "s3:x-amz-server-side-encryption"
_KEY_HEADER, _CUSTOMER_HEADER = f"{_HEADER}-aws-kms-key-id", f"{_HEADER}-customer-algorithm"
_NO_TLS = {"aws:SecureTransport": "false"}


@dataclass(frozen=True)
class Case:
    """A request that is made in a world, and whether it has to be allowed."""

    name: str
    request: Callable[[World], Request]
    allowed: bool


def everything() -> Document:
    """Return what an administrator has."""
    return _document(Action="*", Resource="*")


_INVOKING: list[tuple[str, str, str, Context, bool]] = [
    (CALLER, _INVOKE[0], "acme-dev-kmeans", {}, True),
    (CALLER, _INVOKE[0], "acme-dev-kmeans", {"aws:SecureTransport": "false"}, False),
    (CALLER, _INVOKE[0], "acme-dev-kmeans", {"aws:SecureTransport": None}, False),
    (CALLER, _INVOKE[0], "acme-dev-kmeans-2", {}, False),
    (CALLER, _INVOKE[0], "acme-dev-kmean", {}, False),
    (CALLER, _INVOKE[0], "acme-prod-kmeans", {}, False),
    (CALLER, _INVOKE[1], "acme-dev-kmeans", {}, False),
    (CALLER, _INVOKE[2], "acme-dev-kmeans", {}, False),
    ("role/stranger", _INVOKE[0], "acme-dev-kmeans", {}, False),
    ("role/checkout-api-2", _INVOKE[0], "acme-dev-kmeans", {}, False),
    (READER, _INVOKE[0], "acme-dev-kmeans", {}, False),
    (EXECUTION, _INVOKE[0], "acme-dev-kmeans", {}, False),
    ("foreign/checkout-api", _INVOKE[0], "acme-dev-kmeans", {}, False),
    ("sagemaker.amazonaws.com", _INVOKE[0], "acme-dev-kmeans", {}, False),
    # What somebody else lets a caller do does not let it in without TLS.
    *(("administrator " + CALLER, action, "acme-dev-kmeans", _NO_TLS, False) for action in _INVOKE),
]


def _invoking(who: str, action: str, endpoint: str, context: Context, world: World) -> Request:
    principal, also = _principal(world, who)
    resource = world.arn("sagemaker", f"endpoint/{endpoint}")
    return world.request(principal, action, resource, also=also, context=context)


_ASSUMING: list[tuple[str, Context, bool]] = [
    ("sagemaker.amazonaws.com", {}, True),
    ("sagemaker.amazonaws.com", {"aws:SourceAccount": FOREIGN}, False),
    ("sagemaker.amazonaws.com", {"aws:SourceAccount": None}, False),
    ("sagemaker.amazonaws.com", {"aws:SourceArn": None}, False),
    ("sagemaker.amazonaws.com", {"aws:SourceArn": "arn:aws:sagemaker:eu-west-1:111122223333:*"}, False),
    ("sagemaker.amazonaws.com", {"aws:SourceArn": f"arn:aws:sagemaker:us-west-2:{FOREIGN}:*"}, False),
    ("sagemaker.amazonaws.com", {"aws:SourceArn": "arn:aws:lambda:us-west-2:111122223333:*"}, False),
    ("ec2.amazonaws.com", {}, False),
    ("lambda.amazonaws.com", {}, False),
    ("bedrock.amazonaws.com", {}, False),
    (CALLER, {}, False),
    ("role/administrator", {}, False),
    ("foreign/administrator", {}, False),
]


def _assuming(who: str, context: Context, world: World) -> Request:
    principal, _ = _principal(world, who)
    return world.request(
        principal,
        "sts:AssumeRole",
        world.execution_role,
        also=(everything(),),
        resource_policy=world.trust,
        context={"aws:SourceAccount": world.account, "aws:SourceArn": world.arn("sagemaker", "*"), **context},
    )


def _assuming_otherwise(action: str, world: World) -> Request:
    return replace(_assuming("sagemaker.amazonaws.com", {}, world), action=action)


_MODEL: list[tuple[str, str, Context, bool]] = [
    ("s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, True),
    ("s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", {"aws:ResourceAccount": FOREIGN}, False),
    ("s3:GetObject", "arn:aws:s3:::my-bucket/other.tar.gz", {}, False),
    ("s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz.old", {}, False),
    ("s3:GetObject", "arn:aws:s3:::other-bucket/model.tar.gz", {}, False),
    ("s3:PutObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("s3:DeleteObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("s3:ListBucket", "arn:aws:s3:::my-bucket", {}, False),
    ("ecr:BatchGetImage", "arn:aws:ecr:us-west-2:174872318107:repository/kmeans", {}, True),
    ("ecr:GetDownloadUrlForLayer", "arn:aws:ecr:us-west-2:174872318107:repository/kmeans", {}, True),
    ("ecr:BatchGetImage", "arn:aws:ecr:us-west-2:174872318107:repository/kmeans2", {}, False),
    ("ecr:BatchGetImage", "arn:aws:ecr:us-west-2:111122223333:repository/kmeans", {}, False),
    ("ecr:PutImage", "arn:aws:ecr:us-west-2:174872318107:repository/kmeans", {}, False),
    ("ecr:GetAuthorizationToken", "*", {}, True),
    ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "AWS/SageMaker"}, True),
    ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "Custom"}, False),
    ("cloudwatch:PutMetricData", "*", {}, False),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/acme-dev-kmeans-exec-de91fccc", {}, False),
    ("sagemaker:CreateEndpoint", "arn:aws:sagemaker:us-west-2:111122223333:endpoint/x", {}, False),
    ("sagemaker:DeleteEndpoint", "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-kmeans", {}, False),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/checkout-api", {}, False),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-west-2:111122223333:secret:a-abcdef", {}, False),
    ("dynamodb:GetItem", "arn:aws:dynamodb:us-west-2:111122223333:table/a", {}, False),
]


def _model(action: str, resource: str, context: Context, world: World) -> Request:
    # Another account's repository has a policy of its own; even if that lets everybody in, the role needs its own.
    account = resource.split(":")[4] if action.startswith("ecr:") and resource != "*" else world.account
    opened = None if account == world.account else _document(Principal="*", Action="*", Resource="*")
    return world.request(
        world.execution_role, action, resource, account=account, resource_policy=opened, context=context
    )


_CAPTURED: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {}, True),
    (EXECUTION, "s3:PutObject", "elsewhere/a.jsonl", {}, False),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {"aws:SecureTransport": "false"}, False),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {"s3:TlsVersion": "1.1"}, False),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {_HEADER: "aws:kms"}, True),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {_HEADER: "AES256"}, False),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {_KEY_HEADER: "the key"}, True),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {_KEY_HEADER: "another key"}, False),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {_CUSTOMER_HEADER: "AES256"}, False),
    (EXECUTION, "s3:GetObject", "data-capture/a.jsonl", {}, False),
    (EXECUTION, "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
    (READER, "s3:GetObject", "data-capture/a.jsonl", {}, True),
    (READER, "s3:GetObjectVersion", "data-capture/a.jsonl", {}, True),
    (READER, "s3:GetObject", "elsewhere/a.jsonl", {}, False),
    (READER, "s3:GetObject", "data-capture/a.jsonl", {"aws:SecureTransport": "false"}, False),
    (READER, "s3:GetObject", "data-capture/a.jsonl", {"s3:TlsVersion": "1.1"}, False),
    (READER, "s3:PutObject", "data-capture/a.jsonl", {}, False),
    (READER, "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
    (CALLER, "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObjectVersion", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:PutObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:DeleteObject", "data-capture/a.jsonl", {}, True),  # and is seen in CloudTrail
    ("administrator", "s3:DeleteObject", "data-capture/a.jsonl", {"aws:SecureTransport": "false"}, False),
    ("foreign administrator", "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("foreign administrator", "s3:PutObject", "data-capture/a.jsonl", {}, False),
    ("foreign administrator", "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
]


def _captured(who: str, action: str, key: str, context: Context, world: World) -> Request:
    principal, also = _principal(world, who)
    keys = {"the key": world.key_arn, "another key": world.arn("kms", "key/another")}
    return world.request(
        principal,
        action,
        f"{world.deployment.names.bucket_arn(world.deployment.names.capture_bucket)}/{key}",
        also=also,
        resource_policy=world.bucket_policy,
        context={name: keys.get(value, value) for name, value in context.items()},
    )


_CONTEXT = "kms:EncryptionContext:aws:s3:arn"
_BUCKET = "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc"
_THROUGH_S3 = {"kms:ViaService": "s3.us-west-2.amazonaws.com", _CONTEXT: _BUCKET}
_FOR_VOLUMES = {"kms:ViaService": "sagemaker.us-west-2.amazonaws.com", "kms:GrantIsForAWSResource": "true"}
_LOG_GROUP = "arn:aws:logs:us-west-2:111122223333:log-group:/aws/sagemaker/Endpoints/acme-dev-kmeans"
_FOR_LOGS = {"kms:EncryptionContext:aws:logs:arn": _LOG_GROUP}
_KEY: list[tuple[str, str, Context, bool]] = [
    (EXECUTION, "kms:GenerateDataKey", _THROUGH_S3, True),
    (EXECUTION, "kms:Decrypt", _THROUGH_S3, True),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: f"{_BUCKET}/data-capture/a.jsonl"}, True),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: f"{_BUCKET}/elsewhere/a.jsonl"}, False),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: "arn:aws:s3:::another-bucket"}, False),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: None}, False),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": None}, False),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": "s3.eu-west-1.amazonaws.com"}, False),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": "ec2.us-west-2.amazonaws.com"}, False),
    (EXECUTION, "kms:Encrypt", _THROUGH_S3, False),
    (EXECUTION, "kms:CreateGrant", _FOR_VOLUMES, True),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:GrantIsForAWSResource": "false"}, False),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": None}, False),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": "ec2.us-west-2.amazonaws.com"}, False),
    (EXECUTION, "kms:DescribeKey", {}, True),
    (EXECUTION, "kms:ScheduleKeyDeletion", {}, False),
    (EXECUTION, "kms:PutKeyPolicy", {}, False),
    (READER, "kms:Decrypt", _THROUGH_S3, True),
    (READER, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": None}, False),
    (READER, "kms:GenerateDataKey", _THROUGH_S3, False),
    (READER, "kms:CreateGrant", _FOR_VOLUMES, False),
    (CALLER, "kms:Decrypt", _THROUGH_S3, False),
    ("administrator", "kms:Decrypt", _THROUGH_S3, False),
    ("administrator", "kms:Decrypt", {}, False),
    ("administrator", "kms:Encrypt", {}, False),
    ("administrator", "kms:GenerateDataKey", _THROUGH_S3, False),
    ("administrator", "kms:ReEncryptFrom", {}, False),
    ("administrator", "kms:CreateGrant", {}, False),
    ("administrator", "kms:CreateGrant", {"kms:GrantIsForAWSResource": "false"}, False),
    ("administrator", "kms:CreateGrant", _FOR_VOLUMES, True),  # whoever deploys needs it
    ("administrator", "kms:DescribeKey", {}, True),
    ("administrator", "kms:PutKeyPolicy", {}, True),  # visible in a plan and in CloudTrail
    ("administrator", "kms:PutKeyPolicy", {"kms:BypassPolicyLockoutSafetyCheck": "true"}, False),
    ("administrator", "kms:ScheduleKeyDeletion", {}, True),
    ("foreign administrator", "kms:DescribeKey", {}, False),
    ("foreign administrator", "kms:Decrypt", _THROUGH_S3, False),
    ("foreign administrator", "kms:CreateGrant", _FOR_VOLUMES, False),
    ("logs.us-west-2.amazonaws.com", "kms:Encrypt", _FOR_LOGS, True),
    ("logs.us-west-2.amazonaws.com", "kms:Decrypt", _FOR_LOGS, True),
    ("logs.us-west-2.amazonaws.com", "kms:Encrypt", {}, False),
    ("logs.eu-west-1.amazonaws.com", "kms:Encrypt", _FOR_LOGS, False),
    ("s3.amazonaws.com", "kms:Decrypt", _THROUGH_S3, False),
]


def _key(who: str, action: str, context: Context, world: World) -> Request:
    principal, also = _principal(world, who)
    caller = {"kms:CallerAccount": principal.split(":")[4]} if ":role/" in principal else {}
    return world.request(
        principal,
        action,
        world.key_arn,
        also=also,
        resource_policy=world.key_policy,
        context={**caller, **context},
    )


# Each of the two documents that have to agree, as if the other let everything through.
_KEY_POLICY_ALONE: list[tuple[str, str, Context, bool]] = [
    *(
        row
        for who in (f"administrator {EXECUTION}", f"administrator {READER}")
        for row in (
            (who, "kms:Decrypt", _THROUGH_S3, True),
            (who, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": None}, False),
            (who, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: "arn:aws:s3:::another-bucket"}, False),
            (who, "kms:Decrypt", {**_THROUGH_S3, "kms:CallerAccount": FOREIGN}, False),
            (who, "kms:Encrypt", _THROUGH_S3, False),
        )
    ),
    (f"administrator {READER}", "kms:GenerateDataKey", _THROUGH_S3, False),
    ("administrator", "kms:CreateGrant", {**_FOR_VOLUMES, "kms:GrantIsForAWSResource": None}, False),
    ("administrator", "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": None}, False),
    ("administrator", "kms:CreateGrant", {**_FOR_VOLUMES, "kms:CallerAccount": FOREIGN}, False),
    ("logs.us-west-2.amazonaws.com", "kms:CreateGrant", {**_FOR_LOGS, "kms:GrantIsForAWSResource": "true"}, False),
]
_ROLE_POLICY_ALONE: list[tuple[str, str, Context, bool]] = [
    *(
        row
        for who in (EXECUTION, READER)
        for row in (
            (who, "kms:Decrypt", _THROUGH_S3, True),
            (who, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": None}, False),
            (who, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: "arn:aws:s3:::another-bucket"}, False),
            (who, "kms:Encrypt", _THROUGH_S3, False),
        )
    ),
    (EXECUTION, "kms:CreateGrant", _FOR_VOLUMES, True),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:GrantIsForAWSResource": None}, False),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": None}, False),
    (EXECUTION, "kms:RevokeGrant", _FOR_VOLUMES, False),
]
_ANOTHER_KEY: list[tuple[str, str, Context, bool]] = [
    (EXECUTION, "kms:Decrypt", _THROUGH_S3, False),
    (EXECUTION, "kms:CreateGrant", _FOR_VOLUMES, False),
    (EXECUTION, "kms:DescribeKey", {}, False),
    (READER, "kms:Decrypt", _THROUGH_S3, False),
]


def _by_role_policy(who: str, action: str, context: Context, world: World, key: str | None = None) -> Request:
    """Return a request for a key of the account that leaves the decision to IAM, as keys do by default."""
    principal, also = _principal(world, who)
    left_to_iam = _document(Principal={"AWS": world.arn("iam", "root", region="")}, Action="kms:*", Resource="*")
    return world.request(
        principal, action, key or world.key_arn, also=also, resource_policy=left_to_iam, context=context
    )


def _another_key(who: str, action: str, context: Context, world: World) -> Request:
    return _by_role_policy(who, action, context, world, world.arn("kms", "key/another"))


# What the denials are for: somebody adds a statement that lets everybody in.
_KEY_OPENED: list[tuple[str, str, Context, bool]] = [
    ("administrator", "kms:CreateGrant", {"kms:GrantIsForAWSResource": "false"}, False),
    ("administrator", "kms:PutKeyPolicy", {"kms:BypassPolicyLockoutSafetyCheck": "true"}, False),
]
_BUCKET_OPENED: list[tuple[str, str, str, Context, bool]] = [
    ("foreign administrator", "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
    ("foreign administrator", "s3:GetObjectTagging", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:PutObject", "data-capture/a.jsonl", {}, False),
    ("inventory.s3.amazonaws.com", "s3:GetObjectTagging", "data-capture/a.jsonl", {}, True),
]


def _opened(build: Callable[..., Request], *row: Any, world: World) -> Request:
    request = build(*row, world)
    assert request.resource_policy is not None
    everybody = {"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    statements = [*request.resource_policy["Statement"], everybody]
    return replace(request, resource_policy={**request.resource_policy, "Statement": statements})


# Neither has a document of its own to agree with.
_LISTING_AND_LOGS: list[tuple[str, str, str, Context, bool]] = [
    (READER, "s3:ListBucket", _BUCKET, {"s3:prefix": "data-capture/AllTraffic/"}, True),
    (READER, "s3:ListBucket", _BUCKET, {}, False),
    (READER, "s3:ListBucket", _BUCKET, {"s3:prefix": "elsewhere/"}, False),
    (READER, "s3:ListBucket", "arn:aws:s3:::another-bucket", {"s3:prefix": "data-capture/"}, False),
    (READER, "s3:ListBucketVersions", _BUCKET, {"s3:prefix": "data-capture/"}, False),
    (READER, "s3:GetObject", f"{_BUCKET}/data-capture/a.jsonl", _NO_TLS, False),
    (EXECUTION, "s3:PutObject", f"{_BUCKET}/data-capture/a.jsonl", {"aws:ResourceAccount": FOREIGN}, False),
    (EXECUTION, "logs:PutLogEvents", f"{_LOG_GROUP}:log-stream:a", {}, True),
    (EXECUTION, "logs:CreateLogStream", f"{_LOG_GROUP}:log-stream:a", {}, True),
    (EXECUTION, "logs:PutLogEvents", f"{_LOG_GROUP}-2:log-stream:a", {}, False),
    (EXECUTION, "logs:GetLogEvents", f"{_LOG_GROUP}:log-stream:a", {}, False),
    (EXECUTION, "cloudwatch:DeleteAlarms", "arn:aws:cloudwatch:us-west-2:111122223333:alarm:a", {}, False),
    (EXECUTION, "cloudwatch:GetMetricData", "*", {}, False),
]


def _by_identity(who: str, action: str, resource: str, context: Context, world: World) -> Request:
    principal, also = _principal(world, who)
    return world.request(principal, action, resource, also=also, context=context)


def _bearer_token(who: str, world: World) -> Request:
    principal, also = _principal(world, who)
    return world.request(principal, "sagemaker:CallWithBearerToken", "*", also=also)


def _elsewhere(place: Mapping[str, str], world: World) -> Request:
    resource = world.arn("sagemaker", "endpoint/acme-dev-kmeans", **place)
    return world.request(world.role("checkout-api"), _INVOKE[0], resource)


def _principal(world: World, who: str) -> tuple[str, tuple[Document, ...]]:
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


def _document(**statement: Any) -> Document:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def _named(build: Callable[..., Request], rows: list[Any], layer: str = "") -> list[Case]:
    return [Case(" ".join(map(_text, row[:-1])) + layer, _later(build, *row[:-1]), row[-1]) for row in rows]


def _later(build: Callable[..., Request], *row: Any) -> Callable[[World], Request]:
    return lambda world: build(*row, world=world)


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key.rpartition(':')[2]}={inner}" for key, inner in value.items()) or "as usual"
    return str(value)


CASES = [
    *_named(_invoking, _INVOKING),
    *_named(_bearer_token, [(CALLER, False), ("administrator " + CALLER, False)]),
    *_named(_elsewhere, [({"region": "eu-west-1"}, False), ({"account": FOREIGN}, False)]),
    *_named(_assuming, _ASSUMING),
    *_named(_model, _MODEL),
    *_named(_captured, _CAPTURED),
    *_named(_key, _KEY),
    *_named(_key, _KEY_POLICY_ALONE, ", by the key policy alone"),
    *_named(_by_role_policy, _ROLE_POLICY_ALONE, ", by the role's policy alone"),
    *_named(_another_key, _ANOTHER_KEY, ", another key"),
    *_named(partial(_opened, _key), _KEY_OPENED, ", a key opened to everybody"),
    *_named(partial(_opened, _captured), _BUCKET_OPENED, ", a bucket opened to everybody"),
    *_named(_by_identity, _LISTING_AND_LOGS),
    *_named(_assuming_otherwise, [(action, False) for action in ("sts:TagSession", "sts:SetSourceIdentity")]),
]
