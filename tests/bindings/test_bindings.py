"""Loading a subset of the bindings does not change the output."""

import json
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import NamedTuple

import pytest

from protected_endpoints.bindings import caches
from tests.project import LOADING_ALL, PACKAGE, PREPARING, ROOT, Project

_LATE = f"""
import protected_endpoints.bindings
from cdktf import App, TerraformStack
from protected_endpoints.bindings import AwsProvider, KmsKey
app = App(outdir="out")
stack = TerraformStack(app, "late")
AwsProvider(stack, "Aws", region="us-west-2")
key = KmsKey(stack, "Key")
from {PACKAGE}.sns_topic import SnsTopic
topic = SnsTopic(stack, "Topic", kms_master_key_id=key.arn)
key.description = "created before the topic"
import {PACKAGE} as aws
aws.sqs_queue.SqsQueue(stack, "Queue", kms_master_key_id=KmsKey(stack, "Other").arn, depends_on=[key, topic])
app.synth()
print(open("out/stacks/late/cdk.tf.json").read())
"""


class PlainImports(NamedTuple):
    """The results of main.py and of `_LATE` with plain imports."""

    files: dict[str, str]
    late: str


@pytest.fixture(scope="module")
def plain_imports(synthesized_project: Project) -> PlainImports:
    """Both in one process, because its imports take seconds."""
    main = "import runpy; runpy.run_path('main.py', run_name='__main__')"
    shutil.rmtree(synthesized_project.directory / "cdktf.out")
    late, errors = synthesized_project.run("-c", f"{main}\n{_LATE}", PLAIN_BINDINGS="1")
    assert LOADING_ALL not in errors
    return PlainImports(synthesized_project.files(), late)


def test_the_output_is_the_same_with_a_subset_with_all_bindings_and_with_plain_imports(
    synthesized_project: Project, expected_files: dict[str, str], plain_imports: PlainImports
) -> None:
    with_subset, errors = synthesized_project.synth()
    assert PREPARING not in errors
    with_all, errors = synthesized_project.synth(_break("subset_assembly", "ValueError('unknown layout')"))
    assert f"{LOADING_ALL}, which takes longer: ValueError('unknown layout')\n" in errors
    assert with_subset.keys() > {"manifest.json", "stacks/prod-fraud/cdk.tf.json"}
    assert expected_files == with_subset == with_all == plain_imports.files


def test_a_full_disk_leaves_no_partial_subset_in_the_cache(
    project: Project, synthesized_project: Project, expected_files: dict[str, str]
) -> None:
    """A limit of 64 KB per file, set after Node has started, simulates the full disk."""
    project.use_packages_of(synthesized_project)
    limit = "import protected_endpoints.bindings, resource; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))"
    files, errors = project.synth(limit)
    assert files == expected_files
    assert f"cannot cache them in {project.cache}: File too large" in errors
    assert LOADING_ALL in errors
    assert project.cached_subsets == []


def test_only_imported_submodules_are_loaded(synthesized_project: Project) -> None:
    code = (
        "import sys, protected_endpoints.stacks.endpoint\n"
        f"print(*sorted({{m.split('.')[1] for m in sys.modules if m.startswith('{PACKAGE}.')}}))"
    )
    loaded = synthesized_project.run("-c", code)[0].split()
    assert "sagemaker_endpoint" in loaded
    assert len(loaded) < 30


def test_if_the_kernel_does_not_start_in_one_node_process_jsii_starts_two(
    synthesized_project: Project, expected_files: dict[str, str]
) -> None:
    """The test breaks a copy of the modules, because Node starts as soon as they are imported."""
    copy = synthesized_project.directory / "broken"
    shutil.copytree(ROOT / "modules", copy / "modules", ignore=shutil.ignore_patterns("__pycache__"))
    node = copy / "modules" / "protected_endpoints" / "bindings" / "node.py"
    node.write_text(node.read_text().replace("program.js", "nothing.js"))
    files, errors = synthesized_project.synth(PYTHONPATH=str(copy / "modules"))
    assert files == expected_files
    assert "starting jsii with a second Node process, which takes longer" in errors


