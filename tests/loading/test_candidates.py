"""Examples in the place of what is wrong let the rules judge the rest, and no example is told as a mistake."""

import pytest
from pydantic import BaseModel, ValidationError

from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.loading.candidates import Judged, mended
from protected_endpoints.loading.messages import meant
from tests.loading.support import Table, example, messages_of

_ROLE = "arn:aws:iam::111122223333:role"
_FOREIGN = "arn:aws:iam::444455556666:role/a"


def _mended(model: type[BaseModel], table: Table, *path: str) -> Judged[BaseModel]:
    with pytest.raises(ValidationError) as raised:
        model.model_validate(table)
    return mended(model, table, raised.value, path)


def _paths(file: Table) -> list[str]:
    return [message.split(": ")[0] for message in messages_of(file)]


def test_a_wrong_table_is_two_with_different_examples() -> None:
    table = {"name": "dev", "account_id": 5, "region": "here", "deployers": ["x"]}
    judged = _mended(Environment, table, "environments", "dev")
    first, second = (each.model_dump() for each in judged.ways)
    differing = {key for key in first if first[key] != second[key]}
    assert differing == {"account_id", "region", "deployers"}
    assert judged.invalid_paths == (
        ("environments", "dev", "account_id"),
        ("environments", "dev", "region"),
        ("environments", "dev", "deployers", 0),
    )
    assert judged.right is None
    assert table["account_id"] == 5


def test_a_right_table_is_itself() -> None:
    project = Project(name="acme")
    assert Judged(("project",), (project,)).right is project


def test_a_switch_that_is_wrong_is_judged_as_on_and_as_off() -> None:
    network = {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d"], "private_endpoints": "no"}
    table = {"name": "dev", "account_id": "111122223333", "region": "us-west-2", "network": network}
    judged = _mended(Environment, table, "environments", "dev")
    assert [each.model_dump()["network"]["private_endpoints"] for each in judged.ways] == [True, False]


def test_a_misspelt_key_is_judged_as_the_one_that_was_meant_and_any_other_is_left_out() -> None:
    table = {"name": "kmeans", **example()["endpoints"]["kmeans"], "colour": "red", "onyl": ["dev"]}
    table["invokers"] = [{"rolearn": "x"}]
    judged = _mended(Endpoint, table, "endpoints", "kmeans")
    assert all(each.model_dump()["invokers"][0]["role_arn"] for each in judged.ways)
    assert len(judged.ways) == 2


@pytest.mark.parametrize(
    ("key", "known", "expected"),
    [
        ("rolearn", ["name", "role_arn"], "role_arn"),
        ("arn", ["name", "role_arn"], "role_arn"),
        ("org_id", ["name", "principal_org_id"], "principal_org_id"),
        ("instance_count", ["instance_type", "initial_instance_count"], "initial_instance_count"),
        ("id", ["vpc_id", "subnet_id"], None),  # which of the two cannot be told
        ("account_id", ["vpc_id", "subnet_ids"], None),
        ("colour", ["name"], None),
    ],
)
def test_a_key_is_suggested_that_is_alike_or_has_its_words(key: str, known: list[str], expected: str | None) -> None:
    assert meant(key, known) == expected


def test_a_misspelt_key_is_not_missing_as_well() -> None:
    file = example()
    file["endpoints"]["kmeans"]["imgae"] = file["endpoints"]["kmeans"].pop("image")
    assert _paths(file) == ["endpoints.kmeans.imgae"]
    file["enviroments"] = file.pop("environments")
    assert _paths(file) == ["endpoints.kmeans.imgae", "enviroments"]


@pytest.mark.parametrize("key", ["K_means", "k" * 37, "", "a\nb"])
def test_a_wrong_name_of_an_endpoint_does_not_hide_what_is_wrong_with_it(key: str) -> None:
    file = example()
    file["endpoints"] = {key: {**file["endpoints"]["kmeans"], "invokers": [_FOREIGN]}}
    name, invoker = messages_of(file)
    assert "not a name of up to 36 lower-case letters, digits and single hyphens" in name
    assert ".invokers[0]: the role is not in account 111122223333" in invoker
    assert invoker.startswith(name.split(": ")[0])


def test_a_wrong_name_of_an_environment_does_not_hide_what_is_wrong_with_it() -> None:
    file = example()
    file["environments"] = {"Dev": {**file["environments"]["dev"], "network": {"vpc_id": 5, "subnet_ids": []}}}
    assert _paths(file) == [
        "environments.Dev",
        "environments.Dev.network.vpc_id",
        "environments.Dev.network.subnet_ids",
        "environments.Dev.network.route_table_ids",
    ]


def test_a_wrong_project_does_not_hide_what_is_wrong_elsewhere_nor_make_names_too_long() -> None:
    file = example()
    file["project"] = 5
    file["endpoints"] = {"k" * 25: {**file["endpoints"]["kmeans"], "invokers": [_FOREIGN]}}
    # acme-dev- and 25 characters fit, and of the project's real name nothing is known.
    assert _paths(file) == ["project", f"endpoints.{'k' * 25}.invokers[0]"]


def test_what_is_missing_in_an_item_of_an_override_stands_in_the_override() -> None:
    file = example()
    file["endpoints"]["kmeans"]["environments"] = {
        "dev": {"invokers": [f"{_ROLE}/a", {"principals": [f"{_ROLE}/b"]}]},
    }
    assert _paths(file) == ["endpoints.kmeans.environments.dev.invokers[1].name"]


def _beside_models(**wrong: object) -> Table:
    """Return the example in the long form, with unknown keys beside its models."""
    file = example()
    short = file["endpoints"]["kmeans"]
    file["endpoints"]["kmeans"] = {
        "models": {"candidate": {"image": short["image"]}},
        "variants": [{"variant_name": "one", "model": "candidate", "instance_type": "ml.m5.xlarge"}],
        **wrong,
    }
    return file


def test_a_key_that_is_like_one_that_is_there_is_one_mistake_beside_the_others() -> None:
    file = _beside_models(model="candidate")
    file["endpoints"]["kmeans"]["models"]["candidate"]["instance_type"] = "ml.m5.xlarge"
    in_model, unknown = messages_of(file)
    assert unknown == 'endpoints.kmeans.model: unknown key, got "candidate"; did you mean models?'
    assert in_model.startswith('endpoints.kmeans.models.candidate.instance_type: unknown key, got "ml.m5.xlarge"; the ')


def test_what_stands_under_a_wrong_name_is_told_beside_the_name() -> None:
    file = _beside_models(variants=[])
    file["endpoints"]["kmeans"]["models"] = {"A_model": {"image": 5, "instance_type": "ml.m5.xlarge"}}
    assert _paths(file) == [
        "endpoints.kmeans.models.A_model",
        "endpoints.kmeans.models.A_model.image",
        "endpoints.kmeans.models.A_model.instance_type",
        "endpoints.kmeans.variants",
    ]


def test_a_model_without_variants_is_not_asked_for_instances_of_its_own() -> None:
    file = _beside_models()
    del file["endpoints"]["kmeans"]["variants"]
    assert _paths(file) == ["endpoints.kmeans.variants"]
