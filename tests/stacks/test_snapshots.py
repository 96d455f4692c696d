"""The synthesized output of each example, as a golden file: `make snapshots` writes them, a diff reviews them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import EXAMPLES, ROOT
from tests.support import write_stacks

_UPDATE = bool(os.environ.get("UPDATE_SNAPSHOTS"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_output_is_the_one_that_was_reviewed(name: str, tmp_path: Path) -> None:
    golden = Path(__file__).parent.parent / "snapshots" / name
    written = _synthesized(EXAMPLES[name], tmp_path)
    if _UPDATE:
        golden.mkdir(exist_ok=True)
        for old in golden.glob("*.json"):
            old.unlink()
        for stack, text in written.items():
            (golden / f"{stack}.json").write_text(text)
    expected = {file.stem: file.read_text() for file in golden.glob("*.json")}
    assert expected, f"there is no golden file in {golden}; run: make snapshots"
    assert written == expected, "the output changed; if it is meant: make snapshots, and review the diff"


def test_the_output_does_not_depend_on_the_folder(tmp_path: Path) -> None:
    for name, file in EXAMPLES.items():
        one, other = (_synthesized(file, tmp_path / f"{name}-{each}") for each in ("one", "other"))
        assert one == other


def test_the_program_writes_these_stacks_and_no_others(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES["network"], tmp_path / "endpoints.toml")
    subprocess.run([sys.executable, str(ROOT / "main.py")], cwd=tmp_path, check=True)
    assert _read(tmp_path / "cdktf.out") == _synthesized(EXAMPLES["network"], tmp_path / "here")


def _synthesized(file: Path, outdir: Path) -> dict[str, str]:
    write_stacks(file, outdir)
    return _read(outdir)


def _read(outdir: Path) -> dict[str, str]:
    return {path.parent.name: path.read_text() for path in sorted(outdir.glob("stacks/*/cdk.tf.json"))}