def test_console_output_of_node_does_not_mix_with_messages(synthesized_project: Project, tmp_path: Path) -> None:
    entry, _ = synthesized_project.run("-c", "import protected_endpoints.bindings.node as n; print(n._ENTRY)")
    for name, content in {
        "bin/direct.js": entry,
        "lib/program.js": """
            const fs = require("fs"), buffer = Buffer.alloc(100);
            console.log("an output"), console.error("an error"), process.stdout.write("more");
            fs.writeSync(3, "answer to " + buffer.toString("utf8", 0, fs.readSync(3, buffer, 0, 100, null)));
        """,
    }.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(content)
    finished = subprocess.run(
        ["node", tmp_path / "bin" / "direct.js"], input="a question", capture_output=True, text=True, check=True
    )
    assert finished.stdout == "answer to a question"
    printed = [json.loads(line) for line in finished.stderr.splitlines()]
    assert [{stream: b64decode(text).decode() for stream, text in line.items()} for line in printed] == [
        {"stdout": "an output\n"},
        {"stderr": "an error\n"},
        {"stdout": "more"},
    ]


def test_a_missing_node_is_one_message(synthesized_project: Project) -> None:
    process = synthesized_project.start(JSII_NODE=str(synthesized_project.directory / "no-node"))
    _, errors = process.communicate(timeout=60)
    assert errors.splitlines()[-1] == "node is not on PATH, and CDKTF requires it; install Node.js 22 or newer"
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("variables", "reason", "setting"),
    [
        ({"NODE_OPTIONS": "--cpu-prof"}, "--cpu-prof is not allowed in NODE_OPTIONS", "; NODE_OPTIONS is --cpu-prof"),
        ({"JSII_NODE": "false"}, "JSONDecodeError", ""),
    ],
)
def test_a_node_that_does_not_start_is_a_message_with_its_reason(
    synthesized_project: Project, variables: dict[str, str], reason: str, setting: str
) -> None:
    process = synthesized_project.start(**variables)
    _, errors = process.communicate(timeout=60)
    assert reason in errors
    assert "Traceback" not in errors
    assert errors.splitlines()[-1] == f"Node.js did not start jsii, for the reason above{setting}"
    assert process.returncode == 1


@pytest.mark.parametrize("unpacked", ["enabled", "disabled"])
def test_submodules_imported_after_the_first_resource_are_loaded(
    synthesized_project: Project, plain_imports: PlainImports, unpacked: str
) -> None:
    """jsii links packages into its folder of installed packages, or unpacks them there if its cache is disabled."""
    late, errors = synthesized_project.run("-c", _LATE, JSII_RUNTIME_PACKAGE_CACHE=unpacked)
    assert LOADING_ALL not in errors
    assert late == plain_imports.late


def test_if_the_subset_fails_after_a_late_import_all_bindings_are_loaded_and_objects_stay_valid(
    synthesized_project: Project, plain_imports: PlainImports
) -> None:
    code = _LATE.replace(
        "from cdktf_cdktf_provider_aws.sns_topic",
        f"{_break('subset_assembly', 'KeyError(1)')}\nfrom {PACKAGE}.sns_topic",
    )
    late, errors = synthesized_project.run("-c", code)
    assert errors.count(LOADING_ALL) == 1
    assert late == plain_imports.late


def test_the_package_has_no_attributes_without_a_submodule(synthesized_project: Project) -> None:
    code = f"import protected_endpoints.bindings, {PACKAGE} as aws\n"
    code += "print(hasattr(aws, 'kms_key'), hasattr(aws, 'nothing'))"
    assert synthesized_project.run("-c", code)[0] == "True False\n"


def test_the_classes_are_those_of_the_package(synthesized_project: Project) -> None:
    code = "from protected_endpoints.bindings import KmsKey; print(KmsKey.__module__)"
    assert synthesized_project.run("-c", code)[0] == f"{PACKAGE}.kms_key\n"


