"""With CDK Terrain, every example synthesizes to its golden files, which CDKTF wrote."""

import os
import subprocess
from pathlib import Path

import pytest

from protected_endpoints.review.admission.folder import folder_problems
from protected_endpoints.review.plan.synthesized import changed_stacks
from tests.cdktn.support import python, without_framework
from tests.examples import EXAMPLES, ROOT
from tests.support import write_stacks

_SYNTHESIZE = """
import sys
from pathlib import Path
from tests.examples import EXAMPLES
from tests.support import write_stacks
for name, file in EXAMPLES.items():
    write_stacks(file, Path(sys.argv[1]) / name)
"""


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the output of each example."""
    folder = tmp_path_factory.mktemp("cdktn")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "modules")])
    subprocess.run([python(), "-c", _SYNTHESIZE, folder], env={**os.environ, "PYTHONPATH": paths}, check=True)
    return folder


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_stacks_are_those_of_cdktf(name: str, synthesized: Path) -> None:
    golden = {file.stem: file.read_text() for file in (ROOT / "tests" / "snapshots" / name).glob("*.json")}
    stacks = {file.parent.name: file.read_text() for file in (synthesized / name).glob("stacks/*/cdk.tf.json")}
    assert {stack: without_framework(text) for stack, text in stacks.items()} == {
        stack: without_framework(text) for stack, text in golden.items()
    }
    assert {stack for stack, text in stacks.items() if text == golden[stack]} == set()  # CDK Terrain wrote them


def test_the_review_sees_no_change_and_admits_every_stack(synthesized: Path, tmp_path: Path) -> None:
    write_stacks(EXAMPLES["everything"], tmp_path)
    assert changed_stacks(tmp_path, synthesized / "everything") == []
    problems = folder_problems(synthesized / "everything")
    assert {"folder", "prod-fraud", "prod-relaxed"} == problems.keys()
    assert not any(problems.values())
