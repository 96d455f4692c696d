"""Each kind of value: what is accepted, and what is refused because AWS or Terraform would do harm with it."""

from typing import Annotated, Any, get_origin

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from modules import config, fields
from modules.schema import file_schema

_ECR = "174872318107.dkr.ecr.us-west-2.amazonaws.com"
_IAM = "arn:aws:iam::111122223333"
_KMS = "arn:aws:kms:us-west-2:111122223333"
_DIGEST = "sha256:" + "0123456789abcdef" * 4

ACCEPTED: dict[str, list[str]] = {
    "Name": ["kmeans", "k", "k-means-2", "2", "k" * 36],
    "AccountId": ["111122223333", "000000000001"],
    "Region": ["us-west-2", "cn-north-1", "us-gov-west-1"],
    "InstanceType": ["ml.m5.xlarge", "ml.g5.48xlarge", "ml.m4.xlarge"],
    "Image": [
        f"{_ECR}/kmeans:1",
        f"{_ECR}/team/k-means_2.x:v1.2.3_rc-1",
        f"{_ECR}/kmeans@{_DIGEST}",
        f"{_ECR}/kmeans:latest",  # refused by a rule, which can be relaxed
        f"{_ECR}/kmeans:{'x' * 128}",
        "174872318107.dkr.ecr-fips.us-gov-west-1.amazonaws.com/kmeans:1",
        "174872318107.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1",
        f"{_ECR}/{'k' * (255 - len(_ECR) - 3)}:1",
    ],
    "ModelDataUrl": [
        "s3://my-bucket/model.tar.gz",
        "s3://my.bucket/a/b=1/model_v.tar.gz",
        f"s3://my-bucket/{'m' * (1024 - 22)}.tar.gz",
    ],
    "S3Prefix": ["s3://my-bucket/data-capture", "s3://my-bucket/a/b/", f"s3://my-bucket/{'p' * (512 - 15)}"],
    "RoleArn": [
        f"{_IAM}:role/checkout-api",
        f"{_IAM}:role/team/a/batch+=,.@-_",
        f"{_IAM}:role/{'r' * 64}",
        "arn:aws-cn:iam::111122223333:role/checkout-api",
        "arn:aws-us-gov:iam::111122223333:role/checkout-api",
    ],
    "PrincipalArn": [
        f"{_IAM}:root",
        f"{_IAM}:role/team/partner-gateway",
        f"{_IAM}:user/alice",
        f"{_IAM}:user/{'u' * 64}",
        "arn:aws-cn:iam::111122223333:root",
    ],
    "CallerName": ["partner", "p", "partner-2", "p" * 18],
    "ExternalId": ["acme-partner-7f3a", "ab", "a/b:c@d.e,f=g+h_i-", "e" * 1224],
    "OrganizationId": ["o-a1b2c3d4e5", f"o-{'a' * 32}"],
    "TargetModel": ["tenant-a/*", "model.tar.gz", "a_b/c-d.1", "m" * 1024],
    "VpcId": ["vpc-0a1b2c3d", "vpc-0a1b2c3d4e5f60718"],
    "SubnetId": ["subnet-0a1b2c3d", "subnet-0a1b2c3d4e5f60718"],
    "RouteTableId": ["rtb-0a1b2c3d", "rtb-0a1b2c3d4e5f60718"],
    "SecurityGroupId": ["sg-0a1b2c3d", "sg-0a1b2c3d4e5f60718"],
    "VpcEndpointId": ["vpce-0a1b2c3d", "vpce-0a1b2c3d4e5f60718"],
    "PolicyArn": [f"{_IAM}:policy/ml-boundary", "arn:aws:iam::aws:policy/PowerUserAccess", f"{_IAM}:policy/a/b"],
    "KeyArn": [
        f"{_KMS}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        f"{_KMS}:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ],
    "BucketName": ["acme-tfstate-prod", "abc", "a.b", "b" * 63],
    "VersionConstraint": [">= 6.25, < 7", "6.25.0", "~> 6.25", "= 5.100.0", ">=6", "!= 6.1, > 6.0,< 7"],
    "Reason": ["ten letter", "the container calls the feature store, RISK-881", "Grund: Prüfung läuft", "r" * 200],
    "TagKey": ["team", "cost-center", "a b/c:d=e+f@g_h.i", "größe", "k" * 128],
    "TagValue": ["ml", "", "a b/c:d=e+f@g_h.i", "größe", "v" * 256],
    "VariableName": ["LOG_LEVEL", "_x", "a1", "V" * 1024],
    # Terraform's own signs are allowed here, because containers have templates too: the synth escapes them.
    "VariableValue": ["", "info", "${time} %{level}", "two\nlines", "v" * 1024],
}
REFUSED: dict[str, list[str]] = {
    "Name": ["", "K", "k_means", "k--means", "-k", "k-", "k.m", "k means", "größe", "k" * 37],
    "AccountId": ["11112222333", "1111222233334", "1111-2222-3333", "my-account", " 111122223333"],
    "Region": ["", "us-west", "US-WEST-2", "us-west-2a", "aws-global", "mars-north-1"],
    "InstanceType": ["", "m5.xlarge", "ml.m5", "ml.M5.xlarge", "ml.t3.micro", "ml.m5.xlarge "],
    "Image": [
        f"{_ECR}/kmeans",  # what runs would be decided by whoever pushes next
        f"{_ECR}/kmeans:",
        f"{_ECR}/kmeans@sha256:0123",
        f"{_ECR}/kmeans:{'x' * 129}",
        f"{_ECR}/KMeans:1",
        f"{_ECR}/*:1",
        f"https://{_ECR}/kmeans:1",
        "kmeans:1",
        "docker.io/library/kmeans:1",
        "public.ecr.aws/team/kmeans:1",
        "12345.dkr.ecr.us-west-2.amazonaws.com/kmeans:1",
        f"{_ECR}/{'k' * (256 - len(_ECR) - 3)}:1",
    ],
    "ModelDataUrl": [
        "https://my-bucket.s3.amazonaws.com/model.tar.gz",
        "http://my-bucket/model.tar.gz",
        "s3://my-bucket/model.zip",
        "s3://my-bucket/models/",
        "s3://my-bucket/*.tar.gz",  # would be a wildcard in the execution role's policy
        "s3://my-bucket/mode?.tar.gz",
        "s3://my-bucket/a b.tar.gz",
        "s3://my-bucket/.tar.gz.tar",
        "s3://My-Bucket/model.tar.gz",
        "s3://*/model.tar.gz",
        "s3:///model.tar.gz",
        "my-bucket/model.tar.gz",
        f"s3://my-bucket/{'m' * (1025 - 22)}.tar.gz",
    ],
    "S3Prefix": [
        "s3://my-bucket",  # a whole bucket is not a prefix
        "s3://my-bucket/",
        "s3://my-bucket/*",
        "s3://my-bucket/a?",
        "s3://my-bucket/a//",
        "s3://MyBucket/a",
        "https://my-bucket.s3.amazonaws.com/a",
        f"s3://my-bucket/{'p' * (513 - 15)}",
    ],
    "RoleArn": [
        "*",
        "checkout-api",
        f"{_IAM}:user/alice",
        f"{_IAM}:root",
        f"{_IAM}:group/team",
        f"{_IAM}:role/*",
        f"{_IAM}:role/",
        f"{_IAM}:role/checkout?",
        f"{_IAM}:role/{'r' * 65}",
        "arn:aws:sts::111122223333:assumed-role/checkout-api/session",
        "arn:aws:iam::*:role/checkout-api",
        "arn:aws:iam::aws:role/checkout-api",
    ],
    "PrincipalArn": [
        "*",
        "999988887777",  # IAM takes it for the root; a whole account is written as what it is
        f"{_IAM}:role/*",
        f"{_IAM}:user/",
        f"{_IAM}:group/team",
        f"{_IAM}:root/a",
        "arn:aws:iam::*:root",
        "arn:aws:sts::111122223333:assumed-role/checkout-api/session",
        "lambda.amazonaws.com",
    ],
    "CallerName": ["", "P", "a_b", "a--b", "-a", "a-", "p" * 19],
    "ExternalId": ["", "a", "a b", "a*", "ü-ü", "e" * 1225],
    "OrganizationId": ["", "*", "o-", "o-a1b2c3d4e", "o-A1B2C3D4E5", "ou-a1b2-c3d4e5f6", f"o-{'a' * 33}"],
    "TargetModel": ["", "*", "/a", "a b", "a?", "../a", "m" * 1025],
    "VpcId": ["", "*", "vpc-", "vpc-0a1b2c3", "vpc-0A1B2C3D", "vpc-0a1b2c3d4", "subnet-0a1b2c3d", "my-vpc"],
    "SubnetId": ["", "subnet-", "subnet-0a1b2c3", "vpc-0a1b2c3d", "us-west-2a"],
    "RouteTableId": ["", "rtb-", "rtb-0a1b2c3", "rtb-0a1b2c3dx", "subnet-0a1b2c3d"],
    "SecurityGroupId": ["", "sg-", "sg-0a1b2c3", "default", "111122223333/sg-0a1b2c3d"],
    "VpcEndpointId": ["", "*", "vpce-", "vpc-0a1b2c3d", "vpce-svc-0a1b2c3d", "vpce-0a1b2c3"],
    "PolicyArn": [
        "ml-boundary",
        f"{_IAM}:role/ml-boundary",
        f"{_IAM}:policy/*",
        "arn:aws:iam::*:policy/ml-boundary",
        f"{_IAM}:policy/{'p' * 129}",
    ],
    "KeyArn": [
        f"{_KMS}:alias/ml",  # a policy needs the key itself
        "alias/ml",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        f"{_KMS}:key/*",
        f"{_KMS}:key/",
        "arn:aws:kms:*:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ],
    "BucketName": ["ab", "Acme", "acme_tfstate", "-acme", "acme-", "acme/state", "s3://acme", "*", "b" * 64],
    "VersionConstraint": ["", "latest", ">= 6.25 < 7", "=> 6", "6.x", "1.2.3.4", ">= 6,"],
    "Reason": [
        "",
        "too short",
        " " * 10,
        "two lines\nof a reason",
        "costs 100 % of it",
        "saves us 5 $ a day",
        "{} or whatever it is",
        "r" * 201,
    ],
    "TagKey": ["", "a*", "a\tb", "a,b", "k" * 129],
    "TagValue": ["a*", "a\tb", "<ml>", "v" * 257],
    "VariableName": ["", "1A", "LOG-LEVEL", "LOG LEVEL", "größe", "V" * 1025],
    "VariableValue": ["v" * 1025],
}

# Every number of the file, with its bounds.
NUMBERS: list[tuple[type[BaseModel], str, int, int | None]] = [
    (config.DataCapture, "initial_sampling_percentage", 0, 100),
    (config.DataCapture, "retention_days", 1, 3650),
    (config.Kms, "rotation_period_in_days", 90, 2560),
    (config.Kms, "deletion_window_in_days", 7, 30),
    (config.Endpoint, "initial_instance_count", 1, 1000),
    (config.Endpoint, "revision", 0, None),
]
_EACH_NUMBER = pytest.mark.parametrize(("model", "key", "least", "most"), NUMBERS, ids=str)


def _is_accepted(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind, config=ConfigDict(strict=True)).validate_python(value)
    except ValidationError:
        return False
    return True


def _takes(model: type[BaseModel], key: str, value: object) -> bool:
    """Return whether a key takes a value, whatever else the table lacks."""
    try:
        model.model_validate({key: value})
    except ValidationError as error:
        return key not in {each["loc"][0] for each in error.errors()}
    return True


def _pairs(values: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(kind, value) for kind, listed in values.items() for value in listed]


@pytest.mark.parametrize(("kind", "value"), _pairs(ACCEPTED))
def test_a_good_value_is_accepted(kind: str, value: str) -> None:
    assert _is_accepted(getattr(fields, kind), value)


@pytest.mark.parametrize(("kind", "value"), _pairs(REFUSED))
def test_a_bad_value_is_refused(kind: str, value: str) -> None:
    assert not _is_accepted(getattr(fields, kind), value)


def test_every_kind_of_value_has_good_and_bad_examples() -> None:
    kinds = {name for name, value in vars(fields).items() if get_origin(value) is Annotated}
    assert kinds == set(ACCEPTED) == set(REFUSED)


@pytest.mark.parametrize("kind", sorted(ACCEPTED.keys() - {"VariableValue"}))
@pytest.mark.parametrize(
    "sign", ["${path.module}", "%{ if true }", "$", "{", "}", "%", "\n", "\r", "\0", "\x1b", "\x85"]
)
def test_nothing_that_terraform_reads_as_a_template_and_no_line_break_is_accepted(kind: str, sign: str) -> None:
    good = ACCEPTED[kind][0]
    for value in (f"{good}{sign}", f"{sign}{good}", f"{good[:4]}{sign}{good[4:]}"):
        assert not _is_accepted(getattr(fields, kind), value)


@pytest.mark.parametrize("kind", sorted(ACCEPTED))
@pytest.mark.parametrize("value", [1, 1.0, True, None, [], {}])
def test_what_is_not_a_string_is_refused_and_not_converted(kind: str, value: object) -> None:
    assert not _is_accepted(getattr(fields, kind), value)


@_EACH_NUMBER
def test_a_number_is_accepted_up_to_its_bounds_and_not_beyond(
    model: type[BaseModel], key: str, least: int, most: int | None
) -> None:
    assert _takes(model, key, least)
    assert not _takes(model, key, least - 1)
    assert _takes(model, key, 2**31 if most is None else most)
    assert most is None or not _takes(model, key, most + 1)


@_EACH_NUMBER
def test_what_only_looks_like_a_number_is_refused(
    model: type[BaseModel], key: str, least: int, most: int | None
) -> None:
    assert [value for value in (True, float(least), str(least), None, [least]) if _takes(model, key, value)] == []


def test_every_number_has_its_bounds_tested() -> None:
    numbers = {
        (definition, key)
        for definition, table in file_schema()["$defs"].items()
        for key, node in table.get("properties", {}).items()
        if node.get("type") == "integer" and "enum" not in node
    }
    tested = {(model.__name__, key) for model, key, _, _ in NUMBERS}
    # An override for one environment has the numbers of the endpoint.
    assert numbers == tested | {("EndpointOverride", key) for name, key in tested if name == "Endpoint"}


@pytest.mark.parametrize("days", [1, 30, 365, 3653])
def test_a_retention_that_cloudwatch_knows_is_accepted(days: int) -> None:
    assert _takes(config.Logs, "retention_in_days", days)


@pytest.mark.parametrize("days", [0, 2, 31, 364, 3654, -1, True, 1.0, 30.0, "30", None])
def test_any_other_retention_is_refused(days: object) -> None:
    assert not _takes(config.Logs, "retention_in_days", days)


@pytest.mark.parametrize("mode", ["all", "Both", "", True, ["Input"]])
def test_an_unknown_capture_mode_is_refused(mode: object) -> None:
    assert not _takes(config.DataCapture, "capture_mode", mode)


@pytest.mark.parametrize("value", [1, 0, "true", "yes", None])
def test_a_switch_takes_true_and_false_only(value: object) -> None:
    assert _takes(config.DataCapture, "enable_capture", False)
    assert not _takes(config.DataCapture, "enable_capture", value)


@pytest.mark.parametrize(
    "value", ["arn:aws:iam::111122223333:role/a", {}, 1, [1], [True], [None], [["arn:aws:iam::111122223333:role/a"]]]
)
@pytest.mark.parametrize(
    ("model", "key"),
    [
        (config.Endpoint, "invokers"),
        (config.DataCapture, "readers"),
        (config.Kms, "admins"),
        (config.Environment, "deployers"),
    ],
)
def test_a_list_of_roles_is_a_list_of_strings(model: type[BaseModel], key: str, value: object) -> None:
    assert _takes(model, key, ["arn:aws:iam::111122223333:role/a"])
    assert not _takes(model, key, value)


def test_an_invoker_is_a_table_as_well_and_a_string_stands_for_its_role_arn() -> None:
    role = "arn:aws:iam::111122223333:role/a"
    assert _takes(config.Endpoint, "invokers", [{"role_arn": role}])
    assert config.Invoker.model_validate(role) == config.Invoker(role_arn=role)
    assert not _takes(config.DataCapture, "readers", [{"role_arn": role}])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("principals", ["arn:aws:iam::111122223333:root"]),
        ("target_models", ["a/*"]),
        ("source_vpc_endpoints", ["vpce-0a1b2c3d"]),
    ],
)
def test_an_empty_list_of_conditions_is_refused_because_it_would_mean_any_and_not_none(
    key: str, value: list[str]
) -> None:
    assert _takes(config.Invoker, key, value)
    assert not _takes(config.Invoker, key, [])


def test_a_model_is_in_one_to_sixteen_subnets() -> None:
    subnets = [f"subnet-{index:08x}" for index in range(17)]
    assert _takes(config.Network, "subnet_ids", subnets[:1])
    assert _takes(config.Network, "subnet_ids", subnets[:16])
    assert not _takes(config.Network, "subnet_ids", subnets)
    assert not _takes(config.Network, "subnet_ids", [])