def test_an_argument_of_a_wrong_type_is_an_error(synthesized_project: Project) -> None:
    """A cached check of one argument has no effect on other arguments, types, or types of the items of a list."""
    code = (
        "import protected_endpoints.bindings\n"
        "from cdktf import App, TerraformResourceLifecycle, TerraformStack\n"
        "stack = TerraformStack(App(), 's')\n"
        "lifecycle = TerraformResourceLifecycle(ignore_changes=['a', 'b'])\n"
        "key = protected_endpoints.bindings.KmsKey(stack, 'A', description='text', enable_key_rotation=True,\n"
        "    tags={'a': 'b'}, lifecycle=lifecycle, provisioners=[])\n"
        "for wrong in ({'description': 1}, {'tags': ['a']}, {'lifecycle': key},\n"
        "    {'provider': lifecycle}, {'provisioners': [lifecycle]}, {'count': 'a'}):\n"
        "    try: protected_endpoints.bindings.KmsKey(stack, 'B', **wrong); print('passed')\n"
        "    except TypeError as error: print(error)\n"
        "try: TerraformResourceLifecycle(ignore_changes=['a', 1]); print('passed')\n"
        "except TypeError as error: print(error)\n"
        "try: protected_endpoints.bindings.KmsKey(lifecycle, 'B'); print('passed')\n"
        "except TypeError as error: print(error)"
    )
    errors = synthesized_project.run("-c", code)[0].splitlines()
    arguments = ["description", "tags", "lifecycle", "provider", "provisioners", "count", "ignore_changes"]
    assert [line.split()[3].partition("[")[0] for line in errors[:7]] == arguments, errors
    assert errors[7].startswith("type of argument scope must be constructs.Construct"), errors
    assert len(errors) == 8


def test_unittest_is_imported_only_where_it_is_used(synthesized_project: Project) -> None:
    code = (
        "import protected_endpoints.bindings, sys\n"
        "print('typeguard' in sys.modules, 'unittest.mock' in sys.modules)\n"
        "import unittest.mock\n"
        "print(unittest.mock.MagicMock().method().called)"
    )
    assert synthesized_project.run("-c", code)[0].split() == ["True", "False", "False"]


def test_other_calls_of_typeguard_are_passed_on() -> None:
    check = caches._cached_checks(lambda *args, **keywords: (args, keywords))
    assert check("x", 1, expected_type=int) == (("x", 1), {"expected_type": int})
    assert check(argname="x", expected_type=int) == ((), {"argname": "x", "expected_type": int})
    assert check(argname="x", value=1, expected_type=int) == 1


def test_a_version_of_typeguard_that_needs_more_of_unittest_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = []

    def import_module(name: str) -> str:
        imported.append("unittest.mock" in sys.modules)
        if len(imported) == 1:
            raise ImportError
        return name

    monkeypatch.setattr(caches, "import_module", import_module)
    monkeypatch.delitem(sys.modules, "unittest.mock", raising=False)
    assert caches._import_typeguard() == "typeguard"
    assert imported == [True, False]


def test_a_missing_package_is_one_message(synthesized_project: Project) -> None:
    code = (
        "import importlib.util as u, sys; find = u.find_spec\n"
        f"u.find_spec = lambda name, *a: None if name == '{PACKAGE}' else find(name, *a)\n"
        "try:\n    import protected_endpoints.bindings\nexcept ModuleNotFoundError as e:\n    print(e)"
    )
    assert (
        synthesized_project.run("-c", code)[0] == f"{PACKAGE} is not installed; run: pip install -r requirements.txt\n"
    )


def test_a_package_with_another_layout_is_imported_plainly(synthesized_project: Project, tmp_path: Path) -> None:
    (tmp_path / PACKAGE).mkdir()
    (tmp_path / PACKAGE / "__init__.py").write_text("print('the __init__ of the package runs'); raise SystemExit")
    output, errors = synthesized_project.run(
        "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import protected_endpoints.bindings"
    )
    assert output == "the __init__ of the package runs\n"
    assert f"{LOADING_ALL}, which takes longer: ModuleNotFoundError" in errors


def test_importing_all_bindings_first_is_a_warning_that_says_what_to_do(synthesized_project: Project) -> None:
    """The module without its content stands for the package, whose import takes more than ten seconds."""
    module = f"importlib.util.module_from_spec(importlib.util.find_spec('{PACKAGE}'))"
    imported = f"import importlib.util, sys; sys.modules['{PACKAGE}'] = {module}"
    process = synthesized_project.start("-W", "error", "-c", f"{imported}; import protected_endpoints.bindings")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"UserWarning: {PACKAGE} was imported before protected_endpoints.bindings, which takes ten" in errors
    assert errors.rstrip().endswith("begin the program with: import protected_endpoints.bindings")


def _break(function: str, error: str) -> str:
    """Return code that makes a function of lazy_loading fail."""
    loading = "import protected_endpoints.bindings.lazy_loading as l"
    return f"{loading}\ndef broken(*a): raise {error}\nl.{function} = broken\npass"
