"""The permissions that only asynchronous endpoints have."""

from functools import partial

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    AS_BOUNDED_ADMINISTRATOR,
    BUCKET,
    EXECUTION,
    FOREIGN,
    INVOKER,
    NO_TLS,
    STREAMS,
    Context,
    as_administrator,
    by_identity_policies,
    cases,
    principal_of,
    with_default_key_policy,
    within_boundary,
    without_identity_policies,
)
from tests.attacks.simulator import Request

_ENDPOINT = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-kmeans"
_ALARM = "arn:aws:cloudwatch:us-west-2:111122223333:alarm:acme-dev-kmeans"
_TOPIC = "arn:aws:sns:us-west-2:111122223333:kmeans-failures"
_FUNCTION = "arn:aws:lambda:us-west-2:111122223333:function:registry"
_ANSWERS = "arn:aws:s3:::answers"
_DUMPS = "arn:aws:s3:::dumps"
_ANOTHER_SERVICE = "ec2.us-west-2.amazonaws.com"
_REQUESTS = "arn:aws:s3:::requests"
_REQUESTS_KEY = "arn:aws:kms:us-west-2:111122223333:key/requests"
_TOPICS_KEY = "arn:aws:kms:us-west-2:111122223333:key/topics"
_DUMPS_KEY = "arn:aws:kms:us-west-2:111122223333:key/dumps"
_CONTEXT = "kms:EncryptionContext:aws:s3:arn"
_OTHER_ACCOUNT = {"aws:ResourceAccount": FOREIGN}
_THROUGH_S3 = {"kms:ViaService": "s3.us-west-2.amazonaws.com", "kms:CallerAccount": "111122223333"}
_FOR_ANSWERS = {**_THROUGH_S3, _CONTEXT: f"{_ANSWERS}/kmeans/a.out"}
_FOR_DUMPS = {**_THROUGH_S3, _CONTEXT: f"{_DUMPS}/kmeans/core"}
_FOR_REQUESTS = {**_THROUGH_S3, _CONTEXT: f"{_REQUESTS}/kmeans/a.csv"}
_THROUGH_SNS = {
    "kms:ViaService": "sns.us-west-2.amazonaws.com",
    "kms:CallerAccount": "111122223333",
    "kms:EncryptionContext:aws:sns:topicArn": _TOPIC,
}
_FOR_ANOTHER_TOPIC = {**_THROUGH_SNS, "kms:EncryptionContext:aws:sns:topicArn": f"{_TOPIC}-2"}
_READER = "role/billing"

