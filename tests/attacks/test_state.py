"""Who reads and writes the Terraform state, who may assume the roles of workflows, and what these roles may do."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest

from protected_endpoints.config import GithubActions
from protected_endpoints.policies.operators.github_actions import planner_trust_policy
from protected_endpoints.policies.state_bucket import CHANGE_BUCKET
from tests.attacks.simulator import Document, Request, Simulator
from tests.attacks.test_mutations import likely_first, weakened
from tests.support import Json, deployment, only, resources, synth_stacks

_ACCOUNT, _FOREIGN = "111122223333", "999988887777"
_BUCKET, _KEY = "arn:aws:s3:::acme-tfstate-dev", f"arn:aws:kms:us-west-2:{_ACCOUNT}:key/1234abcd"
_ALIAS = f"arn:aws:kms:us-west-2:{_ACCOUNT}:alias/acme-dev-state"
_STATE_OF_ROLES = f"{_BUCKET}/acme/dev-state.tfstate"
_STATE_OF_TRAIL = f"{_BUCKET}/acme/dev-audit.tfstate"
_STATE, _LOCK = f"{_BUCKET}/acme/dev-kmeans.tfstate", f"{_BUCKET}/acme/dev-kmeans.tfstate.tflock"
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_EVERYONE = {"Sid": "Everyone", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
_THROUGH_S3 = {
    "kms:ViaService": "s3.us-west-2.amazonaws.com",
    "kms:CallerAccount": _ACCOUNT,
    "kms:EncryptionContext:aws:s3:arn": _BUCKET,
}
_OF_STATE = {"aws:ResourceTag/project": "acme", "aws:ResourceTag/environment": "dev"}
_OF_ENDPOINT = {**_OF_STATE, "aws:ResourceTag/endpoint": "kmeans"}
_SSE = "s3:x-amz-server-side-encryption"
_CLAIM = "token.actions.githubusercontent.com"
_SERVICE = "logging.s3.amazonaws.com"
_WEB = "sts:AssumeRoleWithWebIdentity"

Documents = Mapping[str, Document]


@dataclass(frozen=True)
class Case:
    """A request that one document decides."""

    document: str
    """Name of the document: bucket, key, deployer or planner (trust policies), or the policies of these two."""
    principal: str
    action: str
    resource: str
    context: Mapping[str, Any]
    allowed: bool
    public: bool = False
    """Whether a statement is added that allows everything to everyone."""
    without_identity_policies: bool = False

    @property
    def name(self) -> str:
        context = ", ".join(f"{key}={value}" for key, value in self.context.items())
        public = " with a public statement" * self.public
        without = " without identity policies" * self.without_identity_policies
        return f"{self.document}: {self.principal} {self.action} {self.resource} {context}{public}{without}"

    def request(self, documents: Documents) -> Request:
        document, trust = documents[self.document], self.action.startswith("sts:")
        account = _FOREIGN if self.principal == "stranger" else _ACCOUNT
        principal_arn = f"arn:aws:iam::{account}:role/{self.principal}"
        context: dict[str, Any] = {
            "aws:SecureTransport": "true",
            "aws:PrincipalArn": principal_arn,
            "aws:PrincipalAccount": account,
            "aws:PrincipalIsAWSService": "false",
            **({"s3:TlsVersion": "1.2"} if self.action.startswith("s3:") else {}),
            **self.context,
        }
        if self.public:
            document = {**document, "Statement": [*document["Statement"], _EVERYONE]}
        request = Request(
            principal_arn,
            self.action,
            self.resource,
            _ACCOUNT,
            context,
            identity=[] if self.without_identity_policies else [_EVERYTHING],
        )
        if trust:
            provider = _CLAIM if self.principal == "workflow" else "oidc.mallory.example"
            federated = f"arn:aws:iam::{_ACCOUNT}:oidc-provider/{provider}"
            return replace(request, principal=federated, context=self.context, identity=[], resource_policy=document)
        if self.principal == _SERVICE:
            service_context = {key: value for key, value in context.items() if not key.startswith("aws:Principal")}
            request = replace(
                request, principal=_SERVICE, context={**service_context, "aws:PrincipalIsAWSService": "true"}
            )
        if self.document in ("bucket", "key"):
            return replace(request, resource_policy=document)
        statement = {"Principal": {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"}, "Effect": "Allow", "Action": "kms:*"}
        default = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"}]}
        policy = default if self.action.startswith("kms:") else None
        return replace(request, identity=[document], resource_policy=policy)


def _bucket() -> Iterator[Case]:
    def case(principal: str, action: str, allowed: bool, resource: str = _STATE, **options: bool) -> Case:
        return Case("bucket", principal, f"s3:{action}", resource, {}, allowed, **options)

    readers, writers = ("acme-dev-planner", "auditor"), ("acme-dev-deployer", "platform", "root-admin")
    neither = ("administrator", "acme-dev-kmeans-exec-de91fccc")
    for principal in (*readers, *writers, *neither):
        for action in ("GetObject", "GetObjectVersion"):
            yield case(principal, action, principal not in neither)
        for action in ("PutObject", "DeleteObject"):
            yield case(principal, action, principal in writers)
        yield case(principal, "DeleteObjectVersion", False)
    yield case("platform", "DeleteObject", True, _LOCK)
    for principal in (*readers, *writers, *neither):
        actions = ("PutObject", "DeleteObject", "ReplicateObject", "ReplicateDelete")
        for action, state, suffix in product(actions, (_STATE_OF_ROLES, _STATE_OF_TRAIL), ("", ".tflock")):
            yield case(principal, action, principal == "root-admin", f"{state}{suffix}")
        yield case(principal, "GetObject", principal not in neither, _STATE_OF_ROLES)
    for action in CHANGE_BUCKET:
        for principal in ("acme-dev-deployer", "platform", "root-admin"):
            yield case(principal, action.removeprefix("s3:"), principal == "root-admin", _BUCKET)
    for action in ("PutBucketPolicy", "PutBucketVersioning", "ListBucket"):
        yield case("administrator", action, True, _BUCKET)
    for action, resource in (("GetObject", _STATE), ("ListBucket", _BUCKET)):
        yield case("stranger", action, False, resource, public=True)
        for context in ({"aws:SecureTransport": "false"}, {"s3:TlsVersion": "1.1"}):
            yield Case("bucket", "platform", f"s3:{action}", resource, context, False)
    yield case("stranger", "GetObjectTagging", False, public=True)
    yield case(_SERVICE, "ListBucket", True, _BUCKET, public=True)
    managed_key = {_SSE: "aws:kms", f"{_SSE}-aws-kms-key-id": _KEY}
    encryptions: list[tuple[dict[str, str], bool]] = [
        (managed_key, True),
        ({**managed_key, f"{_SSE}-aws-kms-key-id": _ALIAS}, True),
        ({**managed_key, f"{_SSE}-aws-kms-key-id": _KEY[:-1]}, False),
        ({_SSE: "AES256"}, False),
        ({f"{_SSE}-customer-algorithm": "AES256"}, False),
    ]
    for context, allowed in encryptions:
        yield Case("bucket", "platform", "s3:PutObject", _STATE, context, allowed)


def _key() -> Iterator[Case]:
    def case(
        principal: str, action: str, allowed: bool, context: Mapping[str, Any] = _THROUGH_S3, **options: bool
    ) -> Case:
        return Case("key", principal, f"kms:{action}", _KEY, context, allowed, **options)

    for principal in ("acme-dev-deployer", "platform", "root-admin"):
        yield case(principal, "Decrypt", True)
        yield case(principal, "GenerateDataKey", True)
    for principal in ("acme-dev-planner", "auditor"):
        yield case(principal, "Decrypt", True)
        yield case(principal, "GenerateDataKey", False)
    for principal in ("administrator", "stranger"):
        yield case(principal, "Decrypt", False)
        yield case(principal, "GenerateDataKey", False)
    for principal in ("platform", "auditor"):
        yield case(principal, "Decrypt", False, without_identity_policies=True)
        yield case(principal, "Encrypt", False)
        yield case(principal, "Decrypt", True, {**_THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": _STATE})
        for key, value in (
            ("kms:ViaService", "ec2.us-west-2.amazonaws.com"),
            ("kms:CallerAccount", _FOREIGN),
            ("kms:EncryptionContext:aws:s3:arn", "arn:aws:s3:::another"),
            ("kms:EncryptionContext:aws:s3:arn", f"{_BUCKET}/other/state"),
        ):
            yield case(principal, "Decrypt", False, {**_THROUGH_S3, key: value})
    yield case("administrator", "PutKeyPolicy", True, {})
    yield case("stranger", "PutKeyPolicy", False, {})
    yield case("administrator", "CreateGrant", True, {"kms:GrantIsForAWSResource": "true"}, public=True)
    yield case("administrator", "CreateGrant", False, {"kms:GrantIsForAWSResource": "false"}, public=True)
    yield case("administrator", "PutKeyPolicy", False, {"kms:BypassPolicyLockoutSafetyCheck": "true"}, public=True)


def _trust() -> Iterator[Case]:
    repository, main = "repo:acme/endpoints", "refs/heads/main"
    subjects = {
        "planner": {f"{repository}:pull_request", f"{repository}:ref:{main}"},
        "deployer": {f"{repository}:environment:dev"},
    }
    candidates = {
        *subjects["planner"],
        *subjects["deployer"],
        f"{repository}:ref:refs/heads/other",
        f"{repository}:ref:refs/heads/main2",
        f"{repository}:ref:refs/tags/main",
        f"{repository}:environment:prod",
        f"{repository}:environment:dev2",
        "repo:mallory/endpoints:pull_request",
        "repo:mallory/endpoints:environment:dev",
        "repo:acme/endpoints2:environment:dev",
        f"repo:acme/other:ref:{main}",
        "repo:acme@1/endpoints@2:environment:dev",
    }
    for role_name, allowed in subjects.items():
        role = f"arn:aws:iam::{_ACCOUNT}:role/acme-dev-{role_name}"
        for subject in sorted(candidates):
            claims = {f"{_CLAIM}:aud": "sts.amazonaws.com", f"{_CLAIM}:sub": subject, f"{_CLAIM}:ref": main}
            yield Case(role_name, "workflow", _WEB, role, claims, subject in allowed)
            other_audience = {**claims, f"{_CLAIM}:aud": "https://github.com/acme"}
            yield Case(role_name, "workflow", _WEB, role, other_audience, False)
            # The subject of a job in an environment does not contain the branch.
            if role_name == "deployer":
                yield Case(role_name, "workflow", _WEB, role, {**claims, f"{_CLAIM}:ref": "refs/heads/other"}, False)
        yield Case(role_name, "workflow", _WEB, role, {f"{_CLAIM}:aud": "sts.amazonaws.com"}, False)
        valid = {f"{_CLAIM}:aud": "sts.amazonaws.com", f"{_CLAIM}:sub": min(allowed), f"{_CLAIM}:ref": main}
        yield Case(role_name, "workflow", "sts:TagSession", role, valid, False)
        yield Case(role_name, "another provider", _WEB, role, valid, False)


def _permissions() -> Iterator[Case]:
    """Yield what the policies of the two roles allow, with a bucket and a key whose policies deny nothing."""
    role = f"arn:aws:iam::{_ACCOUNT}:role/acme-dev-deployer"
    policy = f"arn:aws:iam::{_ACCOUNT}:policy/acme-dev-deployer-1"
    provider = f"arn:aws:iam::{_ACCOUNT}:oidc-provider/{_CLAIM}"
    read: list[tuple[str, str, Mapping[str, Any]]] = [
        ("s3:GetObject", _STATE, {}),
        ("s3:GetObject", _STATE_OF_ROLES, {}),
        ("iam:GetPolicyVersion", f"arn:aws:iam::{_ACCOUNT}:policy/acme-dev-boundary", {}),
        ("s3:ListBucket", _BUCKET, {}),
        ("s3:GetBucketPolicy", _BUCKET, {}),
        ("kms:Decrypt", _KEY, {**_THROUGH_S3, **_OF_STATE}),
        ("kms:GetKeyPolicy", _KEY, _OF_STATE),
        ("iam:GetRole", role, {}),
        ("iam:GetPolicyVersion", policy, {}),
        ("iam:GetOpenIDConnectProvider", provider, {}),
    ]
    write: list[tuple[str, str, Mapping[str, Any]]] = [
        ("s3:PutObject", _STATE, {}),
        ("s3:PutObject", _LOCK, {}),
        ("s3:DeleteObject", _LOCK, {}),
        ("kms:GenerateDataKey", _KEY, {**_THROUGH_S3, **_OF_STATE}),
        ("kms:PutKeyPolicy", _KEY, _OF_ENDPOINT),
    ]
    denied: list[tuple[str, str, Mapping[str, Any]]] = [
        ("s3:GetObject", f"{_BUCKET}/acme/prod-kmeans.tfstate", {}),
        ("s3:DeleteObject", _STATE, {}),
        ("s3:DeleteObjectVersion", _STATE, {}),
        ("s3:PutObject", _STATE_OF_ROLES, {}),
        ("s3:PutObject", f"{_STATE_OF_ROLES}.tflock", {}),
        ("s3:PutObject", _STATE_OF_TRAIL, {}),
        ("s3:DeleteObject", f"{_STATE_OF_ROLES}.tflock", {}),
        ("s3:PutBucketPolicy", _BUCKET, {}),
        ("s3:PutBucketVersioning", _BUCKET, {}),
        ("s3:DeleteBucket", _BUCKET, {}),
        ("kms:Decrypt", _KEY, _OF_STATE),
        ("kms:Decrypt", _KEY, {**_THROUGH_S3, **_OF_STATE, "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::other"}),
        ("kms:PutKeyPolicy", _KEY, _OF_STATE),
        ("kms:TagResource", _KEY, {**_OF_STATE, "aws:RequestTag/endpoint": "kmeans"}),
        ("kms:UntagResource", _KEY, _OF_STATE),
        ("kms:ScheduleKeyDeletion", _KEY, _OF_STATE),
        ("iam:UpdateAssumeRolePolicy", role, {}),
        ("iam:PutRolePolicy", role, {}),
        ("iam:AttachRolePolicy", role, {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        ("iam:DetachRolePolicy", role, {"iam:PolicyARN": policy}),
        ("iam:DeleteRole", role, _OF_STATE),
        ("iam:CreatePolicyVersion", policy, {}),
        ("iam:UpdateOpenIDConnectProviderThumbprint", provider, {}),
        ("iam:DeleteOpenIDConnectProvider", provider, {}),
    ]
    for role_name in ("deployer", "planner"):
        for action, resource, context in (*read, *write, *denied):
            allowed = (action, resource, context) in (read if role_name == "planner" else [*read, *write])
            yield Case(f"{role_name}'s policies", f"acme-dev-{role_name}", action, resource, context, allowed)


def _workflow_trust() -> Iterator[Case]:
    """Yield which workflows may plan where `planner_workflows` lists review.yml, drift.yml and stack.yml.

    The subject contains the IDs of a new repository, the path of the workflow does not.
    """
    role = f"arn:aws:iam::{_ACCOUNT}:role/acme-dev-planner"
    subjects = ("repo:acme@1/endpoints@2:pull_request", "repo:acme@1/endpoints@2:ref:refs/heads/main")
    folder, main = "acme/endpoints/.github/workflows", "refs/heads/main"
    candidates = {
        f"{folder}/review.yml@{main}": True,
        f"{folder}/drift.yml@{main}": True,
        f"{folder}/stack.yml@{main}": True,
        f"{folder}/review.yml@refs/pull/7/merge": False,  # the file of the pull request
        f"{folder}/review.yml@refs/heads/other": False,
        f"{folder}/review.yml@refs/tags/main": False,
        f"{folder}/mine.yml@{main}": False,
        f"{folder}/mine.yml@refs/pull/7/merge": False,
        f"{folder}/review.yml": False,
        f"mallory/endpoints/.github/workflows/review.yml@{main}": False,
        f"acme/other/.github/workflows/review.yml@{main}": False,
    }
    for subject in subjects:
        claims = {f"{_CLAIM}:aud": "sts.amazonaws.com", f"{_CLAIM}:sub": subject}
        for workflow, allowed in candidates.items():
            yield Case(_BOUND, "workflow", _WEB, role, {**claims, f"{_CLAIM}:job_workflow_ref": workflow}, allowed)
        yield Case(_BOUND, "workflow", _WEB, role, claims, False)
    listed = {f"{_CLAIM}:aud": "sts.amazonaws.com", f"{_CLAIM}:job_workflow_ref": f"{folder}/review.yml@{main}"}
    valid = {**listed, f"{_CLAIM}:sub": subjects[0]}
    for changes in (
        {f"{_CLAIM}:sub": "repo:mallory/endpoints:pull_request"},
        {f"{_CLAIM}:sub": "repo:acme@1/endpoints@2:environment:dev"},
        {f"{_CLAIM}:aud": "https://github.com/acme"},
    ):
        yield Case(_BOUND, "workflow", _WEB, role, {**valid, **changes}, False)
    yield Case(_BOUND, "workflow", _WEB, role, listed, False)
    yield Case(_BOUND, "workflow", "sts:TagSession", role, valid, False)
    yield Case(_BOUND, "another provider", _WEB, role, valid, False)


_BOUND = "planner with planner_workflows"
CASES = [*_bucket(), *_key(), *_trust(), *_workflow_trust(), *_permissions()]


@pytest.fixture(scope="module")
def documents() -> Documents:
    role = f"arn:aws:iam::{_ACCOUNT}:role"
    in_environment = {
        "deployers": [f"{role}/platform"],
        "state": {
            "bucket": "acme-tfstate-dev",
            "create_bucket": True,
            "administrators": [f"{role}/root-admin"],
            "readers": [f"{role}/auditor"],
        },
        "github_actions": {"repository": "acme/endpoints"},
        "audit": {"create_trail": True},
    }
    stack = synth_stacks([deployment(in_environment=in_environment)])["dev-state"]
    workflows = GithubActions(
        repository="acme@1/endpoints@2", planner_workflows=("review.yml", "drift.yml", "stack.yml")
    )
    permissions = {
        role_name: [policy for policy in resources(stack, "aws_iam_policy") if role_name in policy["name"]]
        for role_name in _ROLES
    }
    return {
        "bucket": _document(only(stack, "aws_s3_bucket_policy")["policy"]),
        "key": _document(only(stack, "aws_kms_key")["policy"]),
        **{
            workflow_role["name"].removeprefix("acme-dev-"): _document(workflow_role["assume_role_policy"])
            for workflow_role in _roles(stack)
        },
        _BOUND: planner_trust_policy(deployment().names, workflows),
        **{
            f"{role_name}'s policies": {
                "Version": "2012-10-17",
                "Statement": [
                    statement
                    for policy in permissions[role_name]
                    for statement in _document(policy["policy"])["Statement"]
                ],
            }
            for role_name in _ROLES
        },
    }


_ROLES = ("deployer", "planner")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_iam_answers(simulator: Simulator, documents: Documents, case: Case) -> None:
    assert simulator.allows(case.request(documents)) is case.allowed


def test_a_case_fails_for_every_weakened_policy_of_the_state_and_the_roles(
    simulator: Simulator, documents: Documents
) -> None:
    tried, survivors = 0, set()
    for document in ("bucket", "key", *_ROLES, _BOUND):
        cases = [case for case in CASES if case.document == document]
        for name, statement, weak in weakened(documents[document]):
            tried += 1
            changed = {**documents, document: weak}
            likely = likely_first(statement, cases, lambda case: case.action)
            if all(simulator.allows(case.request(changed)) is case.allowed for case in likely):
                survivors.add(f"{document}: {name}")
    assert survivors == set()
    assert tried > 40


def test_no_two_cases_are_the_same() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 150


def _roles(stack: Json) -> list[Json]:
    return resources(stack, "aws_iam_role")


def _document(text: str) -> Document:
    document: Document = json.loads(text.replace("${aws_kms_key.Key.arn}", _KEY))
    assert "${" not in json.dumps(document)
    return document
