"""Names are within the limits of AWS at the longest base name, correct in every partition, and never change."""

import re
from dataclasses import replace

import pytest

from protected_endpoints.deployment.content_hash import content_hash
from protected_endpoints.deployment.endpoint_names import MAX_BASE_NAME_LENGTH, EndpointNames
from protected_endpoints.deployment.environment_names import EnvironmentNames
from protected_endpoints.deployment.s3_location import S3Location

EXAMPLE = EndpointNames(
    project="acme", environment="dev", endpoint="kmeans", account_id="111122223333", region="us-west-2"
)
LONGEST = replace(EXAMPLE, endpoint="k" * (MAX_BASE_NAME_LENGTH - len("acme-dev-")))
LONGEST_INVOKER = "c" * 18
_PARTITIONS = [
    ("us-west-2", "aws", "amazonaws.com"),
    ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
]


def _arns(names: EndpointNames) -> list[str]:
    return [
        names.endpoint_arn,
        names.role_arn,
        names.log_group_arn,
        names.sagemaker_source_arn,
        names.bucket_arn(names.capture_bucket),
        names.objects_arn(names.managed_capture_location),
    ]


def test_the_longest_base_name_has_36_characters() -> None:
    assert len(LONGEST.base_name) == MAX_BASE_NAME_LENGTH == 36


