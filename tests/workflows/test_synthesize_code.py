"""The script that synthesizes code of a pull request: what the code sees, and how much it may write."""

import os
import subprocess
import tarfile
from pathlib import Path

from tests.examples import ROOT
from tests.workflows.github import write_programs

_SCRIPT = ROOT / ".github" / "scripts" / "synthesize_code.sh"


def _synthesize(tmp_path: Path, main: str, **variables: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the script with stand-ins for sudo and for the installation of packages."""
    write_programs(tmp_path / "programs")
    (tmp_path / "main.py").write_text(main)
    with tarfile.open(tmp_path / "code.tar", "w") as code:
        code.add(tmp_path / "main.py", "main.py")
    synthesized = tmp_path / "synthesized.tar"
    process = subprocess.run(
        ["bash", _SCRIPT, "code.tar", "synthesized.tar"],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path / 'programs'}:{os.environ['PATH']}", "ACTIONS_RUNTIME_TOKEN": "secret", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return process, synthesized


def test_the_code_sees_no_variable_of_the_runner(tmp_path: Path) -> None:
    main = "import os\nos.mkdir('cdktf.out')\nopen('cdktf.out/seen', 'w').write(' '.join(os.environ))\n"
    process, synthesized = _synthesize(tmp_path, main)
    assert process.returncode == 0, process.stderr
    with tarfile.open(synthesized) as archive:
        content = archive.extractfile("cdktf.out/seen")
        assert content
        names = {*content.read().decode().split()}
    assert names >= {"PATH", "HOME", "CDKTF_OUTDIR", "PYTHONPATH"}
    assert names <= {"PATH", "HOME", "CDKTF_OUTDIR", "PYTHONPATH", "PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE"}


def test_the_code_sees_the_values_that_the_base_is_synthesized_with(tmp_path: Path) -> None:
    main = (
        "import os\nos.mkdir('cdktf.out')\nopen('cdktf.out/seen', 'w').write(os.environ['PROTECTED_ENDPOINTS_SET'])\n"
    )
    values = 'endpoints.a.image=a:1 $(id)\nendpoints.b.image="b"'
    process, synthesized = _synthesize(tmp_path, main, PROTECTED_ENDPOINTS_SET=values)
    assert process.returncode == 0, process.stderr
    with tarfile.open(synthesized) as archive:
        content = archive.extractfile("cdktf.out/seen")
        assert content
        assert content.read().decode() == values


def test_the_code_cannot_replace_a_program_that_the_script_runs(tmp_path: Path) -> None:
    """Everyone may write to the folder of Python and Node.js on a GitHub-hosted runner."""
    main = (
        "import os, shutil\nos.mkdir('cdktf.out')\nfolder = os.environ['PATH'].split(':')[0]\n"
        "for name in ('head', 'wc'):\n"
        "    with open(f'{folder}/{name}', 'w') as file:\n"
        f"        file.write('#!/bin/sh\\necho $0 >>{tmp_path}/replaced\\nexec /bin/{{0}} \"$@\"\\n'.format(name))\n"
        "    os.chmod(f'{folder}/{name}', 0o755)\n"
    )
    process, _ = _synthesize(tmp_path, main)
    assert process.returncode == 0, process.stderr
    assert not (tmp_path / "replaced").exists()


def test_what_the_code_prints_is_not_a_part_of_the_archive(tmp_path: Path) -> None:
    process, synthesized = _synthesize(tmp_path, "import os\nos.mkdir('cdktf.out')\nprint('printed')\n")
    assert (process.returncode, process.stdout) == (0, "")
    with tarfile.open(synthesized) as archive:
        assert archive.getnames() == ["cdktf.out"]


def test_code_that_fails_or_writes_nothing_fails(tmp_path: Path) -> None:
    for name, main in (("fails", "raise SystemExit(3)"), ("nothing", "")):
        (tmp_path / name).mkdir()
        process, _ = _synthesize(tmp_path / name, main)
        assert process.returncode != 0


def test_the_size_is_limited(tmp_path: Path) -> None:
    main = "import os\nos.mkdir('cdktf.out')\nopen('cdktf.out/large', 'wb').truncate(200_000_000)\n"
    process, synthesized = _synthesize(tmp_path, main)
    assert process.returncode == 1
    assert process.stderr == "::error::the code of the pull request synthesized more than 100000000 bytes\n"
    assert synthesized.stat().st_size == 100_000_001
    synthesized.unlink()
