"""With CDK Terrain, only the required parts of the AWS bindings are loaded, and the names of CDKTF work as well."""

import json
import shutil
import tarfile
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cdktn.support import PACKAGE, python, without_framework
from tests.project import LOADING_ALL, PREPARING, ROOT, Project

_LATE = """
import protected_endpoints.bindings
from cdktf import App, TerraformStack
from protected_endpoints.bindings import AwsProvider, KmsKey
app = App(outdir="out")
stack = TerraformStack(app, "late")
AwsProvider(stack, "Aws", region="us-west-2")
key = KmsKey(stack, "Key")
from cdktn_provider_aws.sns_topic import SnsTopic
SnsTopic(stack, "Topic", kms_master_key_id=key.arn)
import cdktf_cdktf_provider_aws as aws
aws.sqs_queue.SqsQueue(stack, "Queue", kms_master_key_id=key.arn, depends_on=[key])
app.synth()
"""
# Prints whether each module is the same object under the names of both frameworks.
_SAME = """
import protected_endpoints.bindings, cdktf, cdktn
import cdktf_cdktf_provider_aws.kms_key as one, cdktn_provider_aws.kms_key as other
print(cdktf is cdktn, one is other, protected_endpoints.bindings.KmsKey is other.KmsKey, cdktf.__name__)
"""
_ALL_SAME = "True True True cdktn\n"


class PlainImports(NamedTuple):
    """The results of main.py and of `_SAME` with plain imports."""

    files: dict[str, str]
    same: str


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("project"), python())
    _, errors = project.synth()
    assert errors.count(PREPARING) == 1
    return project


@pytest.fixture(scope="module")
def expected_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files that CDKTF writes."""
    return Project(tmp_path_factory.mktemp("cdktf"), home=Path.home()).synth()[0]


@pytest.fixture(scope="module")
def plain_imports(project: Project) -> PlainImports:
    """Both in one process, because its imports take seconds."""
    main = "import runpy; runpy.run_path('main.py', run_name='__main__')"
    shutil.rmtree(project.directory / "cdktf.out")
    same, _ = project.run("-c", f"{main}\n{_SAME}", PLAIN_BINDINGS="1")
    return PlainImports(project.files(), same)


def test_the_output_is_the_same_with_a_subset_with_all_bindings_and_with_plain_imports(
    project: Project, expected_files: dict[str, str], plain_imports: PlainImports
) -> None:
    with_subset, errors = project.synth()
    assert PREPARING not in errors
    assert LOADING_ALL not in errors
    broken = "import protected_endpoints.bindings.lazy_loading as l\nl.subset_assembly = None"
    with_all, errors = project.synth(broken)
    assert LOADING_ALL in errors
    assert with_subset == with_all == plain_imports.files
    assert {name: without_framework(text) for name, text in with_subset.items()} == {
        name: without_framework(text) for name, text in expected_files.items()
    }


def test_only_imported_submodules_are_loaded(project: Project) -> None:
    code = (
        "import sys, protected_endpoints.stacks.endpoint\n"
        f"print(*sorted({{m.split('.')[1] for m in sys.modules if m.startswith('{PACKAGE}.')}}))"
    )
    loaded = project.run("-c", code)[0].split()
    assert "sagemaker_endpoint" in loaded
    assert len(loaded) < 31


def test_with_a_read_only_home_directory_the_output_is_the_same(project: Project, tmp_path: Path) -> None:
    expected, _ = project.synth()
    other = Project(tmp_path, python())
    (other.home / ".cache").write_text("")
    files, errors = other.synth()
    assert "jsii unpacks its packages for this run only" in errors
    assert files == expected


def test_submodules_imported_after_the_first_resource_are_loaded(project: Project) -> None:
    _, errors = project.run("-c", _LATE)
    assert LOADING_ALL not in errors
    stack = json.loads(project.files("out")["stacks/late/cdk.tf.json"])
    assert stack["resource"].keys() == {"aws_kms_key", "aws_sns_topic", "aws_sqs_queue"}


def test_a_module_is_the_same_object_under_both_names(project: Project) -> None:
    assert project.run("-c", _SAME)[0] == _ALL_SAME


def test_with_plain_imports_a_module_is_the_same_object_under_both_names(plain_imports: PlainImports) -> None:
    assert plain_imports.same == _ALL_SAME


def test_cdktf_without_its_bindings_is_not_mixed_with_cdk_terrain(project: Project, tmp_path: Path) -> None:
    (tmp_path / "cdktf.py").write_text("raise SystemExit('CDKTF was imported')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import protected_endpoints.stacks.base, cdktf; "
    assert project.run("-c", f"{code} print(cdktf.__name__)")[0] == "cdktn\n"


def test_cdktf_with_its_bindings_is_used_if_both_are_installed(project: Project, tmp_path: Path) -> None:
    (tmp_path / "cdktf_cdktf_provider_aws").mkdir()
    framework = ROOT / "modules" / "protected_endpoints" / "bindings" / "framework.py"
    code = f"import runpy; print(runpy.run_path({str(framework)!r})['FRAMEWORK'].core)"
    assert project.run("-c", code)[0] == "cdktn\n"
    assert project.run("-c", code, PYTHONPATH=str(tmp_path))[0] == "cdktf\n"


def test_the_python_example_of_the_readme_runs_with_the_names_of_cdk_terrain(project: Project) -> None:
    """Its first import starts Node, before this package could prepare how it starts."""
    example = (ROOT / "README.md").read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    assert example.startswith("from cdktf import App\n")
    _, errors = project.run("-c", example.replace("cdktf", "cdktn"))
    assert LOADING_ALL not in errors
    assert "aws_iam_role_policy_attachment" in project.files()["stacks/dev-kmeans/cdk.tf.json"]


def test_cdk_terrain_has_what_the_script_of_the_subset_changes() -> None:
    """Without these the output is the same, and takes longer."""
    (core,) = (python().parent.parent / "lib").glob("python*/site-packages/cdktn/_jsii/*.jsii.tgz")
    private = "package/lib/tokens/private"
    with tarfile.open(core) as package:
        scripts = {name: package.extractfile(f"{private}/{name}.js") for name in ("stack-trace", "resolve")}
        texts = {name: script.read().decode() for name, script in scripts.items() if script}
    assert "process.env.CDKTN_DISABLE_CREATION_STACK" in texts["stack-trace"]
    assert "exports.resolve = resolve" in texts["resolve"]


def test_a_missing_package_is_one_message(project: Project) -> None:
    code = (
        "import importlib.util as u\nfind = u.find_spec\n"
        f"u.find_spec = lambda name, *a: None if name == '{PACKAGE}' else find(name, *a)\n"
        "try:\n    import protected_endpoints.bindings\nexcept ModuleNotFoundError as e:\n    print(e)"
    )
    message = "cdktf_cdktf_provider_aws is not installed; run: pip install -r requirements.txt\n"
    assert project.run("-c", code)[0] == message
