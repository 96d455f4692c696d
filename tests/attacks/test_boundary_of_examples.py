"""Every managed role of every example has the same permissions within the boundary of its environment as without it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from typing import Any

import pytest

from protected_endpoints.deployment import Deployment, by_environment
from protected_endpoints.loading.load import load
from protected_endpoints.policies import Document
from protected_endpoints.policies.execution_role import inline_policies
from protected_endpoints.policies.invoke import invoke_policy
from protected_endpoints.policies.operators.environment_boundary import environment_boundary
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from tests.attacks.simulator import Request, Simulator
from tests.examples import EXAMPLES


def _values(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _roles(name: str) -> Iterator[tuple[Document, str, list[Document]]]:
    """Yield the boundary, the ARN and the policies of every managed role of an example."""
    for deployments in by_environment(load(EXAMPLES[name]).deployments).values():
        boundary = environment_boundary(EnvironmentScope(deployments))
        for deployment in deployments:
            for role, policies in _policies(deployment):
                yield boundary, role, policies


def _policies(deployment: Deployment) -> Iterator[tuple[str, list[Document]]]:
    names, endpoint = deployment.names, deployment.endpoint
    if not endpoint.execution_role_arn:
        key = endpoint.kms.key_arn or names.arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab")
        yield deployment.execution_role_arn, [*inline_policies(deployment, key_arn=key).values()]
    for invoker in endpoint.invokers:
        if not invoker.role_arn:
            role = names.iam_arn(f"role/{names.invoker_role(invoker.invoker_name)}")
            yield role, [invoke_policy(deployment, invoker=invoker)]


def _requests(role: str, policies: list[Document]) -> Iterator[Request]:
    """Yield requests that the policies allow: of every statement each action, resource and value of a condition."""
    account = role.split(":")[4]
    for statement in (statement for policy in policies for statement in policy["Statement"]):
        if statement["Effect"] == "Deny":
            continue
        for context in _contexts(statement.get("Condition", {})):
            for action in _values(statement["Action"]):
                for resource in map(_without_wildcards, _values(statement["Resource"])):
                    is_stream = ":log-stream:" in resource
                    if action.startswith("logs:") and is_stream is (action == "logs:DescribeLogStreams"):
                        continue  # the action is for log groups only, the others of the statement for log streams only
                    owner = context.get("aws:ResourceAccount") or resource.split(":")[4:5] or [account]
                    owner = owner if isinstance(owner, str) else owner[0] or account
                    policy = _policy_of(account) if action.startswith("kms:") or owner != account else None
                    yield Request(role, action, resource, owner, context, policies, resource_policy=policy)


def _contexts(condition: dict[str, dict[str, Any]]) -> Iterator[dict[str, str]]:
    values = {key: _values(value) for keys in condition.values() for key, value in keys.items()}
    for row in zip_longest(*values.values()) if values else [()]:
        chosen = {key: value or values[key][0] for key, value in zip(values, row, strict=True)}
        yield {"aws:SecureTransport": "true"} | {key: _without_wildcards(value) for key, value in chosen.items()}


def _without_wildcards(text: str) -> str:
    return text if text == "*" else text.replace("*", "x")


@cache
def _policy_of(account: str) -> Document:
    """Return a resource policy that leaves the decision to the policies of the role."""
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Sid": "Account", "Effect": "Allow", "Principal": root, "Action": "*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_boundary_takes_nothing_from_the_roles_of_an_example(simulator: Simulator, name: str) -> None:
    tried = 0
    for boundary, role, policies in _roles(name):
        for request in _requests(role, policies):
            tried += 1
            assert simulator.allows(request), request
            assert simulator.allows(replace(request, boundary=[boundary])), (request.action, request.resource)
    assert tried > 10


def test_every_statement_of_a_boundary_is_for_a_request_of_an_example(simulator: Simulator) -> None:
    roles = [role for name in EXAMPLES for role in _roles(name)]
    unused = {statement["Sid"] for boundary, _, _ in roles for statement in boundary["Statement"]} - {"NeverAState"}
    for boundary, role, policies in roles:
        for request in _requests(role, policies):
            unused -= {sid for sid in unused if not _allows_without(simulator, request, boundary, sid)}
    assert unused == set()


def _allows_without(simulator: Simulator, request: Request, boundary: Document, sid: str) -> bool:
    others = [statement for statement in boundary["Statement"] if statement["Sid"] != sid]
    return simulator.allows(replace(request, boundary=[{**boundary, "Statement": others}]))