_ASYNCHRONOUS: list[tuple[str, str, str, Context, bool]] = [
    (INVOKER, "sagemaker:InvokeEndpointAsync", _ENDPOINT, {}, True),
    (INVOKER, "sagemaker:InvokeEndpointAsync", _ENDPOINT, NO_TLS, False),
    (INVOKER, "sagemaker:InvokeEndpointAsync", _ENDPOINT, {"aws:SecureTransport": None}, False),
    (INVOKER, "sagemaker:InvokeEndpointAsync", f"{_ENDPOINT}-2", {}, False),
    (INVOKER, "sagemaker:InvokeEndpoint", _ENDPOINT, {}, False),
    *((INVOKER, stream, _ENDPOINT, {}, False) for stream in STREAMS),
    *((f"administrator {INVOKER}", stream, _ENDPOINT, NO_TLS, False) for stream in STREAMS),
    (INVOKER, "s3:GetObject", f"{_ANSWERS}/kmeans/a.out", {}, False),
    (INVOKER, "sns:Publish", _TOPIC, {}, False),
    ("role/stranger", "sagemaker:InvokeEndpointAsync", _ENDPOINT, {}, False),
    (EXECUTION, "s3:GetObject", f"{_REQUESTS}/kmeans/a.csv", {}, True),
    (EXECUTION, "s3:GetObject", f"{_REQUESTS}/kmeans/a.csv", _OTHER_ACCOUNT, False),
    (EXECUTION, "s3:GetObject", f"{_REQUESTS}/kmeans-2/a.csv", {}, False),
    (EXECUTION, "s3:PutObject", f"{_REQUESTS}/kmeans/a.csv", {}, False),
    (EXECUTION, "s3:DeleteObject", f"{_REQUESTS}/kmeans/a.csv", {}, False),
    (INVOKER, "s3:PutObject", f"{_REQUESTS}/kmeans/a.csv", {}, False),
    (_READER, "s3:GetObject", f"{_ANSWERS}/kmeans/a.out", {}, True),
    (_READER, "s3:GetObjectVersion", f"{_ANSWERS}/kmeans/a.out", {}, True),
    (_READER, "s3:GetObject", f"{_ANSWERS}/kmeans/a.out", NO_TLS, False),
    (_READER, "s3:GetObject", f"{_ANSWERS}/kmeans/a.out", {"aws:SecureTransport": None}, False),
    (_READER, "s3:GetObject", f"{_ANSWERS}/kmeans/a.out", _OTHER_ACCOUNT, False),
    (_READER, "s3:GetObject", f"{_ANSWERS}/kmeans-2/a.out", {}, False),
    (_READER, "s3:GetObject", f"{_REQUESTS}/kmeans/a.csv", {}, False),
    (_READER, "s3:PutObject", f"{_ANSWERS}/kmeans/a.out", {}, False),
    (_READER, "s3:ListBucket", _ANSWERS, {"s3:prefix": "kmeans/"}, True),
    (_READER, "s3:ListBucket", _ANSWERS, {"s3:prefix": "kmeans-2/"}, False),
    (_READER, "s3:ListBucket", _ANSWERS, {"s3:prefix": "kmeans/", **_OTHER_ACCOUNT}, False),
    (_READER, "s3:ListBucket", _ANSWERS, {}, False),
    (_READER, "s3:ListBucketVersions", _ANSWERS, {"s3:prefix": "kmeans/"}, False),
    (_READER, "s3:ListBucket", _REQUESTS, {"s3:prefix": "kmeans/"}, False),
    (_READER, "sagemaker:InvokeEndpointAsync", _ENDPOINT, {}, False),
    (EXECUTION, "s3:PutObject", f"{_ANSWERS}/kmeans/a.out", {}, True),
    (EXECUTION, "s3:PutObject", f"{_ANSWERS}/kmeans/a.out", _OTHER_ACCOUNT, False),
    (EXECUTION, "s3:PutObject", f"{_ANSWERS}/kmeans-2/a.out", {}, False),
    (EXECUTION, "s3:GetObject", f"{_ANSWERS}/kmeans/a.out", {}, False),
    (EXECUTION, "s3:DeleteObject", f"{_ANSWERS}/kmeans/a.out", {}, False),
    (EXECUTION, "s3:PutObject", f"{_DUMPS}/kmeans/core", {}, True),
    (EXECUTION, "s3:PutObject", f"{_DUMPS}/kmeans/core", _OTHER_ACCOUNT, False),
    (EXECUTION, "s3:PutObject", f"{_DUMPS}/other/core", {}, False),
    (EXECUTION, "s3:GetObject", f"{_DUMPS}/kmeans/core", {}, False),
    (EXECUTION, "s3:PutObject", f"{BUCKET}/data-capture/a.jsonl", {}, False),
    (EXECUTION, "sns:Publish", _TOPIC, {}, True),
    (EXECUTION, "sns:Publish", f"{_TOPIC}-2", {}, False),
    (EXECUTION, "sns:Subscribe", _TOPIC, {}, False),
    (EXECUTION, "sns:DeleteTopic", _TOPIC, {}, False),
    (EXECUTION, "lambda:InvokeFunction", _FUNCTION, {}, False),
    (EXECUTION, "cloudwatch:DescribeAlarms", f"{_ALARM}/rollback-errors", {}, True),
    (EXECUTION, "cloudwatch:DescribeAlarms", f"{_ALARM}/errors", {}, False),
    (EXECUTION, "cloudwatch:DescribeAlarms", f"{_ALARM}-2/rollback-errors", {}, False),
    (EXECUTION, "cloudwatch:SetAlarmState", f"{_ALARM}/rollback-errors", {}, False),
    (EXECUTION, "s3:ListBucket", "arn:aws:s3:::answers", {"s3:prefix": "kmeans/"}, False),
]
_BY_ROLE = [row for row in _ASYNCHRONOUS if row[0] == EXECUTION]
# With a policy that allows everything, the boundary allows optional permissions only where the endpoint needs them.
_WITH_TOPICS: list[tuple[str, str, Context, bool]] = [
    ("sns:Publish", "arn:aws:sns:us-west-2:111122223333:any", {}, True),
    ("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:any", {}, False),
    ("sns:Publish", f"arn:aws:sns:us-west-2:{FOREIGN}:any", {}, False),
    ("sns:DeleteTopic", "arn:aws:sns:us-west-2:111122223333:any", {}, False),
    ("lambda:InvokeFunction", _FUNCTION, {}, False),
    ("s3:ListBucket", "arn:aws:s3:::my-bucket", {}, False),
]

