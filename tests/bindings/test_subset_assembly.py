"""No state of the cache changes the output.

Most tests run with an empty home directory, where jsii and `bindings.subset_assembly` have their caches.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import LOADING_ALL, PACKAGE, PREPARING, Project


def test_only_the_first_run_prints_that_it_prepares_the_bindings(
    synthesized_project: Project, first_errors: str
) -> None:
    assert first_errors.count(PREPARING) == 1
    _, second = synthesized_project.synth()
    assert PREPARING not in second
    assert len(synthesized_project.cached_subsets) == 1


@pytest.mark.parametrize("damage", ["truncated", "one byte"])
def test_a_damaged_subset_is_built_again(
    synthesized_project: Project, expected_files: dict[str, str], damage: str
) -> None:
    (subset,) = synthesized_project.cached_subsets
    content = subset.read_bytes()
    middle = len(content) // 2
    if damage == "truncated":
        subset.write_bytes(content[:middle])
    else:
        subset.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    again, errors = synthesized_project.synth()
    assert (again, errors.count(PREPARING)) == (expected_files, 1)
    assert subset.read_bytes() == content
    assert synthesized_project.cached_subsets == [subset]


def test_a_read_only_home_directory_costs_only_time(project: Project, expected_files: dict[str, str]) -> None:
    """A file has the name of the cache directory, so neither jsii nor this project can write a cache."""
    (project.home / ".cache").write_text("")
    temporary = project.directory / "tmp"
    temporary.mkdir()
    files, errors = project.synth(TMPDIR=str(temporary))
    assert files == expected_files
    assert "jsii unpacks its packages for this run only: Cannot use the jsii package cache" in errors
    assert f"cannot cache them in {project.cache}: Not a directory; the next run prepares them again" in errors
    assert not [*temporary.iterdir()]


def test_node_has_time_to_delete_its_files_on_a_slow_disk(project: Project, expected_files: dict[str, str]) -> None:
    """jsii kills Node after 5 seconds."""
    temporary = project.directory / "tmp"
    temporary.mkdir()
    slow = project.directory / "slow.js"
    slow.write_text('process.once("exit", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6000));')
    cache = {"JSII_RUNTIME_PACKAGE_CACHE": "disabled", "TMPDIR": str(temporary)}
    files, _ = project.synth(**cache, NODE_OPTIONS=f"--require {slow}")
    assert files == expected_files
    assert not [*temporary.iterdir()]


def test_a_cache_that_other_users_can_write_is_not_used(
    project: Project, synthesized_project: Project, expected_files: dict[str, str]
) -> None:
    shutil.copytree(synthesized_project.cache, project.cache)
    project.use_packages_of(synthesized_project)
    project.cache.chmod(0o777)
    files, errors = project.synth()
    assert files == expected_files
    assert f"cannot cache them in {project.cache}: other users can write to it" in errors


def test_two_concurrent_runs_with_an_empty_cache_write_the_same_output(
    tmp_path: Path, expected_files: dict[str, str]
) -> None:
    projects = [Project(tmp_path / name) for name in ("one", "another")]
    runs = [project.start(HOME=str(projects[0].home)) for project in projects]
    for run in runs:
        _, errors = run.communicate(timeout=300)
        assert run.returncode == 0, errors
    for project in projects:
        assert project.files() == expected_files
    assert len(projects[0].cached_subsets) == 1


def test_another_version_of_the_bindings_has_its_own_subset(synthesized_project: Project, tmp_path: Path) -> None:
    (complete,) = _archives(PACKAGE)
    newer = tmp_path / "provider-aws@21.23.0.jsii.tgz"
    newer.symlink_to(complete)
    before = synthesized_project.cached_subsets
    code = (
        "import pathlib, protected_endpoints.bindings.subset_assembly as s\n"
        f"print(s.subset_assembly(pathlib.Path({str(newer)!r}), {{'@cdktf/provider-aws.kmsKey'}}))"
    )
    created, errors = synthesized_project.run("-c", code)
    assert PREPARING in errors
    assert {*synthesized_project.cached_subsets} - {*before} == {Path(created.strip())}
    Path(created.strip()).unlink()


def test_another_version_of_jsii_has_its_own_subset(
    synthesized_project: Project, expected_files: dict[str, str]
) -> None:
    (before,) = synthesized_project.cached_subsets
    code = "import protected_endpoints.bindings.subset_assembly as s; s.version = lambda name: '1.143.0'"
    files, errors = synthesized_project.synth(code)
    assert (files, errors.count(PREPARING)) == (expected_files, 1)
    (created,) = {*synthesized_project.cached_subsets} - {before}
    created.unlink()


def test_if_node_refuses_the_subset_all_bindings_are_loaded(
    synthesized_project: Project, expected_files: dict[str, str], tmp_path: Path
) -> None:
    archive = tmp_path / "refused.tgz"
    archive.write_bytes(b"not an archive")
    broken = f"import protected_endpoints.bindings.lazy_loading as l\nl.subset_assembly = lambda *a: {str(archive)!r}"
    files, errors = synthesized_project.synth(broken)
    assert files == expected_files
    assert LOADING_ALL in errors


def test_an_archive_that_lacks_a_submodule_is_an_error(synthesized_project: Project) -> None:
    (complete,) = _archives(PACKAGE)
    code = (
        "import pathlib, protected_endpoints.bindings.subset_assembly as s\n"
        f"try: s.subset_assembly(pathlib.Path({str(complete)!r}), {{'@cdktf/provider-aws.nothing'}})\n"
        "except KeyError as error: print(error)"
    )
    assert synthesized_project.run("-c", code)[0] == "'@cdktf/provider-aws.nothing'\n"


def _archives(module: str) -> Iterator[Path]:
    """Yield the JavaScript archive of a generated package."""
    site = next(Path(folder) for folder in sys.path if (Path(folder) / module / "_jsii").is_dir())
    yield from (site / module / "_jsii").glob("*.jsii.tgz")
