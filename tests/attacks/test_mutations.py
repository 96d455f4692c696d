"""A case fails for every weakened policy: without a statement or a condition, or with a wider Allow statement."""

import copy
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.attacks.aws_state import AwsState
from tests.attacks.cases import CASES
from tests.attacks.cases.case import INVOKE, Case
from tests.attacks.simulator import Request, Simulator
from tests.stacks.synthesized import as_list
from tests.support import Json

T = TypeVar("T")

_DOCUMENTS = ("policy", "assume_role_policy")

# With the value `*`, a condition only requires that the key exists.
_LIKE = {
    "StringEquals": "StringLike",
    "StringLike": "StringLike",
    "StringNotEquals": "StringNotLike",
    "StringNotLike": "StringNotLike",
    "ArnEquals": "ArnLike",
    "ArnLike": "ArnLike",
    "ArnNotEquals": "ArnNotLike",
}
# Equivalent to the resource "*" for actions on objects and for actions on buckets.
_EVERY_OBJECT, _EVERY_BUCKET = "arn:aws:s3:::*/*", "arn:aws:s3:::*"

# Weakenings that no request can show, with the reasons.
REDUNDANT: dict[str, str] = {
    "aws_iam_role_policy.Role_Running_DC9EB263: PublishEndpointMetrics, Action cloudwatch:*": (
        "only PutMetricData has the required namespace"
    ),
    "aws_iam_policy.Role_Boundary_0740AD92: PublishEndpointMetrics, Action cloudwatch:*": "the same",
    **{
        f"{address}: PublishEndpointMetrics, Action cloudwatch:*, scenario existing-role": "the same"
        for address in ("aws_iam_role_policy.existing-running", "aws_iam_policy.existing-boundary")
    },
    "aws_kms_key.Key: VolumeGrantsForSageMakerOnly, Action kms:*": (
        "only CreateGrant has the required context, and two actions that the account has anyway"
    ),
    "aws_iam_policy.Invoke_Policy-tenant_55336BCF: InvokeThisEndpoint, Action sagemaker:*, scenario invokers": (
        "only InvokeEndpoint has the required target model"
    ),
    **{
        "aws_iam_policy.Invoke_Policy-tenant_55336BCF: NeverWithoutTls, "
        f"without Action sagemaker:InvokeEndpoint{suffix}, scenario invokers": (
            "the action has no target model, so NeverAnotherModel denies it anyway"
        )
        for suffix in ("Async", "WithResponseStream", "WithBidirectionalStream")
    },
    "aws_iam_role.Invoke_Role-partner_A353356B: ThesePrincipals, Action sts:*, scenario invokers": (
        "only AssumeRole has the required external id"
    ),
}


@dataclass(frozen=True)
class Mutant:
    """A weakening in a scenario: the statement before it, as JSON, and the state after it."""

    name: str
    scenario: str
    statement: str
    state: AwsState


def test_a_case_fails_for_every_weakened_policy(simulator: Simulator, states: dict[str, AwsState]) -> None:
    requests = [(case, case.request(states[case.scenario])) for case in CASES]
    assert [case.name for case, request in requests if simulator.allows(request) is not case.allowed] == []
    survivors = {mutant.name for mutant in _mutants(states) if not _is_detected(simulator, requests, mutant)}
    assert survivors == set(REDUNDANT)


def test_there_are_many_weakenings_and_few_are_redundant(states: dict[str, AwsState]) -> None:
    names = [mutant.name for mutant in _mutants(states)]
    assert len(set(names)) == len(names) > 300
    assert len(REDUNDANT) <= len(names) * 0.02


def _is_detected(simulator: Simulator, requests: list[tuple[Case, Request]], mutant: Mutant) -> bool:
    """Return whether a case fails. Each comes with its request without a weakening, whose answer is known."""
    in_scenario = [item for item in requests if item[0].scenario == mutant.scenario]
    for case, unweakened in likely_first(mutant.statement, in_scenario, lambda item: item[1].action):
        request = case.request(mutant.state)
        if request != unweakened and simulator.allows(request) is not case.allowed:
            return True
    return False