# The keys of answers and of core dumps, each for its own location.
_KEYS: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "kms:GenerateDataKey", "endpoint key", _FOR_ANSWERS, True),
    (EXECUTION, "kms:Decrypt", "endpoint key", {**_FOR_ANSWERS, _CONTEXT: _ANSWERS}, True),
    (EXECUTION, "kms:GenerateDataKey", "endpoint key", {**_FOR_ANSWERS, "kms:ViaService": None}, False),
    (
        EXECUTION,
        "kms:GenerateDataKey",
        "endpoint key",
        {**_FOR_ANSWERS, "kms:ViaService": _ANOTHER_SERVICE},
        False,
    ),
    (EXECUTION, "kms:GenerateDataKey", "endpoint key", _FOR_DUMPS, False),
    (EXECUTION, "kms:GenerateDataKey", "endpoint key", _THROUGH_S3, False),
    (EXECUTION, "kms:Encrypt", "endpoint key", _FOR_ANSWERS, False),
    (_READER, "kms:Decrypt", "endpoint key", _FOR_ANSWERS, True),
    (_READER, "kms:Decrypt", "endpoint key", {**_FOR_ANSWERS, _CONTEXT: _ANSWERS}, True),
    (_READER, "kms:Decrypt", "endpoint key", {**_FOR_ANSWERS, "kms:ViaService": None}, False),
    (_READER, "kms:Decrypt", "endpoint key", {**_FOR_ANSWERS, "kms:ViaService": _ANOTHER_SERVICE}, False),
    (_READER, "kms:Decrypt", "endpoint key", _THROUGH_S3, False),
    (_READER, "kms:Decrypt", "endpoint key", _FOR_DUMPS, False),
    (_READER, "kms:GenerateDataKey", "endpoint key", _FOR_ANSWERS, False),
    (_READER, "kms:Decrypt", _REQUESTS_KEY, _FOR_ANSWERS, False),
    (EXECUTION, "kms:Decrypt", _REQUESTS_KEY, _FOR_REQUESTS, True),
    (EXECUTION, "kms:Decrypt", _REQUESTS_KEY, {**_FOR_REQUESTS, _CONTEXT: _REQUESTS}, True),
    (EXECUTION, "kms:Decrypt", _REQUESTS_KEY, {**_FOR_REQUESTS, "kms:ViaService": None}, False),
    (EXECUTION, "kms:Decrypt", _REQUESTS_KEY, {**_FOR_REQUESTS, "kms:ViaService": _ANOTHER_SERVICE}, False),
    (EXECUTION, "kms:Decrypt", _REQUESTS_KEY, _FOR_ANSWERS, False),
    (EXECUTION, "kms:Decrypt", _REQUESTS_KEY, _THROUGH_S3, False),
    (EXECUTION, "kms:GenerateDataKey", _REQUESTS_KEY, _FOR_REQUESTS, False),
    (EXECUTION, "kms:Decrypt", f"{_REQUESTS_KEY}-2", _FOR_REQUESTS, False),
    (EXECUTION, "kms:GenerateDataKey", _TOPICS_KEY, _THROUGH_SNS, True),
    (EXECUTION, "kms:Decrypt", _TOPICS_KEY, _THROUGH_SNS, True),
    (EXECUTION, "kms:GenerateDataKey", _TOPICS_KEY, {**_THROUGH_SNS, "kms:ViaService": None}, False),
    (EXECUTION, "kms:GenerateDataKey", _TOPICS_KEY, {**_THROUGH_SNS, "kms:ViaService": _ANOTHER_SERVICE}, False),
    (EXECUTION, "kms:GenerateDataKey", _TOPICS_KEY, _FOR_ANOTHER_TOPIC, False),
    (EXECUTION, "kms:Encrypt", _TOPICS_KEY, _THROUGH_SNS, False),
    (EXECUTION, "kms:GenerateDataKey", f"{_TOPICS_KEY}-2", _THROUGH_SNS, False),
    (INVOKER, "kms:Decrypt", _REQUESTS_KEY, _FOR_REQUESTS, False),
    (EXECUTION, "kms:GenerateDataKey", _DUMPS_KEY, _FOR_DUMPS, True),
    (EXECUTION, "kms:Decrypt", _DUMPS_KEY, {**_FOR_DUMPS, _CONTEXT: _DUMPS}, True),
    (EXECUTION, "kms:GenerateDataKey", _DUMPS_KEY, {**_FOR_DUMPS, "kms:ViaService": None}, False),
    (
        EXECUTION,
        "kms:GenerateDataKey",
        _DUMPS_KEY,
        {**_FOR_DUMPS, "kms:ViaService": _ANOTHER_SERVICE},
        False,
    ),
    (EXECUTION, "kms:GenerateDataKey", _DUMPS_KEY, _FOR_ANSWERS, False),
    (EXECUTION, "kms:GenerateDataKey", _DUMPS_KEY, _THROUGH_S3, False),
    (EXECUTION, "kms:Encrypt", _DUMPS_KEY, _FOR_DUMPS, False),
    (EXECUTION, "kms:GenerateDataKey", f"{_DUMPS_KEY}-2", _FOR_ANSWERS, False),
    (EXECUTION, "kms:GenerateDataKey", f"{_DUMPS_KEY}-2", _FOR_DUMPS, False),
    (INVOKER, "kms:Decrypt", "endpoint key", _FOR_ANSWERS, False),
]
_KEYS_WITHIN_BOUNDARY: list[tuple[str, str, str, Context, bool]] = [
    (f"administrator {EXECUTION}", "kms:GenerateDataKey", _TOPICS_KEY, _THROUGH_SNS, True),
    (f"administrator {EXECUTION}", "kms:Decrypt", "endpoint key", _FOR_ANSWERS, True),
    (f"administrator {EXECUTION}", "kms:Decrypt", "endpoint key", {"kms:ViaService": _ANOTHER_SERVICE}, False),
    (f"administrator {EXECUTION}", "kms:Decrypt", "endpoint key", {"kms:ViaService": None}, False),
    (f"administrator {EXECUTION}", "kms:Encrypt", _TOPICS_KEY, _THROUGH_SNS, False),
    (
        f"administrator {EXECUTION}",
        "kms:GenerateDataKey",
        _TOPICS_KEY.replace("us-west-2", "eu-west-1"),
        _THROUGH_SNS,
        False,
    ),
]
_KEY_POLICY: list[tuple[str, str, Context, bool]] = [
    (f"administrator {EXECUTION}", "kms:GenerateDataKey", _FOR_ANSWERS, True),
    (f"administrator {EXECUTION}", "kms:GenerateDataKey", {**_FOR_ANSWERS, "kms:ViaService": None}, False),
    (
        f"administrator {EXECUTION}",
        "kms:GenerateDataKey",
        {**_FOR_ANSWERS, "kms:ViaService": _ANOTHER_SERVICE},
        False,
    ),
    (f"administrator {EXECUTION}", "kms:GenerateDataKey", {**_FOR_ANSWERS, "kms:CallerAccount": FOREIGN}, False),
    (f"administrator {EXECUTION}", "kms:GenerateDataKey", {**_FOR_ANSWERS, "kms:CallerAccount": None}, False),
    (f"administrator {EXECUTION}", "kms:GenerateDataKey", _FOR_DUMPS, False),
    (f"administrator {EXECUTION}", "kms:GenerateDataKey", _THROUGH_S3, False),
    (f"administrator {EXECUTION}", "kms:Encrypt", _FOR_ANSWERS, False),
    (f"administrator {_READER}", "kms:Decrypt", _FOR_ANSWERS, True),
    (f"administrator {_READER}", "kms:Decrypt", {**_FOR_ANSWERS, "kms:ViaService": None}, False),
    (f"administrator {_READER}", "kms:Decrypt", {**_FOR_ANSWERS, "kms:ViaService": _ANOTHER_SERVICE}, False),
    (f"administrator {_READER}", "kms:Decrypt", {**_FOR_ANSWERS, "kms:CallerAccount": FOREIGN}, False),
    (f"administrator {_READER}", "kms:Decrypt", _FOR_DUMPS, False),
    (f"administrator {_READER}", "kms:GenerateDataKey", _FOR_ANSWERS, False),
    ("administrator", "kms:Decrypt", _FOR_ANSWERS, False),
    ("foreign administrator", "kms:Decrypt", _FOR_ANSWERS, False),
]


