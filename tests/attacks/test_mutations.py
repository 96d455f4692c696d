"""Every weakened policy is noticed by a case: a statement or a condition taken out, or what is allowed widened."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from tests.attacks.cases import CASES
from tests.attacks.simulator import Simulator
from tests.attacks.world import World
from tests.support import Json

_DOCUMENTS = ("policy", "assume_role_policy")

# Weakenings that change nothing that a request could show, each with the reason.
REDUNDANT: dict[str, str] = {
    "aws_iam_role_policy.Role_Running_DC9EB263: PublishEndpointMetrics, Action cloudwatch:*": (
        "the namespace that it demands is told by PutMetricData alone"
    ),
    "aws_kms_key.Key: VolumeGrantsForSageMakerOnly, Action kms:*": (
        "that a grant is for an AWS resource is told by CreateGrant alone, and by two that the account has anyway"
    ),
    "aws_kms_key.Key: ExecutionRoleUsesKeyThroughS3, Principal *": "only this account has a role of that ARN",
    "aws_kms_key.Key: ReadersDecryptThroughS3, Principal *": "only this account has a role of that ARN",
}


def test_every_weakened_policy_is_noticed(simulator: Simulator, world: World) -> None:
    survivors = {name for name, weak in _mutants(world) if not _noticed(simulator, weak)}
    assert survivors == set(REDUNDANT)


def test_enough_is_tried_and_little_is_redundant(world: World) -> None:
    tried = [name for name, _ in _mutants(world)]
    assert len(set(tried)) == len(tried) > 100
    assert len(REDUNDANT) <= len(tried) * 0.04


def _noticed(simulator: Simulator, world: World) -> bool:
    return any(simulator.allows(case.request(world)) is not case.allowed for case in CASES)


def _mutants(world: World) -> Iterator[tuple[str, World]]:
    for type_, named in world.stack["resource"].items():
        for id_, resource in named.items():
            for attribute in _DOCUMENTS:
                if type_.startswith(("aws_iam", "aws_kms", "aws_s3")) and attribute in resource:
                    document = json.loads(resource[attribute])
                    for name, weak in _weakened(document):
                        yield f"{type_}.{id_}: {name}", _with(world, (type_, id_, attribute), weak)


def _weakened(document: Json) -> Iterator[tuple[str, Json]]:
    for index, statement in enumerate(document["Statement"]):
        for name, changed in _changes(statement):
            statements = copy.deepcopy(document["Statement"])
            statements[index : index + 1] = changed
            yield f"{statement['Sid']}, {name}", {**document, "Statement": statements}


def _changes(statement: Json) -> Iterator[tuple[str, list[Any]]]:
    yield "without it", []
    for operator, keys in statement.get("Condition", {}).items():
        for key in keys:
            rest = {name: value for name, value in keys.items() if name != key}
            condition = {**statement["Condition"], operator: rest}
            kept = {name: value for name, value in condition.items() if value}
            without = {name: value for name, value in statement.items() if name != "Condition"}
            yield f"without {operator} {key}", [{**without, "Condition": kept} if kept else without]
    if statement["Effect"] == "Deny":
        return  # wider, it would only refuse more
    wider = {"Resource": "*", "Principal": "*", "Action": f"{_first(statement['Action']).partition(':')[0]}:*"}
    for element, value in wider.items():
        if element in statement and statement[element] != value:
            yield f"{element} {value}", [{**statement, element: value}]


def _first(value: str | list[str]) -> str:
    return value if isinstance(value, str) else value[0]


def _with(world: World, where: tuple[str, str, str], document: Json) -> World:
    type_, id_, attribute = where
    stack = copy.deepcopy(world.stack)
    stack["resource"][type_][id_][attribute] = json.dumps(document)
    return World(world.deployment, stack)
