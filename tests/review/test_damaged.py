"""A damaged plan or synthesized folder is refused, and never reviewed as a harmless one."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.review.plan import synthesized as folders
from protected_endpoints.review.plan.files import parse_json, read_json
from protected_endpoints.review.plan.plan import Plan, Unreadable
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.review import Review
from tests.examples import EXAMPLES
from tests.review.fragments import Json, change
from tests.review.fragments import raw as harmless
from tests.support import write_stacks

_PLANS = Path(__file__).parent.parent / "plans"
_MISSING = object()
_DAMAGE_VALUES: tuple[Any, ...] = (_MISSING, None, "x", 7, True, [], {}, [None], [{}], {"x": None})
_ACTIONS: tuple[Any, ...] = (
    ["explode"],
    ["no-op"],
    ["read"],
    ["delete", "delete"],
    [],
    "delete",
    [["delete"]],
    ["DELETE"],
)
_OF_PLAN = ("format_version", "resource_changes", "configuration", "complete", "errored", "deferred_changes", "checks")
_OF_ENTRY = ("address", "mode", "type", "change", "deposed", "previous_address")
_OF_CHANGE = (
    "actions",
    "before",
    "after",
    "after_unknown",
    "before_sensitive",
    "after_sensitive",
    "replace_paths",
    "importing",
)


def _blocks(plan: Plan) -> bool:
    return Review(plan, (), date(2026, 11, 23)).is_blocked


@cache
def _blocking() -> dict[str, Json]:
    """Return the plans that block."""
    plans = {file.stem: json.loads(file.read_bytes()) for file in _PLANS.glob("*.json")}
    return {name: raw for name, raw in plans.items() if _blocks(parse_plan(raw, "dev-kmeans", "plan.json"))}


def _put(table: Json, key: str, value: Any) -> None:
    if value is _MISSING:
        table.pop(key, None)
    else:
        table[key] = value


def _damaged(raw: Json, level: str, key: str, value: Any) -> Json:
    """Return a plan in which a value replaces another, in every entry that changes."""
    if level == "plan":
        damaged = {**raw}
        _put(damaged, key, value)
        return damaged
    entries = [{**entry, "change": {**entry["change"]}} for entry in raw["resource_changes"]]
    damaged = {**raw, "resource_changes": entries}
    for entry in entries:
        if entry["change"]["actions"] != ["no-op"]:
            _put(entry if level == "entry" else entry["change"], key, value)
    return damaged


# A value of the same type is another plan, and no damage.
_VALID = (
    ("complete", True),
    ("before", {"x": None}),
    ("after", {"x": None}),
    ("before_sensitive", True),
    ("after_sensitive", True),
)


def _damages() -> Iterator[tuple[str, str, Any]]:
    for level, keys in (("plan", _OF_PLAN), ("entry", _OF_ENTRY), ("change", _OF_CHANGE)):
        yield from ((level, key, value) for key in keys for value in _DAMAGE_VALUES if (key, value) not in _VALID)
    yield from (("change", "actions", value) for value in _ACTIONS)
    yield from (("entry", "type", value) for value in ("aws_kms_alias", ""))
    yield from (("entry", "address", value) for value in ("aws_kms_alias.A", "data.aws_kms_alias.A", "", "a"))
    yield ("entry", "mode", "data")


def _shown(value: Any) -> str:
    return "missing" if value is _MISSING else json.dumps(value)


@pytest.mark.parametrize(
    ("level", "key", "value"), [*_damages()], ids=lambda value: value if isinstance(value, str) else _shown(value)
)
def test_no_damage_lets_a_plan_pass_that_blocks(level: str, key: str, value: Any) -> None:
    passed = []
    for name, raw in _blocking().items():
        try:
            plan = parse_plan(_damaged(raw, level, key, value), "dev-kmeans", "plan.json")
        except Unreadable:
            continue
        passed += [] if _blocks(plan) else [name]
    assert passed == []


def test_a_plan_without_its_configuration_blocks() -> None:
    """It shows the commands that Terraform runs and the text of policies; other tools may remove it."""
    raw = {key: value for key, value in harmless().items() if key != "configuration"}
    assert _blocks(parse_plan(raw, "dev-kmeans", "plan.json"))
    assert not _blocks(parse_plan(harmless(), "dev-kmeans", "plan.json"))


def test_enough_plans_block() -> None:
    assert len(_blocking()) >= 28


@pytest.mark.parametrize(
    ("level", "key", "value", "message"),
    [
        ("entry", "deposed", "x", ".change.after: must be null, got an object"),
        ("plan", "resource_changes", _MISSING, "resource_changes: no changes, although resources exist"),
        ("plan", "resource_changes", [], "resource_changes: no changes, although resources exist"),
        ("plan", "resource_changes", None, "resource_changes: must be a list, got null"),
        ("plan", "resource_changes", {}, "resource_changes: must be a list, got an object"),
        ("plan", "resource_changes", "x", "resource_changes: must be a list, got a string"),
        ("plan", "resource_changes", [None], "resource_changes[0]: must be an object, got null"),
        ("plan", "resource_changes", [{}], "resource_changes[0].address: missing"),
        ("plan", "configuration", {}, "configuration.root_module: missing"),
        ("plan", "complete", _MISSING, "complete: missing"),
        ("plan", "errored", "no", "errored: must be true or false, got a string"),
        ("entry", "address", 7, ".address: must be a string, got 7"),
        ("entry", "type", "aws_x", ".type: must be aws_"),
        ("entry", "mode", "data", ".mode: must be managed, as in the address, got a string"),
        ("entry", "change", _MISSING, ".change: missing"),
        ("change", "actions", _MISSING, ".change.actions: missing"),
        ("change", "actions", ["explode"], '.change.actions: not a combination of Terraform actions, got ["explode"]'),
        ("change", "before", "x", ".change.before: must be an object, got a string"),
        ("change", "before", {}, ".change.before: no attributes"),
        ("change", "after", [], ".change.after: must be "),
        (
            "change",
            "after_unknown",
            None,
            ".change.after_unknown: must be true or false or an object or a list, got null",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else _shown(value),
)
def test_a_message_names_the_path(level: str, key: str, value: Any, message: str) -> None:
    raw = _blocking()["key-replaced"]
    with pytest.raises(Unreadable) as refused:
        parse_plan(_damaged(raw, level, key, value), "dev-kmeans", "plan.json")
    (line,) = str(refused.value).splitlines()
    assert line.startswith("plan.json: ")
    assert message in line
    assert line.endswith("write it with: terraform show -json plan.bin > plan.json")


def test_a_message_shows_no_value_that_may_be_a_secret() -> None:
    raw = _damaged(_blocking()["secret"], "change", "after", "hunter2")
    with pytest.raises(Unreadable) as refused:
        parse_plan(raw, "dev-kmeans", "plan.json")
    assert "hunter2" not in str(refused.value)


def test_a_no_op_changes_nothing() -> None:
    raw = _blocking()["role-widened"]
    hidden = _damaged(raw, "change", "actions", ["no-op"])
    with pytest.raises(Unreadable, match=r"change\.after: differs from before, although the action is no-op"):
        parse_plan(hidden, "dev-kmeans", "plan.json")


@pytest.mark.parametrize("values", ["planned_values", "prior_state"])
def test_every_existing_resource_has_a_change(values: str) -> None:
    raw = _blocking()["role-widened"]
    resources = [{"address": change["address"], "mode": change["mode"]} for change in raw["resource_changes"]]
    state = {"root_module": {"resources": resources}}
    whole = {**raw, values: state if values == "planned_values" else {"values": state}}
    assert _blocks(parse_plan(whole, "dev-kmeans", "plan.json"))
    unchanged = [change for change in raw["resource_changes"] if change["change"]["actions"] == ["no-op"]]
    with pytest.raises(Unreadable, match=r"resource_changes: no change of .*, which exists"):
        parse_plan({**whole, "resource_changes": unchanged}, "dev-kmeans", "plan.json")


def test_every_configured_resource_has_a_change() -> None:
    resources = [
        {"address": "aws_kms_key.Key"},
        {"address": "data.aws_vpc.Vpc", "mode": "data"},
        {"address": "ephemeral.aws_kms_secrets.Secrets", "mode": "ephemeral"},
        {"address": "aws_kms_key.Repeated", "count_expression": {"constant_value": 0}},
    ]
    configured = {"configuration": {"root_module": {"resources": resources}}}
    assert parse_plan(harmless(**configured), "dev-kmeans", "plan.json").is_complete
    resources.append({"address": "aws_kms_key.Another"})
    with pytest.raises(Unreadable, match=r"resource_changes: no change of aws_kms_key\.Another, which is configured"):
        parse_plan(harmless(**configured), "dev-kmeans", "plan.json")
    assert _blocks(parse_plan(harmless(**configured, complete=False), "dev-kmeans", "plan.json"))


def test_a_plan_that_destroys_everything_has_no_change_of_what_was_never_created() -> None:
    deleted = [change("aws_kms_key.Key", {"arn": "a"}, None, ("delete",))]
    resources = [{"address": "aws_kms_key.Key"}, {"address": "aws_kms_key.NeverCreated"}]
    destroyed = {**harmless(), "resource_changes": deleted, "configuration": {"root_module": {"resources": resources}}}
    assert _blocks(parse_plan(destroyed, "dev-kmeans", "plan.json"))


@pytest.mark.parametrize(
    "part",
    [
        {"action_invocations": None},
        {"action_invocations": {}},
        {"action_invocations": [{}]},
        {"deferred_action_invocations": [{"reason": "unknown"}]},
        {"deferred_changes": [{"reason": "unknown"}]},
        {"deferred_changes": None},
        {"checks": [{"status": "fail"}]},
        {"checks": {}},
        {"output_changes": []},
        {"applyable": "no"},
        {"configuration": {"root_module": {"resources": [{"address": "a"}]}}},
    ],
    ids=json.dumps,
)
def test_another_part_of_another_form_is_refused(part: Json) -> None:
    with pytest.raises(Unreadable, match=next(iter(part))):
        parse_plan(harmless(**part), "dev-kmeans", "plan.json")


def test_not_every_resource_is_already_deleted() -> None:
    raw = json.loads(json.dumps(_blocking()["role-widened"]))
    for entry in raw["resource_changes"]:
        entry["change"].update(actions=["no-op"], before=None, after=None)
    with pytest.raises(Unreadable, match="resource_changes: no changes, although resources exist"):
        parse_plan(raw, "dev-kmeans", "plan.json")


def test_a_duplicate_key_hides_nothing(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text('{"resource_changes": [{}], "resource_changes": []}')
    with pytest.raises(Unreadable, match="duplicate key in an object"):
        read_json(file, suggestion="write it again")


Damage = Callable[[Json], None]


def _set(*keys: str, value: object) -> Damage:
    def damage(stack: Json) -> None:
        *path, last = keys
        for key in path:
            stack = stack[key]
        _put(stack, last, value)

    return damage


_RESOURCES = ("resource", "aws_sagemaker_model")
_DEEP: Any = json.loads('{"x": ' * 200 + "1" + "}" * 200)
_NO_OBJECT: tuple[object, ...] = (None, "x", 7, True, [], [None], [{}])
_STACK_DAMAGES = [
    *(_set("resource", value=value) for value in _DAMAGE_VALUES),
    *(_set(*_RESOURCES, value=value) for value in (*_NO_OBJECT, {}, {"x": None})),
    *(_set(*_RESOURCES, "Model", value=value) for value in _NO_OBJECT),
    *(_set(*_RESOURCES, "Model", "lifecycle", value=value) for value in _NO_OBJECT),
    _set(*_RESOURCES, "Model", "tags", value=_DEEP),
    *(_set(*_RESOURCES, "Model", "provisioner", value=value) for value in (None, "x", 7, True)),
    *(_set(key, value=value) for key in ("data", "output") for value in (*_NO_OBJECT, {"x": None})),
]


@pytest.mark.parametrize("side", ["base", "head"])
@pytest.mark.parametrize("damage", _STACK_DAMAGES)
def test_a_synthesized_folder_that_is_damaged_is_refused(
    damage: Damage, side: str, synthesized: Path, tmp_path: Path
) -> None:
    text = synthesized.read_text()
    for name in ("base", "head"):
        stack = json.loads(text)
        if name == "head":
            stack["resource"]["aws_sagemaker_model"]["Model"]["enable_network_isolation"] = False
        if name == side:
            damage(stack)
        file = tmp_path / name / "stacks" / "dev-kmeans" / "cdk.tf.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(stack))
    with pytest.raises(Unreadable) as refused:
        folders.plans(tmp_path / "base", tmp_path / "head")
    (message,) = str(refused.value).splitlines()
    assert message.startswith(f"{tmp_path / side / 'stacks' / 'dev-kmeans' / 'cdk.tf.json'}: ")
    assert message.endswith("; synthesize again")


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Terraform JSON of the example."""
    return write_stacks(EXAMPLES["example"], tmp_path_factory.mktemp("cdktf.out"))["dev-kmeans"] / "cdk.tf.json"


def test_a_whole_number_is_an_integer_in_every_notation() -> None:
    """Rules compare days and counts as integers; Terraform reads 0.7e1 as 7."""
    numbers = parse_json("[0.7e1, 7.0, 7, 0.5]")
    assert [(type(number), number) for number in numbers] == [(int, 7), (int, 7), (int, 7), (float, 0.5)]