def _key_policy(short_name: str, action: str, context: Context, state: AwsState) -> Request:
    principal, extra_policies = principal_of(state, short_name)
    return state.request(
        principal,
        action,
        state.key_arn,
        extra_policies=extra_policies,
        resource_policy=state.key_policy,
        context=context,
    )


CASES = [
    *cases(by_identity_policies, _ASYNCHRONOUS, scenario="asynchronous"),
    *cases(
        partial(within_boundary, by_identity_policies),
        _BY_ROLE,
        ", within the boundary",
        scenario="asynchronous",
    ),
    *cases(partial(within_boundary, as_administrator), _WITH_TOPICS, AS_BOUNDED_ADMINISTRATOR, scenario="asynchronous"),
    *cases(with_default_key_policy, _KEYS, ", with the default key policy", scenario="asynchronous"),
    *cases(
        partial(within_boundary, with_default_key_policy),
        _KEYS_WITHIN_BOUNDARY,
        ", with the default key policy, within the boundary",
        scenario="asynchronous",
    ),
    *cases(_key_policy, _KEY_POLICY, ", with the managed key policy", scenario="asynchronous"),
    *cases(
        partial(without_identity_policies, _key_policy),
        [(EXECUTION, "kms:GenerateDataKey", _FOR_ANSWERS, False), (_READER, "kms:Decrypt", _FOR_ANSWERS, False)],
        ", without identity policies",
        scenario="asynchronous",
    ),
]
