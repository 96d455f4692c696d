"""A synthesized folder is admitted, and every part of it that this project does not write is a problem."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.review.admission.folder import FOLDER, folder_problems
from protected_endpoints.review.plan.plan import Unreadable
from tests.examples import ROOT
from tests.review.admission.folders import STACK, Folder, create, only
from tests.support import Json

Edit = Callable[[Json], None]
_LOCK = ".terraform.lock.hcl"
_LOCAL_EXEC = [{"local-exec": {"command": "env"}}]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return create(tmp_path / "cdktf.out")


def _problems(folder: Folder) -> list[tuple[str, str, str]]:
    problems = folder_problems(folder.path)
    return [(stack, item.address, item.argument) for stack, items in problems.items() for item in items]


def _block(**blocks: Any) -> Edit:
    return lambda stack: stack.update(blocks)


def _provider(**arguments: Any) -> Edit:
    return lambda stack: stack["provider"]["aws"][0].update(arguments)


def _terraform(**settings: Any) -> Edit:
    return lambda stack: stack["terraform"].update(settings)


def _resource(type_: str, **arguments: Any) -> Edit:
    return lambda stack: only(stack, type_).update(arguments)


def _lifecycle(type_: str, **arguments: Any) -> Edit:
    return lambda stack: only(stack, type_)["lifecycle"].update(arguments)


def _policy(old: str, new: str) -> Edit:
    def edit(stack: Json) -> None:
        role_policy = only(stack, "aws_iam_role_policy")
        role_policy["policy"] = role_policy["policy"].replace(old, new, 1)

    return edit


def _second_provider(stack: Json) -> None:
    (provider,) = stack["provider"]["aws"]
    stack["provider"]["aws"].append({**provider, "alias": "other"})


_ROLE_POLICY = "aws_iam_role_policy.Role_KeyUse_F338610A"
_CHANGED: dict[str, tuple[Edit, str, str]] = {
    "removed": (_block(removed=[{"from": "aws_kms_key.Key", "provisioner": _LOCAL_EXEC}]), "removed", ""),
    "module": (_block(module={"m": {"source": "./m"}}), "module", ""),
    "check": (_block(check={"c": {"assert": []}}), "check", ""),
    "action": (_block(action={"aws_lambda_invoke": {"a": {}}}), "action", ""),
    "ephemeral": (_block(ephemeral={"aws_secretsmanager_secret_version": {"s": {}}}), "ephemeral", ""),
    "import": (_block(**{"import": [{"to": "aws_kms_key.Key", "id": "x"}]}), "import", ""),
    "moved": (_block(moved=[{"from": "a.b", "to": "a.c"}]), "moved", ""),
    "locals": (_block(locals={"x": '${file("/etc/passwd")}'}), "locals", ""),
    "variable": (_block(variable={"x": {"default": 1}}), "variable", ""),
    "endpoints of the provider": (_provider(endpoints=[{"s3": "https://a.example"}]), "provider", "aws.endpoints"),
    "another role": (_provider(assume_role=[{"role_arn": "x"}]), "provider", "aws.assume_role"),
    "no account": (
        lambda stack: stack["provider"]["aws"][0].pop("allowed_account_ids"),
        "provider",
        "aws.allowed_account_ids",
    ),
    "every account": (_provider(allowed_account_ids=[]), "provider", "aws.allowed_account_ids"),
    "another source": (
        _terraform(required_providers={"aws": {"source": "a.example/hashicorp/aws", "version": ">= 5"}}),
        "terraform",
        "required_providers.aws.source",
    ),
    "another provider": (
        lambda stack: stack["terraform"]["required_providers"].update(http={"source": "http"}),
        "terraform",
        "required_providers.http",
    ),
    "any version": (
        lambda stack: stack["terraform"]["required_providers"]["aws"].pop("version"),
        "terraform",
        "required_providers.aws.version",
    ),
    "another backend": (_terraform(backend={"http": {"address": "https://a.example"}}), "terraform", "backend.http"),
    "another argument of the backend": (
        lambda stack: stack["terraform"]["backend"]["local"].update(workspace_dir="x"),
        "terraform",
        "backend.local.workspace_dir",
    ),
    "provisioner": (
        _resource("aws_sagemaker_model", provisioner=_LOCAL_EXEC),
        "aws_sagemaker_model.Model",
        "provisioner",
    ),
    "connection": (_resource("aws_kms_key", connection={"host": "a"}), "aws_kms_key.Key", "connection"),
    "provider of a resource": (_resource("aws_kms_key", provider="aws.other"), "aws_kms_key.Key", "provider"),
    "for_each": (_resource("aws_kms_key", for_each={"a": "b"}), "aws_kms_key.Key", "for_each"),
    "count by an expression": (_resource("aws_kms_key", count="${1}"), "aws_kms_key.Key", "count"),
    "another count": (_resource("aws_kms_key", count=1), "aws_kms_key.Key", "count"),
    "ignored changes": (
        _lifecycle("aws_kms_key", ignore_changes=["policy"]),
        "aws_kms_key.Key",
        "lifecycle.ignore_changes",
    ),
    "another condition": (
        _lifecycle("aws_sagemaker_endpoint", postcondition=[{"condition": "${true}", "error_message": "x"}]),
        "aws_sagemaker_endpoint.Endpoint",
        "lifecycle.postcondition.condition",
    ),
    "no condition": (
        _lifecycle("aws_sagemaker_endpoint", postcondition=[]),
        "aws_sagemaker_endpoint.Endpoint",
        "lifecycle.postcondition",
    ),
    "a boolean in a string": (
        _resource("aws_kms_key", enable_key_rotation="true"),
        "aws_kms_key.Key",
        "enable_key_rotation",
    ),
    "another boolean": (_resource("aws_kms_key", enable_key_rotation=False), "aws_kms_key.Key", "enable_key_rotation"),
    "one as a boolean": (_resource("aws_kms_key", enable_key_rotation=1), "aws_kms_key.Key", "enable_key_rotation"),
    "null": (_resource("aws_kms_key", policy=None), "aws_kms_key.Key", "policy"),
    "a list as a block": (
        _resource("aws_sagemaker_model", primary_container=[{"image": "x"}]),
        "aws_sagemaker_model.Model",
        "primary_container",
    ),
    "a dynamic block": (
        _resource("aws_sagemaker_model", dynamic={"vpc_config": {"for_each": [1], "content": {}}}),
        "aws_sagemaker_model.Model",
        "dynamic",
    ),
    "a comment": (
        lambda stack: only(stack, "aws_kms_key")["//"].update(note="x"),
        "aws_kms_key.Key",
        "//.note",
    ),
    "a directive": (
        _resource("aws_kms_key", description="%{ if true }a%{ endif }"),
        "aws_kms_key.Key",
        "description",
    ),
    "a function": (_resource("aws_kms_key", description='${file("/etc/passwd")}'), "aws_kms_key.Key", "description"),
    "a local value": (_resource("aws_kms_key", description="${path.root}"), "aws_kms_key.Key", "description"),
    "another attribute": (
        _resource("aws_cloudwatch_log_group", kms_key_id="${aws_kms_key.Key.policy}"),
        "aws_cloudwatch_log_group.Logs",
        "kms_key_id",
    ),
    "an expression as a key": (
        _resource("aws_sagemaker_model", tags={'${file("x")}': "a"}),
        "aws_sagemaker_model.Model",
        "tags",
    ),
    "an address with an expression": (
        _resource("aws_sagemaker_endpoint", depends_on=["${aws_kms_key.Key}"]),
        "aws_sagemaker_endpoint.Endpoint",
        "depends_on",
    ),
    "a function as a policy": (
        _resource("aws_iam_role_policy", policy='${jsonencode("x")}'),
        _ROLE_POLICY,
        "policy",
    ),
    "a function in a policy": (
        _policy("aws_kms_key.Key.arn", 'file(\\"x\\")'),
        _ROLE_POLICY,
        "policy.Statement.Resource",
    ),
    "an escape in a policy": (_policy('"Sid": "', '"Sid": "\\u0024${path.root}'), _ROLE_POLICY, "policy"),
    "a duplicate key of a policy": (
        _policy('"Effect": "Allow"', '"Effect": "Deny", "Effect": "Allow"'),
        _ROLE_POLICY,
        "policy",
    ),
    "an element of a policy": (
        _policy('"Effect"', '"NotAction": "a:b", "Effect"'),
        _ROLE_POLICY,
        "policy.Statement.NotAction",
    ),
    "a type": (
        lambda stack: stack["resource"].update(aws_cloudformation_stack={"S": {"template_body": "{}"}}),
        "aws_cloudformation_stack",
        "",
    ),
    "a data source": (_block(data={"external": {"E": {"program": ["env"]}}}), "data.external", ""),
    "a list of resources": (lambda stack: stack.update(resource=[stack["resource"]]), "resource", ""),
    "a list of types": (
        lambda stack: stack["resource"].update(aws_kms_key=[stack["resource"]["aws_kms_key"]]),
        "aws_kms_key",
        "",
    ),
    "a list of one resource": (
        lambda stack: stack["resource"]["aws_kms_key"].update(Key=[only(stack, "aws_kms_key")]),
        "aws_kms_key.Key",
        "",
    ),
}


def test_what_this_project_synthesizes_is_admitted(folder: Folder) -> None:
    assert folder_problems(folder.path) == {FOLDER: [], STACK: []}


@pytest.mark.parametrize(("edit", "address", "argument"), _CHANGED.values(), ids=[*_CHANGED])
def test_what_this_project_does_not_write_is_a_problem(folder: Folder, edit: Edit, address: str, argument: str) -> None:
    folder.change(edit)
    assert (STACK, address, argument) in _problems(folder)


def test_a_second_provider_is_a_problem(folder: Folder) -> None:
    folder.change(_second_provider)
    assert _problems(folder) == [(STACK, "provider", "aws"), (STACK, "provider", "aws.alias")]


def test_a_stack_without_a_backend_is_a_problem(folder: Folder) -> None:
    folder.change(lambda stack: stack["terraform"].pop("backend"))
    assert _problems(folder) == [(STACK, "terraform", "backend")]


def test_resources_of_one_unknown_type_are_one_problem(folder: Folder) -> None:
    functions = {f"F{number}": {"function_name": "x"} for number in range(30)}
    folder.change(lambda stack: stack["resource"].update(aws_lambda_function=functions))
    (problem,) = folder_problems(folder.path)[STACK]
    assert problem.message.endswith("got `F0`, `F1`, `F2`, and 27 others")


@pytest.mark.parametrize(
    "name",
    ["main.tf", "cdk_override.tf.json", "x.auto.tfvars", "x.auto.tfvars.json", ".terraformrc", "errored.tfstate"],
)
def test_a_file_beside_the_stack_is_a_problem(folder: Folder, name: str) -> None:
    folder.write(name, b"")
    assert _problems(folder) == [(STACK, name, "")]


def test_other_entries_of_the_folder_are_problems(folder: Folder) -> None:
    (folder.stack / ".terraform").mkdir()
    (folder.stack / "link.tf").symlink_to("/etc/passwd")
    (folder.path / "main.tf").write_bytes(b"")
    (folder.path / "stacks" / "file").write_bytes(b"")
    (folder.path / "stacks" / "dev-link").symlink_to(folder.stack)
    (folder.path / "stacks" / "dev-empty").mkdir()
    assert sorted(_problems(folder)) == [
        ("dev-empty", "cdk.tf.json", ""),
        (STACK, ".terraform/", ""),
        (STACK, "link.tf", ""),
        (FOLDER, "main.tf", ""),
        (FOLDER, "stacks/dev-link", ""),
        (FOLDER, "stacks/file", ""),
    ]


def test_a_link_to_the_stack_is_a_problem(folder: Folder) -> None:
    file = folder.stack / "cdk.tf.json"
    file.rename(folder.path.parent / "other.json")
    file.symlink_to(folder.path.parent / "other.json")
    assert _problems(folder) == [(STACK, "cdk.tf.json", "")]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("{", '{"output": {},', 1).encode(),
        lambda _: b"[" * 100_000,
        lambda _: b"[" * 100 + b"]" * 100,
        lambda _: b"\xff",
        lambda _: b"",
        lambda _: b"[]",
    ],
    ids=["byte order mark", "UTF-16", "duplicate key", "deep", "rather deep", "not UTF-8", "empty", "a list"],
)
def test_a_stack_of_another_notation_is_a_problem(folder: Folder, encode: Callable[[str], bytes]) -> None:
    folder.write("cdk.tf.json", encode(folder.text))
    assert _problems(folder) == [(STACK, "cdk.tf.json", "")]


def test_a_huge_file_is_a_problem(folder: Folder) -> None:
    folder.write("cdk.tf.json", folder.text.encode() + b" " * 20_000_000)
    assert _problems(folder) == [(STACK, "cdk.tf.json", "")]


def test_the_lock_file_has_the_aws_provider_only(folder: Folder) -> None:
    lock = (ROOT / _LOCK).read_bytes()
    folder.write(_LOCK, lock.replace(b"registry.terraform.io", b"registry.opentofu.org"))
    assert _problems(folder) == []
    folder.write(_LOCK, lock.replace(b"registry.terraform.io", b"registry.a.example"))
    assert _problems(folder) == [(STACK, _LOCK, "")]
    folder.write(_LOCK, lock)
    assert _problems(folder) == []
    folder.write(_LOCK, lock + b'\nprovider "a.example/a/b" {\n  version = "1.0.0"\n}\n')
    assert _problems(folder) == [(STACK, _LOCK, "")]


def test_another_key_of_the_manifest_is_a_problem(folder: Folder) -> None:
    manifest = json.loads((folder.path / "manifest.json").read_text())
    (folder.path / "manifest.json").write_text(json.dumps({**manifest, "command": "env"}))
    assert _problems(folder) == [(FOLDER, "manifest.json", "command")]


def test_a_missing_folder_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        folder_problems(tmp_path / "cdktf.out")


def test_a_message_shows_no_value(folder: Folder) -> None:
    folder.change(_resource("aws_kms_key", description='${file("hf_abcdefghijklmnopqrstuvwxyzabcdefgh")}'))
    folder.change(_resource("aws_sagemaker_model", enable_network_isolation="hunter2"))
    messages = [problem.message for problem in folder_problems(folder.path)[STACK]]
    assert len(messages) == 2
    assert not any("hf_abc" in message or "hunter2" in message for message in messages)
