"""What a case is, and who and what the cases are about.

`administrator` is a role of ours to which somebody else has given everything; `foreign/` roles are of another account.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.attacks.simulator import Document, Request
from tests.attacks.world import World

Context = Mapping[str, Any]
CALLER, READER, EXECUTION = "role/checkout-api", "role/auditor", "execution role"
FOREIGN = "999988887777"
CHANGES: dict[str, Any] = {
    "invokers": ["arn:aws:iam::111122223333:role/checkout-api"],
    "data_capture": {"readers": ["arn:aws:iam::111122223333:role/auditor"]},
}
BUCKET = "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc"
LOG_GROUP = "arn:aws:logs:us-west-2:111122223333:log-group:/aws/sagemaker/Endpoints/acme-dev-kmeans"
NO_TLS = {"aws:SecureTransport": "false"}


@dataclass(frozen=True)
class Case:
    """A request that is made in a world, and whether it has to be allowed."""

    name: str
    request: Callable[[World], Request]
    allowed: bool


def everything() -> Document:
    """Return what an administrator has."""
    return document(Action="*", Resource="*")


def by_identity(who: str, action: str, resource: str, context: Context, world: World) -> Request:
    principal, also = principal_of(world, who)
    return world.request(principal, action, resource, also=also, context=context)


def opened(build: Callable[..., Request], *row: Any, world: World) -> Request:
    request = build(*row, world)
    assert request.resource_policy is not None
    everybody = {"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    statements = [*request.resource_policy["Statement"], everybody]
    return replace(request, resource_policy={**request.resource_policy, "Statement": statements})


def principal_of(world: World, who: str) -> tuple[str, tuple[Document, ...]]:
    """Return an ARN for a short name, and what somebody else lets it do."""
    if "administrator" in who:
        account = FOREIGN if who.startswith("foreign") else None
        name = who.rsplit("/", maxsplit=1)[-1].rsplit(maxsplit=1)[-1]
        role = world.execution_role if EXECUTION in who else world.role(name, account)
        return role, (everything(),)
    if who == EXECUTION:
        return world.execution_role, ()
    kind, _, name = who.partition("/")
    if kind in ("role", "foreign"):
        return world.role(name, FOREIGN if kind == "foreign" else None), ()
    return who, ()


def document(**statement: Any) -> Document:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def named(build: Callable[..., Request], rows: list[Any], layer: str = "") -> list[Case]:
    return [Case(" ".join(map(_text, row[:-1])) + layer, _later(build, *row[:-1]), row[-1]) for row in rows]


def _later(build: Callable[..., Request], *row: Any) -> Callable[[World], Request]:
    return lambda world: build(*row, world=world)


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key.rpartition(':')[2]}={inner}" for key, inner in value.items()) or "as usual"
    return str(value)
