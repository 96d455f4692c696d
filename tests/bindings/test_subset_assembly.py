"""Whatever happens to the cut that is kept for the next run, the output is the same.

Most tests run with an empty home directory: jsii keeps what it unpacks there, and so does
`bindings.subset_assembly`.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import PACKAGE, PREPARING, WHOLE, Project


def test_the_first_run_says_once_what_takes_time_and_the_second_says_nothing(project: Project) -> None:
    _, first = project.synth()
    assert first.count(PREPARING) == 1
    _, second = project.synth()
    assert PREPARING not in second
    assert len(project.cuts) == 1


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
    assert (again, said.count(PREPARING)) == (written, 1)
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
    limit = "import protected_endpoints.bindings, resource; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))"
    written, said = project.synth(limit)
    assert written == warm[1]
    assert f"cannot keep them in {project.cache}: File too large" in said
    assert WHOLE in said
    assert project.cuts == []


def test_a_cache_that_others_can_write_is_not_used(project: Project, warm: tuple[Project, dict[str, str]]) -> None:
    shutil.copytree(warm[0].cache, project.cache)
    project.cache.chmod(0o777)
    written, said = project.synth()
    assert written == warm[1]
    assert f"cannot keep them in {project.cache}: others can write there" in said


def test_two_runs_at_once_on_a_cold_cache_end_alike(tmp_path: Path, warm: tuple[Project, dict[str, str]]) -> None:
    projects = [Project(tmp_path / name) for name in ("one", "another")]
    runs = [each.start(HOME=str(projects[0].home)) for each in projects]
    for run in runs:
        _, said = run.communicate(timeout=300)
        assert run.returncode == 0, said
    for each in projects:
        assert each.written() == warm[1]
    assert len(projects[0].cuts) == 1


def test_other_bindings_have_a_cut_of_their_own(warm: tuple[Project, dict[str, str]], tmp_path: Path) -> None:
    (whole,) = _archives(PACKAGE)
    newer = tmp_path / "provider-aws@21.23.0.jsii.tgz"
    newer.symlink_to(whole)
    before = warm[0].cuts
    code = (
        "import pathlib, protected_endpoints.bindings.subset_assembly as c\n"
        f"print(c.cut(pathlib.Path({str(newer)!r}), {{'@cdktf/provider-aws.kmsKey'}}))"
    )
    made, said = warm[0].run("-c", code)
    assert PREPARING in said
    assert {*warm[0].cuts} - {*before} == {Path(made.strip())}
    Path(made.strip()).unlink()


def test_a_newer_jsii_has_a_cut_of_its_own(warm: tuple[Project, dict[str, str]]) -> None:
    (before,) = warm[0].cuts
    code = "import protected_endpoints.bindings.subset_assembly as c; c.version = lambda name: '1.143.0'"
    written, said = warm[0].synth(code)
    assert (written, said.count(PREPARING)) == (warm[1], 1)
    (made,) = {*warm[0].cuts} - {before}
    made.unlink()


def test_a_cut_that_node_refuses_ends_in_the_whole(warm: tuple[Project, dict[str, str]], tmp_path: Path) -> None:
    (tmp_path / "refused.tgz").write_bytes(b"no archive")
    broken = (
        f"import protected_endpoints.bindings.lazy_loading as l; l.cut = lambda *a: {str(tmp_path / 'refused.tgz')!r}"
    )
    written, said = warm[0].synth(broken)
    assert written == warm[1]
    assert WHOLE in said


def test_an_archive_that_lacks_a_submodule_is_an_error(warm: tuple[Project, dict[str, str]]) -> None:
    (whole,) = _archives(PACKAGE)
    code = (
        "import pathlib, protected_endpoints.bindings.subset_assembly as c\n"
        f"try: c.cut(pathlib.Path({str(whole)!r}), {{'@cdktf/provider-aws.nothing'}})\n"
        "except KeyError as error: print(error)"
    )
    assert warm[0].run("-c", code)[0] == "'@cdktf/provider-aws.nothing'\n"


def _archives(module: str) -> Iterator[Path]:
    """Yield the archive of JavaScript that a generated package brings."""
    site = next(Path(folder) for folder in sys.path if (Path(folder) / module / "_jsii").is_dir())
    yield from (site / module / "_jsii").glob("*.jsii.tgz")
