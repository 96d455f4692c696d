"""A warning that an endpoint acknowledges is no error in a strict project, and stays visible with its reason."""

import pytest

from protected_endpoints import rules
from protected_endpoints.commands.print_warnings import print_warnings
from protected_endpoints.commands.strict_note import strict_note
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.rules.registry import cross_endpoint_rule, find_rule
from tests.loading.support import Table, deployment, example, load_parsed, messages_of
from tests.rules.pair import NETWORK, REASON, Pair
from tests.rules.test_cross_endpoint_rules import CASES
from tests.rules.test_rules import PAIRS
from tests.rules.test_strict import STRICT

_WARNINGS = [pair for pair in PAIRS if pair.rule.can_be_acknowledged]
_LOCAL = "local-storage-not-under-key"
_UNUSED = "reports no warning about this endpoint in environment"
_CROSS = [(passes, fails) for rule, passes, fails, _ in CASES if rule.can_be_acknowledged]


def _strict(**endpoint: object) -> Table:
    """Return the example in a strict project with two environments, `dev` and `prod`."""
    file = example()
    file["project"] |= STRICT
    file["environments"]["prod"] = file["environments"]["dev"]
    file["endpoints"]["kmeans"] |= endpoint
    return file


@pytest.mark.parametrize("pair", _WARNINGS, ids=lambda pair: pair.id)
def test_an_acknowledged_warning_is_no_error_in_a_strict_project(pair: Pair) -> None:
    changes = {**pair.fails, "project": {**pair.fails.get("project", {}), **STRICT}}
    others = {problem.rule for problem in rules.findings(deployment(**changes)) if problem.severity == "error"}
    accepting = deployment(**changes, acknowledge=dict.fromkeys(others, REASON))
    rules.check(accepting)
    acknowledged = [str(problem) for problem in rules.findings(accepting) if problem.severity == "acknowledged"]
    assert {*pair.texts} <= {*acknowledged}


def test_an_acknowledgement_of_another_rule_changes_nothing() -> None:
    file = _strict(instance_type="ml.g5.xlarge", data_capture={"initial_sampling_percentage": 0})
    file["endpoints"]["kmeans"]["acknowledge"] = {"capture-zero-percent": REASON}
    (message,) = messages_of(file)
    assert message.endswith(f"[{_LOCAL}]")


def test_an_error_cannot_be_acknowledged() -> None:
    failing = deployment(enable_ssm_access=True, acknowledge={"ssm-access-without-reason": REASON})
    with pytest.raises(ConfigurationError) as raised:
        rules.check(failing)
    assert {problem.rule for problem in raised.value.problems} == {
        "ssm-access-without-reason",
        "acknowledgement-invalid",
    }


def test_an_acknowledgement_belongs_to_the_override_of_the_environment_that_has_the_warning() -> None:
    override = {"instance_type": "ml.g5.xlarge"}
    file = _strict(environments={"prod": {**override, "acknowledge": {_LOCAL: REASON}}})
    (acknowledged,) = load_parsed(file).acknowledged
    assert acknowledged.path == ("endpoints", "kmeans", "environments", "prod", "instance_type")

    file = _strict(environments={"prod": override}, acknowledge={_LOCAL: REASON})
    (message,) = messages_of(file)
    assert message.startswith(f"endpoints.kmeans.acknowledge.{_LOCAL}: the rule {_UNUSED} dev; ")

    file = _strict(environments={"prod": {"acknowledge": {_LOCAL: REASON}}})
    (message,) = messages_of(file)
    assert message.startswith(f"endpoints.kmeans.environments.prod.acknowledge.{_LOCAL}: the rule {_UNUSED} prod; ")


def test_a_misspelled_value_does_not_make_an_acknowledgement_unused() -> None:
    (message,) = messages_of(_strict(instance_type="ml.g5.xlarg", acknowledge={_LOCAL: REASON}))
    assert message.startswith("endpoints.kmeans.instance_type: must be ")


