"""Who writes, reads and deletes the records of a trail, and who uses its key."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.attacks.simulator import Document, Request, Simulator
from tests.attacks.test_mutations import weakened
from tests.support import deployment, only, synth_stacks

_ACCOUNT, _FOREIGN = "111122223333", "999988887777"
_BUCKET, _KEY = "arn:aws:s3:::acme-dev-audit-de91fccc", f"arn:aws:kms:us-west-2:{_ACCOUNT}:key/1234abcd"
_RECORD = f"{_BUCKET}/AWSLogs/{_ACCOUNT}/CloudTrail/us-west-2/2026/11/26/records.json.gz"
_TRAIL = f"arn:aws:cloudtrail:us-west-2:{_ACCOUNT}:trail/acme-dev-audit"
_OTHER_TRAIL = f"arn:aws:cloudtrail:us-west-2:{_FOREIGN}:trail/acme-dev-audit"
_CLOUDTRAIL, _CONFIG = "cloudtrail.amazonaws.com", "config.amazonaws.com"
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_EVERYONE = {"Sid": "Everyone", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
_FOR_TRAIL = {"aws:SourceArn": _TRAIL}
_WRITES = {**_FOR_TRAIL, "s3:x-amz-acl": "bucket-owner-full-control"}
_ENCRYPTS = {**_FOR_TRAIL, "kms:EncryptionContext:aws:cloudtrail:arn": _TRAIL}
_THROUGH_S3 = {
    "kms:ViaService": "s3.us-west-2.amazonaws.com",
    "kms:CallerAccount": _ACCOUNT,
    "kms:EncryptionContext:aws:s3:arn": _RECORD,
}
_IN_ACCOUNT = {"aws:ResourceAccount": _ACCOUNT}
_DEFAULT_KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Principal": {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"},
            "Effect": "Allow",
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}

Documents = Mapping[str, Document]


@dataclass(frozen=True)
class Case:
    """A request that one document decides: the policy of the bucket or of the key, or that of readers."""

    document: str
    principal: str
    """A service, or the name of a role, which IAM allows everything except for the policy of readers."""
    action: str
    resource: str
    allowed: bool
    context: Mapping[str, Any] = field(default_factory=dict)
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
        document = documents[self.document]
        if self.public:
            document = {**document, "Statement": [*document["Statement"], _EVERYONE]}
        context: dict[str, Any] = {"aws:SecureTransport": "true"}
        if self.action.startswith("s3:"):
            context["s3:TlsVersion"] = "1.2"
        if self.principal.endswith(".amazonaws.com"):
            context |= {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": self.principal, **self.context}
            return Request(self.principal, self.action, self.resource, _ACCOUNT, context, resource_policy=document)
        account = _FOREIGN if self.principal == "stranger" else _ACCOUNT
        arn = f"arn:aws:iam::{account}:role/{self.principal}"
        context |= {"aws:PrincipalArn": arn, "aws:PrincipalAccount": account, "aws:PrincipalIsAWSService": "false"}
        context |= self.context
        if self.document == "readers":
            key = _DEFAULT_KEY_POLICY if self.action.startswith("kms:") else None
            return Request(arn, self.action, self.resource, _ACCOUNT, context, identity=[document], resource_policy=key)
        identity = [] if self.without_identity_policies else [_EVERYTHING]
        return Request(arn, self.action, self.resource, _ACCOUNT, context, identity=identity, resource_policy=document)


def _bucket() -> Iterator[Case]:
    def trail(
        action: str, resource: str, allowed: bool, context: Mapping[str, Any], principal: str = _CLOUDTRAIL
    ) -> Case:
        return Case("bucket", principal, f"s3:{action}", resource, allowed, context)

    def role(name: str, action: str, allowed: bool, resource: str = _RECORD, **options: Any) -> Case:
        return Case("bucket", name, f"s3:{action}", resource, allowed, **options)

    for context in ({}, {"aws:SecureTransport": "false"}, {"s3:TlsVersion": "1.1"}, {"aws:SourceArn": _OTHER_TRAIL}):
        yield trail("GetBucketAcl", _BUCKET, not context, {**_FOR_TRAIL, **context})
        yield trail("PutObject", _RECORD, not context, {**_WRITES, **context})
    yield trail("PutObject", _RECORD, False, _FOR_TRAIL)
    yield trail("PutObject", _RECORD, False, {**_FOR_TRAIL, "s3:x-amz-acl": "public-read"})
    yield trail("PutObject", f"{_BUCKET}/AWSLogs/{_FOREIGN}/records.json.gz", False, _WRITES)
    yield trail("PutObjectAcl", _RECORD, False, _WRITES)
    yield trail("PutBucketPolicy", _BUCKET, False, _FOR_TRAIL)
    yield trail("GetBucketAcl", "arn:aws:s3:::another", False, _FOR_TRAIL)
    yield trail("GetBucketAcl", _BUCKET, False, _FOR_TRAIL, _CONFIG)
    yield Case("bucket", _CONFIG, "s3:PutObject", _RECORD, False, public=True)
    for name in ("auditor", "platform", "administrator"):
        for action in ("GetObject", "GetObjectVersion"):
            yield role(name, action, name == "auditor")
        writes = ("PutObject", "ReplicateObject", "DeleteObject", "DeleteObjectVersion", "ReplicateDelete")
        for action in writes:
            yield role(name, action, False)
    # An administrator can change the policy itself, which is a change that CloudTrail records.
    yield role("administrator", "PutBucketPolicy", True, _BUCKET)
    for action, resource in (("ListBucket", _BUCKET), ("GetObjectTagging", _RECORD)):
        yield role("stranger", action, False, resource, public=True)


def _key() -> Iterator[Case]:
    def case(principal: str, action: str, allowed: bool, context: Mapping[str, Any], **options: bool) -> Case:
        return Case("key", principal, f"kms:{action}", _KEY, allowed, context, **options)

    yield case(_CLOUDTRAIL, "GenerateDataKey", True, _ENCRYPTS)
    yield case(_CLOUDTRAIL, "DescribeKey", True, _FOR_TRAIL)
    yield case(_CLOUDTRAIL, "Decrypt", False, _ENCRYPTS)
    yield case(_CLOUDTRAIL, "DisableKey", False, _FOR_TRAIL)
    for changed in _ENCRYPTS:
        yield case(_CLOUDTRAIL, "GenerateDataKey", False, {**_ENCRYPTS, changed: _OTHER_TRAIL})
    yield case(_CLOUDTRAIL, "DescribeKey", False, {"aws:SourceArn": _OTHER_TRAIL})
    yield case(_CONFIG, "GenerateDataKey", False, _ENCRYPTS)
    yield case(_CONFIG, "DescribeKey", False, _FOR_TRAIL)
    for principal in ("auditor", "platform", "administrator", "stranger"):
        yield case(principal, "Decrypt", principal == "auditor", _THROUGH_S3)
        yield case(principal, "GenerateDataKey", False, _THROUGH_S3)
    yield case("auditor", "Decrypt", False, _THROUGH_S3, without_identity_policies=True)
    for key, value in (
        ("kms:ViaService", "ec2.us-west-2.amazonaws.com"),
        ("kms:CallerAccount", _FOREIGN),
        ("kms:EncryptionContext:aws:s3:arn", "arn:aws:s3:::another/AWSLogs/records"),
    ):
        yield case("auditor", "Decrypt", False, {**_THROUGH_S3, key: value})
    yield case("administrator", "PutKeyPolicy", True, {})
    yield case("stranger", "PutKeyPolicy", False, {})
    yield case("administrator", "CreateGrant", True, {"kms:GrantIsForAWSResource": "true"}, public=True)
    yield case("administrator", "CreateGrant", False, {"kms:GrantIsForAWSResource": "false"}, public=True)
    yield case("administrator", "PutKeyPolicy", False, {"kms:BypassPolicyLockoutSafetyCheck": "true"}, public=True)


def _readers() -> Iterator[Case]:
    def case(action: str, resource: str, allowed: bool, context: Mapping[str, Any]) -> Case:
        return Case("readers", "auditor", action, resource, allowed, context)

    foreign = {"aws:ResourceAccount": _FOREIGN}
    for action in ("s3:ListBucket", "s3:GetBucketLocation"):
        for context in (_IN_ACCOUNT, foreign):
            yield case(action, _BUCKET, context is _IN_ACCOUNT, context)
        yield case(action, "arn:aws:s3:::another", False, _IN_ACCOUNT)
    for action in ("s3:GetObject", "s3:GetObjectVersion"):
        for context in (_IN_ACCOUNT, foreign, {**_IN_ACCOUNT, "aws:SecureTransport": "false"}):
            yield case(action, _RECORD, context is _IN_ACCOUNT, context)
        yield case(action, "arn:aws:s3:::another/AWSLogs/records", False, _IN_ACCOUNT)
    yield case("s3:DeleteBucket", _BUCKET, False, _IN_ACCOUNT)
    yield case("s3:PutObject", _RECORD, False, _IN_ACCOUNT)
    through_s3 = {key: value for key, value in _THROUGH_S3.items() if key != "kms:CallerAccount"}
    yield case("kms:Decrypt", _KEY, True, through_s3)
    yield case("kms:Encrypt", _KEY, False, through_s3)
    yield case("kms:Decrypt", f"{_KEY}5", False, through_s3)
    yield case("kms:Decrypt", _KEY, False, {**through_s3, "kms:ViaService": "ec2.us-west-2.amazonaws.com"})
    yield case("kms:Decrypt", _KEY, False, {**through_s3, "kms:EncryptionContext:aws:s3:arn": _BUCKET})


CASES = [*_bucket(), *_key(), *_readers()]
# Weakenings that no request can show, with the reasons.
REDUNDANT = {"bucket: TrailWrites, Principal *": "OnlyCloudTrailWrites denies every other principal"}


@pytest.fixture(scope="module")
def documents() -> Documents:
    audit = {"create_trail": True, "readers": [f"arn:aws:iam::{_ACCOUNT}:role/auditor"]}
    stack = synth_stacks([deployment(in_environment={"audit": audit})])["dev-audit"]
    return {
        "bucket": _document(only(stack, "aws_s3_bucket_policy")["policy"]),
        "key": _document(only(stack, "aws_kms_key")["policy"]),
        "readers": _document(only(stack, "aws_iam_policy")["policy"]),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_iam_answers(simulator: Simulator, documents: Documents, case: Case) -> None:
    assert simulator.allows(case.request(documents)) is case.allowed


def test_a_case_fails_for_every_weakened_policy_of_the_trail(simulator: Simulator, documents: Documents) -> None:
    tried, survivors = 0, set()
    for document in documents:
        cases = [case for case in CASES if case.document == document]
        for name, _, weak in weakened(documents[document]):
            tried += 1
            changed = {**documents, document: weak}
            if all(simulator.allows(case.request(changed)) is case.allowed for case in cases):
                survivors.add(f"{document}: {name}")
    assert survivors == {*REDUNDANT}
    assert tried > 60


def _document(text: str) -> Document:
    document: Document = json.loads(text.replace("${aws_kms_key.Key.arn}", _KEY))
    assert "${" not in json.dumps(document)
    return document
