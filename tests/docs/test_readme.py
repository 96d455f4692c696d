"""The README is true: its commands exist, its example loads, its code runs, and its links lead to every page."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading.load import load
from tests.examples import EXAMPLES, ROOT

README = (ROOT / "README.md").read_text()


def _blocks(language: str) -> list[str]:
    """Return the code blocks of a language, without the indentation of a list."""
    blocks = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", README, flags=re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in blocks]


def test_the_documentation_names_every_make_target_and_no_other() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([\w-]+):.*## ", makefile, flags=re.MULTILINE)) - {"help"}
    described = "".join(page.read_text(encoding="utf-8") for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")))
    assert set(re.findall(r"[`\n]make ([a-z]+(?:-[a-z]+)*)", described)) == targets


def test_make_alone_lists_the_commands() -> None:
    listed = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "deploy the example for real on an emulator" in listed
    assert len(listed.splitlines()) >= 10


def test_the_first_endpoint_is_the_example() -> None:
    (first, *_) = _blocks("toml")
    in_readme, example = tomllib.loads(first), tomllib.loads(EXAMPLES["example"].read_text())
    del example["endpoints"]["kmeans"]["data_capture"]  # its values are the defaults
    assert in_readme == example


def test_the_example_of_scaling_and_alarms_extends_the_first_endpoint(tmp_path: Path) -> None:
    first, operations, *_ = _blocks("toml")
    file = tmp_path / "endpoints.toml"
    file.write_text(first.replace("initial_instance_count = 1\n", "") + operations)
    (deployment,) = load(file).deployments
    (target,) = deployment.scaling_targets
    assert (target.min_capacity, target.max_capacity) == (2, 10)
    thresholds = {alarm.name: alarm.threshold for alarm in deployment.metric_alarms}
    assert thresholds["acme-dev-kmeans/latency"] == 2_000_000
    assert deployment.alarm_topic_arn == "arn:aws:sns:us-west-2:111122223333:acme-dev-alarms"
    # As the text says: a canary with both managed alarms.
    assert deployment.rollback_alarms == ("acme-dev-kmeans/rollback-errors", "acme-dev-kmeans/rollback-latency")
    assert deployment.rollout
    assert deployment.rollout.blue_green_update_policy
    assert deployment.rollout.blue_green_update_policy.traffic_routing_configuration.type == "CANARY"


def test_the_error_is_the_one_of_the_loader(tmp_path: Path) -> None:
    (in_readme,) = (text for text in _blocks("text") if "did you mean" in text)
    file = tmp_path / "endpoints.toml"
    file.write_text(EXAMPLES["example"].read_text().replace('"ml.m4.xlarge"', '"m5.xlarge"'))
    with pytest.raises(ConfigurationError) as error:
        load(file)
    assert str(error.value) == in_readme.strip()


def test_the_message_of_a_rollback_is_the_one_of_the_postcondition() -> None:
    (in_readme,) = (text for text in _blocks("text") if "rolled endpoint" in text)
    snapshot = json.loads((ROOT / "tests" / "snapshots" / "example" / "dev-kmeans.json").read_text())
    (condition,) = snapshot["resource"]["aws_sagemaker_endpoint"]["Endpoint"]["lifecycle"]["postcondition"]
    assert " ".join(in_readme.split()) == condition["error_message"]


@pytest.mark.parametrize("target", ["deploy", "destroy STACK=dev-kmeans"])
def test_a_failed_command_names_the_pages_that_explain_it(target: str) -> None:
    recipe = subprocess.run(
        ["make", "-n", *target.split()], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {"docs/state.md", "docs/failures.md"} <= set(re.findall(r"docs/\w+\.md", recipe))


def test_the_python_example_synthesizes_the_endpoint_with_its_invoker(tmp_path: Path) -> None:
    (code,) = _blocks("python")
    subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT / "modules")}, check=True
    )
    stack = json.loads((tmp_path / "cdktf.out" / "stacks" / "dev-kmeans" / "cdk.tf.json").read_text())
    (attachment,) = stack["resource"]["aws_iam_role_policy_attachment"].values()
    assert attachment["role"] == "checkout-api"


def test_the_first_page_is_short() -> None:
    assert len(README.splitlines()) < 250


def test_every_page_is_in_the_index_and_every_example_in_the_page_of_types() -> None:
    pages = {page.name for page in ROOT.glob("docs/*.md")} - {"README.md"}
    assert pages - _links("docs/README.md") == set()
    assert {page.name for page in ROOT.glob("*.md")} - {"README.md"} - _links("README.md") == set()
    examples = {f"../examples/{example.name}" for example in ROOT.glob("examples/*.toml")}
    assert examples - _links("docs/endpoints.md") == set()


def _links(page: str) -> set[str]:
    return set(re.findall(r"\]\(([^)#]+)", (ROOT / page).read_text(encoding="utf-8")))


def test_every_relaxation_is_in_the_table_of_protections() -> None:
    table = README.partition("## What is protected")[2].partition("## Reviewing")[0]
    relaxations = json.loads((ROOT / "endpoints.schema.json").read_text())["$defs"]["Relax"]["properties"]
    assert {name for name in relaxations if f"`relax.{name}`" not in table} == set()
