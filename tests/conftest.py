"""Fixtures of tests that run Terraform, and settings of all tests."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from hypothesis.internal.conjecture import providers

from protected_endpoints.commands.registry_mirror import process_environment
from sandbox.emulator import Emulator
from tests.emulators import ForkedEmulator
from tests.examples import ROOT
from tests.for_all_workers import until_tests_end
from tests.shared_provider import folder_of_shared_provider, installing, provider_of_all_workers

pytest_plugins = ["tests.large_frame", "tests.order", "tests.synth_fixtures"]
# Programs that tests start import the package of the project copy that they run in, or else this one.
os.environ["PYTHONPATH"] = os.pathsep.join(["modules", str(ROOT / "modules"), str(ROOT)])
# Terraform and its providers collect garbage only when they need a gigabyte: a fifth less CPU.
os.environ |= {"GOGC": "off", "GOMEMLIMIT": "1GiB"}
# Every start of Python would compile the package again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Objects between two collections of garbage: 700 by default.
_MIN_GARBAGE = 5_000
# A program that wakes up does not interrupt the one that runs: a tenth less CPU. Some containers do not allow it.
if sys.platform == "linux":
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
# A shell that starts the tests in the background lets them ignore Ctrl-C, and so all programs that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
# Hypothesis also draws the constants of every loaded module: other ones after each change, and in a run of one file.
assert hasattr(providers, "_get_local_constants"), "Hypothesis finds constants otherwise"
providers._get_local_constants = lambda: providers._local_constants


def pytest_configure(config: pytest.Config) -> None:
    """Collect garbage rarely, and let workers share servers."""
    gc.set_threshold(_MIN_GARBAGE)
    if not hasattr(config, "workerinput"):  # this is no worker
        blocks = ExitStack()
        blocks.enter_context(until_tests_end())
        config.add_cleanup(blocks.close)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect no garbage meanwhile: what collection makes stays, and going through it is a quarter of its CPU time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


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
def terraform_environment(unattached_environment: dict[str, str]) -> dict[str, str]:
    """The environment variables with which runs of Terraform share processes of the provider."""
    return {**unattached_environment, **provider_of_all_workers(unattached_environment)}


@pytest.fixture(scope="session")
def installing_environment(
    terraform_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The same with a `terraform init` that installs and locks a stand-in for the provider."""
    folder = tmp_path_factory.mktemp("installing")
    return installing(folder, terraform_environment, folder_of_shared_provider())


@pytest.fixture(scope="session")
def sharing_variables(installing_environment: dict[str, str], unattached_environment: dict[str, str]) -> dict[str, str]:
    """Those of its variables that let runs share the provider, for a program that finds the others itself."""
    return dict(installing_environment.items() - unattached_environment.items())


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulated AWS account for one test module."""
    with ForkedEmulator(tmp_path_factory.mktemp("aws")) as emulator:
        yield emulator
