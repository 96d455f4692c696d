"""The command line of the review: commands, exit codes, one message per error, and no installed package."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import EXAMPLES, ROOT
from tests.measured import assert_cpu_below
from tests.review.fragments import NEW_FIRST, change, configuration, raw
from tests.support import write_stacks

_ENDPOINT = "aws_sagemaker_endpoint.Endpoint"
_OPENED = {"aws_sagemaker_model.Model": (NEW_FIRST, {"name": "b", "enable_network_isolation": False})}


def _run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the review without any installed package."""
    return subprocess.run(
        [sys.executable, "-S", "-m", "protected_endpoints.review", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def _file(folder: Path, content: object, name: str = "dev-kmeans.json") -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


@pytest.mark.parametrize(("changed", "code"), [({}, 0), ({_ENDPOINT: {"tags": {"a": "b"}}}, 0), (_OPENED, 2)])
def test_the_exit_code_shows_whether_a_finding_blocks(tmp_path: Path, changed: dict[str, object], code: int) -> None:
    done = _run(_file(tmp_path, raw(changed)))
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.startswith('<!-- endpoint-review {"stacks": ["dev-kmeans"]')


def test_it_writes_to_a_file_and_to_the_summary_of_the_job(tmp_path: Path) -> None:
    summary, output = tmp_path / "summary.md", tmp_path / "review.md"
    summary.write_text("before\n")
    done = _run(_file(tmp_path, raw(_OPENED)), "--output", output, GITHUB_STEP_SUMMARY=str(summary))
    assert (done.returncode, done.stdout) == (2, "")
    assert summary.read_text() == f"before\n{output.read_text()}"


def test_it_writes_json_and_sarif_beside_the_markdown(tmp_path: Path) -> None:
    files = {format_: tmp_path / f"review.{format_}" for format_ in ("json", "sarif")}
    options = [argument for format_, file in files.items() for argument in (f"--{format_}", file)]
    done = _run(_file(tmp_path, raw(_OPENED)), *options)
    assert (done.returncode, done.stderr) == (2, "")
    report = json.loads(files["json"].read_text(encoding="utf-8"))
    assert report["blocked"] is True
    assert f'"fingerprint": "{report["fingerprint"]}"' in done.stdout
    (run,) = json.loads(files["sarif"].read_text(encoding="utf-8"))["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["isolation-off"]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert _run("diff", empty, empty, *options).returncode == 0
    assert json.loads(files["json"].read_text(encoding="utf-8"))["stacks"] == []


def test_a_finding_that_review_toml_acknowledges_does_not_block(tmp_path: Path) -> None:
    file, today = _file(tmp_path, raw(_OPENED)), ("--today", "2026-12-01")
    (block,) = re.findall(r"(?s)```toml\n(.*?)\n```", _run(file, *today).stdout)
    acknowledged = _file(tmp_path, block.replace('""', '"it calls the feature store"'), "review.toml")
    options = (file, "--acknowledged", acknowledged, "--today")
    assert _run(*options, "2026-12-31").returncode == 0
    assert _run(*options, "2027-01-01").returncode == 2
    early = _run(*options, "2026-10-01")
    assert (early.returncode, early.stdout) == (1, "")
    assert early.stderr == (
        f"{acknowledged}: acknowledged[0].expires: must be at most 90 days ahead, got 2026-12-31; "
        "set expires = 2026-12-30 or an earlier day\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not valid JSON"),
        (json.dumps(raw())[:-100], "not valid JSON"),
        ("[1, 2]", "not a Terraform plan"),
        ('{"format_version": "1.2", "values": {}}', "not a Terraform plan"),
        (json.dumps({**raw(), "format_version": "2.0"}), "format_version must be 1.x, got '2.0'"),
        (json.dumps({**raw(), "format_version": "0.2"}), "got '0.2'; plan again with Terraform 1.10 or newer"),
        (json.dumps({**raw(), "format_version": 1}), "not a Terraform plan"),
        ('{"format_version": "1.2", "resource_changes": ' + "[" * 400 + "]" * 400 + "}", "nested too deeply"),
        ("[" * 100_000, "dev-kmeans.json: n"),
    ],
)
def test_an_invalid_plan_is_one_message(tmp_path: Path, content: str, message: str) -> None:
    done = _run(_file(tmp_path, content))
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_file_is_one_message(tmp_path: Path) -> None:
    done = _run(tmp_path / "plan.json")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "cannot be read (No such file or directory)" in done.stderr


def test_verify_accepts_only_a_plan_that_makes_the_reviewed_changes(tmp_path: Path) -> None:
    reviewed = _run(_file(tmp_path, raw(_OPENED))).stdout
    print_ = json.loads(reviewed.splitlines()[0].removeprefix("<!-- endpoint-review ").removesuffix(" -->"))[
        "fingerprint"
    ]
    # Versions, times and unchanged resources are not part of the fingerprint.
    again = {**raw(_OPENED, change("aws_x.X", {"a": 1}, {"a": 1}, ("no-op",))), "timestamp": "2026-11-23T00:00:00Z"}
    file = _file(tmp_path, {**again, "terraform_version": "1.12.0"})
    assert _run("verify", file, "--fingerprint", print_).returncode == 0
    assert _run("verify", file, "--fingerprint", print_[:16]).returncode == 0
    command = {"address": "terraform_data.T", "provisioners": [{"expressions": {"command": "another"}}]}
    resource = change("terraform_data.T", None, {"input": "a"}, ("create",))
    runs = {**raw(_OPENED, resource), "configuration": {"root_module": {"resources": [command]}}}
    assert _run("verify", _file(tmp_path, runs), "--fingerprint", print_).returncode == 2
    other = _run("verify", _file(tmp_path, raw({"aws_kms_key.Key": {"tags": {"a": "b"}}})), "--fingerprint", print_)
    assert other.returncode == 2
    assert "the plan differs from the reviewed plan" in other.stderr
    assert _run("verify", file, "--fingerprint", "").returncode == 1


@pytest.mark.parametrize("command", [(), ("verify", "--fingerprint", "0" * 64)])
def test_two_plans_of_the_same_stack_are_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    files = []
    for name, content in (("dev", raw(_OPENED)), ("prod", raw())):
        (tmp_path / name).mkdir()
        files.append(_file(tmp_path / name, content))
    done = _run(*command, *files)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{files[1]}: same stack name as {files[0]}, got dev-kmeans; name each file after its stack\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [(), ("--unknown",), ("verify", "plan.json"), ("diff", "base"), ("plan.json", "--today", "never")],
)
def test_an_invalid_command_line_has_another_exit_code_than_a_blocking_finding(arguments: tuple[str, ...]) -> None:
    done = _run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("usage: python -m protected_endpoints.review")


