"""Every weakened policy is noticed by a case: a statement or a condition taken out, or what is allowed widened."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from tests.attacks.aws_state import World
from tests.attacks.cases import CASES
from tests.attacks.cases.case import INVOKE
from tests.attacks.simulator import Simulator
from tests.support import Json

_DOCUMENTS = ("policy", "assume_role_policy")

# With `*` instead of its values, a condition asks for no more than that its key is there.
_LIKE = {
    "StringEquals": "StringLike",
    "StringLike": "StringLike",
    "StringNotEquals": "StringNotLike",
    "StringNotLike": "StringNotLike",
    "ArnEquals": "ArnLike",
    "ArnLike": "ArnLike",
    "ArnNotEquals": "ArnNotLike",
}
# What "*" means for an action on objects, and for one on buckets.
_EVERY_OBJECT, _EVERY_BUCKET = "arn:aws:s3:::*/*", "arn:aws:s3:::*"

# Weakenings that change nothing that a request could show, each with the reason.
REDUNDANT: dict[str, str] = {
    "aws_iam_role_policy.Role_Running_DC9EB263: PublishEndpointMetrics, Action cloudwatch:*": (
        "the namespace that it demands is told by PutMetricData alone"
    ),
    "aws_iam_policy.Role_Boundary_0740AD92: PublishEndpointMetrics, Action cloudwatch:*": "the same",
    "aws_kms_key.Key: VolumeGrantsForSageMakerOnly, Action kms:*": (
        "that a grant is for an AWS resource is told by CreateGrant alone, and by two that the account has anyway"
    ),
    "aws_iam_policy.Invoke_Policy-tenant_55336BCF: InvokeThisEndpoint, Action sagemaker:*, world callers": (
        "the target model that it demands is told by InvokeEndpoint alone"
    ),
    **{
        "aws_iam_policy.Invoke_Policy-tenant_55336BCF: NeverWithoutTls, "
        f"without Action sagemaker:InvokeEndpoint{way}, world callers": (
            "it has no target model, so NeverAnotherModel denies it anyway"
        )
        for way in ("Async", "WithResponseStream", "WithBidirectionalStream")
    },
    "aws_iam_role.Invoke_Role-partner_A353356B: ThesePrincipals, Action sts:*, world callers": (
        "the external id that it demands is told by AssumeRole alone"
    ),
}


def test_every_weakened_policy_is_noticed(simulator: Simulator, worlds: dict[str, World]) -> None:
    survivors = {name for name, where, weak in _mutants(worlds) if not _noticed(simulator, where, weak)}
    assert survivors == set(REDUNDANT)


def test_enough_is_tried_and_little_is_redundant(worlds: dict[str, World]) -> None:
    tried = [name for name, _, _ in _mutants(worlds)]
    assert len(set(tried)) == len(tried) > 300
    assert len(REDUNDANT) <= len(tried) * 0.02


def _noticed(simulator: Simulator, where: str, world: World) -> bool:
    cases = (case for case in CASES if case.world == where)
    return any(simulator.allows(case.request(world)) is not case.allowed for case in cases)


def _mutants(worlds: dict[str, World]) -> Iterator[tuple[str, str, World]]:
    """Yield every weakening once: a statement that an earlier world has as well is weakened there."""
    seen: set[tuple[str, str]] = set()
    for where, world in worlds.items():
        for name, statement, weak in _weakened_worlds(world):
            if (name, statement) not in seen:
                seen.add((name, statement))
                yield f"{name}{'' if where == 'plain' else f', world {where}'}", where, weak


def _weakened_worlds(world: World) -> Iterator[tuple[str, str, World]]:
    for type_, named in world.stack["resource"].items():
        for id_, resource in named.items():
            for attribute in _DOCUMENTS:
                if attribute in resource:
                    document = json.loads(resource[attribute])
                    for name, statement, weak in weakened(document):
                        yield f"{type_}.{id_}: {name}", statement, _with(world, (type_, id_, attribute), weak)


def weakened(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield each weakening of a policy: its name, the statement that it weakens, and the policy with it."""
    for index, statement in enumerate(document["Statement"]):
        for name, changed in _changes(statement):
            statements = copy.deepcopy(document["Statement"])
            statements[index : index + 1] = changed
            yield f"{statement['Sid']}, {name}", json.dumps(statement), {**document, "Statement": statements}


def _changes(statement: Json) -> Iterator[tuple[str, list[Any]]]:
    yield "without it", []
    for operator, keys in statement.get("Condition", {}).items():
        for key in keys:
            others = {name: value for name, value in keys.items() if name != key}
            condition = {**statement["Condition"], operator: others}
            kept = {name: value for name, value in condition.items() if value}
            without = {name: value for name, value in statement.items() if name != "Condition"}
            yield f"without {operator} {key}", [{**without, "Condition": kept} if kept else without]
            if like := _LIKE.get(operator):
                widened = {**kept, like: {**kept.get(like, {}), key: "*"}}
                yield f"any {operator} {key}", [{**without, "Condition": widened}]
    if statement["Effect"] == "Deny":  # wider, it would only refuse more
        for element in ("Action", "Resource"):
            listed = _one_by_one(statement[element])
            for each in listed:
                rest = [other for other in listed if other != each]
                yield f"without {element} {each}", [{**statement, element: rest}]
        return
    wider = {"Resource": "*", "Principal": "*", "Action": f"{_first(statement['Action']).partition(':')[0]}:*"}
    for element, value in wider.items():
        if element in statement and statement[element] not in (value, _EVERY_OBJECT, _EVERY_BUCKET):
            yield f"{element} {value}", [{**statement, element: value}]


def _one_by_one(value: str | list[str]) -> list[str]:
    """Return what is listed, or what the one pattern stands for that names every way to invoke."""
    if isinstance(value, list):
        return value
    return INVOKE if value == "sagemaker:InvokeEndpoint*" else []


def _first(value: str | list[str]) -> str:
    return value if isinstance(value, str) else value[0]


def _with(world: World, where: tuple[str, str, str], document: Json) -> World:
    type_, id_, attribute = where
    stack = copy.deepcopy(world.stack)
    stack["resource"][type_][id_][attribute] = json.dumps(document)
    return World(world.deployment, stack)
