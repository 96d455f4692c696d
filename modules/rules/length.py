"""Rules about how long policies become: AWS refuses one that is too long after everything before it was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.policies import capture, execution, key, reading, version
from modules.policies.caller import assuming
from modules.policies.fitting import LONGEST, size
from modules.policies.invoke import invoke
from modules.problems import Path, Problem

if TYPE_CHECKING:
    from modules.config import Deployment

_INLINE, _TRUST, _KEY, _BUCKET = 10240, 2048, 32768, 20480
# As long as AWS makes it; the ARN of a made key is not known yet.
_ANY_KEY = f"key/{'0' * 36}"


def the_execution_role_holds_its_policies(deployment: Deployment) -> Iterator[Problem]:
    """All inline policies of a role have 10,240 characters, the old and the new version's together (rule 100)."""
    names, network = deployment.names, deployment.environment.network
    key_arn = names.arn("kms", _ANY_KEY)
    of_version = [version.version(names, deployment), version.key_use(names, deployment, key_arn=key_arn)]
    if network:
        of_version.append(execution.network(names, vpc_id=network.vpc_id, subnet_ids=network.subnet_ids))
    characters = size(execution.running(names)) + 2 * sum(map(size, of_version))
    yield from _too_long(
        deployment.path(),
        "the execution role's policies, with those of the version before,",
        characters,
        _INLINE,
        "name fewer images, places and keys, or make several endpoints of it",
    )


def policies_of_callers_and_readers_are_short(deployment: Deployment) -> Iterator[Problem]:
    """A managed policy has 6,144 characters (rule 100; CreatePolicy)."""
    for place, caller in ((("invokers", index), each) for index, each in enumerate(deployment.endpoint.invokers)):
        yield from _too_long(
            deployment.path(*place),
            "the policy of this caller",
            size(invoke(deployment, caller=caller)),
            LONGEST,
            "name fewer target models, tags or VPC endpoints, or several callers",
        )
    for written in deployment.readable:
        document = reading.reading(
            deployment.names, key_arn=deployment.names.arn("kms", _ANY_KEY), places=written.places
        )
        yield from _too_long(deployment.path(), f"the policy of readers of {written.kind}", size(document), LONGEST)


def trust_policies_are_short(deployment: Deployment) -> Iterator[Problem]:
    """A trust policy has 2,048 characters, unless AWS has raised that for the account (rule 100; CreateRole)."""
    for index, each in enumerate(deployment.endpoint.invokers):
        if each.principals:
            yield from _too_long(
                deployment.path("invokers", index, "principals"),
                "the trust policy of the role that is made for them",
                size(assuming(deployment.names, each)),
                _TRUST,
                "name fewer principals, their account with principal_tags, or several callers",
            )


def policies_of_key_and_bucket_are_short(deployment: Deployment) -> Iterator[Problem]:
    """A key's policy has 32,768 characters, a bucket's 20,480 (PutKeyPolicy; PutBucketPolicy)."""
    names, settings = deployment.names, deployment.endpoint.data_capture
    if not deployment.endpoint.kms.key_arn:
        characters = size(key.key(names, deployment))
        yield from _too_long(deployment.path("kms"), "the policy of the key", characters, _KEY)
    if deployment.capture and not settings.destination_s3_uri:
        document = capture.bucket(names, key_arn=names.arn("kms", _ANY_KEY), readers=settings.readers)
        yield from _too_long(
            deployment.path("data_capture", "readers"), "the policy of the bucket", size(document), _BUCKET
        )


def _too_long(
    path: Path, what: str, characters: int, most: int, fix: str = "name fewer roles and places"
) -> Iterator[Problem]:
    if characters > most:
        yield Problem(path, f"{what} would have {characters} characters, and AWS takes {most}", fix)
