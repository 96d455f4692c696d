"""The bindings are loaded in part, and the output is the same as with all of them, whatever happens on the way.

Each test runs in processes of its own, most with an empty home directory: jsii keeps what it unpacks there, and so do
the cuts of `modules/bindings/cut.py`.
"""

import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples import EXAMPLES

ROOT = Path(__file__).parent.parent.parent
_PACKAGE = "cdktf_cdktf_provider_aws"
_PREPARING, _WHOLE = "preparing the AWS bindings", "loading the AWS bindings whole"
# Runs main.py after something was changed in the modules that load the bindings.
_MAIN = "\nimport runpy; runpy.run_path('main.py', run_name='__main__')"


class Project:
    """A folder with an endpoints.toml and a home directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.home = directory, directory / "home"
        self.home.mkdir()
        self.cache = self.home / ".cache" / "protected-endpoints"
        shutil.copy(ROOT / "main.py", directory)
        shutil.copy(EXAMPLES["everything"], directory / "endpoints.toml")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
        return subprocess.Popen(
            [sys.executable, *(arguments or ["main.py"])],
            cwd=self.directory,
            env={**inherited, "PYTHONPATH": str(ROOT), "HOME": str(self.home), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[str, str]:
        """Return what a program, by default main.py, printed to its output and as errors."""
        process = self.start(*arguments, **environment)
        output, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        return output, errors

    def synth(self, before: str = "pass", **environment: str) -> tuple[dict[str, str], str]:
        """Return the files that a synth writes, and what it says."""
        shutil.rmtree(self.directory / "cdktf.out", ignore_errors=True)
        _, said = self.run("-c", before + _MAIN, **environment)
        return self.written(), said

    def written(self) -> dict[str, str]:
        out = self.directory / "cdktf.out"
        return {str(file.relative_to(out)): file.read_text() for file in out.rglob("*") if file.is_file()}

    @property
    def cuts(self) -> list[Path]:
        return sorted(self.cache.iterdir())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, str]]:
    """A project that has been synthesized before, and what it wrote."""
    made = Project(tmp_path_factory.mktemp("warm"))
    written, _ = made.synth()
    return made, written


def test_the_output_is_the_same_with_the_cut_with_the_whole_and_with_plain_imports(
    warm: tuple[Project, dict[str, str]],
) -> None:
    project, first = warm
    with_cut, said = project.synth()
    assert _PREPARING not in said
    whole, said = project.synth(_break("cut", "ValueError('no layout like that')"))
    assert f"{_WHOLE}, which takes longer: ValueError('no layout like that')\n" in said
    plain, said = project.synth(PLAIN_BINDINGS="1")
    assert _WHOLE not in said
    assert with_cut.keys() > {"manifest.json", "stacks/prod-fraud/cdk.tf.json"}
    assert first == with_cut == whole == plain


def test_the_first_run_says_once_what_takes_time_and_the_second_says_nothing(project: Project) -> None:
    _, first = project.synth()
    assert first.count(_PREPARING) == 1
    _, second = project.synth()
    assert _PREPARING not in second
    assert len(project.cuts) == 1


def test_only_the_submodules_that_are_named_are_loaded(warm: tuple[Project, dict[str, str]]) -> None:
    code = (
        "import sys, modules.stack\n"
        f"print(*sorted({{m.split('.')[1] for m in sys.modules if m.startswith('{_PACKAGE}.')}}))"
    )
    loaded = warm[0].run("-c", code)[0].split()
    assert "sagemaker_endpoint" in loaded
    assert len(loaded) < 30


@pytest.mark.parametrize("damage", ["truncated", "one byte"])
def test_a_damaged_cut_is_made_again(warm: tuple[Project, dict[str, str]], damage: str) -> None:
    project, written = warm
    (cut,) = project.cuts
    content = cut.read_bytes()
    middle = len(content) // 2
    if damage == "truncated":
        cut.write_bytes(content[:middle])
    else:
        cut.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    again, said = project.synth()
    assert (again, said.count(_PREPARING)) == (written, 1)
    assert cut.read_bytes() == content
    assert project.cuts == [cut]


def test_a_home_directory_that_cannot_be_written_costs_time_and_nothing_else(
    project: Project, warm: tuple[Project, dict[str, str]]
) -> None:
    """Neither jsii nor this project can keep anything: a file is where the cache directory would be."""
    (project.home / ".cache").write_text("")
    temporary = project.directory / "tmp"
    temporary.mkdir()
    written, said = project.synth(TMPDIR=str(temporary))
    assert written == warm[1]
    assert "jsii unpacks its packages for this run alone: Cannot use the jsii package cache" in said
    assert f"cannot keep them in {project.cache}: Not a directory; the next run prepares them again" in said
    assert not [*temporary.iterdir()]


def test_a_disk_that_fills_up_while_the_cut_is_written_leaves_no_half_of_it(
    project: Project, warm: tuple[Project, dict[str, str]]
) -> None:
    """The limit stands for the disk: no file of this process, after Node was started, can be larger than 64 KB."""
    limit = "import modules.bindings, resource; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))"
    written, said = project.synth(limit)
    assert written == warm[1]
    assert f"cannot keep them in {project.cache}: File too large" in said
    assert _WHOLE in said
    assert project.cuts == []


def test_a_cache_that_others_can_write_is_not_used(project: Project, warm: tuple[Project, dict[str, str]]) -> None:
    shutil.copytree(warm[0].cache, project.cache)
    project.cache.chmod(0o777)
    written, said = project.synth()
    assert written == warm[1]
    assert f"cannot keep them in {project.cache}: others can write there" in said


def test_two_runs_at_once_on_a_cold_cache_end_alike(project: Project, warm: tuple[Project, dict[str, str]]) -> None:
    runs = [project.start("main.py", CDKTF_OUTDIR=f"out{number}") for number in range(2)]
    for run in runs:
        _, said = run.communicate(timeout=300)
        assert run.returncode == 0, said
    for number in range(2):
        out = project.directory / f"out{number}"
        assert {str(file.relative_to(out)) for file in out.rglob("*.json")} == warm[1].keys()
    assert len(project.cuts) == 1


def test_other_bindings_have_a_cut_of_their_own(warm: tuple[Project, dict[str, str]], tmp_path: Path) -> None:
    (whole,) = _archives(_PACKAGE)
    newer = tmp_path / "provider-aws@21.23.0.jsii.tgz"
    newer.symlink_to(whole)
    before = warm[0].cuts
    code = (
        "import pathlib, modules.bindings.cut as c\n"
        f"print(c.cut(pathlib.Path({str(newer)!r}), {{'@cdktf/provider-aws.kmsKey'}}))"
    )
    made, said = warm[0].run("-c", code)
    assert _PREPARING in said
    assert {*warm[0].cuts} - {*before} == {Path(made.strip())}
    Path(made.strip()).unlink()


def test_a_newer_jsii_has_a_cut_of_its_own(warm: tuple[Project, dict[str, str]]) -> None:
    (before,) = warm[0].cuts
    code = "import modules.bindings.cut as c, modules.bindings; c.version = lambda name: '1.143.0'"
    written, said = warm[0].synth(code)
    assert (written, said.count(_PREPARING)) == (warm[1], 1)
    (made,) = {*warm[0].cuts} - {before}
    made.unlink()


def test_a_cut_that_node_refuses_ends_in_the_whole(warm: tuple[Project, dict[str, str]], tmp_path: Path) -> None:
    (tmp_path / "refused.tgz").write_bytes(b"no archive")
    broken = f"import modules.bindings.loading as l; l.cut = lambda *a: {str(tmp_path / 'refused.tgz')!r}"
    written, said = warm[0].synth(broken)
    assert written == warm[1]
    assert _WHOLE in said


def test_a_node_that_cannot_be_started_directly_is_started_as_jsii_does(warm: tuple[Project, dict[str, str]]) -> None:
    """The entry is broken in a copy of the modules, because Node starts as soon as they are imported."""
    copy = warm[0].directory / "broken"
    shutil.copytree(ROOT / "modules", copy / "modules", ignore=shutil.ignore_patterns("__pycache__"))
    node = copy / "modules" / "bindings" / "node.py"
    node.write_text(node.read_text().replace("program.js", "nothing.js"))
    written, said = warm[0].synth(PYTHONPATH=str(copy))
    assert written == warm[1]
    assert "starting jsii with a second Node, which takes longer" in said


def test_what_is_printed_in_node_does_not_mix_with_the_messages(
    warm: tuple[Project, dict[str, str]], tmp_path: Path
) -> None:
    entry, _ = warm[0].run("-c", "import modules.bindings.node as n; print(n._ENTRY)")
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


def test_an_archive_that_lacks_a_submodule_is_an_error(warm: tuple[Project, dict[str, str]]) -> None:
    (whole,) = _archives(_PACKAGE)
    code = (
        "import pathlib, modules.bindings.cut as c\n"
        f"try: c.cut(pathlib.Path({str(whole)!r}), {{'@cdktf/provider-aws.nothing'}})\n"
        "except KeyError as error: print(error)"
    )
    assert warm[0].run("-c", code)[0] == "'@cdktf/provider-aws.nothing'\n"


_LATE = f"""
import modules.bindings
from cdktf import App, TerraformStack
from modules.bindings import AwsProvider, KmsKey
app = App(outdir="out")
stack = TerraformStack(app, "late")
AwsProvider(stack, "Aws", region="us-west-2")
key = KmsKey(stack, "Key")
from {_PACKAGE}.sns_topic import SnsTopic
topic = SnsTopic(stack, "Topic", kms_master_key_id=key.arn)
key.description = "made before the topic"
import {_PACKAGE} as aws
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
    assert _WHOLE not in said
    assert late == late_with_plain_imports


