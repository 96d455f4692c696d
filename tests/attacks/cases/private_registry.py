"""The permissions of an endpoint whose image is in a private registry."""

from functools import partial

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    AS_BOUNDED_ADMINISTRATOR,
    EXECUTION,
    FOREIGN,
    INVOKER,
    Context,
    as_administrator,
    by_identity_policies,
    cases,
    document,
    within_boundary,
)
from tests.attacks.simulator import Request

_TOPIC = "arn:aws:sns:us-west-2:111122223333:kmeans-failures"
_FUNCTION = "arn:aws:lambda:us-west-2:111122223333:function:registry"

_WITH_REGISTRY: list[tuple[str, str, Context, bool]] = [
    ("lambda:InvokeFunction", "arn:aws:lambda:us-west-2:111122223333:function:any", {}, True),
    ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:any", {}, False),
    ("lambda:InvokeFunction", f"arn:aws:lambda:us-west-2:{FOREIGN}:function:any", {}, False),
    ("lambda:GetFunction", "arn:aws:lambda:us-west-2:111122223333:function:any", {}, False),
    ("sns:Publish", _TOPIC, {}, False),
    ("s3:ListBucket", "arn:aws:s3:::my-bucket", {}, False),
]

_REGISTRY: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "lambda:InvokeFunction", _FUNCTION, {}, True),
    (EXECUTION, "lambda:InvokeFunction", f"{_FUNCTION}-2", {}, False),
    (EXECUTION, "lambda:GetFunction", _FUNCTION, {}, False),
    (EXECUTION, "lambda:UpdateFunctionCode", _FUNCTION, {}, False),
    (EXECUTION, "ecr:BatchGetImage", "arn:aws:ecr:us-west-2:174872318107:repository/kmeans", {}, False),
    (INVOKER, "lambda:InvokeFunction", _FUNCTION, {}, False),
]


def _pull_image(action: str, state: AwsState) -> Request:
    # A repository in another account, whose policy allows everything.
    public = document(Principal="*", Action="*", Resource="*")
    repository = "arn:aws:ecr:us-west-2:174872318107:repository/kmeans"
    return state.request(state.execution_role, action, repository, account="174872318107", resource_policy=public)


CASES = [
    *cases(by_identity_policies, _REGISTRY, scenario="private-registry"),
    *cases(
        partial(within_boundary, by_identity_policies), _REGISTRY, ", within the boundary", scenario="private-registry"
    ),
    *cases(
        partial(within_boundary, as_administrator),
        _WITH_REGISTRY,
        AS_BOUNDED_ADMINISTRATOR,
        scenario="private-registry",
    ),
    *cases(
        _pull_image,
        [("ecr:BatchGetImage", False)],
        ", of a repository that is not the image's",
        scenario="private-registry",
    ),
]
