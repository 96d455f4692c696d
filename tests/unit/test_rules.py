"""Each rule has a pair: a configuration that passes, and one that fails with its message."""

import inspect
from dataclasses import dataclass, field

import pytest

from modules import rules
from modules.config import Deployment
from modules.problems import ConfigurationError
from modules.rules import access, capture, container, encryption, naming
from tests.unit.support import Table, Unchecked, unchecked

_ROLE = "arn:aws:iam::111122223333:role"
_FOREIGN_ROLE = "arn:aws:iam::444455556666:role/checkout-api"
_CHINESE_ROLE = "arn:aws-cn:iam::111122223333:role/checkout-api"
_LINKED_ROLE = f"{_ROLE}/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForSageMaker"
_SSO_ROLE = f"{_ROLE}/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
_KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_FOREIGN_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_REGISTRY = "174872318107.dkr.ecr.us-west-2.amazonaws.com"
_REASON = "a nightly image, RISK-882"
_SECRET = (
    "looks like a secret, and the environment stands in clear in plan and state; "
    "leave it out (an isolated container cannot use it), or give a reason in relax.secret_like_environment"
)
_ANOTHER_ACCOUNT = (
    "the role is not of account 111122223333 of environment dev, got {!r}; "
    "name a role of that account, for one environment under environments.dev"
)
_UNCHANGEABLE = (
    "AWS lets nobody attach a policy to this kind of role, got {!r}; name a role of your own that these callers assume"
)


@dataclass(frozen=True)
class Pair:
    """Two sets of changes to the repository's example, as close to each other as the rule allows."""

    rule: rules.Rule
    fails: Table
    messages: tuple[str, ...]
    passes: Table = field(default_factory=dict)


def _image(name: str) -> Table:
    return {"image": f"{_REGISTRY}/{name}"}


def _tags(count: int) -> Table:
    return {"project": {"tags": {f"tag-{index}": "ml" for index in range(count)}}}


def _quoted(template: str, value: str) -> str:
    return template.replace("{!r}", f'"{value}"')


