"""The order of tests, in which both cores are busy all the time, and no worker is left with a long file at the end.

More than half of the time goes by in tests that wait, mostly for AWS, whose provider for Terraform waits until changes
are effective. Two files that compute run beside them: more would only take CPU time from each other.

pytest-xdist gives a worker its next file before the last two tests of the one before. So files with few long tests are
the first, and the last ones have many short tests.
"""

from collections import Counter
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling, Scheduling
from xdist.workermanage import WorkerController

from tests.examples import ROOT

MAX_COMPUTING = 2

# The files that take longest in a run of all tests on two cores: those with few tests, and then the longest first.
WAITING = (
    "tests/deployers/test_removal.py",
    "tests/e2e/test_make.py",
    "tests/e2e/test_demo.py",
    "tests/e2e/test_recover_shared.py",
    "tests/e2e/test_execution_role.py",
    "tests/e2e/test_review.py",
    "tests/deployers/test_recorded.py",
    "tests/e2e/test_workflows.py",
    "tests/e2e/test_audit.py",
    "tests/e2e/test_recover.py",
    "tests/e2e/test_rollouts.py",
    "tests/e2e/test_state.py",
    "tests/e2e/test_updates.py",
    "tests/e2e/test_set_values.py",
    "tests/e2e/test_modes.py",
    "tests/e2e/test_adopt.py",
    "tests/e2e/test_network.py",
    "tests/e2e/test_scaling.py",
    "tests/e2e/test_inference_components.py",
    "tests/e2e/test_app.py",
    "tests/e2e/test_failures.py",
    "tests/e2e/test_interrupted.py",
    "tests/e2e/test_unsaved_state.py",
    "tests/e2e/test_operations.py",
    "tests/terraform/test_shared_provider.py",
    "tests/e2e/test_cli.py",
    "tests/e2e/test_feature_store.py",
    "tests/e2e/test_plans.py",
    "tests/terraform/test_lock.py",
    "tests/e2e/test_proxy.py",
    "tests/e2e/test_alarm_topic.py",
)
_COMPUTING = (
    "tests/properties/test_shapes.py",
    "tests/bench/test_cost_of_operations.py",
    "tests/properties/test_mutated.py",
    "tests/bindings/test_bindings.py",
    "tests/properties/test_accepted.py",
    "tests/properties/test_rejected.py",
    "tests/cdktn/test_loading.py",
    "tests/bindings/test_subset_assembly.py",
    "tests/bench/test_bench.py",
    "tests/review/test_program.py",
    "tests/scanners/test_proofs.py",
    "tests/review/test_speed.py",
    "tests/scanners/test_scanners.py",
    "tests/loading/test_large_files.py",
    "tests/review/admission/test_grammar.py",
    "tests/field/test_plans.py",
    "tests/terraform/test_plan.py",
    "tests/review/test_damaged.py",
    "tests/deployers/test_printing.py",
    "tests/repository/test_package.py",
    "tests/review/test_drawn_attacks.py",
    "tests/attacks/test_mutations.py",
    "tests/commands/test_configuration.py",
    "tests/review/admission/test_policies.py",
    "tests/stacks/test_snapshots.py",
    "tests/review/test_fuzz.py",
    "tests/bindings/test_resolving.py",
    "tests/review/test_rules.py",
    "tests/review/test_policy_weakening.py",
    "tests/docs/test_own_file.py",
    "tests/rules/test_rules.py",
    "tests/attacks/test_attacks.py",
    "tests/config/test_types.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    """Return the scheduler of `--dist loadfile`."""
    return Scheduler(config, log) if config.getoption("dist") == "loadfile" else None


class Scheduler(LoadFileScheduling):  # type: ignore[misc]  # reason: pytest-xdist has no types
    """Gives a worker a file that computes if few others do, or else a file that waits, while there are both."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        computing = sum(self._computes(other) for other in self.nodes if other is not node)
        kind = [file for file in self.workqueue if (file in WAITING) == (computing >= MAX_COMPUTING)]
        self.workqueue.move_to_end((kind or [*self.workqueue])[0], last=False)
        super()._assign_work_unit(node)

    def _computes(self, node: WorkerController) -> bool:
        files = self.assigned_work[node].items()
        return any(file not in WAITING and not all(ended.values()) for file, ended in files)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, and then those with the most tests."""
    order = {ROOT / file: place for place, file in enumerate((*WAITING, *_COMPUTING))}
    assert all(file.is_file() for file in order), "a file in the order of tests does not exist"
    tests_in = Counter(item.path for item in items)
    items.sort(key=lambda item: (order.get(item.path, len(order)), -tests_in[item.path]))
