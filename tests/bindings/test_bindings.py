"""The bindings are loaded in part, and the output is the same as with all of them."""

import json
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest

from tests.project import PACKAGE, PREPARING, ROOT, WHOLE, Project


def test_the_output_is_the_same_with_the_cut_with_the_whole_and_with_plain_imports(
    warm: tuple[Project, dict[str, str]],
) -> None:
    project, first = warm
    with_cut, said = project.synth()
    assert PREPARING not in said
    whole, said = project.synth(_break("cut", "ValueError('no layout like that')"))
    assert f"{WHOLE}, which takes longer: ValueError('no layout like that')\n" in said
    plain, said = project.synth(PLAIN_BINDINGS="1")
    assert WHOLE not in said
    assert with_cut.keys() > {"manifest.json", "stacks/prod-fraud/cdk.tf.json"}
    assert first == with_cut == whole == plain


def test_only_the_submodules_that_are_named_are_loaded(warm: tuple[Project, dict[str, str]]) -> None:
    code = (
        "import sys, protected_endpoints.stacks.endpoint\n"
        f"print(*sorted({{m.split('.')[1] for m in sys.modules if m.startswith('{PACKAGE}.')}}))"
    )
    loaded = warm[0].run("-c", code)[0].split()
    assert "sagemaker_endpoint" in loaded
    assert len(loaded) < 30


def test_a_node_that_cannot_be_started_directly_is_started_as_jsii_does(warm: tuple[Project, dict[str, str]]) -> None:
    """The entry is broken in a copy of the modules, because Node starts as soon as they are imported."""
    copy = warm[0].directory / "broken"
    shutil.copytree(ROOT / "modules", copy / "modules", ignore=shutil.ignore_patterns("__pycache__"))
    node = copy / "modules" / "protected_endpoints" / "bindings" / "node.py"
    node.write_text(node.read_text().replace("program.js", "nothing.js"))
    written, said = warm[0].synth(PYTHONPATH=str(copy / "modules"))
    assert written == warm[1]
    assert "starting jsii with a second Node, which takes longer" in said


def test_what_is_printed_in_node_does_not_mix_with_the_messages(
    warm: tuple[Project, dict[str, str]], tmp_path: Path
) -> None:
    entry, _ = warm[0].run("-c", "import protected_endpoints.bindings.node as n; print(n._ENTRY)")
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
    ran = subprocess.run(
        ["node", tmp_path / "bin" / "direct.js"], input="a question", capture_output=True, text=True, check=True
    )
    assert ran.stdout == "answer to a question"
    printed = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [{stream: b64decode(text).decode() for stream, text in each.items()} for each in printed] == [
        {"stdout": "an output\n"},
        {"stderr": "an error\n"},
        {"stdout": "more"},
    ]


def test_a_missing_node_is_one_clear_message(warm: tuple[Project, dict[str, str]]) -> None:
    process = warm[0].start(JSII_NODE=str(warm[0].directory / "no-node"))
    _, said = process.communicate(timeout=60)
    assert said.splitlines()[-1] == "there is no node on PATH, and CDKTF runs in it; install Node.js 22 or newer"
    assert process.returncode == 1


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
key.description = "made before the topic"
import {PACKAGE} as aws
aws.sqs_queue.SqsQueue(stack, "Queue", kms_master_key_id=KmsKey(stack, "Other").arn, depends_on=[key, topic])
app.synth()
print(open("out/stacks/late/cdk.tf.json").read())
"""


@pytest.fixture(scope="module")
def late_with_plain_imports(warm: tuple[Project, dict[str, str]]) -> str:
    return warm[0].run("-c", _LATE, PLAIN_BINDINGS="1")[0]


@pytest.mark.parametrize("unpacked", ["enabled", "disabled"])
def test_what_is_imported_after_the_first_resource_is_loaded_as_well(
    warm: tuple[Project, dict[str, str]], late_with_plain_imports: str, unpacked: str
) -> None:
    """jsii links packages into its folder of installed ones, or unpacks them there if its cache is switched off."""
    late, said = warm[0].run("-c", _LATE, JSII_RUNTIME_PACKAGE_CACHE=unpacked)
    assert WHOLE not in said
    assert late == late_with_plain_imports


def test_a_late_import_that_cannot_be_cut_brings_the_whole_and_keeps_what_was_made(
    warm: tuple[Project, dict[str, str]], late_with_plain_imports: str
) -> None:
    code = _LATE.replace(
        "from cdktf_cdktf_provider_aws.sns_topic", f"{_break('cut', 'KeyError(1)')}\nfrom {PACKAGE}.sns_topic"
    )
    late, said = warm[0].run("-c", code)
    assert said.count(WHOLE) == 1
    assert late == late_with_plain_imports


def test_what_is_not_there_is_no_attribute_of_the_package(warm: tuple[Project, dict[str, str]]) -> None:
    code = f"import protected_endpoints.bindings, {PACKAGE} as aws\n"
    code += "print(hasattr(aws, 'kms_key'), hasattr(aws, 'nothing'))"
    assert warm[0].run("-c", code)[0] == "True False\n"


def test_the_classes_are_the_packages_own(warm: tuple[Project, dict[str, str]]) -> None:
    code = "from protected_endpoints.bindings import KmsKey; print(KmsKey.__module__)"
    assert warm[0].run("-c", code)[0] == f"{PACKAGE}.kms_key\n"


def test_a_wrong_type_is_still_refused_at_once(warm: tuple[Project, dict[str, str]]) -> None:
    """A type that has passed for one argument says nothing about another, nor about a wrong one."""
    code = (
        "import protected_endpoints.bindings\n"
        "from cdktf import App, TerraformStack\n"
        "stack = TerraformStack(App(), 's')\n"
        "protected_endpoints.bindings.KmsKey(stack, 'A', description='text', enable_key_rotation=True)\n"
        "for wrong in ({'description': 1}, {'tags': ['a']}):\n"
        "    try: protected_endpoints.bindings.KmsKey(stack, 'B', **wrong); print('passed')\n"
        "    except TypeError as error: print(error)"
    )
    said = warm[0].run("-c", code)[0].splitlines()
    assert [line.split(" must be")[0] for line in said] == ["type of argument description", "type of argument tags"]


def test_a_missing_package_is_one_clear_error(warm: tuple[Project, dict[str, str]]) -> None:
    code = (
        "import importlib.util as u, sys; find = u.find_spec\n"
        f"u.find_spec = lambda name, *a: None if name == '{PACKAGE}' else find(name, *a)\n"
        "try:\n    import protected_endpoints.bindings\nexcept ModuleNotFoundError as e:\n    print(e)"
    )
    assert warm[0].run("-c", code)[0] == f"{PACKAGE} is not installed; run: pip install -r requirements.txt\n"


def test_a_package_that_is_laid_out_otherwise_is_imported_plainly(
    warm: tuple[Project, dict[str, str]], tmp_path: Path
) -> None:
    (tmp_path / PACKAGE).mkdir()
    (tmp_path / PACKAGE / "__init__.py").write_text("print('its own __init__ runs'); raise SystemExit")
    output, said = warm[0].run(
        "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import protected_endpoints.bindings"
    )
    assert output == "its own __init__ runs\n"
    assert f"{WHOLE}, which takes longer: ModuleNotFoundError" in said


def _break(function: str, error: str) -> str:
    """Return code that makes a function of the loading fail."""
    loading = "import protected_endpoints.bindings.lazy_loading as l"
    return f"{loading}\ndef broken(*a): raise {error}\nl.{function} = broken\npass"
