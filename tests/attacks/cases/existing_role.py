"""What an existing execution role may do with the documents of `protected-endpoints policy role`.

They allow what the policies of a managed role allow. The managed key is identified by its alias.
"""

from tests.attacks.aws_state import AwsState
from tests.attacks.cases import data_capture, execution_role, key, network
from tests.attacks.cases.case import EXECUTION, Context, cases, with_default_key_policy
from tests.attacks.simulator import Request

_SCENARIO = "existing-role"
_THROUGH_S3 = {
    "kms:ViaService": "s3.us-west-2.amazonaws.com",
    "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc",
}
_FOR_VOLUMES = {"kms:ViaService": "sagemaker.us-west-2.amazonaws.com", "kms:GrantIsForAWSResource": "true"}
_REQUESTS = [("kms:Decrypt", _THROUGH_S3), ("kms:CreateGrant", _FOR_VOLUMES), ("kms:DescribeKey", {})]
_ALIAS = "alias/acme-dev-kmeans"
_ALIASES: list[tuple[str, list[str], bool]] = [
    ("us-west-2", [_ALIAS], True),
    ("us-west-2", ["alias/other", _ALIAS], True),
    ("us-west-2", [f"{_ALIAS}-2"], False),
    ("us-west-2", [], False),
    ("eu-west-1", [_ALIAS], False),
]


def _with_aliases(action: str, context: Context, region: str, aliases: list[str], state: AwsState) -> Request:
    """Return a request of the execution role for a key with these aliases, which leaves the decision to IAM."""
    context, key_arn = {**context, "kms:ResourceAliases": aliases}, state.arn("kms", "key/any", region=region)
    return with_default_key_policy(EXECUTION, action, key_arn, context, state)


CASES = [
    *execution_role.cases_in(_SCENARIO),
    *key.cases_in(_SCENARIO),
    *data_capture.cases_in(_SCENARIO),
    *network.of_execution_role(_SCENARIO),
    *cases(
        _with_aliases,
        [(action, context, *row) for action, context in _REQUESTS for row in _ALIASES],
        scenario=_SCENARIO,
    ),
]
