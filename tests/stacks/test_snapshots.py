"""The synthesized output of each example equals its golden file. `make snapshots` rewrites the golden files."""

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
def test_the_output_equals_the_golden_files(name: str, tmp_path: Path) -> None:
    golden = Path(__file__).parent.parent / "snapshots" / name
    output = _synthesized(EXAMPLES[name], tmp_path)
    if _UPDATE:
        golden.mkdir(exist_ok=True)
        for old in golden.glob("*.json"):
            old.unlink()
        for stack, text in output.items():
            (golden / f"{stack}.json").write_text(text)
    expected = {file.stem: file.read_text() for file in golden.glob("*.json")}
    assert expected, f"there is no golden file in {golden}; run: make snapshots"
    assert output == expected, "the output changed; if that is intended, run: make snapshots, and review the diff"


def test_the_output_does_not_depend_on_the_folder(tmp_path: Path) -> None:
    for name, file in EXAMPLES.items():
        one, other = (_synthesized(file, tmp_path / f"{name}-{folder}") for folder in ("one", "other"))
        assert one == other


def test_main_py_writes_the_same_stacks(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES["network"], tmp_path / "endpoints.toml")
    subprocess.run([sys.executable, str(ROOT / "main.py")], cwd=tmp_path, check=True)
    assert _read(tmp_path / "cdktf.out") == _synthesized(EXAMPLES["network"], tmp_path / "expected")


def _synthesized(file: Path, outdir: Path) -> dict[str, str]:
    write_stacks(file, outdir)
    return _read(outdir)


def _read(outdir: Path) -> dict[str, str]:
    return {path.parent.name: path.read_text() for path in sorted(outdir.glob("stacks/*/cdk.tf.json"))}