def test_an_output_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    file, nowhere = _file(tmp_path, raw()), tmp_path / "no" / "review.md"
    full = f"{sys.executable} -S -m protected_endpoints.review {file} >/dev/full"
    for done, message in (
        (_run(file, "--output", nowhere), f"{nowhere}: cannot be written (No such file or directory); set --output"),
        (_run(file, "--json", nowhere), f"{nowhere}: cannot be written (No such file or directory); set --json"),
        (_run(file, GITHUB_STEP_SUMMARY=str(tmp_path)), f"{tmp_path}: cannot be written (Is a directory); correct"),
        (subprocess.run(full, shell=True, cwd=ROOT, capture_output=True, text=True, check=False), "standard output: "),  # noqa: S602  # a path of this test
    ):
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
        assert done.stderr.startswith(message)


def test_the_workflow_script_does_not_read_the_fingerprint_of_an_earlier_review(tmp_path: Path) -> None:
    earlier = tmp_path / "review.md"
    earlier.write_text('<!-- endpoint-review {"stacks": [], "fingerprint": "0123456789abcdef"} -->\n')
    done = subprocess.run(
        [ROOT / ".github" / "scripts" / "review.sh", earlier, _file(tmp_path, "damaged")],
        cwd=ROOT,
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, earlier.exists()) == (1, "", False)


def test_a_number_that_terraform_does_not_write_is_refused(tmp_path: Path) -> None:
    for number in ("9" * 400, "9" * 5_000, "NaN", "Infinity"):
        done = _run(_file(tmp_path, json.dumps(raw(_OPENED)).replace(": 2", f": {number}")))
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)


