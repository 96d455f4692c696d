"""A review or a scan that read nothing is not a measurement."""

import json
from pathlib import Path

import pytest

from bench.reviews import require_results

_REVIEW = "30 created · 81 permissions added"


def _results(folder: Path, review: str, passed: int) -> tuple[Path, Path]:
    files = folder / "review.md", folder / "scan.json"
    files[0].write_text(review)
    files[1].write_text(json.dumps({"summary": {"passed": passed}}))
    return files


def test_both_have_read_the_plan(tmp_path: Path) -> None:
    require_results(*_results(tmp_path, _REVIEW, 40))


def test_a_review_without_the_resources_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="does not have every resource"):
        require_results(*_results(tmp_path, "29 created", 40))


def test_a_scan_without_a_passed_check_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="checkov has no result"):
        require_results(*_results(tmp_path, _REVIEW, 0))