PAIRS = [
    Pair(
        naming.base_name_fits_every_resource,
        passes={"name": "k" * 27},  # acme-dev- and 27 characters are 36
        fails={"name": "k" * 28},
        messages=(
            f"endpoints.{'k' * 28}: the base name <project>-<environment>-<endpoint> has 37 characters, "
            f'got "acme-dev-{"k" * 28}"; shorten it to 36 or fewer',
        ),
    ),
    Pair(
        naming.base_name_may_start_a_bucket_name,
        passes={"project": {"name": "sthrees"}},
        fails={"project": {"name": "sthree"}},
        messages=(
            "project.name: S3 keeps bucket names that begin with sthree- or amzn-s3-demo- for itself, "
            'got "sthree"; choose another name',
        ),
    ),
    Pair(
        naming.base_name_may_start_a_bucket_name,
        passes={"project": {"name": "amzn-s3"}},
        fails={"project": {"name": "amzn-s3-demo"}},
        messages=(
            "project.name: S3 keeps bucket names that begin with sthree- or amzn-s3-demo- for itself, "
            'got "amzn-s3-demo"; choose another name',
        ),
    ),
    Pair(
        naming.tags_leave_room_for_ours,
        passes=_tags(47),
        fails=_tags(48),
        messages=("project.tags: 48 tags and 3 that are always set are more than AWS takes; keep 47 or fewer",),
    ),
    Pair(
        naming.tags_leave_ours_alone,
        passes={"project": {"tags": {"Project": "ml", "laws:x": "ml"}}},
        fails={"project": {"tags": {"project": "ml", "environment": "x", "endpoint": "y", "AWS:x": "z"}}},
        messages=(
            'project.tags.project: this tag is always set, got "ml"; leave it out or rename it',
            'project.tags.environment: this tag is always set, got "x"; leave it out or rename it',
            'project.tags.endpoint: this tag is always set, got "y"; leave it out or rename it',
            'project.tags.AWS:x: AWS keeps tags that begin with aws:, got "z"; rename it',
        ),
    ),
    Pair(
        container.image_is_in_the_region,
        passes={"image": "174872318107.dkr.ecr-fips.us-west-2.amazonaws.com/kmeans:1"},
        fails={"image": "174872318107.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"},
        messages=(
            "endpoints.kmeans.image: SageMaker pulls images of its own region, us-west-2, from a registry that ends "
            'with .us-west-2.amazonaws.com, got "174872318107.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"; '
            "name the image of that region, for one environment under environments.dev",
        ),
    ),
    Pair(
        container.image_is_in_the_region,  # the partition counts, not the region's name alone
        passes={
            "environment": {"region": "cn-north-1"},
            "image": "174872318107.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1",
            "invokers": [],
        },
        fails={
            "environment": {"region": "cn-north-1"},
            "image": "174872318107.dkr.ecr.cn-north-1.amazonaws.com/kmeans:1",
        },
        messages=(
            "endpoints.kmeans.image: SageMaker pulls images of its own region, cn-north-1, from a registry that ends "
            'with .cn-north-1.amazonaws.com.cn, got "174872318107.dkr.ecr.cn-north-1.amazonaws.com/kmeans:1"; '
            "name the image of that region, for one environment under environments.dev",
        ),
    ),
    Pair(
        container.image_tag_does_not_move,
        passes=_image("kmeans:latest-1"),
        fails=_image("kmeans:latest"),
        messages=(
            'endpoints.kmeans.image: the tag "latest" moves, so that two instances may run different images, '
            f'got "{_REGISTRY}/kmeans:latest"; '
            "use the image's digest or a version tag, or give a reason in relax.image_tag",
        ),
    ),
    Pair(
        container.image_tag_does_not_move,  # a reason for something else does not count
        passes=_image("kmeans:latest") | {"relax": {"image_tag": _REASON}},
        fails=_image("kmeans:latest") | {"relax": {"prevent_destroy": _REASON}},
        messages=(
            'endpoints.kmeans.image: the tag "latest" moves, so that two instances may run different images, '
            f'got "{_REGISTRY}/kmeans:latest"; '
            "use the image's digest or a version tag, or give a reason in relax.image_tag",
        ),
    ),
    Pair(
        container.environment_is_small_enough,
        passes={"environment_": {f"V{index}": "" for index in range(100)}},
        fails={"environment_": {f"V{index}": "" for index in range(101)}},
        messages=("endpoints.kmeans.environment: 101 variables; keep 100 or fewer, the rest belongs into the artefact",),
    ),
    Pair(
        container.environment_is_small_enough,  # 32 names of 3 bytes and values of 1021 bytes are exactly 32 KB
        passes={"environment_": {f"V{index}": "x" * 1021 for index in range(10, 42)}},
        fails={"environment_": {f"V{index}": "x" * 1021 for index in range(10, 42)} | {"W": ""}},
        messages=(
            "endpoints.kmeans.environment: 32769 bytes of names and values; "
            "keep 32768 or fewer, the rest belongs into the artefact",
        ),
    ),
    Pair(
        container.environment_is_small_enough,  # bytes, not characters
        passes={"environment_": {f"V{index}": "é" * 1000 for index in range(10, 26)}},
        fails={"environment_": {f"V{index}": "é" * 1000 for index in range(10, 27)}},
        messages=(
            "endpoints.kmeans.environment: 34051 bytes of names and values; "
            "keep 32768 or fewer, the rest belongs into the artefact",
        ),
    ),
    Pair(
        container.environment_holds_no_secret,  # by name; MAX_TOKENS and TOKENIZER are common and harmless
        passes={"environment_": {"MAX_TOKENS": "9", "TOKENIZER": "bpe", "SECRETARY": "x", "HF_TASK": "x"}},
        fails={"environment_": {"DB_PASSWORD": "x", "hf_token": "x", "APIKEY": "x", "AWS_ACCESS_KEY_ID": "x"}},
        messages=tuple(
            f"endpoints.kmeans.environment.{name}: {_SECRET}"
            for name in ("DB_PASSWORD", "hf_token", "APIKEY", "AWS_ACCESS_KEY_ID")
        ),
    ),
    Pair(
        container.environment_holds_no_secret,  # by value
        passes={"environment_": {"A": "AKIA", "B": "ghp_x", "C": "hf_x", "D": "-----BEGIN PUBLIC KEY"}},
        fails={
            "environment_": {
                "A": f"AKIA{'0' * 16}",
                "B": f"ghp_{'x' * 36}",
                "C": f"hf_{'x' * 30}",
                "D": "-----BEGIN RSA PRIVATE KEY",
            }
        },
        messages=tuple(f"endpoints.kmeans.environment.{name}: {_SECRET}" for name in "ABCD"),
    ),
    Pair(
        container.environment_holds_no_secret,
        passes={"environment_": {"TOKEN": "x"}, "relax": {"secret_like_environment": _REASON}},
        fails={"environment_": {"TOKEN": "x"}, "relax": {"image_tag": _REASON}},
        messages=(f"endpoints.kmeans.environment.TOKEN: {_SECRET}",),
    ),
    Pair(
        access.invokers_are_roles_of_the_account,
        passes={"invokers": [f"{_ROLE}/checkout-api", f"{_ROLE}/team/batch"]},
        fails={"invokers": [f"{_ROLE}/checkout-api", _FOREIGN_ROLE, _CHINESE_ROLE]},
        messages=(
            f"endpoints.kmeans.invokers[1]: {_quoted(_ANOTHER_ACCOUNT, _FOREIGN_ROLE)}",
            f"endpoints.kmeans.invokers[2]: {_quoted(_ANOTHER_ACCOUNT, _CHINESE_ROLE)}",
        ),
    ),
    Pair(
        access.invokers_can_take_a_policy,
        passes={"invokers": [f"{_ROLE}/service-role/batch"]},
        fails={"invokers": [_LINKED_ROLE, _SSO_ROLE]},
        messages=(
            f"endpoints.kmeans.invokers[0]: {_quoted(_UNCHANGEABLE, _cut)}"
            if (_cut := f"{_LINKED_ROLE[:78]}…") and len(_LINKED_ROLE) > 78
            else "",
            f"endpoints.kmeans.invokers[1]: {_quoted(_UNCHANGEABLE, _SSO_ROLE)}",
        ),
    ),
]
