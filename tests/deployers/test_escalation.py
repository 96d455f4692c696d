"""Ways by which a deployer could become an administrator, and by which it could take what it does not manage.

`plain` is an environment without a state stack: each role has a boundary that deployers write, so most ways are open
there. In `bootstrapped`, the state stack creates the boundary, and all of them are closed.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from protected_endpoints.policies import Document
from protected_endpoints.policies.document import document
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from tests.attacks.simulator import Request, Simulator
from tests.attacks.test_mutations import likely_first, weakened
from tests.support import deployment

_ACCOUNT = "111122223333"
_ROLES, _POLICIES = f"arn:aws:iam::{_ACCOUNT}:role", f"arn:aws:iam::{_ACCOUNT}:policy"
_DEPLOYER = f"{_ROLES}/platform"
_INVOKERS = [
    f"{_ROLES}/checkout-api",
    {"name": "partner", "principals": ["arn:aws:iam::444455556666:role/gateway"], "external_id": "acme-7f3a"},
]
_STATE = {"bucket": "acme-tfstate", "create_bucket": True, "administrators": [f"{_ROLES}/admin"]}
_ENVIRONMENTS: dict[str, dict[str, Any]] = {
    "plain": {"deployers": [_DEPLOYER], "state": {"bucket": "acme-tfstate"}},
    "bootstrapped": {
        "deployers": [_DEPLOYER],
        "state": _STATE,
        "github_actions": {"repository": "acme/endpoints"},
    },
    "existing boundary": {"deployers": [_DEPLOYER], "permissions_boundary_arn": f"{_POLICIES}/acme-dev-boundary"},
}
_EXECUTION, _OTHER_EXECUTION = f"{_ROLES}/acme-dev-kmeans-exec-de91fccc", f"{_ROLES}/acme-dev-new-exec-de91fccc"
_PARTNER = f"{_ROLES}/acme-dev-kmeans-partner-986ccddc"
_OWN_BOUNDARY, _BOUNDARY = f"{_POLICIES}/acme-dev-kmeans-boundary-de91fccc", f"{_POLICIES}/acme-dev-boundary"
_INVOKE = f"{_POLICIES}/acme-dev-kmeans-invoke-de91fccc"
_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
_BOUNDED, _UNBOUNDED = {"iam:PermissionsBoundary": _BOUNDARY}, {"iam:PermissionsBoundary": _OWN_BOUNDARY}
_BUCKET = "arn:aws:s3:::acme-tfstate"
_STATE_OF_ROLES = f"{_BUCKET}/acme/dev-state.tfstate"
_KMS = f"arn:aws:kms:us-west-2:{_ACCOUNT}"
_KEY, _ALIAS = f"{_KMS}:key/1234abcd-12ab-34cd-56ef-1234567890ab", f"{_KMS}:alias/acme-dev-kmeans"
_STATE_ALIAS = f"{_KMS}:alias/acme-dev-state"
_TAGS = {"project": "acme", "environment": "dev", "endpoint": "kmeans"}
_REQUEST_TAGS = {f"aws:RequestTag/{key}": value for key, value in _TAGS.items()} | {"aws:TagKeys": [*_TAGS]}
_OURS = {f"aws:ResourceTag/{key}": value for key, value in _TAGS.items()}
_ALIASED = {"kms:ResourceAliases": ["alias/acme-dev-kmeans"]}
_OF_STATE = {
    "aws:ResourceTag/project": "acme",
    "aws:ResourceTag/environment": "dev",
    "kms:ResourceAliases": ["alias/acme-dev-state"],
}
_FOREIGN = {"kms:ResourceAliases": ["alias/payroll"]}

Row = tuple[str, str, dict[str, Any]]
# Allowed in an environment whose boundaries deployers write, and not in one with a boundary of administrators.
ESCALATIONS: list[Row] = [
    ("iam:CreatePolicyVersion", _OWN_BOUNDARY, {}),
    ("iam:CreatePolicy", _OWN_BOUNDARY, {}),
    ("iam:CreateRole", _OTHER_EXECUTION, {"iam:PermissionsBoundary": f"{_POLICIES}/acme-dev-new-boundary-de91fccc"}),
    ("iam:CreateRole", _PARTNER, {"iam:PermissionsBoundary": _INVOKE}),
    ("iam:PutRolePolicy", _EXECUTION, _UNBOUNDED),
    ("iam:PutRolePermissionsBoundary", _EXECUTION, _UNBOUNDED),
    ("iam:PutRolePermissionsBoundary", _PARTNER, {"iam:PermissionsBoundary": _INVOKE}),
    ("iam:UpdateAssumeRolePolicy", _EXECUTION, _UNBOUNDED),
    ("iam:UpdateAssumeRolePolicy", _PARTNER, {"iam:PermissionsBoundary": _INVOKE}),
    ("iam:AttachRolePolicy", _PARTNER, {"iam:PolicyARN": _INVOKE, "iam:PermissionsBoundary": _INVOKE}),
]
# Neither the deployer nor one with a policy that allows everything may do these in a bootstrapped environment.
DENIED: list[Row] = [
    *((action, resource, context) for action, resource, context in ESCALATIONS if not action.startswith("iam:CreateP")),
    *(
        (f"iam:{action}", _BOUNDARY, {})
        for action in ("CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion")
    ),
    ("iam:CreateRole", f"{_ROLES}/any", {}),
    ("iam:PutRolePolicy", f"{_ROLES}/any", {}),
    ("iam:PutRolePermissionsBoundary", f"{_ROLES}/any", {"iam:PermissionsBoundary": _ADMINISTRATOR}),
    ("iam:DeleteRolePermissionsBoundary", _EXECUTION, _BOUNDED),
    ("iam:DeleteRolePermissionsBoundary", f"{_ROLES}/any", {}),
    ("iam:AttachRolePolicy", _EXECUTION, {"iam:PolicyARN": _ADMINISTRATOR}),
    *(
        (f"iam:{action}", f"{_ROLES}/{role}", {})
        for role in ("platform", "acme-dev-deployer", "acme-dev-planner")
        for action in (
            "AttachRolePolicy",
            "DeleteRole",
            "DeleteRolePermissionsBoundary",
            "DeleteRolePolicy",
            "DetachRolePolicy",
            "PutRolePermissionsBoundary",
            "PutRolePolicy",
            "UpdateAssumeRolePolicy",
        )
    ),
    # Also with the boundary, which their policies do not need.
    ("iam:PutRolePolicy", f"{_ROLES}/platform", _BOUNDED),
    ("iam:PutRolePermissionsBoundary", f"{_ROLES}/platform", _BOUNDED),
    *(
        (f"iam:{action}", f"{_POLICIES}/acme-dev-{name}", {})
        for name in ("deployer", "deployer-2", "deployer-10", "planner", "planner-2", "planner-10")
        for action in ("CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion")
    ),
    *(
        (f"s3:{action}", f"{_STATE_OF_ROLES}{suffix}", {})
        for action in ("DeleteObject", "DeleteObjectVersion", "PutObject", "ReplicateDelete", "ReplicateObject")
        for suffix in ("", ".tflock")
    ),
    *(
        (f"s3:{action}", _BUCKET, {})
        for action in (
            "DeleteBucket",
            "DeleteBucketPolicy",
            "PutBucketOwnershipControls",
            "PutBucketPolicy",
            "PutBucketPublicAccessBlock",
            "PutBucketVersioning",
            "PutEncryptionConfiguration",
            "PutLifecycleConfiguration",
            "PutReplicationConfiguration",
        )
    ),
    *((f"kms:{action}", _STATE_ALIAS, {}) for action in ("CreateAlias", "DeleteAlias", "UpdateAlias")),
]
# What a deployer does for a living: allowed with the printed policies, also in a bootstrapped environment.
ALLOWED: list[Row] = [
    ("iam:CreateRole", _EXECUTION, _BOUNDED),
    ("iam:CreateRole", _PARTNER, _BOUNDED),
    ("iam:PutRolePolicy", _EXECUTION, _BOUNDED),
    ("iam:PutRolePermissionsBoundary", _EXECUTION, _BOUNDED),  # a role from before the bootstrap
    ("iam:UpdateAssumeRolePolicy", _PARTNER, _BOUNDED),
    ("iam:AttachRolePolicy", _PARTNER, {"iam:PolicyARN": _INVOKE, **_BOUNDED}),
    ("iam:AttachRolePolicy", f"{_ROLES}/checkout-api", {"iam:PolicyARN": _INVOKE}),
    ("iam:CreatePolicyVersion", _INVOKE, {}),
    ("iam:DeletePolicy", _OWN_BOUNDARY, {}),
    ("s3:PutObject", f"{_BUCKET}/acme/dev-kmeans.tfstate", {}),
    ("s3:PutObject", f"{_BUCKET}/acme/dev-kmeans.tfstate.tflock", {}),
    ("s3:DeleteObject", f"{_BUCKET}/acme/dev-kmeans.tfstate.tflock", {}),
    ("s3:GetObject", _STATE_OF_ROLES, {}),  # a plan of all stacks
    ("kms:CreateKey", "*", {**_REQUEST_TAGS}),
    ("kms:TagResource", _KEY, _REQUEST_TAGS),  # by CreateKey
    ("kms:EnableKeyRotation", _KEY, {}),  # at once, before KMS evaluates the tags
    ("kms:EnableKeyRotation", _KEY, {**_OURS, **_ALIASED}),
    ("kms:CreateAlias", _KEY, {}),
    ("kms:CreateAlias", _KEY, _OURS),
    ("kms:CreateAlias", _ALIAS, {}),
    ("kms:DeleteAlias", _KEY, {**_OURS, **_ALIASED}),
    ("kms:DeleteAlias", _ALIAS, {}),
    ("kms:PutKeyPolicy", _KEY, {**_OURS, **_ALIASED}),
    (
        "kms:TagResource",
        _KEY,
        {**_OURS, **_ALIASED, "aws:RequestTag/cost-center": "ml", "aws:TagKeys": ["cost-center"]},
    ),
    ("kms:UntagResource", _KEY, {**_OURS, **_ALIASED, "aws:TagKeys": ["cost-center"]}),
]
# What an existing boundary closes as well, without a state stack: a deployer that extends its own role.
OWN_ROLE: list[Row] = [
    ("iam:AttachRolePolicy", _DEPLOYER, {"iam:PolicyARN": _INVOKE}),
    ("iam:DetachRolePolicy", _DEPLOYER, {"iam:PolicyARN": f"{_POLICIES}/acme-dev-deployer-1"}),
    ("iam:PutRolePolicy", _DEPLOYER, _BOUNDED),
    ("iam:UpdateAssumeRolePolicy", _DEPLOYER, {}),
    ("iam:CreatePolicyVersion", f"{_POLICIES}/acme-dev-deployer-1", {}),
    ("iam:DeletePolicy", f"{_POLICIES}/acme-dev-deployer", {}),
]
# Keys of others, and the key of the state.
NOT_OURS: list[Row] = [
    *(
        (f"kms:{action}", _KEY, context)
        for action in ("CreateAlias", "DeleteAlias", "EnableKeyRotation", "PutKeyPolicy")
        for context in (
            _FOREIGN,
            _OF_STATE,
            {**_OURS, **_ALIASED, "aws:ResourceTag/project": "payroll"},
            {**_OURS, **_ALIASED, "aws:ResourceTag/environment": "prod"},
        )
    ),
    ("kms:CreateAlias", _KEY, {**_OURS, "aws:ResourceTag/project": "payroll"}),
    ("kms:CreateAlias", _KEY, {**_OURS, "aws:ResourceTag/environment": "prod"}),
    ("kms:PutKeyPolicy", _KEY, {}),
    ("kms:PutKeyPolicy", _KEY, {"aws:ResourceTag/project": "acme", "aws:ResourceTag/environment": "dev"}),
    ("kms:DeleteAlias", _KEY, {}),
    *(
        (f"kms:{action}", _KEY.replace("us-west-2", "eu-west-1"), {**_OURS, **_ALIASED, **context})
        for action, context in (("PutKeyPolicy", {}), ("TagResource", {"aws:TagKeys": ["a"]}))
    ),
    ("kms:TagResource", _KEY.replace("us-west-2", "eu-west-1"), _REQUEST_TAGS),
    ("kms:ReplicateKey", _KEY, _REQUEST_TAGS),
    ("kms:UpdateAlias", _KEY, {**_OURS, **_ALIASED}),
    ("kms:UpdateAlias", _ALIAS, {}),
    ("kms:DisableKey", _KEY, {**_OURS, **_ALIASED}),
    ("kms:CreateAlias", f"{_KMS}:alias/acme-prod-fraud", {}),
    ("kms:CreateKey", "*", {**_REQUEST_TAGS, "aws:RequestTag/project": "payroll"}),
    ("kms:CreateKey", "*", {**_REQUEST_TAGS, "aws:RequestTag/environment": "prod"}),
    ("kms:TagResource", _KEY, {**_REQUEST_TAGS, **_FOREIGN}),
    ("kms:TagResource", _KEY, {**_REQUEST_TAGS, **_OF_STATE}),
    ("kms:TagResource", _KEY, {**_REQUEST_TAGS, "aws:ResourceTag/project": "payroll"}),
    ("kms:TagResource", _KEY, {**_REQUEST_TAGS, "aws:RequestTag/project": "payroll"}),
    ("kms:TagResource", _KEY, {**_REQUEST_TAGS, "aws:RequestTag/environment": "prod"}),
    ("kms:UntagResource", _KEY, {**_OURS, **_ALIASED, "aws:ResourceTag/project": "payroll", "aws:TagKeys": ["a"]}),
    ("kms:UntagResource", _KEY, {**_OURS, **_ALIASED, "aws:ResourceTag/environment": "prod", "aws:TagKeys": ["a"]}),
    ("kms:UntagResource", _KEY, {**_OF_STATE, "aws:TagKeys": ["a"]}),
    # The tags of a key decide whose it is, and whether it may be deleted.
    *(("kms:UntagResource", _KEY, {**_OURS, **_ALIASED, "aws:TagKeys": [key]}) for key in (*_TAGS, "Endpoint")),
    *(
        ("kms:TagResource", _KEY, {**_OURS, **_ALIASED, f"aws:RequestTag/{key}": "other", "aws:TagKeys": ["a", key]})
        for key in _TAGS
    ),
]
_ADMINISTRATOR_POLICY = document({"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"})
_DEFAULT_KEY_POLICY = document(
    {
        "Sid": "Account",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@cache
def _printed(environment: str) -> Document:
    example = deployment(invokers=_INVOKERS, in_environment=_ENVIRONMENTS[environment])
    return document(*deployer_statements(EnvironmentScope([example])))


def _allows(simulator: Simulator, policies: list[Document], row: Row) -> bool:
    action, resource, context = row
    tls = {"s3:TlsVersion": "1.2"} if action.startswith("s3:") else {}
    return simulator.allows(
        Request(
            _DEPLOYER,
            action,
            resource,
            _ACCOUNT,
            {"aws:SecureTransport": "true", **tls, **context},
            identity=policies,
            resource_policy=_DEFAULT_KEY_POLICY if action.startswith("kms:") else None,
        )
    )


def _name(row: Row) -> str:
    return f"{row[0]} {row[1]} {row[2] or ''}"


@pytest.mark.parametrize("row", ESCALATIONS, ids=_name)
def test_an_escalation_is_open_without_a_bootstrap_and_closed_with_it(simulator: Simulator, row: Row) -> None:
    assert _allows(simulator, [_printed("plain")], row)
    assert not _allows(simulator, [_printed("bootstrapped")], row)


@pytest.mark.parametrize("row", DENIED, ids=_name)
def test_no_other_policy_allows_what_only_administrators_may_do(simulator: Simulator, row: Row) -> None:
    assert not _allows(simulator, [_printed("bootstrapped"), _ADMINISTRATOR_POLICY], row)


@pytest.mark.parametrize("environment", ["bootstrapped", "existing boundary"])
@pytest.mark.parametrize("row", OWN_ROLE, ids=_name)
def test_a_deployer_with_a_boundary_of_the_environment_does_not_extend_its_own_role(
    simulator: Simulator, row: Row, environment: str
) -> None:
    assert not _allows(simulator, [_printed(environment), _ADMINISTRATOR_POLICY], row)
    assert _allows(simulator, [_printed("plain"), _ADMINISTRATOR_POLICY], row)


@pytest.mark.parametrize("environment", _ENVIRONMENTS)
@pytest.mark.parametrize("row", NOT_OURS, ids=_name)
def test_a_key_of_others_cannot_be_claimed(simulator: Simulator, row: Row, environment: str) -> None:
    assert not _allows(simulator, [_printed(environment)], row)


@pytest.mark.parametrize("row", ALLOWED, ids=_name)
def test_a_deployer_can_still_deploy(simulator: Simulator, row: Row) -> None:
    assert _allows(simulator, [_printed("bootstrapped")], row)


def test_an_endpoint_with_the_name_of_a_role_of_administrators_can_be_deployed(simulator: Simulator) -> None:
    example = deployment(name="deployer", in_environment=_ENVIRONMENTS["bootstrapped"], invokers=_INVOKERS)
    policies = [document(*deployer_statements(EnvironmentScope([example])))]
    rows: list[Row] = [
        ("iam:CreateRole", f"{_ROLES}/acme-dev-deployer-exec-de91fccc", _BOUNDED),
        ("iam:CreatePolicyVersion", f"{_POLICIES}/acme-dev-deployer-invoke-de91fccc", {}),
    ]
    assert all(_allows(simulator, policies, row) for row in rows)


def test_one_role_can_deploy_two_environments_of_an_account(simulator: Simulator) -> None:
    prod = deployment(
        invokers=_INVOKERS, in_environment={**_ENVIRONMENTS["bootstrapped"], "name": "prod", "github_actions": None}
    )
    policies = [_printed("bootstrapped"), document(*deployer_statements(EnvironmentScope([prod])))]
    of_prod = {"iam:PermissionsBoundary": f"{_POLICIES}/acme-prod-boundary"}
    for action in ("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"):
        assert _allows(simulator, policies, (action, _EXECUTION, _BOUNDED))
        assert _allows(simulator, policies, (action, prod.execution_role_arn, of_prod))
        # The roles of an environment have its own boundary, and no other role is created or changed.
        assert not _allows(simulator, [*policies, _ADMINISTRATOR_POLICY], (action, _EXECUTION, of_prod))
        assert not _allows(simulator, [*policies, _ADMINISTRATOR_POLICY], (action, prod.execution_role_arn, _BOUNDED))
        assert not _allows(simulator, [*policies, _ADMINISTRATOR_POLICY], (action, f"{_ROLES}/any", {}))


_TESTED = {
    "NeverUnbounded",
    "NeverUnboundedElsewhere",
    "NeverMoreForTheUnbounded",
    "NeverWithoutTheBoundary",
    "NeverAnotherBoundary",
    "NeverOurOwnRoles",
    "NeverOurOwnPolicies",
    "NeverTheStateOfRoles",
    "NeverTheStateBucket",
    "NeverTheAliasOfTheState",
}
_TESTED_KEYS = {"MakeKeys", "TagNewKeys", "SetUpNewKeys", "NameKeys", "ChangeKeys", "TagKeys"}


def test_a_case_fails_for_every_weakened_denial(simulator: Simulator) -> None:
    survivors, tried = set(), 0
    for name, statement, weak in weakened(_only(_TESTED)):
        tried += 1
        policies = [weak, _ADMINISTRATOR_POLICY]
        likely = likely_first(statement, DENIED, lambda row: row[0])
        is_detected = any(_allows(simulator, policies, row) for row in likely)
        # A role of another project, with the boundary: other policies decide.
        allowed = [*ALLOWED, ("iam:CreateRole", f"{_ROLES}/any", _BOUNDED)]
        if not is_detected and all(_allows(simulator, policies, row) for row in allowed):
            survivors.add(name)
    assert survivors == set()
    assert tried > 50


def test_a_case_fails_for_every_weakened_permission_for_keys(simulator: Simulator) -> None:
    survivors, tried = set(), 0
    for name, _, weak in weakened(_only(_TESTED_KEYS)):
        tried += 1
        keys = [row for row in ALLOWED if row[0].startswith("kms:")]
        if not any(_allows(simulator, [weak], row) for row in NOT_OURS) and all(
            _allows(simulator, [weak], row) for row in keys
        ):
            survivors.add(name)
    assert survivors == set()
    assert tried > 25


def _only(sids: set[str]) -> Document:
    statements = [statement for statement in _printed("bootstrapped")["Statement"] if statement["Sid"] in sids]
    assert {statement["Sid"] for statement in statements} == sids
    return document(*statements)
