"""Fixtures of tests that run Terraform, and the order of all tests."""

import gc
import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis.internal.conjecture import providers

from protected_endpoints.commands.registry_mirror import process_environment
from sandbox.emulator import Emulator
from tests.examples import ACCOUNT, REGION, ROOT
from tests.shared_provider import installing, shared_provider

pytest_plugins = ["tests.synth_fixtures"]
# Programs that tests start import the package of the project copy that they run in, or else this one.
os.environ["PYTHONPATH"] = os.pathsep.join(["modules", str(ROOT / "modules"), str(ROOT)])
# Terraform and its providers collect garbage only when they need a gigabyte: a fifth less CPU.
os.environ |= {"GOGC": "off", "GOMEMLIMIT": "1GiB"}
# Every start of Python would compile the package again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A shell that starts the tests in the background lets them ignore Ctrl-C, and so all programs that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
# Hypothesis also draws the constants of every loaded module: other ones after each change, and in a run of one file.
assert hasattr(providers, "_get_local_constants"), "Hypothesis finds constants otherwise"
providers._get_local_constants = lambda: providers._local_constants
# The files that take longest, the longest first.
_LONGEST = (
    "deployers/test_recorded.py",
    "e2e/test_audit.py",
    "e2e/test_workflows.py",
    "e2e/test_recover.py",
    "e2e/test_rollouts.py",
    "e2e/test_state.py",
    "deployers/test_removal.py",
    "bindings/test_bindings.py",
    "e2e/test_app.py",
    "e2e/test_updates.py",
    "e2e/test_adopt.py",
    "e2e/test_scaling.py",
    "field/test_plans.py",
    "properties/test_accepted.py",
    # Few tests, so that they would start last otherwise.
    "attacks/test_mutations.py",
    "bindings/test_resolving.py",
    "bindings/test_subset_assembly.py",
    "cdktn/test_loading.py",
    "docs/test_own_file.py",
    "review/admission/test_grammar.py",
    "review/test_drawn_attacks.py",
    "review/test_fuzz.py",
    "review/test_program.py",
    "review/test_speed.py",
)
_RANKS = {ROOT / "tests" / file: rank for rank, file in enumerate(_LONGEST)}
# Their files contain few tests and take minutes.
_SLOW_FOLDERS = {
    ROOT / "tests" / folder for folder in ("bench", "e2e", "properties", "deployers", "scanners", "terraform")
}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect no garbage meanwhile: what collection makes stays, and going through it is a quarter of its CPU time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the longest files first, then slow folders, then files with many tests: no worker is idle at the end."""
    assert all(file.is_file() for file in _RANKS), "_LONGEST names a file that does not exist"
    tests_in = Counter(item.path for item in items)
    items.sort(
        key=lambda item: (
            _RANKS.get(item.path, len(_RANKS)),
            item.path.parent not in _SLOW_FOLDERS,
            -tests_in[item.path],
        )
    )


def pytest_collection_finish() -> None:
    """Leave what collection made out of garbage collection, which would go through 16,000 tests again and again.

    Its garbage, a few megabytes, stays as well: to find it takes a tenth of the time of collection.
    """
    gc.freeze()


@pytest.fixture(scope="session")
def unattached_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment variables with which Terraform installs and starts the provider itself."""
    return process_environment(tmp_path_factory.mktemp("terraform"))


@pytest.fixture(scope="session")
def provider_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the provider that runs of Terraform share is installed."""
    return tmp_path_factory.mktemp("provider")


@pytest.fixture(scope="session")
def terraform_environment(unattached_environment: dict[str, str], provider_folder: Path) -> Iterator[dict[str, str]]:
    """The environment variables with which runs of Terraform share processes of the provider."""
    with shared_provider(provider_folder, unattached_environment) as variable:
        yield {**unattached_environment, **variable}


@pytest.fixture(scope="session")
def installing_environment(
    terraform_environment: dict[str, str], provider_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The same with a `terraform init` that installs and locks a stand-in for the provider."""
    return installing(tmp_path_factory.mktemp("installing"), terraform_environment, provider_folder)


@pytest.fixture(scope="session")
def sharing_variables(installing_environment: dict[str, str], unattached_environment: dict[str, str]) -> dict[str, str]:
    """Those of its variables that let runs share the provider, for a program that finds the others itself."""
    return dict(installing_environment.items() - unattached_environment.items())


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulated AWS account for one test module."""
    with Emulator(tmp_path_factory.mktemp("aws"), account_id=ACCOUNT, region=REGION) as emulator:
        yield emulator
