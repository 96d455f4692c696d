"""The order of tests, in which both cores are busy all the time, and no worker is left with a long file at the end.

More than half of the time goes by in tests that wait, mostly for AWS, whose provider for Terraform waits until changes
are effective. Tests that compute run beside them: eight at a time would take a fifth more CPU time than four.

pytest-xdist gives a worker its next file before the last two tests of the one before. So the last files have many
short tests.
"""

from collections import Counter
from itertools import accumulate
from pathlib import Path

import pytest

from tests.examples import ROOT

# The files that take longest in a run of all tests on two cores, the longest first, with their seconds.
_WAITING = {
    "deployers/test_recorded.py": 305,
    "e2e/test_workflows.py": 305,
    "e2e/test_audit.py": 270,
    "e2e/test_recover.py": 240,
    "e2e/test_rollouts.py": 185,
    "deployers/test_removal.py": 165,
    "e2e/test_state.py": 160,
    "e2e/test_updates.py": 150,
    "e2e/test_set_values.py": 135,
    "e2e/test_make.py": 130,
    "e2e/test_modes.py": 130,
    "e2e/test_demo.py": 130,
    "e2e/test_adopt.py": 115,
    "e2e/test_network.py": 115,
    "e2e/test_recover_shared.py": 110,
    "e2e/test_scaling.py": 100,
    "e2e/test_inference_components.py": 100,
    "e2e/test_execution_role.py": 95,
    "e2e/test_app.py": 95,
    "e2e/test_failures.py": 95,
    "e2e/test_interrupted.py": 90,
    "e2e/test_unsaved_state.py": 80,
    "e2e/test_review.py": 80,
    "e2e/test_operations.py": 80,
    "terraform/test_shared_provider.py": 75,
    "e2e/test_cli.py": 65,
    "e2e/test_feature_store.py": 50,
    "e2e/test_plans.py": 40,
    "terraform/test_lock.py": 25,
    "e2e/test_proxy.py": 20,
    "e2e/test_alarm_topic.py": 20,
}
_COMPUTING = {
    "bindings/test_bindings.py": 130,
    "properties/test_accepted.py": 120,
    "terraform/test_plan.py": 105,
    "properties/test_rejected.py": 90,
    "properties/test_shapes.py": 90,
    "cdktn/test_loading.py": 90,
    "bindings/test_subset_assembly.py": 85,
    "properties/test_mutated.py": 80,
    "bench/test_cost_of_operations.py": 80,
    "bench/test_bench.py": 80,
    "review/test_program.py": 75,
    "scanners/test_proofs.py": 70,
    "review/test_speed.py": 70,
    "scanners/test_scanners.py": 60,
    "loading/test_large_files.py": 60,
    "review/admission/test_grammar.py": 55,
    "field/test_plans.py": 50,
    "review/test_damaged.py": 45,
    "deployers/test_printing.py": 40,
    "repository/test_package.py": 35,
    "review/test_drawn_attacks.py": 35,
    "attacks/test_mutations.py": 30,
    "commands/test_configuration.py": 30,
    "review/admission/test_policies.py": 30,
    "stacks/test_snapshots.py": 30,
    "review/test_fuzz.py": 25,
    "bindings/test_resolving.py": 25,
    "review/test_rules.py": 25,
    "review/test_policy_weakening.py": 20,
    "docs/test_own_file.py": 20,
    "rules/test_rules.py": 15,
    "attacks/test_attacks.py": 15,
    "config/test_types.py": 10,
}


def _places(seconds: dict[str, int]) -> dict[Path, float]:
    """Return the place of each file, from 0 to 1: the share of the time that the files before it take."""
    before = accumulate(seconds.values(), initial=0)
    return {ROOT / "tests" / file: start / sum(seconds.values()) for file, start in zip(seconds, before, strict=False)}


_PLACES = _places(_WAITING) | _places(_COMPUTING)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, so that both kinds end together, and then those with the most tests."""
    assert all(file.is_file() for file in _PLACES), "a file in the order of tests does not exist"
    tests_in = Counter(item.path for item in items)
    items.sort(key=lambda item: (_PLACES.get(item.path, 1), -tests_in[item.path]))