def test_two_synthesized_folders_are_compared_without_credentials(tmp_path: Path) -> None:
    text = EXAMPLES["example"].read_text()
    relaxed = text.replace("[endpoints.kmeans]\n", '[endpoints.kmeans]\nrelax.network_isolation = "it calls a store"\n')
    folders = []
    for name, content in (("base", text), ("head", relaxed)):
        (tmp_path / name).mkdir()
        write_stacks(_file(tmp_path / name, content, "endpoints.toml"), tmp_path / name / "cdktf.out")
        folders.append(tmp_path / name / "cdktf.out")
    base, head = folders
    done = _run("diff", base, head)
    assert done.returncode == 2, done.stderr
    assert "`isolation-off`" in done.stdout
    assert "is updated in place without downtime (blue/green" in done.stdout
    assert "`rollback-unseen`" not in done.stdout
    file = head / "stacks" / "dev-kmeans" / "cdk.tf.json"
    file.write_text(file.read_text().replace("self.endpoint_config_name", "self.name"))
    assert "`rollback-unseen`" in _run("diff", base, head).stdout
    assert _run("changed", base, head).stdout == "dev-kmeans\n"
    assert (_run("changed", base, base).stdout, _run("diff", base, base).returncode) == ("", 0)


def test_two_folders_show_that_rollback_alarms_replace_an_endpoint_unless_they_are_the_default(tmp_path: Path) -> None:
    text = EXAMPLES["example"].read_text()
    policy = "{ traffic_routing_configuration = { type = 'ALL_AT_ONCE', wait_interval_in_seconds = 60 } }"
    gradual = f"[endpoints.kmeans.deployment_config]\nblue_green_update_policy = {policy}\n"
    alarms = "auto_rollback_configuration = { alarms = [{ alarm_name = 'acme-dev-kmeans/rollback-errors' }] }\n"
    for name, more in (("default", ""), ("without", gradual), ("with", f"{gradual}{alarms}")):
        (tmp_path / name).mkdir()
        write_stacks(_file(tmp_path / name, f"{text}\n{more}", "endpoints.toml"), tmp_path / name / "cdktf.out")

    def diff(base: str, head: str) -> str:
        return _run("diff", *(tmp_path / name / "cdktf.out" for name in (base, head))).stdout

    for base, head in (("without", "with"), ("with", "without")):
        assert "it is deleted before its replacement is created" in diff(base, head)
    for base in ("without", "with"):
        assert "before its replacement is created" not in diff(base, "default")


def test_a_folder_with_a_command_or_an_external_policy_is_reported(tmp_path: Path) -> None:
    for name in ("base", "head"):
        write_stacks(EXAMPLES["example"], tmp_path / name)
    file = tmp_path / "head" / "stacks" / "dev-kmeans" / "cdk.tf.json"
    stack = json.loads(file.read_text())
    stack["resource"]["terraform_data"] = {"T": {"provisioner": {"local-exec": {"command": "env | curl"}}}}
    stack["data"] = {"external": {"E": {"program": ["sh"]}}}
    stack["resource"]["aws_iam_policy"]["Invoke"]["policy"] = "${data.aws_iam_policy_document.P.json}"
    file.write_text(json.dumps(stack))
    done = _run("diff", tmp_path / "base", tmp_path / "head")
    reported = [line for line in done.stdout.splitlines() if "`runs-commands`" in line or "`iam-unreviewable`" in line]
    assert [line.split("|")[3].strip() for line in reported] == [
        "`terraform_data.T`",
        "`data.external.E`",
        "`aws_iam_policy.Invoke`",
    ]
    assert "curl" not in done.stdout


def test_an_added_or_removed_stack_differs(tmp_path: Path) -> None:
    write_stacks(EXAMPLES["example"], tmp_path / "head")
    (tmp_path / "base").mkdir()
    assert _run("changed", tmp_path / "base", tmp_path / "head").stdout == "dev-kmeans\n"
    removed = _run("diff", tmp_path / "head", tmp_path / "base")
    assert removed.returncode == 2
    assert "`endpoint-down`" in removed.stdout
    added = _run("diff", tmp_path / "base", tmp_path / "head")
    assert (added.returncode, "is created" in added.stdout) == (0, True), added.stdout


