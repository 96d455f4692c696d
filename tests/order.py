"""The order of tests, in which both cores are busy all the time, and no worker is left with a long file at the end.

Half of the time goes by in tests that wait, mostly for AWS, whose provider for Terraform waits until changes are
effective. Tests that compute run beside them: eight at a time would take a fifth more CPU time than four.

pytest-xdist gives a worker its next file before the last two tests of the one before. So the last files have many
short tests.
"""

from collections import Counter

import pytest

from tests.examples import ROOT

# The files that take longest in a run of all tests on two cores, the longest first.
_WAITING = (
    "deployers/test_recorded.py",
    "e2e/test_audit.py",
    "e2e/test_rollouts.py",
    "deployers/test_removal.py",
    "e2e/test_workflows.py",
    "e2e/test_state.py",
    "e2e/test_recover.py",
    "e2e/test_set_values.py",
    "e2e/test_updates.py",
    "e2e/test_modes.py",
    "e2e/test_adopt.py",
    "e2e/test_network.py",
    "e2e/test_recover_shared.py",
    "e2e/test_make.py",
    "e2e/test_demo.py",
    "e2e/test_execution_role.py",
    "e2e/test_app.py",
    "e2e/test_scaling.py",
    "e2e/test_inference_components.py",
    "e2e/test_failures.py",
    "e2e/test_interrupted.py",
    "e2e/test_operations.py",
    "e2e/test_unsaved_state.py",
    "terraform/test_shared_provider.py",
    "e2e/test_cli.py",
    "e2e/test_review.py",
    "e2e/test_feature_store.py",
    "e2e/test_plans.py",
    "terraform/test_lock.py",
    "e2e/test_proxy.py",
    "e2e/test_alarm_topic.py",
)
_COMPUTING = (
    "properties/test_accepted.py",
    "properties/test_rejected.py",
    "field/test_plans.py",
    "terraform/test_plan.py",
    "bindings/test_subset_assembly.py",
    "review/test_speed.py",
    "cdktn/test_loading.py",
    "bench/test_bench.py",
    "review/test_drawn_attacks.py",
    "bindings/test_bindings.py",
    "properties/test_shapes.py",
    "properties/test_mutated.py",
    "review/test_program.py",
    "scanners/test_proofs.py",
    "scanners/test_scanners.py",
    "review/admission/test_grammar.py",
    "bindings/test_resolving.py",
    "bench/test_cost_of_operations.py",
    "loading/test_large_files.py",
    "review/test_damaged.py",
    "attacks/test_mutations.py",
    "docs/test_own_file.py",
    "deployers/test_printing.py",
    "review/test_fuzz.py",
    "review/test_policy_weakening.py",
    "review/test_rules.py",
    "rules/test_rules.py",
    "attacks/test_attacks.py",
    "config/test_types.py",
)
# From 0 to 1 in each of them, so that the files of both alternate.
_PLACES = {
    ROOT / "tests" / file: place / len(files) for files in (_WAITING, _COMPUTING) for place, file in enumerate(files)
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, and then those with the most tests."""
    assert all(file.is_file() for file in _PLACES), "a file in the order of tests does not exist"
    tests_in = Counter(item.path for item in items)
    items.sort(key=lambda item: (_PLACES.get(item.path, 1), -tests_in[item.path]))
