"""The order of tests: the longest files first, so that no worker is left with one at the end.

pytest-xdist gives a worker its next file before the last two tests of the one before. So the last files have many
short tests.
"""

from collections import Counter

import pytest

from tests.examples import ROOT

# Every file of more than half a minute in a run of all tests on two cores, the longest first. Most of them wait for
# Terraform, or contain few tests.
_LONGEST = (
    "deployers/test_recorded.py",
    "e2e/test_audit.py",
    "e2e/test_app.py",
    "e2e/test_rollouts.py",
    "review/test_drawn_attacks.py",
    "deployers/test_removal.py",
    "e2e/test_state.py",
    "e2e/test_adopt.py",
    "properties/test_accepted.py",
    "field/test_plans.py",
    "e2e/test_set_values.py",
    "e2e/test_workflows.py",
    "e2e/test_recover_shared.py",
    "review/test_speed.py",
    "bindings/test_subset_assembly.py",
    "e2e/test_modes.py",
    "e2e/test_recover.py",
    "e2e/test_updates.py",
    "e2e/test_network.py",
    "terraform/test_plan.py",
    "properties/test_rejected.py",
    "e2e/test_make.py",
    "e2e/test_demo.py",
    "e2e/test_execution_role.py",
    "e2e/test_scaling.py",
    "e2e/test_inference_components.py",
    "bench/test_bench.py",
    "e2e/test_failures.py",
    "e2e/test_interrupted.py",
    "cdktn/test_loading.py",
    "e2e/test_operations.py",
    "terraform/test_shared_provider.py",
    "review/test_program.py",
    "scanners/test_scanners.py",
    "e2e/test_cli.py",
    "e2e/test_unsaved_state.py",
    "attacks/test_mutations.py",
    "review/admission/test_grammar.py",
    "e2e/test_review.py",
    "docs/test_own_file.py",
    "scanners/test_proofs.py",
    "properties/test_mutated.py",
    "e2e/test_feature_store.py",
    "properties/test_shapes.py",
    "review/test_fuzz.py",
    "deployers/test_printing.py",
    "bindings/test_bindings.py",
    "deployers/test_operations.py",
    "bench/test_cost_of_operations.py",
    "bindings/test_resolving.py",
    "review/test_policy_weakening.py",
    "e2e/test_plans.py",
    "loading/test_large_files.py",
    "review/test_damaged.py",
)
_RANKS = {ROOT / "tests" / file: rank for rank, file in enumerate(_LONGEST)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, and then those with the most tests."""
    assert all(file.is_file() for file in _RANKS), "_LONGEST names a file that does not exist"
    tests_in = Counter(item.path for item in items)
    items.sort(key=lambda item: (_RANKS.get(item.path, len(_RANKS)), -tests_in[item.path]))
