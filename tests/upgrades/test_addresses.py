"""An upgrade keeps every resource: the examples of earlier releases have the same states, addresses and names today.

What had to change is listed here, and in docs/upgrading.md with what a user does about it.
"""

import json
from pathlib import Path

import pytest

from tests.support import write_stacks
from tests.upgrades.contract import RELEASES, RESOURCES, Json, changes, stacks_of

_RECORDED: dict[str, dict[str, Json]] = {
    f"{release.name}/{example}": stacks
    for release in sorted(RELEASES.iterdir())
    for example, stacks in json.loads((release / RESOURCES).read_text()).items()
}
# By release and example: texts of endpoints.toml that the upgrade requires to replace.
_REPLACED_TEXTS = {
    "0.15.0/everything": (
        'secret_like_environment = "the name only looks like a secret"',
        'secret_like_environment = { SESSION_TOKEN = "the name only looks like a secret" }',
    )
}
# By release, example and stack: resources that an upgrade deletes.
_DELETED = {
    # In an environment with a managed state bucket, the boundary of the environment replaces that of the endpoint.
    "0.15.0/state/prod-kmeans": ["aws_iam_policy.Role_Boundary_0740AD92 is gone; Terraform would destroy it"]
}


@pytest.mark.parametrize("example", _RECORDED)
def test_the_example_of_a_release_keeps_its_states_addresses_and_names(example: str, tmp_path: Path) -> None:
    file = tmp_path / "endpoints.toml"
    text = (RELEASES / f"{example}.toml").read_text()
    old, new = _REPLACED_TEXTS.get(example, ("", ""))
    assert old in text
    file.write_text(text.replace(old, new) if old else text)
    write_stacks(file, tmp_path)
    today = stacks_of(tmp_path)
    for stack, before in _RECORDED[example].items():
        assert stack in today
        assert changes(before, today[stack], _moves(tmp_path, stack)) == _DELETED.get(f"{example}/{stack}", [])


def test_every_recorded_release_has_stacks_and_every_exception_is_of_one() -> None:
    assert all(stack["resources"] for stacks in _RECORDED.values() for stack in stacks.values())
    assert {*_REPLACED_TEXTS, *(name.rpartition("/")[0] for name in _DELETED)} <= _RECORDED.keys()


_STATE: Json = {"backend": {"local": {"path": "a"}}}
_KEY: Json = {"aws_kms_key.Key": {}}
_BUCKET: Json = {"aws_s3_bucket.Capture": {"bucket": "a"}}
_BEFORE: Json = {"state": _STATE, "resources": {**_KEY, **_BUCKET}}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"state": {"backend": {"local": {"path": "b"}}}}, "the state is {'backend': {'local': {'path': 'b'}}}, was "),
        ({"resources": _BUCKET}, "aws_kms_key.Key is gone; "),
        ({"resources": {**_KEY, "aws_s3_bucket.Capture": {"bucket": "b"}}}, "aws_s3_bucket.Capture is named "),
    ],
    ids=["state", "address", "name"],
)
def test_another_state_address_or_name_is_reported(changed: Json, message: str) -> None:
    (found,) = changes(_BEFORE, {**_BEFORE, **changed}, {})
    assert found.startswith(message)


def test_an_address_that_comes_with_a_moved_block_is_kept() -> None:
    moved = {"state": _STATE, "resources": {"aws_kms_key.New": {}, **_BUCKET}}
    assert changes(_BEFORE, moved, {"aws_kms_key.Key": "aws_kms_key.New"}) == []
    assert changes(_BEFORE, _BEFORE, {}) == []


def _moves(outdir: Path, stack: str) -> dict[str, str]:
    content = json.loads((outdir / "stacks" / stack / "cdk.tf.json").read_text())
    return {move["from"]: move["to"] for move in content.get("moved", [])}
