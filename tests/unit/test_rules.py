"""Each rule has a pair: a configuration that passes, and one that fails with its message."""

import inspect
from dataclasses import dataclass, field

import pytest

from modules import rules
from modules.config import Deployment
from modules.problems import ConfigurationError
from modules.rules import access, capture, container, encryption, naming
from tests.unit.support import Table, unchecked

_ROLE = "arn:aws:iam::111122223333:role"
_FOREIGN_ROLE = "arn:aws:iam::444455556666:role/checkout-api"
_CHINESE_ROLE = "arn:aws-cn:iam::111122223333:role/checkout-api"
_LINKED_ROLE = f"{_ROLE}/aws-service-role/ops.amazonaws.com/Linked"
_SSO_ROLE = f"{_ROLE}/aws-reserved/sso.amazonaws.com/Admin"
_KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_FOREIGN_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_REGISTRY = "174872318107.dkr.ecr.us-west-2.amazonaws.com"
_REASON = "a nightly image, RISK-882"
_IN_CLEAR = (
    "looks like a secret, and the environment stands in clear in plan and state; "
    "leave it out (an isolated container cannot use it), or give a reason in relax.secret_like_environment"
)
_ANOTHER_ACCOUNT = (
    'the role is not of account 111122223333 of environment dev, got "{}"; '
    "name a role of that account, for one environment under environments.dev"
)
_UNCHANGEABLE = (
    'AWS lets nobody attach a policy to this kind of role, got "{}"; name a role of your own that these callers assume'
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
            "place": {"region": "cn-north-1"},
            "image": "174872318107.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1",
            "invokers": [],
        },
        fails={
            "place": {"region": "cn-north-1"},
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
        passes={"environment": {f"V{index}": "" for index in range(100)}},
        fails={"environment": {f"V{index}": "" for index in range(101)}},
        messages=(
            "endpoints.kmeans.environment: 101 variables; keep 100 or fewer, the rest belongs into the artefact",
        ),
    ),
    Pair(
        container.environment_is_small_enough,  # 32 names of 3 bytes and values of 1021 bytes are exactly 32 KB
        passes={"environment": {f"V{index}": "x" * 1021 for index in range(10, 42)}},
        fails={"environment": {f"V{index}": "x" * 1021 for index in range(10, 42)} | {"W": ""}},
        messages=(
            "endpoints.kmeans.environment: 32769 bytes of names and values; "
            "keep 32768 or fewer, the rest belongs into the artefact",
        ),
    ),
    Pair(
        container.environment_is_small_enough,  # bytes, not characters
        passes={"environment": {f"V{index}": "é" * 1000 for index in range(10, 26)}},
        fails={"environment": {f"V{index}": "é" * 1000 for index in range(10, 27)}},
        messages=(
            "endpoints.kmeans.environment: 34051 bytes of names and values; "
            "keep 32768 or fewer, the rest belongs into the artefact",
        ),
    ),
    Pair(
        container.environment_holds_no_secret,  # by name; MAX_TOKENS and TOKENIZER are common and harmless
        passes={"environment": {"MAX_TOKENS": "9", "TOKENIZER": "bpe", "SECRETARY": "x", "HF_TASK": "x"}},
        fails={"environment": {"DB_PASSWORD": "x", "hf_token": "x", "APIKEY": "x", "AWS_ACCESS_KEY_ID": "x"}},
        messages=tuple(
            f"endpoints.kmeans.environment.{name}: {_IN_CLEAR}"
            for name in ("DB_PASSWORD", "hf_token", "APIKEY", "AWS_ACCESS_KEY_ID")
        ),
    ),
    Pair(
        container.environment_holds_no_secret,  # by value
        passes={"environment": {"A": "AKIA", "B": "ghp_x", "C": "hf_x", "D": "-----BEGIN PUBLIC KEY"}},
        fails={
            "environment": {
                "A": f"AKIA{'0' * 16}",
                "B": f"ghp_{'x' * 36}",
                "C": f"hf_{'x' * 30}",
                "D": "-----BEGIN RSA PRIVATE KEY",
            }
        },
        messages=tuple(f"endpoints.kmeans.environment.{name}: {_IN_CLEAR}" for name in "ABCD"),
    ),
    Pair(
        container.environment_holds_no_secret,
        passes={"environment": {"TOKEN": "x"}, "relax": {"secret_like_environment": _REASON}},
        fails={"environment": {"TOKEN": "x"}, "relax": {"image_tag": _REASON}},
        messages=(f"endpoints.kmeans.environment.TOKEN: {_IN_CLEAR}",),
    ),
    Pair(
        callers.invokers_are_roles_of_the_account,
        passes={"invokers": [f"{_ROLE}/checkout-api", f"{_ROLE}/team/batch"]},
        fails={"invokers": [f"{_ROLE}/checkout-api", _FOREIGN_ROLE, _CHINESE_ROLE]},
        messages=(
            f"endpoints.kmeans.invokers[1]: {_ANOTHER_ACCOUNT.format(_FOREIGN_ROLE)}",
            f"endpoints.kmeans.invokers[2]: {_ANOTHER_ACCOUNT.format(_CHINESE_ROLE)}",
        ),
    ),
    Pair(
        callers.invokers_can_take_a_policy,
        passes={"invokers": [f"{_ROLE}/service-role/batch"]},
        fails={"invokers": [_LINKED_ROLE, _SSO_ROLE]},
        messages=(
            f"endpoints.kmeans.invokers[0]: {_UNCHANGEABLE.format(_LINKED_ROLE)}",
            f"endpoints.kmeans.invokers[1]: {_UNCHANGEABLE.format(_SSO_ROLE)}",
        ),
    ),
    Pair(
        access.readers_are_roles_of_the_account,
        passes={"data_capture": {"readers": [f"{_ROLE}/analyst"]}},
        fails={"data_capture": {"readers": [_FOREIGN_ROLE, _SSO_ROLE]}},
        messages=(
            f"endpoints.kmeans.data_capture.readers[0]: {_ANOTHER_ACCOUNT.format(_FOREIGN_ROLE)}",
            f"endpoints.kmeans.data_capture.readers[1]: {_UNCHANGEABLE.format(_SSO_ROLE)}",
        ),
    ),
    Pair(
        access.roles_are_named_once,  # the same role may invoke and read
        passes={"invokers": [f"{_ROLE}/a", f"{_ROLE}/b"], "data_capture": {"readers": [f"{_ROLE}/a"]}},
        fails={
            "invokers": [f"{_ROLE}/a", f"{_ROLE}/b", f"{_ROLE}/path/a"],
            "data_capture": {"readers": [f"{_ROLE}/c", f"{_ROLE}/c"]},
        },
        messages=(
            f'endpoints.kmeans.invokers[2]: the role is named twice, got "{_ROLE}/path/a"; take one of the two out',
            f'endpoints.kmeans.data_capture.readers[1]: the role is named twice, got "{_ROLE}/c"; '
            "take one of the two out",
        ),
    ),
    Pair(
        access.boundary_is_of_the_account,
        passes={"place": {"permissions_boundary_arn": "arn:aws:iam::111122223333:policy/ml-boundary"}},
        fails={"place": {"permissions_boundary_arn": "arn:aws:iam::444455556666:policy/ml-boundary"}},
        messages=(
            "environments.dev.permissions_boundary_arn: the policy is not of account 111122223333, "
            'got "arn:aws:iam::444455556666:policy/ml-boundary"; name a policy of this account',
        ),
    ),
    Pair(
        access.boundary_is_of_the_account,  # AWS's own policies are of every account
        passes={"place": {"permissions_boundary_arn": "arn:aws:iam::aws:policy/PowerUserAccess"}},
        fails={"place": {"permissions_boundary_arn": "arn:aws:iam::444455556666:policy/aws"}},
        messages=(
            "environments.dev.permissions_boundary_arn: the policy is not of account 111122223333, "
            'got "arn:aws:iam::444455556666:policy/aws"; name a policy of this account',
        ),
    ),
    Pair(
        encryption.key_is_in_the_region,
        passes={"kms": {"key_arn": _KEY}},
        fails={"kms": {"key_arn": _FOREIGN_KEY}},
        messages=(
            f'endpoints.kmeans.kms.key_arn: the key is not in region us-west-2, got "{_FOREIGN_KEY}"; '
            "name a key of that region, for one environment under environments.dev",
        ),
    ),
    Pair(
        encryption.settings_of_a_made_key_need_one,
        passes={"kms": {"rotation_period_in_days": 365, "deletion_window_in_days": 30}},
        fails={"kms": {"rotation_period_in_days": 365, "deletion_window_in_days": 30, "key_arn": _KEY}},
        messages=(
            "endpoints.kmeans.kms.rotation_period_in_days: has no effect on the existing key of key_arn, got 365; "
            "leave one of the two out",
            "endpoints.kmeans.kms.deletion_window_in_days: has no effect on the existing key of key_arn, got 30; "
            "leave one of the two out",
        ),
    ),
    Pair(
        capture.settings_of_a_made_bucket_need_one,
        passes={"data_capture": {"retention_days": 90, "readers": [f"{_ROLE}/a"]}},
        fails={"data_capture": {"retention_days": 90, "readers": [f"{_ROLE}/a"], "destination_s3_uri": "s3://mine/x"}},
        messages=(
            "endpoints.kmeans.data_capture.retention_days: has no effect on the existing bucket of "
            "destination_s3_uri, got 90; leave one of the two out",
            "endpoints.kmeans.data_capture.readers: has no effect on the existing bucket of "
            f'destination_s3_uri, got ["{_ROLE}/a"]; leave one of the two out',
        ),
    ),
    Pair(
        capture.relaxed_account_needs_an_artefact,
        passes={"relax": {"model_data_account": _REASON}},
        fails={"relax": {"model_data_account": _REASON}, "model_data_url": None},
        messages=(
            "endpoints.kmeans.relax.model_data_account: there is no model_data_url whose account could differ, "
            f'got "{_REASON}"; leave it out',
        ),
    ),
    Pair(
        access.relaxed_protections_are_shown,
        fails={"relax": {"network_isolation": _REASON, "prevent_destroy": _REASON}},
        messages=(
            f'endpoints.kmeans.relax.network_isolation: this protection is switched off, got "{_REASON}"; '
            "take the line out to switch it on again",
            f'endpoints.kmeans.relax.prevent_destroy: this protection is switched off, got "{_REASON}"; '
            "take the line out to switch it on again",
        ),
    ),
    Pair(
        encryption.local_storage_is_not_under_the_key,
        passes={"instance_type": "ml.m5.xlarge"},
        fails={"instance_type": "ml.m5d.xlarge"},
        messages=(
            "endpoints.kmeans.instance_type: has local NVMe storage, which the instance's own hardware encrypts and "
            'not your key, got "ml.m5d.xlarge"; choose a type without local storage if every byte has to be under '
            "your key",
        ),
    ),
    Pair(
        capture.something_is_recorded,
        passes={"data_capture": {"initial_sampling_percentage": 1}},
        fails={"data_capture": {"initial_sampling_percentage": 0}},
        messages=(
            "endpoints.kmeans.data_capture.initial_sampling_percentage: nothing is recorded, got 0; "
            "raise it, or say enable_capture = false",
        ),
    ),
    Pair(
        capture.something_is_recorded,  # whoever switches capture off has said so
        passes={"data_capture": {"initial_sampling_percentage": 0, "enable_capture": False}},
        fails={"data_capture": {"initial_sampling_percentage": 0, "enable_capture": True}},
        messages=(
            "endpoints.kmeans.data_capture.initial_sampling_percentage: nothing is recorded, got 0; "
            "raise it, or say enable_capture = false",
        ),
    ),
    Pair(
        capture.destination_is_apart_from_the_artefact,  # a prefix ends at a slash
        passes={
            "model_data_url": "s3://acme/models-old/m.tar.gz",
            "data_capture": {"destination_s3_uri": "s3://acme/models"},
        },
        fails={
            "model_data_url": "s3://acme/models/m.tar.gz",
            "data_capture": {"destination_s3_uri": "s3://acme/models/"},
        },
        messages=(
            "endpoints.kmeans.data_capture.destination_s3_uri: the model artefact lies under the same prefix, "
            'got "s3://acme/models/"; record under a prefix of its own',
        ),
    ),
]
_EACH = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.rule.__name__)


