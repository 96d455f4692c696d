"""What the code of a pull request synthesized is unpacked, unless it is more than files and folders."""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from protected_endpoints.commands import unpack
from protected_endpoints.errors import CommandError
from tests.examples import ROOT

_STACK = "cdktf.out/stacks/dev-kmeans"


def _entry(name: str, **attributes: object) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    for attribute, value in attributes.items():
        setattr(entry, attribute, value)
    return entry


def _archive(file: Path, *entries: tarfile.TarInfo, content: bytes = b"{}") -> Path:
    with tarfile.open(file, "w") as archive:
        for entry in entries:
            entry.size = len(content) if entry.isreg() else 0
            archive.addfile(entry, io.BytesIO(content))
    return file


def test_files_and_folders_are_written_without_their_modes(tmp_path: Path) -> None:
    folder = _entry("cdktf.out", type=tarfile.DIRTYPE, mode=0o777)
    archive = _archive(tmp_path / "a.tar", folder, _entry(f"{_STACK}/cdk.tf.json", mode=0o4777))
    unpack.run([str(archive), str(tmp_path / "head")])
    file = tmp_path / "head" / _STACK / "cdk.tf.json"
    assert file.read_bytes() == b"{}"
    assert file.stat().st_mode & 0o7111 == 0


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (_entry(f"{_STACK}/x", type=tarfile.SYMTYPE, linkname="/etc"), "must contain only regular files"),
        (_entry(f"{_STACK}/x", type=tarfile.LNKTYPE, linkname="main.py"), "must contain only regular files"),
        (_entry(f"{_STACK}/x", type=tarfile.FIFOTYPE), "must contain only regular files"),
        (_entry(f"{_STACK}/x", type=tarfile.CHRTYPE), "must contain only regular files"),
        (_entry("/etc/x"), "names like cdktf.out/stacks/NAME, got '/etc/x'"),
        (_entry("cdktf.out/../../x"), "names like cdktf.out/stacks/NAME, got 'cdktf.out/../../x'"),
        (_entry("cdktf.out/.."), "names like"),
        (_entry("main.py"), "names like cdktf.out/stacks/NAME, got 'main.py'"),
        (_entry(f"{_STACK}/a\nb"), r"got 'cdktf.out/stacks/dev-kmeans/a\nb'"),
        (_entry("cdktf.out/a/b/c/d/e/f"), "names like"),
    ],
    ids=lambda value: value.name if isinstance(value, tarfile.TarInfo) else "",
)
def test_another_entry_is_refused(tmp_path: Path, entry: tarfile.TarInfo, said: str) -> None:
    archive = _archive(tmp_path / "a.tar", entry)
    with pytest.raises(CommandError, match=r"let main\.py write only what CDKTF synthesizes$") as refused:
        unpack.unpack(archive, tmp_path / "head")
    assert said in str(refused.value)
    assert not [path for path in (tmp_path / "head").rglob("*") if not path.is_dir()]
    assert not (tmp_path / "x").exists()


def test_an_entry_cannot_replace_another(tmp_path: Path) -> None:
    archive = _archive(tmp_path / "a.tar", _entry(f"{_STACK}/x"), _entry(f"{_STACK}/x"))
    refused = _run(str(archive), str(tmp_path / "head"))
    assert refused.returncode == 1
    assert refused.stderr == f"{tmp_path}/head/{_STACK}/x: File exists; name an archive and a folder\n"


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:700],
        lambda content: b"x" * len(content),
        lambda content: b"\x1f\x8b" + content,
        lambda content: content.replace(b"ustar", b"\xff" * 5),
        lambda content: content[:0],
    ],
)
def test_another_file_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    archive = _archive(tmp_path / "a.tar", _entry(f"{_STACK}/x"), content=b"x" * 1000)
    archive.write_bytes(damage(archive.read_bytes()))
    refused = _run(str(archive), str(tmp_path / "head"))
    assert refused.returncode == 1
    assert "must be a tar file without compression; let main.py write only" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_size_and_the_number_of_files_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = _archive(tmp_path / "a.tar", _entry(f"{_STACK}/x"), _entry(f"{_STACK}/y"))
    monkeypatch.setattr(unpack, "_MAX_FILES", 1)
    with pytest.raises(CommandError, match="must have 1 entries or fewer"):
        unpack.unpack(archive, tmp_path / "head")
    monkeypatch.setattr(unpack, "_MAX_BYTES", 10)
    with pytest.raises(CommandError, match=r"must have 10 bytes or fewer, got [\d,]+;"):
        unpack.unpack(archive, tmp_path / "head")


def test_a_missing_archive_is_an_error(tmp_path: Path) -> None:
    refused = _run(str(tmp_path / "a.tar"), str(tmp_path / "head"))
    assert refused.stderr == f"{tmp_path}/a.tar: No such file or directory; name an archive and a folder\n"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "protected_endpoints", "unpack", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "modules")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_sparse_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A few bytes of an archive would become as many as the header says."""
    sparse = _entry(f"{_STACK}/cdk.tf.json", pax_headers={"GNU.sparse.map": "0,2", "GNU.sparse.size": str(10**15)})
    archive = _archive(tmp_path / "a.tar", sparse)
    with pytest.raises(CommandError, match="must contain only regular files, got another type"):
        unpack.unpack(archive, tmp_path / "head")
