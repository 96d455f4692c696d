"""Who reads and writes the state, who may assume the roles of workflows, and what these can do to it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.attacks.simulator import Document, Request, Simulator
from tests.attacks.test_mutations import weakened
from tests.support import Json, deployment, only, resources, synthesized

_ACCOUNT, _FOREIGN = "111122223333", "999988887777"
_BUCKET, _KEY = "arn:aws:s3:::acme-tfstate-dev", f"arn:aws:kms:us-west-2:{_ACCOUNT}:key/1234abcd"
_ALIAS = f"arn:aws:kms:us-west-2:{_ACCOUNT}:alias/acme-dev-state"
_STATE, _LOCK = f"{_BUCKET}/acme/dev-kmeans.tfstate", f"{_BUCKET}/acme/dev-kmeans.tfstate.tflock"
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_EVERYBODY = {"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
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
    """Somebody wants something of what one document guards."""

    of: str
    """The document that decides: bucket, key, deployer or planner (who gets in), or what these two are given."""
    who: str
    action: str
    resource: str
    context: Mapping[str, Any]
    allowed: bool
    opened: bool = False
    """Whether somebody has added a statement that lets everybody in."""
    unaided: bool = False
    """Whether no policy of their own lets them do anything."""

    @property
    def name(self) -> str:
        context = ", ".join(f"{key}={value}" for key, value in self.context.items())
        how = f"{' opened' * self.opened}{' unaided' * self.unaided}"
        return f"{self.of}: {self.who} {self.action} {self.resource} {context}{how}"

    def request(self, documents: Documents) -> Request:
        document, trust = documents[self.of], self.action.startswith("sts:")
        account = _FOREIGN if self.who == "stranger" else _ACCOUNT
        principal = f"arn:aws:iam::{account}:role/{self.who}"
        sent: dict[str, Any] = {
            "aws:SecureTransport": "true",
            "aws:PrincipalArn": principal,
            "aws:PrincipalAccount": account,
            "aws:PrincipalIsAWSService": "false",
            **({"s3:TlsVersion": "1.2"} if self.action.startswith("s3:") else {}),
            **self.context,
        }
        if self.opened:
            document = {**document, "Statement": [*document["Statement"], _EVERYBODY]}
        request = Request(
            principal, self.action, self.resource, _ACCOUNT, sent, identity=[] if self.unaided else [_EVERYTHING]
        )
        if trust:
            provider = _CLAIM if self.who == "workflow" else "oidc.mallory.example"
            federated = f"arn:aws:iam::{_ACCOUNT}:oidc-provider/{provider}"
            return replace(request, principal=federated, context=self.context, identity=[], resource_policy=document)
        if self.who == _SERVICE:
            ours = {key: value for key, value in sent.items() if not key.startswith("aws:Principal")}
            request = replace(request, principal=_SERVICE, context={**ours, "aws:PrincipalIsAWSService": "true"})
        if self.of in ("bucket", "key"):
            return replace(request, resource_policy=document)
        left_to_iam = {"Principal": {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"}, "Effect": "Allow", "Action": "kms:*"}
        open_key = {"Version": "2012-10-17", "Statement": [{**left_to_iam, "Resource": "*"}]}
        policy = open_key if self.action.startswith("kms:") else None
        return replace(request, identity=[document], resource_policy=policy)


def _bucket() -> Iterator[Case]:
    def case(who: str, action: str, allowed: bool, resource: str = _STATE, **more: bool) -> Case:
        return Case("bucket", who, f"s3:{action}", resource, {}, allowed, **more)

    readers, writers = ("acme-dev-planner", "auditor"), ("acme-dev-deployer", "platform")
    others = ("administrator", "acme-dev-kmeans-exec-de91fccc")
    for who in (*readers, *writers, *others):
        for action in ("GetObject", "GetObjectVersion"):
            yield case(who, action, who not in others)
        for action in ("PutObject", "DeleteObject"):
            yield case(who, action, who in writers)
        yield case(who, "DeleteObjectVersion", False)
    yield case("platform", "DeleteObject", True, _LOCK)
    for action in ("PutBucketPolicy", "ListBucket"):
        yield case("administrator", action, True, _BUCKET)
    for action, resource in (("GetObject", _STATE), ("ListBucket", _BUCKET)):
        yield case("stranger", action, False, resource, opened=True)
        for context in ({"aws:SecureTransport": "false"}, {"s3:TlsVersion": "1.1"}):
            yield Case("bucket", "platform", f"s3:{action}", resource, context, False)
    yield case("stranger", "GetObjectTagging", False, opened=True)
    yield case(_SERVICE, "ListBucket", True, _BUCKET, opened=True)
    own = {_SSE: "aws:kms", f"{_SSE}-aws-kms-key-id": _KEY}
    encryptions: list[tuple[dict[str, str], bool]] = [
        (own, True),
        ({**own, f"{_SSE}-aws-kms-key-id": _ALIAS}, True),
        ({**own, f"{_SSE}-aws-kms-key-id": _KEY[:-1]}, False),
        ({_SSE: "AES256"}, False),
        ({f"{_SSE}-customer-algorithm": "AES256"}, False),
    ]
    for context, allowed in encryptions:
        yield Case("bucket", "platform", "s3:PutObject", _STATE, context, allowed)


def _key() -> Iterator[Case]:
    def case(who: str, action: str, allowed: bool, context: Mapping[str, Any] = _THROUGH_S3, **more: bool) -> Case:
        return Case("key", who, f"kms:{action}", _KEY, context, allowed, **more)

    for who in ("acme-dev-deployer", "platform"):
        yield case(who, "Decrypt", True)
        yield case(who, "GenerateDataKey", True)
    for who in ("acme-dev-planner", "auditor"):
        yield case(who, "Decrypt", True)
        yield case(who, "GenerateDataKey", False)
    for who in ("administrator", "stranger"):
        yield case(who, "Decrypt", False)
        yield case(who, "GenerateDataKey", False)
    for who in ("platform", "auditor"):
        yield case(who, "Decrypt", False, unaided=True)
        yield case(who, "Encrypt", False)
        yield case(who, "Decrypt", True, {**_THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": _STATE})
        for key, other in (
            ("kms:ViaService", "ec2.us-west-2.amazonaws.com"),
            ("kms:CallerAccount", _FOREIGN),
            ("kms:EncryptionContext:aws:s3:arn", "arn:aws:s3:::another"),
            ("kms:EncryptionContext:aws:s3:arn", f"{_BUCKET}/other/state"),
        ):
            yield case(who, "Decrypt", False, {**_THROUGH_S3, key: other})
    yield case("administrator", "PutKeyPolicy", True, {})
    yield case("stranger", "PutKeyPolicy", False, {})
    yield case("administrator", "CreateGrant", True, {"kms:GrantIsForAWSResource": "true"}, opened=True)
    yield case("administrator", "CreateGrant", False, {"kms:GrantIsForAWSResource": "false"}, opened=True)
    yield case("administrator", "PutKeyPolicy", False, {"kms:BypassPolicyLockoutSafetyCheck": "true"}, opened=True)


def _trust() -> Iterator[Case]:
    repository, main = "repo:acme/endpoints", "refs/heads/main"
    subjects = {
        "planner": {f"{repository}:pull_request", f"{repository}:ref:{main}"},
        "deployer": {f"{repository}:environment:dev"},
    }
    tried = {
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
    for who, inside in subjects.items():
        role = f"arn:aws:iam::{_ACCOUNT}:role/acme-dev-{who}"
        for subject in sorted(tried):
            claims = {f"{_CLAIM}:aud": "sts.amazonaws.com", f"{_CLAIM}:sub": subject, f"{_CLAIM}:ref": main}
            yield Case(who, "workflow", _WEB, role, claims, subject in inside)
            other = {**claims, f"{_CLAIM}:aud": "https://github.com/acme"}
            yield Case(who, "workflow", _WEB, role, other, False)
            # The subject of a job in an environment does not say which branch it runs on.
            if who == "deployer":
                yield Case(who, "workflow", _WEB, role, {**claims, f"{_CLAIM}:ref": "refs/heads/other"}, False)
        yield Case(who, "workflow", _WEB, role, {f"{_CLAIM}:aud": "sts.amazonaws.com"}, False)
        right = {f"{_CLAIM}:aud": "sts.amazonaws.com", f"{_CLAIM}:sub": min(inside), f"{_CLAIM}:ref": main}
        yield Case(who, "workflow", "sts:TagSession", role, right, False)
        yield Case(who, "another provider", _WEB, role, right, False)


def _given() -> Iterator[Case]:
    """What the two roles can do to the state and to themselves, where bucket and key would let them do anything."""
    own = f"arn:aws:iam::{_ACCOUNT}:role/acme-dev-deployer"
    policy = f"arn:aws:iam::{_ACCOUNT}:policy/acme-dev-deployer-1"
    provider = f"arn:aws:iam::{_ACCOUNT}:oidc-provider/{_CLAIM}"
    both: list[tuple[str, str, Mapping[str, Any]]] = [
        ("s3:GetObject", _STATE, {}),
        ("s3:ListBucket", _BUCKET, {}),
        ("s3:GetBucketPolicy", _BUCKET, {}),
        ("kms:Decrypt", _KEY, {**_THROUGH_S3, **_OF_STATE}),
        ("kms:GetKeyPolicy", _KEY, _OF_STATE),
        ("iam:GetRole", own, {}),
        ("iam:GetPolicyVersion", policy, {}),
        ("iam:GetOpenIDConnectProvider", provider, {}),
    ]
    deployer: list[tuple[str, str, Mapping[str, Any]]] = [
        ("s3:PutObject", _STATE, {}),
        ("s3:PutObject", _LOCK, {}),
        ("s3:DeleteObject", _LOCK, {}),
        ("kms:GenerateDataKey", _KEY, {**_THROUGH_S3, **_OF_STATE}),
        ("kms:PutKeyPolicy", _KEY, _OF_ENDPOINT),
    ]
    nobody: list[tuple[str, str, Mapping[str, Any]]] = [
        ("s3:GetObject", f"{_BUCKET}/acme/prod-kmeans.tfstate", {}),
        ("s3:DeleteObject", _STATE, {}),
        ("s3:DeleteObjectVersion", _STATE, {}),
        ("s3:PutBucketPolicy", _BUCKET, {}),
        ("s3:PutBucketVersioning", _BUCKET, {}),
        ("s3:DeleteBucket", _BUCKET, {}),
        ("kms:Decrypt", _KEY, _OF_STATE),
        ("kms:Decrypt", _KEY, {**_THROUGH_S3, **_OF_STATE, "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::other"}),
        ("kms:PutKeyPolicy", _KEY, _OF_STATE),
        ("kms:TagResource", _KEY, {**_OF_STATE, "aws:RequestTag/endpoint": "kmeans"}),
        ("kms:UntagResource", _KEY, _OF_STATE),
        ("kms:ScheduleKeyDeletion", _KEY, _OF_STATE),
        ("iam:UpdateAssumeRolePolicy", own, {}),
        ("iam:PutRolePolicy", own, {}),
        ("iam:AttachRolePolicy", own, {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        ("iam:DetachRolePolicy", own, {"iam:PolicyARN": policy}),
        ("iam:DeleteRole", own, _OF_STATE),
        ("iam:CreatePolicyVersion", policy, {}),
        ("iam:UpdateOpenIDConnectProviderThumbprint", provider, {}),
        ("iam:DeleteOpenIDConnectProvider", provider, {}),
    ]
    for who in ("deployer", "planner"):
        for action, resource, context in (*both, *deployer, *nobody):
            allowed = (action, resource, context) in (both if who == "planner" else [*both, *deployer])
            yield Case(f"{who}'s policies", f"acme-dev-{who}", action, resource, context, allowed)


CASES = [*_bucket(), *_key(), *_trust(), *_given()]


@pytest.fixture(scope="module")
def documents() -> Documents:
    role = f"arn:aws:iam::{_ACCOUNT}:role"
    in_environment = {
        "deployers": [f"{role}/platform"],
        "state": {"bucket": "acme-tfstate-dev", "create_bucket": True, "readers": [f"{role}/auditor"]},
        "github_actions": {"repository": "acme/endpoints"},
    }
    stack = synthesized([deployment(in_environment=in_environment)])["dev-state"]
    given = {who: [each for each in resources(stack, "aws_iam_policy") if who in each["name"]] for who in _ROLES}
    return {
        "bucket": _document(only(stack, "aws_s3_bucket_policy")["policy"]),
        "key": _document(only(stack, "aws_kms_key")["policy"]),
        **{each["name"].removeprefix("acme-dev-"): _document(each["assume_role_policy"]) for each in _roles(stack)},
        **{
            f"{who}'s policies": {
                "Version": "2012-10-17",
                "Statement": [part for each in given[who] for part in _document(each["policy"])["Statement"]],
            }
            for who in _ROLES
        },
    }


_ROLES = ("deployer", "planner")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_iam_answers(simulator: Simulator, documents: Documents, case: Case) -> None:
    assert simulator.allows(case.request(documents)) is case.allowed


def test_every_weakened_policy_of_the_state_and_of_who_gets_in_is_noticed(
    simulator: Simulator, documents: Documents
) -> None:
    tried, survivors = 0, set()
    for of in ("bucket", "key", *_ROLES):
        cases = [case for case in CASES if case.of == of]
        for name, _, weak in weakened(documents[of]):
            tried += 1
            there = {**documents, of: weak}
            if all(simulator.allows(case.request(there)) is case.allowed for case in cases):
                survivors.add(f"{of}: {name}")
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
