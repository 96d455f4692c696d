"""docs/dashboard.md: its picture is up to date and well-formed, and its examples run."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

from protected_endpoints.config import Endpoint, Environment
from protected_endpoints.deployment.dashboard_widgets import MAX_METRICS, MAX_WIDGETS
from sandbox.draw_dashboard import example
from tests.examples import EXAMPLES, ROOT

_PAGE = (ROOT / "docs" / "dashboard.md").read_text(encoding="utf-8")
_PICTURE = ROOT / "docs" / "dashboard.svg"
_COMMAND = "python -m sandbox.draw_dashboard > docs/dashboard.svg"


def _block(language: str) -> str:
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", _PAGE, flags=re.MULTILINE | re.DOTALL)
    return str(block)


def test_the_picture_is_up_to_date() -> None:
    assert _PICTURE.read_text(encoding="utf-8") == example(), (
        "run: python -m sandbox.draw_dashboard > docs/dashboard.svg"
    )


def test_the_picture_is_well_formed_and_has_a_title_and_a_dark_mode() -> None:
    picture = ElementTree.parse(_PICTURE).getroot()  # noqa: S314  reason: a file of this repository
    space = "{http://www.w3.org/2000/svg}"
    assert picture.findtext(f"{space}title") == "The CloudWatch dashboard acme-prod-scoring, with invented values"
    assert "prefers-color-scheme:dark" in str(picture.findtext(f"{space}style"))
    assert len(picture.findall(f"{space}g")) > 10


def test_everything_in_the_picture_is_inside_its_card() -> None:
    for card in ElementTree.parse(_PICTURE).getroot().findall("{http://www.w3.org/2000/svg}g"):  # noqa: S314
        (frame, *shapes) = [*card]
        width, height = float(frame.attrib["width"]), float(frame.attrib["height"])
        for shape in shapes:
            points = [point.split(",") for point in shape.attrib.get("points", "").split()]
            across = [float(shape.attrib[name]) for name in ("x", "x1", "x2") if name in shape.attrib]
            down = [float(shape.attrib[name]) for name in ("y", "y1", "y2") if name in shape.attrib]
            assert all(0 <= value <= width for value in (*across, *(float(x) for x, _ in points)))
            assert all(0 <= value <= height for value in (*down, *(float(y) for _, y in points)))


def test_the_tables_of_the_page_are_valid() -> None:
    tables = tomllib.loads(_block("toml"))
    environment = Environment.model_validate({"name": "prod", **tables["environments"]["prod"]})
    assert environment.has_operations_stack
    assert environment.alarms.create_topic
    assert {*tables["endpoints"]["fraud"]} <= {*Endpoint.model_fields}


def test_the_python_of_the_page_runs(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES["example"], tmp_path / "endpoints.toml")
    (tmp_path / "main.py").write_text(_block("python"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "modules")}
    subprocess.run([sys.executable, "main.py"], cwd=tmp_path, env=environment, check=True)
    stack = json.loads((tmp_path / "cdktf.out" / "stacks" / "dev-kmeans" / "cdk.tf.json").read_text())["resource"]
    alarm = stack["aws_cloudwatch_metric_alarm"]["SlowMedian"]
    assert (alarm["metric_name"], alarm["extended_statistic"], alarm["period"]) == ("ModelLatency", "p50", 60)
    body = json.loads(stack["aws_cloudwatch_dashboard"]["Requests"]["dashboard_body"])
    assert body["widgets"][0]["properties"]["metrics"][0][-1] == {"label": "kmeans", "period": 60, "stat": "Sum"}


def test_the_page_names_the_limits_of_cloudwatch() -> None:
    assert f"{MAX_WIDGETS} widgets and {MAX_METRICS:,} metrics" in " ".join(_PAGE.split())
