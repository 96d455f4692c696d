"""`make review` deploys, changes, plans and reviews the example, and deletes everything that it creates."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_a_change_that_weakens_protections_is_planned_reviewed_and_blocked(
    tmp_path: Path, sharing_variables: dict[str, str]
) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "sandbox.review"],
        cwd=ROOT,
        env={**os.environ, **sharing_variables, "TMPDIR": str(tmp_path), "AWS_PROFILE": "must-not-be-read"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    _, _, review = finished.stdout.partition("Reviewing the plan: ")
    for text in ("isolation-off", "capture-reduced", "role/stranger", "acme-dev-kmeans", "pull request is blocked"):
        assert text in review
    assert list(tmp_path.iterdir()) == []
