"""A strict project turns warnings into errors, and each warning is printed once."""

import pytest

from protected_endpoints import rules
from protected_endpoints.errors import ConfigurationError, group_by_message
from tests.loading.support import deployment, example, load_parsed
from tests.rules.pair import REASON, Pair
from tests.rules.test_rules import PAIRS

STRICT = {"strict": True}
_WARNINGS = [pair for pair in PAIRS if pair.rule.severity == "warning" and pair.rule.strict]


@pytest.mark.parametrize("pair", _WARNINGS, ids=lambda pair: pair.id)
def test_a_warning_is_an_error_in_a_strict_project(pair: Pair) -> None:
    failing = deployment(**{**pair.fails, "project": {**pair.fails.get("project", {}), **STRICT}})
    with pytest.raises(ConfigurationError) as raised:
        rules.check(failing)
    severities = {str(problem): problem.severity for problem in raised.value.problems}
    assert {message: severities[message] for message in pair.texts} == dict.fromkeys(pair.texts, "error")


def test_a_relaxation_stays_a_warning_in_a_strict_project() -> None:
    relaxed = deployment(project=STRICT, relax={"network_isolation": REASON})
    reported = [(problem.path[-1], problem.severity) for problem in rules.findings(relaxed)]
    assert reported == [("network_isolation", "warning")]


def test_the_same_warning_of_several_endpoints_is_printed_once_with_its_key_paths() -> None:
    file = example()
    kmeans = file["endpoints"].pop("kmeans") | {"instance_type": "ml.g5.xlarge"}
    file["endpoints"] = {"a": kmeans, "b": {**kmeans, "instance_type": "ml.g5.2xlarge"}}
    file["endpoints"]["b"]["data_capture"] = {"initial_sampling_percentage": 0}
    first, second = group_by_message(load_parsed(file).warnings)
    assert first.splitlines() == [
        "has local NVMe storage, which the instance hardware encrypts instead of the KMS key; choose a type "
        "without local storage if the KMS key must encrypt all data [local-storage-not-under-key] (2 occurrences)",
        '  endpoints.a.instance_type, got "ml.g5.xlarge"',
        '  endpoints.b.instance_type, got "ml.g5.2xlarge"',
    ]
    assert second.startswith("endpoints.b.data_capture.initial_sampling_percentage: captures no requests, got 0; ")