def test_what_is_not_there_is_no_attribute_of_the_package(warm: tuple[Project, dict[str, str]]) -> None:
    code = f"import modules.bindings, {_PACKAGE} as aws\nprint(hasattr(aws, 'kms_key'), hasattr(aws, 'nothing'))"
    assert warm[0].run("-c", code)[0] == "True False\n"


def test_the_classes_are_the_packages_own(warm: tuple[Project, dict[str, str]]) -> None:
    code = "from modules.bindings import KmsKey; print(KmsKey.__module__)"
    assert warm[0].run("-c", code)[0] == f"{_PACKAGE}.kms_key\n"


def test_a_wrong_type_is_still_refused_at_once(warm: tuple[Project, dict[str, str]]) -> None:
    """A type that has passed for one argument says nothing about another, nor about a wrong one."""
    code = (
        "import modules.bindings\n"
        "from cdktf import App, TerraformStack\n"
        "stack = TerraformStack(App(), 's')\n"
        "modules.bindings.KmsKey(stack, 'A', description='text', enable_key_rotation=True)\n"
        "for wrong in ({'description': 1}, {'tags': ['a']}):\n"
        "    try: modules.bindings.KmsKey(stack, 'B', **wrong); print('passed')\n"
        "    except TypeError as error: print(error)"
    )
    said = warm[0].run("-c", code)[0].splitlines()
    assert [line.split(" must be")[0] for line in said] == ["type of argument description", "type of argument tags"]