def _mutants(states: dict[str, AwsState]) -> Iterator[Mutant]:
    """Yield every weakening once: a statement of several scenarios is weakened in the first one only."""
    seen: set[tuple[str, str]] = set()
    for scenario, state in states.items():
        for name, statement, weak in _weakened_states(state):
            if (name, statement) not in seen:
                seen.add((name, statement))
                full_name = f"{name}{'' if scenario == 'plain' else f', scenario {scenario}'}"
                yield Mutant(full_name, scenario, statement, weak)


def _weakened_states(state: AwsState) -> Iterator[tuple[str, str, AwsState]]:
    for type_, by_id in state.stack["resource"].items():
        for id_, resource in by_id.items():
            for attribute in _DOCUMENTS:
                if attribute in resource:
                    document = json.loads(resource[attribute])
                    for name, statement, weak in weakened(document):
                        yield f"{type_}.{id_}: {name}", statement, _replace(state, (type_, id_, attribute), weak)


def weakened(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield every weakening of a policy: its name, the original statement, and the weakened policy."""
    for index, statement in enumerate(document["Statement"]):
        for name, changed in _changes(statement):
            statements = copy.deepcopy(document["Statement"])
            statements[index : index + 1] = changed
            yield f"{statement['Sid']}, {name}", json.dumps(statement), {**document, "Statement": statements}


def likely_first(statement: str, cases: Iterable[T], action: Callable[[T], str]) -> list[T]:
    """Return cases, those first that probably fail if a statement, which is JSON, is weakened: it needs fewer answers.

    They are those for an action of the statement, and then those for another action of the same service.
    """
    actions = [name.lower() for name in as_list(json.loads(statement).get("Action", []))]
    services = {name.partition(":")[0] for name in actions}

    def order(case: T) -> tuple[bool, bool]:
        name = action(case).lower()
        return name not in actions, name.partition(":")[0] not in services

    return sorted(cases, key=order)


def _changes(statement: Json) -> Iterator[tuple[str, list[Any]]]:
    yield "without the statement", []
    for operator, keys in statement.get("Condition", {}).items():
        for key in keys:
            other_keys = {name: value for name, value in keys.items() if name != key}
            condition = {**statement["Condition"], operator: other_keys}
            remaining = {name: value for name, value in condition.items() if value}
            without = {name: value for name, value in statement.items() if name != "Condition"}
            yield f"without {operator} {key}", [{**without, "Condition": remaining} if remaining else without]
            if like := _LIKE.get(operator):
                widened = {**remaining, like: {**remaining.get(like, {}), key: "*"}}
                yield f"any {operator} {key}", [{**without, "Condition": widened}]
    if statement["Effect"] == "Deny":  # a wider Deny is stricter
        for element in ("Action", "Resource"):
            values = _listed(statement.get(element, []))
            for value in values:
                other_values = [item for item in values if item != value]
                yield f"without {element} {value}", [{**statement, element: other_values}]
        if "NotResource" in statement:
            yield "NotResource *", [{**statement, "NotResource": "*"}]
        return
    wider = {"Resource": "*", "Principal": "*", "Action": f"{_first(statement['Action']).partition(':')[0]}:*"}
    for element, value in wider.items():
        if element in statement and statement[element] not in (value, _EVERY_OBJECT, _EVERY_BUCKET):
            yield f"{element} {value}", [{**statement, element: value}]


def _listed(value: str | list[str]) -> list[str]:
    """Return the values of a list, or the actions of the pattern for every invoke action."""
    if isinstance(value, list):
        return value
    return INVOKE if value == "sagemaker:InvokeEndpoint*" else []


def _first(value: str | list[str]) -> str:
    return as_list(value)[0]


def _replace(state: AwsState, path: tuple[str, str, str], document: Json) -> AwsState:
    type_, id_, attribute = path
    by_type = state.stack["resource"]
    resource = {**by_type[type_][id_], attribute: json.dumps(document)}
    resources = {**by_type, type_: {**by_type[type_], id_: resource}}
    return AwsState(state.deployment, {**state.stack, "resource": resources})
