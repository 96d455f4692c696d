"""A stack has the state and the tags of its name."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from protected_endpoints.review.admission.folder import FOLDER, folder_problems
from protected_endpoints.review.admission.own_stack import own_stack_problems
from tests.examples import ROOT
from tests.review.admission.folders import STACK, Folder, create
from tests.support import Json

_S3 = {"bucket": "acme-states", "encrypt": True, "region": "us-west-2", "use_lockfile": True}
_CLOUD = {"hostname": "app.terraform.io", "organization": "acme"}


def _tags(stack: Json) -> Json:
    tags: Json = stack["provider"]["aws"][0]["default_tags"][0]["tags"]
    return tags


def _cloud(stack: Json) -> None:
    del stack["terraform"]["backend"]
    stack["terraform"]["cloud"] = {**_CLOUD, "workspaces": {"name": "acme-prod-scoring"}}


_CHANGED: dict[str, tuple[Callable[[Json], None], str]] = {
    "local state of another stack": (
        lambda stack: stack["terraform"]["backend"]["local"].update(path="../../../terraform.dev-fraud.tfstate"),
        "backend.local.path",
    ),
    "local state elsewhere": (
        lambda stack: stack["terraform"]["backend"]["local"].update(path="/tmp/dev-scoring.tfstate"),  # noqa: S108  # reason: is not written
        "backend.local.path",
    ),
    "state in S3 of another stack": (
        lambda stack: stack["terraform"].update(backend={"s3": {**_S3, "key": "acme/prod-scoring.tfstate"}}),
        "backend.s3.key",
    ),
    "state in S3 of another project": (
        lambda stack: stack["terraform"].update(backend={"s3": {**_S3, "key": "other/dev-scoring.tfstate"}}),
        "backend.s3.key",
    ),
    "workspace of another stack": (_cloud, "cloud.workspaces.name"),
    "tags of another environment": (lambda stack: _tags(stack).update(environment="prod"), "aws.default_tags.tags"),
    "tags of another endpoint": (lambda stack: _tags(stack).update(endpoint="fraud"), "aws.default_tags.tags"),
    "tags of a shared stack": (lambda stack: _tags(stack).pop("endpoint"), "aws.default_tags.tags"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return create(tmp_path / "cdktf.out")


@pytest.mark.parametrize("name", _CHANGED)
def test_what_belongs_to_another_stack_is_not_admitted(folder: Folder, name: str) -> None:
    edit, argument = _CHANGED[name]
    folder.change(edit)
    assert argument in [problem.argument for problem in folder_problems(folder.path)[STACK]]


@pytest.mark.parametrize("key", ["name", "workingDirectory", "synthesizedStackPath"])
def test_a_manifest_names_the_folder_of_each_stack(folder: Folder, key: str) -> None:
    assert folder_problems(folder.path)[FOLDER] == []
    manifest = json.loads((folder.path / "manifest.json").read_text(encoding="utf-8"))
    manifest["stacks"][STACK][key] = "../elsewhere"
    (folder.path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert [problem.argument for problem in folder_problems(folder.path)[FOLDER]] == [f"stacks.{STACK}.{key}"]


def test_every_snapshot_has_its_own_state_and_tags() -> None:
    for file in (ROOT / "tests" / "snapshots").glob("*/*.json"):
        assert [*own_stack_problems(json.loads(file.read_text(encoding="utf-8")), file.stem)] == [], file