def test_a_missing_package_is_one_clear_error(warm: tuple[Project, dict[str, str]]) -> None:
    code = (
        "import importlib.util as u, sys; find = u.find_spec\n"
        f"u.find_spec = lambda name, *a: None if name == '{_PACKAGE}' else find(name, *a)\n"
        "try:\n    import modules.bindings\nexcept ModuleNotFoundError as e:\n    print(e)"
    )
    assert warm[0].run("-c", code)[0] == f"{_PACKAGE} is not installed; run: pip install -r requirements.txt\n"


def test_a_package_that_is_laid_out_otherwise_is_imported_plainly(
    warm: tuple[Project, dict[str, str]], tmp_path: Path
) -> None:
    (tmp_path / _PACKAGE).mkdir()
    (tmp_path / _PACKAGE / "__init__.py").write_text("print('its own __init__ runs'); raise SystemExit")
    output, said = warm[0].run("-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import modules.bindings")
    assert output == "its own __init__ runs\n"
    assert f"{_WHOLE}, which takes longer: ModuleNotFoundError" in said


def _break(function: str, error: str) -> str:
    """Return code that makes a function of the loading fail."""
    return f"import modules.bindings.loading as l\ndef broken(*a): raise {error}\nl.{function} = broken\npass"


def _archives(module: str) -> Iterator[Path]:
    """Yield the archive of JavaScript that a generated package brings."""
    site = next(Path(folder) for folder in sys.path if (Path(folder) / module / "_jsii").is_dir())
    yield from (site / module / "_jsii").glob("*.jsii.tgz")
