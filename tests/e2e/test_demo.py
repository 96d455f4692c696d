"""`make demo` shows what it announces, and deletes everything that it creates."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_demonstration_deploys_changes_and_destroys_and_leaves_nothing(
    tmp_path: Path, sharing_variables: dict[str, str]
) -> None:
    before = _left(tmp_path)
    finished = subprocess.run(
        [sys.executable, "-m", "sandbox.demo"],
        cwd=ROOT,
        env={**os.environ, **sharing_variables, "TMPDIR": str(tmp_path), "AWS_PROFILE": "must-not-be-read"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    for shown in (
        "The endpoint is deployed. Outputs:",
        "closest_cluster",
        "Denied for stranger, a role without the invoke policy: AccessDeniedException",
        "Denied for checkout-api without TLS: AccessDeniedException",
        "checkout-api requests a response stream and receives 2 parts, one per line: {",
        "Denied for stranger, as a response stream: AccessDeniedException",
        "After 3 simulated minutes, the scaling policy has started 2 more: 4 instances, 70 requests for each.",
        "After 15 simulated minutes without load, it has stopped them: 2 instances.",
        "A second plan contains no changes, although the endpoint was scaled.",
        "acme-dev-kmeans/rollback-errors, which watches the new instances alone, rolled the update back.",
        "Error: waiting for SageMaker AI Endpoint (acme-dev-kmeans) update: unexpected state 'RollingBack'",
        "The endpoint was updated in place",
        "Terraform refused: prevent_destroy protects the key and the bucket",
        "The demo leaves no process, state or file behind.",
    ):
        assert shown in finished.stdout
    assert _left(tmp_path) == before


def test_a_demonstration_that_fails_says_why_and_keeps_its_logs(tmp_path: Path) -> None:
    nothing = tmp_path / "bin"
    nothing.mkdir()
    (nothing / "terraform").write_text("#!/bin/sh\necho 'no terraform today' >&2\nexit 3\n")
    (nothing / "terraform").chmod(0o755)
    # The virtual environment and the CDKTF command line come first on the demonstration's PATH, then this one.
    finished = subprocess.run(
        [sys.executable, "-m", "sandbox.demo"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path), "PATH": f"{nothing}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert "Traceback" not in finished.stderr
    assert "The demonstration failed: cdktf deploy ended with exit code 1" in finished.stderr
    (kept,) = tmp_path.glob("protected-endpoints-*")
    assert f"including logs, are in {kept}" in finished.stderr
    assert (kept / "1-cdktf-deploy.log").read_text()


def _left(scratch: Path) -> tuple[set[Path], str, int]:
    """Return the temporary files, the state of the checkout and the emulators that run."""
    status = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True)
    running = [
        process
        for process in Path("/proc").glob("[0-9]*/cmdline")
        if b"sandbox.server" in _content(process) and str(scratch).encode() in _content(process)
    ]
    return {*Path(tempfile.gettempdir()).glob("protected-endpoints-*"), *scratch.iterdir()}, status.stdout, len(running)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # the process has ended in between
        return b""