def test_only_the_named_stacks_of_two_folders_are_compared(tmp_path: Path) -> None:
    """A workflow compares what it cannot plan; the review of a plan says more about the other stacks."""
    base, head = tmp_path / "base", tmp_path / "head"
    for folder in (base, head):
        write_stacks(EXAMPLES["example"], folder)
        shutil.copytree(folder / "stacks" / "dev-kmeans", folder / "stacks" / "dev-other")
    for stack in ("dev-kmeans", "dev-other"):
        file = head / "stacks" / stack / "cdk.tf.json"
        file.write_text(file.read_text().replace('"initial_instance_count": 1', '"initial_instance_count": 2'))
    assert _run("changed", base, head).stdout == "dev-kmeans\ndev-other\n"
    assert '["dev-kmeans", "dev-other"]' in _run("diff", base, head).stdout.splitlines()[0]
    assert _run("diff", base, head, "dev-other").stdout.startswith('<!-- endpoint-review {"stacks": ["dev-other"]')
    done = _run("diff", base, head, "dev-absent")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1,
        f"python -m protected_endpoints.review diff: dev-absent: the same in {base} and {head}; name changed stacks",
    )


def test_a_missing_folder_is_one_message(tmp_path: Path) -> None:
    done = _run("diff", tmp_path / "a", tmp_path / "b")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("resources", "roles", "seconds"),
    [(100, 100, 0.5), (10_000, 10_000, 15.0), (10_000, 1, 15.0)],
    ids=["a stack", "a role each", "one role"],
)
def test_a_review_is_quick(tmp_path: Path, resources: int, roles: int, seconds: float) -> None:
    policy = json.dumps(
        {"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "x"}]}
    )
    before = [{"role": f"r{number % roles}", "policy": policy} for number in range(resources)]
    after = [
        {**arguments, "policy": policy.replace('"x"', f'"arn:aws:s3:::b{number}/*"')}
        for number, arguments in enumerate(before)
    ]
    many = [
        change(f"aws_iam_role_policy.P{number}", *sides, ("update",))
        for number, sides in enumerate(zip(before, after, strict=True))
    ]
    # Terraform reports drift of every policy that AWS returns in another form.
    file = _file(tmp_path, raw(_OPENED, *many, resource_drift=many))
    assert assert_cpu_below(seconds, lambda: _run(file)).returncode == 2


def test_prices_are_read_from_a_file(tmp_path: Path) -> None:
    more = {"aws_sagemaker_endpoint_configuration.Configuration": (NEW_FIRST, configuration(initial_instance_count=4))}
    file = _file(tmp_path, raw(more))
    prices = _file(tmp_path, 'date = 2026-11-01\n[hourly]\n"ml.m5.xlarge" = 0.25\n', "prices.toml")
    assert "+0.50 USD per hour (0.50 → 1.00) at prices of 2026-11-01" in _run(file, "--prices", prices).stdout
    assert "USD" not in _run(file).stdout
    wrong = _run(file, "--prices", _file(tmp_path, "date = 1\n", "prices.toml"))
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize("price", ["9" * 400, "-1", "inf", "nan", "true", '"0.25"', "1e7"])
def test_an_invalid_price_is_one_message(tmp_path: Path, price: str) -> None:
    prices = _file(tmp_path, f'date = 2026-11-01\n[hourly]\n"ml.m5.xlarge" = {price}\n', "prices.toml")
    done = _run(_file(tmp_path, raw()), "--prices", prices)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "must contain a date and prices" in done.stderr


def test_files_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    """Some editors on Windows write it; `endpoints.toml` may have one as well."""
    plan = _file(tmp_path, f"\ufeff{json.dumps(raw())}")
    prices = _file(tmp_path, "\ufeffdate = 2026-11-01\n[hourly]\n", "prices.toml")
    acknowledged = _file(tmp_path, "\ufeffacknowledged = []\n", "review.toml")
    done = _run(plan, "--prices", prices, "--acknowledged", acknowledged)
    assert (done.returncode, done.stderr) == (0, "")