def _accepting(file: Table, name: str, rule_id: str) -> Table:
    """Return a strict file whose endpoint accepts the warning, in `prod` if it has an override for it."""
    endpoint = dict(file["endpoints"][name])
    if "environments" in endpoint:
        endpoint["environments"] = {"prod": {**endpoint["environments"]["prod"], "acknowledge": {rule_id: REASON}}}
    else:
        endpoint["acknowledge"] = {rule_id: REASON}
    return {**file, "project": {"name": "acme", **STRICT}, "endpoints": {**file["endpoints"], name: endpoint}}


@pytest.mark.parametrize(("passes", "fails"), _CROSS)
def test_a_warning_about_several_endpoints_is_acknowledged_by_the_endpoint_that_it_names(
    passes: Table, fails: Table
) -> None:
    (warning,) = load_parsed(fails).warnings
    (acknowledged,) = load_parsed(_accepting(fails, str(warning.path[1]), warning.rule)).acknowledged
    assert str(acknowledged) == str(warning)
    (message,) = messages_of(_accepting(passes, str(warning.path[1]), warning.rule))
    assert message.endswith("[cross-endpoint-acknowledgement-unused]")


def test_a_warning_about_an_environment_is_printed_unless_all_of_its_endpoints_accept_it() -> None:
    file = example()
    file["environments"]["dev"]["network"] = {**NETWORK, "subnet_ids": NETWORK["subnet_ids"][:1]}
    kmeans = file["endpoints"].pop("kmeans")
    accepting = {**kmeans, "acknowledge": {"single-availability-zone": REASON}}
    file["endpoints"] = {"a": accepting, "b": kmeans}
    assert [warning.rule for warning in load_parsed(file).warnings] == ["single-availability-zone"]
    with pytest.raises(ConfigurationError) as raised:
        load_parsed({**file, "project": {**file["project"], **STRICT}})
    assert "[endpoints.NAME.acknowledge]: single-availability-zone" in strict_note(raised.value.problems)
    file["endpoints"]["b"] = accepting
    assert load_parsed(file).warnings == ()


def test_no_acknowledgement_is_unused_while_another_endpoint_has_errors() -> None:
    file = _strict(only=["dev"])
    other = {**file["endpoints"]["kmeans"], "acknowledge": {"alarm-shared": REASON}}
    file["endpoints"] = {"a": {**file["endpoints"]["kmeans"], "image": "x"}, "b": other}
    (message,) = messages_of(file)
    assert message.startswith("endpoints.a.image: ")
    file["endpoints"]["a"]["image"] = other["image"]
    (message,) = messages_of(file)
    assert message.endswith("[cross-endpoint-acknowledgement-unused]")


def test_acknowledged_warnings_are_one_line_of_the_output(capsys: pytest.CaptureFixture[str]) -> None:
    print_warnings(load_parsed(_strict(instance_type="ml.g5.xlarge", acknowledge={_LOCAL: REASON})))
    assert capsys.readouterr().err.splitlines() == [
        f"acknowledged warnings: {_LOCAL} (1); explain shows them with their reasons"
    ]
    print_warnings(load_parsed(example()))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("changes", "table"),
    [
        ({"instance_type": "ml.g5.xlarge"}, "endpoints.kmeans.acknowledge"),
        (
            {"environments": {"prod": {"instance_type": "ml.g5.xlarge"}}},
            "endpoints.kmeans.environments.prod.acknowledge",
        ),
    ],
)
def test_errors_of_a_strict_project_end_with_how_to_accept_one(changes: Table, table: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_parsed(_strict(**changes))
    assert strict_note(raised.value.problems) == (
        "\nnote: strict = true in [project] makes warnings errors; to accept one with a reason, add to "
        f'[{table}]: {_LOCAL} = "<reason>"'
    )


def test_other_errors_have_no_note() -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_parsed(_strict(enable_ssm_access=True))
    assert strict_note(raised.value.problems) == ""


def test_only_the_warnings_that_strict_makes_errors_can_be_acknowledged() -> None:
    ids = ("protection-relaxed", "role-policy-count", "name-too-long", _LOCAL, "alarm-shared")
    rules_by_id = {id_: rule for id_ in ids if (rule := find_rule(id_))}
    assert {id_ for id_, rule in rules_by_id.items() if rule.can_be_acknowledged} == {_LOCAL, "alarm-shared"}
    assert not cross_endpoint_rule.rules["cross-endpoint-acknowledgement-unused"].can_be_acknowledged