@_EACH
def test_a_configuration_that_keeps_the_rule_passes(pair: Pair) -> None:
    deployment = unchecked(**pair.passes)
    assert [str(problem) for problem in pair.rule(deployment)] == []
    # It keeps every other rule too, so that the pair differs in this rule alone.
    assert [str(problem) for problem in rules.errors(deployment)] == []


@_EACH
def test_a_configuration_that_breaks_the_rule_says_how_and_what_to_do(pair: Pair) -> None:
    assert tuple(str(problem) for problem in pair.rule(unchecked(**pair.fails))) == pair.messages


@_EACH
def test_errors_end_the_synth_and_warnings_do_not(pair: Pair) -> None:
    broken = unchecked(**pair.fails)
    if pair.rule in rules.WARNINGS:
        checked = Deployment(broken.project, broken.environment, broken.endpoint)
        found = [problem for problem in checked.warnings if str(problem) in pair.messages]
        assert {problem.severity for problem in found} == {"warning"}
    else:
        with pytest.raises(ConfigurationError) as raised:
            Deployment(broken.project, broken.environment, broken.endpoint)
        found = [problem for problem in raised.value.problems if str(problem) in pair.messages]
        assert {problem.severity for problem in found} == {"error"}
    assert len(found) == len(pair.messages)


def test_every_rule_has_a_pair() -> None:
    assert {pair.rule for pair in PAIRS} == {*rules.ERRORS, *rules.WARNINGS}


def test_every_function_of_the_rules_is_applied_once() -> None:
    # A rule that is written and not listed would never be asked.
    written = [
        function
        for module in (naming, container, access, encryption, capture)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]
    listed = [*rules.ERRORS, *rules.WARNINGS]
    assert {*written} == {*listed}
    assert len(listed) == len({*listed})


def test_the_example_breaks_no_rule() -> None:
    deployment = unchecked()
    assert [str(problem) for rule in (*rules.ERRORS, *rules.WARNINGS) for problem in rule(deployment)] == []


@pytest.mark.parametrize("rule", [*rules.ERRORS, *rules.WARNINGS], ids=lambda rule: rule.__name__)
def test_every_rule_says_why_it_is_there(rule: rules.Rule) -> None:
    assert (rule.__doc__ or "").strip().endswith(".")
