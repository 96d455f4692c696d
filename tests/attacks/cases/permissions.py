"""The permissions of a container: its role may do exactly what they list, also within the boundary and in the VPC."""

from functools import partial

from tests.attacks.cases.case import (
    AS_BOUNDED_ADMINISTRATOR,
    EXECUTION,
    FEATURE_GROUP,
    FOREIGN,
    HUB_CREDENTIALS,
    INVOKER,
    OTHER_ENDPOINT,
    Context,
    as_administrator,
    by_identity_policies,
    cases,
    within_boundary,
)
from tests.attacks.cases.network import through_vpc_endpoint

_SCENARIO = "permissions"
_OWN_ACCOUNT, _OTHER_ACCOUNT = {"aws:ResourceAccount": "111122223333"}, {"aws:ResourceAccount": FOREIGN}
_OBJECT, _ENDPOINT = "arn:aws:s3:::features/risk.parquet", "arn:aws:sagemaker:us-west-2:111122223333:endpoint/x"
_READ, _INVOKE, _RECORD = "secretsmanager:GetSecretValue", "sagemaker:InvokeEndpoint", "sagemaker:GetRecord"

_BY_THE_ROLE: list[tuple[str, str, Context, bool]] = [
    (_RECORD, FEATURE_GROUP, _OWN_ACCOUNT, True),
    (_RECORD, FEATURE_GROUP, _OTHER_ACCOUNT, False),
    (_RECORD, f"{FEATURE_GROUP}-2", _OWN_ACCOUNT, False),
    ("sagemaker:PutRecord", FEATURE_GROUP, _OWN_ACCOUNT, False),
    ("sagemaker:DeleteFeatureGroup", FEATURE_GROUP, _OWN_ACCOUNT, False),
    ("s3:GetObject", _OBJECT, {}, True),
    ("s3:GetObject", _OBJECT, _OTHER_ACCOUNT, False),
    ("s3:PutObjectAcl", _OBJECT, {}, False),
    ("s3:ListBucket", "arn:aws:s3:::features", {}, False),
    (_READ, f"{HUB_CREDENTIALS}-AbCdEf", {}, True),
    (_READ, f"{HUB_CREDENTIALS}-AbCdEfG", {}, False),
    (_READ, f"{HUB_CREDENTIALS}2-AbCdEf", {}, False),
    ("secretsmanager:PutSecretValue", f"{HUB_CREDENTIALS}-AbCdEf", {}, False),
    ("secretsmanager:DescribeSecret", f"{HUB_CREDENTIALS}-AbCdEf", {}, False),
    (_INVOKE, OTHER_ENDPOINT, {}, True),
    (_INVOKE, f"{OTHER_ENDPOINT}-2", {}, False),
    (_INVOKE, _ENDPOINT, {}, False),
    ("sagemaker:InvokeEndpointAsync", OTHER_ENDPOINT, {}, False),
    ("sagemaker:UpdateEndpoint", OTHER_ENDPOINT, {}, False),
]
# The managed boundary lets the role read every bucket of the account, but nothing else in addition.
_REQUESTS: list[tuple[str, str, str, Context, bool]] = [
    *((EXECUTION, *row) for row in _BY_THE_ROLE),
    (EXECUTION, "s3:GetObject", "arn:aws:s3:::other/risk.parquet", {}, False),
    (INVOKER, _RECORD, FEATURE_GROUP, _OWN_ACCOUNT, False),
    (INVOKER, _READ, f"{HUB_CREDENTIALS}-AbCdEf", {}, False),
]
# Every principal has a policy that allows everything, so only the policy of the VPC endpoint denies.
_THROUGH_S3: list[tuple[str, str, str, Context, bool]] = [
    ("administrator " + EXECUTION, "s3:GetObject", _OBJECT, {}, True),
    ("administrator " + EXECUTION, "s3:GetObject", _OBJECT, _OTHER_ACCOUNT, False),
    ("administrator " + EXECUTION, "s3:GetObject", "arn:aws:s3:::other/risk.parquet", {}, False),
    ("administrator " + EXECUTION, "s3:PutObject", _OBJECT, {}, False),
    ("administrator", "s3:GetObject", _OBJECT, {}, False),
    ("foreign administrator", "s3:GetObject", _OBJECT, {}, False),
]
_THROUGH_RUNTIME: list[tuple[str, str, str, Context, bool]] = [
    ("administrator " + EXECUTION, _INVOKE, OTHER_ENDPOINT, {}, True),
    ("administrator " + EXECUTION, _INVOKE, _ENDPOINT, {}, False),
    ("administrator " + EXECUTION, "sagemaker:InvokeEndpointAsync", OTHER_ENDPOINT, {}, False),
    ("administrator", _INVOKE, OTHER_ENDPOINT, {}, False),
    ("foreign administrator", _INVOKE, OTHER_ENDPOINT, {}, False),
]

CASES = [
    *cases(by_identity_policies, _REQUESTS, scenario=_SCENARIO),
    *cases(partial(within_boundary, by_identity_policies), _REQUESTS, ", within the boundary", scenario=_SCENARIO),
    *cases(partial(within_boundary, as_administrator), _BY_THE_ROLE, AS_BOUNDED_ADMINISTRATOR, scenario=_SCENARIO),
    *cases(partial(through_vpc_endpoint, "S3"), _THROUGH_S3, ", through the VPC endpoint of S3", scenario=_SCENARIO),
    *cases(
        partial(through_vpc_endpoint, "Runtime"),
        _THROUGH_RUNTIME,
        ", through the VPC endpoint of the runtime API",
        scenario=_SCENARIO,
    ),
]