@pytest.mark.parametrize(
    ("name", "pattern", "most"),
    [
        # The patterns and lengths are those of botocore's service models and, for name_prefix, of the provider.
        (LONGEST.base_name, r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", 63),
        (LONGEST.model({"image": "x"}), r"[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?", 63),
        (LONGEST.configuration_prefix, r"[a-zA-Z0-9](-*[a-zA-Z0-9])*-?", 37),
        (LONGEST.role, r"[\w+=,.@-]+", 64),
        (LONGEST.boundary, r"[\w+=,.@-]+", 128),
        (LONGEST.invoke_policy, r"[\w+=,.@-]+", 128),
        (LONGEST.invoker_role(LONGEST_INVOKER), r"[\w+=,.@-]+", 64),
        (LONGEST.invoke_policy_for("r" * 64), r"[\w+=,.@-]+", 128),
        (LONGEST.model_security_group, r"[a-zA-Z0-9 ._:/()#,@\[\]+=&;{}!$*-]+", 255),
        (LONGEST.vpc_endpoints_security_group, r"[a-zA-Z0-9 ._:/()#,@\[\]+=&;{}!$*-]+", 255),
        (LONGEST.read_policy("capture"), r"[\w+=,.@-]+", 128),
        (LONGEST.capture_bucket, r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", 63),
        (LONGEST.key_alias, r"alias/[a-zA-Z0-9/_-]+", 256),
        (LONGEST.log_group, r"[.\-_/#A-Za-z0-9]+", 512),
        (LONGEST.role_arn, r"arn:aws:iam::[0-9]{12}:role/[\w+=,.@-]+", 2048),
        (LONGEST.endpoint_arn, r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:endpoint/.*", 256),
    ],
)
def test_every_name_is_within_the_limits_of_aws_at_the_longest_base_name(name: str, pattern: str, most: int) -> None:
    assert len(name) <= most
    assert re.fullmatch(pattern, name)


def test_a_configured_name_is_the_name_of_the_endpoint_and_of_its_log_group_alone() -> None:
    names = replace(EXAMPLE, configured_endpoint_name="Churn-Predictor")
    assert names.endpoint_name == "Churn-Predictor"
    assert names.endpoint_arn == "arn:aws:sagemaker:us-west-2:111122223333:endpoint/churn-predictor"  # lower case
    assert names.log_group == "/aws/sagemaker/Endpoints/Churn-Predictor"
    assert names.base_name == EXAMPLE.base_name
    assert (names.role, names.key_alias, names.invoke_policy) == (
        EXAMPLE.role,
        EXAMPLE.key_alias,
        EXAMPLE.invoke_policy,
    )


def test_a_configuration_name_is_within_the_limit_with_the_suffix_of_terraform() -> None:
    # 26 characters: a timestamp and a counter (terraform-plugin-sdk, id.UniqueIdPrefix).
    assert len(LONGEST.configuration_prefix) + 26 <= 63


def test_the_names_of_an_endpoint_never_change() -> None:
    # A changed name replaces the resource, for example an endpoint in use.
    assert {
        "base": EXAMPLE.base_name,
        "stack": EXAMPLE.stack,
        "state_key": EXAMPLE.state_key(EXAMPLE.stack),
        "configuration_prefix": EXAMPLE.configuration_prefix,
        "model": EXAMPLE.model({"image": "kmeans:1", "environment": {"A": "1"}}),
        "role": EXAMPLE.role,
        "boundary": EXAMPLE.boundary,
        "invoke_policy": EXAMPLE.invoke_policy,
        "invoker_role": EXAMPLE.invoker_role("partner"),
        "invoke_policy_for": EXAMPLE.invoke_policy_for("partner"),
        "model_security_group": EXAMPLE.model_security_group,
        "read_policy": EXAMPLE.read_policy("capture"),
        "key_alias": EXAMPLE.key_alias,
        "log_group": EXAMPLE.log_group,
        "capture_bucket": EXAMPLE.capture_bucket,
        "managed_capture_location": EXAMPLE.managed_capture_location.uri,
    } == {
        "base": "acme-dev-kmeans",
        "stack": "dev-kmeans",
        "state_key": "acme/dev-kmeans.tfstate",
        "configuration_prefix": "acme-dev-kmeans-",
        "model": "acme-dev-kmeans-d34b6faf8e",
        "role": "acme-dev-kmeans-exec-de91fccc",
        "boundary": "acme-dev-kmeans-boundary-de91fccc",
        "invoke_policy": "acme-dev-kmeans-invoke-de91fccc",
        "invoker_role": "acme-dev-kmeans-partner-986ccddc",
        "invoke_policy_for": "acme-dev-kmeans-invoke-6c37e07a",
        "model_security_group": "acme-dev-kmeans-model",
        "read_policy": "acme-dev-kmeans-capture-read-de91fccc",
        "key_alias": "alias/acme-dev-kmeans",
        "log_group": "/aws/sagemaker/Endpoints/acme-dev-kmeans",
        "capture_bucket": "acme-dev-kmeans-capture-de91fccc",
        "managed_capture_location": "s3://acme-dev-kmeans-capture-de91fccc/data-capture",
    }


@pytest.mark.parametrize(("region", "partition", "suffix"), _PARTITIONS)
def test_arns_and_host_names_follow_the_partition_of_the_region(region: str, partition: str, suffix: str) -> None:
    names = replace(EXAMPLE, region=region)
    bucket = names.capture_bucket
    assert _arns(names) == [
        f"arn:{partition}:sagemaker:{region}:111122223333:endpoint/acme-dev-kmeans",
        f"arn:{partition}:iam::111122223333:role/{names.role}",
        f"arn:{partition}:logs:{region}:111122223333:log-group:/aws/sagemaker/Endpoints/acme-dev-kmeans",
        f"arn:{partition}:sagemaker:{region}:111122223333:*",
        f"arn:{partition}:s3:::{bucket}",
        f"arn:{partition}:s3:::{bucket}/data-capture/*",
    ]
    assert names.kms_via_service("s3") == f"s3.{region}.{suffix}"
    assert (names.partition, names.dns_suffix) == (partition, suffix)


@pytest.mark.parametrize("changes", [{"account_id": "444455556666"}, {"region": "eu-west-1"}])
def test_global_names_differ_by_account_and_region(changes: dict[str, str]) -> None:
    other = replace(EXAMPLE, **changes)
    assert other.role != EXAMPLE.role
    assert other.capture_bucket != EXAMPLE.capture_bucket
    assert other.invoke_policy != EXAMPLE.invoke_policy
    assert other.boundary != EXAMPLE.boundary
    assert other.invoker_role("partner") != EXAMPLE.invoker_role("partner")
    assert other.invoke_policy_for("partner") != EXAMPLE.invoke_policy_for("partner")
    assert other.read_policy("capture") != EXAMPLE.read_policy("capture")
    # The endpoint name, which invokers use, is the same in every account and region.
    assert other.base_name == EXAMPLE.base_name


def test_the_names_of_one_account_and_region_share_a_hash() -> None:
    hashes = {
        name.rsplit("-", 1)[1] for name in (EXAMPLE.role, EXAMPLE.capture_bucket, replace(EXAMPLE, endpoint="x").role)
    }
    assert len(hashes) == 1


def test_the_name_of_a_model_changes_exactly_with_its_content() -> None:
    content = {"image": "kmeans:1", "environment": {"A": "1", "B": "2"}}
    reordered = {"environment": {"B": "2", "A": "1"}, "image": "kmeans:1"}
    assert EXAMPLE.model(content) == EXAMPLE.model(reordered)
    assert EXAMPLE.model(content) != EXAMPLE.model(content | {"image": "kmeans:2"})


def test_a_content_hash_has_the_requested_length() -> None:
    assert [len(content_hash("x", length)) for length in (8, 10)] == [8, 10]


def test_the_pattern_of_objects_below_a_prefix_has_a_slash() -> None:
    # Without the slash, the wildcard would match other prefixes that begin with the same characters.
    assert EXAMPLE.objects_arn(S3Location.parse("s3://my-bucket/a/")) == "arn:aws:s3:::my-bucket/a/*"


def test_the_name_of_an_invoker_role_is_unique() -> None:
    # Parts of a name are joined with hyphens: endpoint "k" and invoker "x-exec", endpoint "k-x" and invoker "exec".
    endpoints = [replace(EXAMPLE, endpoint=endpoint) for endpoint in ("k", "k-x", "k-x-exec", "k-exec")]
    invokers = ["x", "exec", "x-exec", "exec-x", "x-exec-exec"]
    roles = [names.invoker_role(invoker) for names in endpoints for invoker in invokers]
    assert len({*roles}) == len(roles)
    assert {*roles}.isdisjoint(names.role for names in endpoints)


def test_the_name_of_an_invoker_role_does_not_depend_on_other_invokers() -> None:
    assert EXAMPLE.invoker_role("partner") == replace(EXAMPLE).invoker_role("partner")
    assert re.fullmatch(r"acme-dev-kmeans-partner-[0-9a-f]{8}", EXAMPLE.invoker_role("partner"))


def test_the_name_of_an_invoker_policy_is_unique() -> None:
    policies = [EXAMPLE.invoke_policy_for(role) for role in ("checkout-api", "batch", "partner")]
    policies.append(replace(EXAMPLE, endpoint="fraud").invoke_policy_for("batch"))
    assert len({*policies, EXAMPLE.invoke_policy}) == len(policies) + 1


def test_the_network_of_an_environment_has_names_without_the_endpoint() -> None:
    names = EnvironmentNames(project="acme", environment="dev", account_id="111122223333", region="us-west-2")
    assert {
        "prefix": names.prefix,
        "stack": names.network_stack,
        "state_key": names.state_key(names.network_stack),
        "group": names.vpc_endpoints_security_group,
        "runtime": names.runtime_service,
        "s3": names.s3_service,
    } == {
        "prefix": "acme-dev",
        "stack": "dev-network",
        "state_key": "acme/dev-network.tfstate",
        "group": "acme-dev-private-endpoints",
        "runtime": "com.amazonaws.us-west-2.sagemaker.runtime",
        "s3": "com.amazonaws.us-west-2.s3",
    }
    china = replace(names, region="cn-north-1")
    assert china.runtime_service == "cn.com.amazonaws.cn-north-1.sagemaker.runtime"
    assert china.s3_service == "com.amazonaws.cn-north-1.s3"
    # The names of an endpoint include them.
    assert (EXAMPLE.network_stack, EXAMPLE.vpc_endpoints_security_group) == (
        names.network_stack,
        names.vpc_endpoints_security_group,
    )


def test_an_iam_arn_is_in_the_account_or_in_another_one() -> None:
    assert EXAMPLE.iam_arn("root") == "arn:aws:iam::111122223333:root"
    assert EXAMPLE.iam_arn("root", "999988887777") == "arn:aws:iam::999988887777:root"
    assert EXAMPLE.iam_arn(f"policy/{EXAMPLE.boundary}").endswith(":policy/acme-dev-kmeans-boundary-de91fccc")
