"""`[[admitted]]` of review.toml admits types and arguments, and never what runs code."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.review.admission.admitted import Admitted, admitted
from protected_endpoints.review.admission.folder import folder_problems
from protected_endpoints.review.plan.plan import Unreadable
from protected_endpoints.review.review_file import read
from tests.review.admission.folders import STACK, Folder, create, only
from tests.review.fragments import raw

_REASON = "the router of the team, RISK-99"
_FUNCTION = {"function_name": "router", "role": "${aws_iam_role.Role.arn}", "environment": {"variables": {"A": "b"}}}
_ENTRY = f'[[admitted]]\ntype = "aws_lambda_function"\nreason = "{_REASON}"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return create(tmp_path / "cdktf.out")


def _add_function(folder: Folder, **arguments: Any) -> None:
    folder.change(lambda stack: stack["resource"].update(aws_lambda_function={"F": {**_FUNCTION, **arguments}}))


def _arguments(folder: Folder, *entries: Admitted) -> list[tuple[str, str, str]]:
    return [(item.address, item.argument, item.type) for item in folder_problems(folder.path, entries)[STACK]]


def test_a_type_is_admitted(folder: Folder) -> None:
    _add_function(folder)
    assert _arguments(folder) == [("aws_lambda_function", "", "aws_lambda_function")]
    assert _arguments(folder, Admitted("aws_lambda_function", _REASON)) == []
    assert _arguments(folder, Admitted("aws_sqs_queue", _REASON)) != []
    assert _arguments(folder, Admitted("aws_lambda_function", _REASON, "environment")) != []


@pytest.mark.parametrize("argument", ["provisioner", "connection", "provider", "count", "for_each"])
def test_an_admitted_type_runs_no_command(folder: Folder, argument: str) -> None:
    _add_function(folder, **{argument: "aws.other"})
    entry = Admitted("aws_lambda_function", _REASON)
    assert _arguments(folder, entry) == [("aws_lambda_function.F", argument, "")]


@pytest.mark.parametrize("value", ['${file("/etc/passwd")}', "%{ if true }%{ endif }", "${path.root}", "\\u0024${x}"])
def test_an_admitted_type_has_literals_and_references_only(folder: Folder, value: str) -> None:
    _add_function(folder, description=value)
    entry = Admitted("aws_lambda_function", _REASON)
    assert _arguments(folder, entry) == [("aws_lambda_function.F", "description", "")]


def test_an_argument_is_admitted_with_what_is_inside_of_it(folder: Folder) -> None:
    tracing = {"mode": "Active"}
    folder.change(lambda stack: only(stack, "aws_sagemaker_model").update(tracing=tracing, tracing_config=tracing))
    both = [("aws_sagemaker_model.Model", name, "aws_sagemaker_model") for name in ("tracing", "tracing_config")]
    assert _arguments(folder) == both
    assert _arguments(folder, Admitted("aws_sagemaker_model", _REASON, "tracing")) == both[1:]
    assert _arguments(folder, Admitted("aws_sagemaker_model", _REASON)) == []


def test_a_function_in_an_admitted_policy_is_a_problem(folder: Folder) -> None:
    folder.change(lambda stack: only(stack, "aws_iam_role_policy").update(policy='${file("policy.json")}'))
    ((address, argument, type_),) = _arguments(folder, Admitted("aws_iam_role_policy", _REASON, "policy"))
    assert (address.partition(".")[0], argument, type_) == ("aws_iam_role_policy", "policy", "")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("[admitted]\n", "admitted: must be an array of tables, got dict; start each entry with [[admitted]]"),
        ("[[admitted]]\nnote = 1\n", "admitted[0].note: unknown key; use type, argument, reason"),
        ("[[admitted]]\n", "admitted[0].reason: required; add it"),
        (
            _ENTRY.replace(_REASON, "short"),
            "admitted[0].reason: must be a string of 10 characters or more, got 'short'",
        ),
        (
            _ENTRY.replace("aws_lambda_function", "data.external"),
            "admitted[0].type: must be a type of the AWS provider",
        ),
        (
            _ENTRY.replace("aws_lambda_function", "terraform_data"),
            "admitted[0].type: must be a type of the AWS provider",
        ),
        (f'{_ENTRY}argument = "a[0]"', "admitted[0].argument: must be the path of an argument, got 'a[0]'"),
        (f'{_ENTRY}argument = "provisioner"', "admitted[0].argument: cannot be admitted, got 'provisioner'"),
    ],
)
def test_an_invalid_entry_is_one_message(tmp_path: Path, entry: str, message: str) -> None:
    file = tmp_path / "review.toml"
    file.write_text(entry)
    with pytest.raises(Unreadable) as error:
        admitted(read(file))
    assert f"{file}: {message}" in str(error.value)


def test_entries_stand_beside_acknowledgements(tmp_path: Path) -> None:
    file = tmp_path / "review.toml"
    file.write_text(f'{_ENTRY}argument = "environment"\n[[acknowledged]]\nfinding = "x"\n')
    assert admitted(read(file)) == (Admitted("aws_lambda_function", _REASON, "environment"),)


def _run(*arguments: object) -> tuple[int, str]:
    command = [sys.executable, "-S", "-m", "protected_endpoints.review", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_command_prints_one_line_or_every_problem(folder: Folder, tmp_path: Path) -> None:
    assert _run("admit", folder.path) == (0, "## 1 stack: admitted\n")
    _add_function(folder)
    code, text = _run("admit", folder.path, "--output", tmp_path / "admission.md")
    assert (code, text) == (2, "")
    written = (tmp_path / "admission.md").read_text()
    assert "## 1 finding: not admitted" in written
    assert '[[admitted]]\ntype = "aws_lambda_function"\nreason = ""' in written
    (tmp_path / "review.toml").write_text(_ENTRY)
    assert _run("admit", folder.path, "--acknowledged", tmp_path / "review.toml")[0] == 0


def test_the_command_fails_without_stacks(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        code, text = _run("admit", path)
        assert (code, len(text.splitlines())) == (1, 1), text


def test_a_comparison_reports_the_whole_folder(folder: Folder, tmp_path: Path) -> None:
    base = create(tmp_path / "base").path
    assert _run("diff", base, folder.path)[0] == 0
    (folder.path / "main.tf").write_bytes(b"")
    folder.write("other.tf", b"")
    code, text = _run("diff", base, folder.path)
    assert (code, text.count("`not-admitted`")) == (2, 2)
    assert "| `main.tf` |" in text
    assert "| `other.tf` |" in text


def test_a_comparison_names_what_review_toml_admits(folder: Folder, tmp_path: Path) -> None:
    base = create(tmp_path / "base").path
    _add_function(folder)
    (tmp_path / "review.toml").write_text(f'{_ENTRY}[[admitted]]\ntype = "aws_sqs_queue"\nreason = "{_REASON}"\n')
    code, text = _run("diff", base, folder.path, "--acknowledged", tmp_path / "review.toml")
    assert code == 0
    assert f"* `aws_lambda_function`: {_REASON}" in text
    assert "aws_sqs_queue" not in text


def test_an_acknowledgement_does_not_admit(folder: Folder, tmp_path: Path) -> None:
    base = create(tmp_path / "base").path
    folder.change(lambda stack: stack.update(removed=[{"from": "aws_kms_key.Key"}]))
    code, text = _run("diff", base, folder.path, "--json", tmp_path / "review.json")
    assert (code, "To acknowledge" in text) == (2, False)
    (finding,) = json.loads((tmp_path / "review.json").read_text())["stacks"][0]["findings"]
    entry = f'[[acknowledged]]\nfinding = "not-admitted[{STACK}:removed]"\ndigest = "{finding["digest"]}"\n'
    (tmp_path / "review.toml").write_text(f'{entry}reason = "{_REASON}"\nexpires = 2026-12-01\n')
    options = ("--acknowledged", tmp_path / "review.toml", "--today", "2026-11-30")
    code, text = _run("diff", base, folder.path, *options)
    assert code == 1
    assert "acknowledged[0].finding: cannot be acknowledged" in text


def test_a_plan_is_reviewed_with_its_synthesized_stack(folder: Folder, tmp_path: Path) -> None:
    plan = tmp_path / f"{STACK}.json"
    plan.write_text(json.dumps(raw()))
    assert _run(plan, "--synthesized", folder.path)[0] == 0
    folder.change(lambda stack: stack.update(removed=[{"from": "aws_kms_key.Key"}]))
    assert _run(plan)[0] == 0
    code, text = _run(plan, "--synthesized", folder.path)
    assert (code, "| `not-admitted` | `removed` |" in text) == (2, True)
