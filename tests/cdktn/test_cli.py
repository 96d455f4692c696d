"""The command line of CDKTF synthesizes with CDK Terrain, so that packages and command line can move apart."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.cdktn.support import python
from tests.examples import EXAMPLES, ROOT


def test_the_command_line_of_cdktf_synthesizes_with_cdk_terrain(tmp_path: Path) -> None:
    for file in ("main.py", "cdktf.json"):
        shutil.copy(ROOT / file, tmp_path)
    shutil.copy(EXAMPLES["example"], tmp_path / "endpoints.toml")
    (tmp_path / "modules").symlink_to(ROOT / "modules")
    tools = [str(python().parent), str(ROOT / "node_modules" / ".bin")]
    environment = {**os.environ, "PATH": os.pathsep.join([*tools, os.environ["PATH"]]), "CI": "1"}
    finished = subprocess.run(
        ["cdktf", "synth"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "Generated Terraform code for the stacks: dev-kmeans" in finished.stdout
    assert '"version": "0.24.0"' in (tmp_path / "cdktf.out" / "manifest.json").read_text()
