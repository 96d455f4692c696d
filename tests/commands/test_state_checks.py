"""Commands stop before they synthesize or run Terraform where another state than the stack's would be used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from protected_endpoints.commands.state_checks import refuse_other_states, refuse_unsaved_states
from protected_endpoints.errors import CommandError
from tests.examples import ROOT
from tests.loading.support import EXAMPLE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TF_WORKSPACE", "mine"),
        ("TF_DATA_DIR", "/elsewhere"),
        ("TF_CLI_ARGS", "-state=other.tfstate"),
        ("TF_CLI_ARGS_apply", "-lock-timeout=10m -state-out other.tfstate"),
        ("TF_CLI_ARGS_init", "--backend-config=bucket=other"),
        ("TF_CLI_ARGS_init", "-backend=false"),
    ],
)
def test_a_variable_that_selects_another_state_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CommandError) as raised:
        refuse_other_states()
    assert str(raised.value) == (f'{name}: selects another state than the stack\'s, got "{value}"; run: unset {name}')


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TF_WORKSPACE", ""),
        ("TF_CLI_ARGS_apply", "-lock-timeout=10m"),
        ("TF_CLI_ARGS_plan", "-var=my-state=1"),
        ("TF_CLI_ARGS_providers_lock", "-fs-mirror=/a/mirror"),
        ("TF_PLUGIN_CACHE_DIR", "/a/cache-state"),
    ],
)
def test_other_variables_of_terraform_are_accepted(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    refuse_other_states()


def test_synth_refuses_a_variable_that_selects_another_state(tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").write_text(EXAMPLE)
    finished = _main(tmp_path, TF_WORKSPACE="mine")
    assert (finished.returncode, finished.stderr.splitlines()) == (
        1,
        ['TF_WORKSPACE: selects another state than the stack\'s, got "mine"; run: unset TF_WORKSPACE'],
    )
    assert not (tmp_path / "cdktf.out").exists()


def test_unsaved_states_are_reported_together_from_every_working_folder(tmp_path: Path) -> None:
    refuse_unsaved_states(tmp_path)
    for folder in ("dev-kmeans", "dev-state/local"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "errored.tfstate").write_text("{}")
    with pytest.raises(CommandError) as raised:
        refuse_unsaved_states(tmp_path)
    first, _, second, _ = str(raised.value).splitlines()
    assert first.startswith(f"{tmp_path}/dev-kmeans/errored.tfstate: contains the only record of created resources")
    assert second.startswith(f"{tmp_path}/dev-state/local/errored.tfstate: ")


@pytest.mark.parametrize("stack", ["dev-kmeans", "dev-gone"])
def test_synth_does_not_overwrite_an_unsaved_state(tmp_path: Path, stack: str) -> None:
    """Nor over that of a removed stack, whose folder `cdktf synth` deletes afterwards."""
    (tmp_path / "endpoints.toml").write_text(EXAMPLE)
    folder = tmp_path / "cdktf.out" / "stacks" / stack
    folder.mkdir(parents=True)
    (folder / "errored.tfstate").write_text("{}")
    finished = _main(tmp_path)
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"cdktf.out/stacks/{stack}/errored.tfstate: contains the only record")
    assert not (folder / "cdk.tf.json").exists()


def _main(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "main.py"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
