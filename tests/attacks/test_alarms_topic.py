"""Who publishes to the topic of an environment's alarms, who subscribes to it, and who uses and administers its key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from protected_endpoints.policies import alarms_topic
from tests.attacks.simulator import Document, Request, Simulator
from tests.attacks.test_mutations import weakened
from tests.support import deployment

_ACCOUNT, _FOREIGN = "111122223333", "999988887777"
_NAMES = deployment().names
_TOPIC, _OTHER_TOPIC = _NAMES.alarm_topic_arn, f"{_NAMES.alarm_topic_arn}-2"
_KEY = f"arn:aws:kms:us-west-2:{_ACCOUNT}:key/1234abcd"
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_CLOUDWATCH, _EVENTS = "cloudwatch.amazonaws.com", "events.amazonaws.com"
_ALARM = {
    "aws:SourceAccount": _ACCOUNT,
    "aws:SourceArn": f"arn:aws:cloudwatch:us-west-2:{_ACCOUNT}:alarm:acme-dev-kmeans/errors",
}
# What an alarm may not be: of another environment, another project, another account, or no alarm at all.
_OTHER_SOURCES: tuple[Mapping[str, str], ...] = (
    {**_ALARM, "aws:SourceArn": f"arn:aws:cloudwatch:us-west-2:{_ACCOUNT}:alarm:acme-prod-kmeans/errors"},
    {**_ALARM, "aws:SourceArn": f"arn:aws:cloudwatch:us-west-2:{_ACCOUNT}:alarm:other-dev-kmeans/errors"},
    {**_ALARM, "aws:SourceArn": f"arn:aws:cloudwatch:us-west-2:{_FOREIGN}:alarm:acme-dev-kmeans/errors"},
    {**_ALARM, "aws:SourceArn": f"arn:aws:events:us-west-2:{_ACCOUNT}:rule/acme-dev-kmeans"},
    {**_ALARM, "aws:SourceAccount": _FOREIGN},
    {},
)
_DOCUMENTS = {"topic": alarms_topic.topic_policy(_NAMES), "key": alarms_topic.key_policy(_NAMES)}
_USE = ("kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext")


@dataclass(frozen=True)
class Case:
    """A request that the policy of the topic or of its key decides."""

    document: str
    principal: str
    action: str
    context: Mapping[str, Any]
    allowed: bool
    resource: str = ""
    is_public: bool = False
    """Whether a statement is added that allows everything to everyone."""

    @property
    def name(self) -> str:
        context = ", ".join(f"{key}={value}" for key, value in self.context.items())
        return f"{self.principal} {self.action} {self.resource} {context}{' with a public statement' * self.is_public}"

    def request(self, document: Document) -> Request:
        is_service = self.principal.endswith(".amazonaws.com")
        account = _FOREIGN if self.principal == "stranger" else _ACCOUNT
        arn = f"arn:aws:iam::{account}:role/{self.principal}"
        caller = {"aws:PrincipalArn": arn, "aws:PrincipalAccount": account}
        if self.is_public:
            everyone = {"Sid": "Everyone", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
            document = {**document, "Statement": [*document["Statement"], everyone]}
        return Request(
            self.principal if is_service else arn,
            self.action,
            self.resource or (_TOPIC if self.document == "topic" else _KEY),
            _ACCOUNT,
            {"aws:SecureTransport": "true", **({} if is_service else caller), **self.context},
            identity=[] if is_service else [_EVERYTHING],
            resource_policy=document,
        )


def _topic() -> Iterator[Case]:
    yield Case("topic", _CLOUDWATCH, "sns:Publish", _ALARM, allowed=True)
    yield Case("topic", _CLOUDWATCH, "sns:Publish", _ALARM, allowed=False, resource=_OTHER_TOPIC)
    for context in _OTHER_SOURCES:
        yield Case("topic", _CLOUDWATCH, "sns:Publish", context, allowed=False)
    for action in ("sns:SetTopicAttributes", "sns:Subscribe", "sns:AddPermission", "sns:DeleteTopic"):
        yield Case("topic", _CLOUDWATCH, action, _ALARM, allowed=False)
    yield Case("topic", _EVENTS, "sns:Publish", _ALARM, allowed=False)
    for action in ("sns:Publish", "sns:Subscribe", "sns:SetTopicAttributes"):
        yield Case("topic", "stranger", action, {}, allowed=False)
        yield Case("topic", "operator", action, {}, allowed=True)
    for action in ("sns:Publish", "sns:Subscribe"):
        yield Case("topic", "operator", action, {"aws:SecureTransport": "false"}, allowed=False)
        yield Case("topic", "stranger", action, {"aws:SecureTransport": "false"}, allowed=False, is_public=True)
    for protocol in ("http", "https", "email", "sqs"):
        yield Case("topic", "operator", "sns:Subscribe", {"sns:Protocol": protocol}, allowed=protocol != "http")
    yield Case("topic", "stranger", "sns:Subscribe", {"sns:Protocol": "http"}, allowed=False, is_public=True)


def _key() -> Iterator[Case]:
    for action in _USE:
        yield Case("key", _CLOUDWATCH, action, _ALARM, allowed=True)
        yield Case("key", _EVENTS, action, _ALARM, allowed=False)
        for context in _OTHER_SOURCES:
            yield Case("key", _CLOUDWATCH, action, context, allowed=False)
        for principal in ("operator", "stranger"):
            yield Case("key", principal, action, {}, allowed=False)
    for action in ("kms:Encrypt", "kms:PutKeyPolicy", "kms:CreateGrant", "kms:ScheduleKeyDeletion", "kms:DescribeKey"):
        yield Case("key", _CLOUDWATCH, action, _ALARM, allowed=False)
        yield Case("key", "stranger", action, {}, allowed=False)
    for action in ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DescribeKey", "kms:EnableKeyRotation"):
        yield Case("key", "operator", action, {}, allowed=True)
    for action in ("kms:Encrypt", "kms:ReEncryptFrom", "kms:Sign", "kms:CreateGrant"):
        yield Case("key", "operator", action, {}, allowed=False)
    for for_service in ("true", "false"):
        grant = {"kms:GrantIsForAWSResource": for_service}
        yield Case("key", "operator", "kms:CreateGrant", grant, allowed=for_service == "true", is_public=True)
    bypass = {"kms:BypassPolicyLockoutSafetyCheck": "true"}
    yield Case("key", "operator", "kms:PutKeyPolicy", bypass, allowed=False)


CASES = [*_topic(), *_key()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_iam_answers(simulator: Simulator, case: Case) -> None:
    assert simulator.allows(case.request(_DOCUMENTS[case.document])) is case.allowed


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_a_case_fails_for_every_weakened_policy(simulator: Simulator, document: str) -> None:
    cases = [case for case in CASES if case.document == document]
    survivors = [
        name
        for name, _, weak in weakened(_DOCUMENTS[document])
        if all(simulator.allows(case.request(weak)) is case.allowed for case in cases)
    ]
    assert survivors == []
