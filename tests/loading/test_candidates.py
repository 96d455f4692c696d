"""Invalid values are replaced by examples so that rules check the others, and no message shows an example."""

import pytest
from pydantic import BaseModel, ValidationError

from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.loading.candidates import Candidate, with_examples
from protected_endpoints.loading.suggestions import suggest_key
from tests.loading.support import Table, example, messages_of

_ROLE = "arn:aws:iam::111122223333:role"
_FOREIGN = "arn:aws:iam::444455556666:role/a"


def _with_examples(model: type[BaseModel], table: Table, *path: str) -> Candidate[BaseModel]:
    with pytest.raises(ValidationError) as raised:
        model.model_validate(table)
    return with_examples(model, table, raised.value, path)


def _paths(file: Table) -> list[str]:
    return [message.split(": ")[0] for message in messages_of(file)]


def test_an_invalid_table_has_two_variants_with_different_examples() -> None:
    table = {"name": "dev", "account_id": 5, "region": "here", "deployers": ["x"]}
    candidate = _with_examples(Environment, table, "environments", "dev")
    first, second = (variant.model_dump() for variant in candidate.variants)
    differing = {key for key in first if first[key] != second[key]}
    assert differing == {"account_id", "region", "deployers"}
    assert candidate.invalid_paths == (
        ("environments", "dev", "account_id"),
        ("environments", "dev", "region"),
        ("environments", "dev", "deployers", 0),
    )
    assert candidate.valid is None
    assert table["account_id"] == 5


def test_a_valid_table_is_its_own_variant() -> None:
    project = Project(name="acme")
    assert Candidate(("project",), (project,)).valid is project


@pytest.mark.parametrize("key", ["models", "inference_components"])
def test_an_invalid_name_of_the_only_table_is_the_only_error(key: str) -> None:
    file = example()
    endpoint = file["endpoints"]["kmeans"]
    for moved in ("image", "model_data_url"):
        del endpoint[moved]
    endpoint[key] = {"Llama_70B": {"image": "111122223333.dkr.ecr.us-west-2.amazonaws.com/llama:1"}}
    assert _paths(file) == [f"endpoints.kmeans.{key}.Llama_70B"]


def test_an_invalid_boolean_has_a_true_and_a_false_variant() -> None:
    network = {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d"], "private_endpoints": "no"}
    table = {"name": "dev", "account_id": "111122223333", "region": "us-west-2", "network": network}
    candidate = _with_examples(Environment, table, "environments", "dev")
    assert [variant.model_dump()["network"]["private_endpoints"] for variant in candidate.variants] == [True, False]


def test_a_misspelled_key_is_replaced_and_any_other_unknown_key_removed() -> None:
    table = {"name": "kmeans", **example()["endpoints"]["kmeans"], "color": "red", "onyl": ["dev"]}
    table["invokers"] = [{"rolearn": "x"}]
    candidate = _with_examples(Endpoint, table, "endpoints", "kmeans")
    assert all(variant.model_dump()["invokers"][0]["role_arn"] for variant in candidate.variants)
    assert len(candidate.variants) == 2


@pytest.mark.parametrize(
    ("key", "known", "expected"),
    [
        ("rolearn", ["name", "role_arn"], "role_arn"),
        ("arn", ["name", "role_arn"], "role_arn"),
        ("org_id", ["name", "principal_org_id"], "principal_org_id"),
        ("instance_count", ["instance_type", "initial_instance_count"], "initial_instance_count"),
        ("id", ["vpc_id", "subnet_id"], None),  # ambiguous
        ("account_id", ["vpc_id", "subnet_ids"], None),
        ("color", ["name"], None),
    ],
)
def test_a_similar_key_or_one_with_the_same_words_is_suggested(
    key: str, known: list[str], expected: str | None
) -> None:
    assert suggest_key(key, tuple(known)) == expected


def test_a_misspelled_key_is_not_reported_as_missing_as_well() -> None:
    file = example()
    file["endpoints"]["kmeans"]["imgae"] = file["endpoints"]["kmeans"].pop("image")
    assert _paths(file) == ["endpoints.kmeans.imgae"]
    file["enviroments"] = file.pop("environments")
    assert _paths(file) == ["endpoints.kmeans.imgae", "enviroments"]


@pytest.mark.parametrize("key", ["K_means", "k" * 37, "", "a\nb"])
def test_an_invalid_endpoint_name_does_not_hide_errors_of_the_endpoint(key: str) -> None:
    file = example()
    file["endpoints"] = {key: {**file["endpoints"]["kmeans"], "invokers": [_FOREIGN]}}
    name, invoker = messages_of(file)
    assert "must be a name of up to 36 lowercase letters, digits and single hyphens" in name
    assert ".invokers[0]: the role is not in account 111122223333" in invoker
    assert invoker.startswith(name.split(": ")[0])


def test_an_invalid_environment_name_does_not_hide_errors_of_the_environment() -> None:
    file = example()
    file["environments"] = {"Dev": {**file["environments"]["dev"], "network": {"vpc_id": 5, "subnet_ids": []}}}
    assert _paths(file) == [
        "environments.Dev",
        "environments.Dev.network.vpc_id",
        "environments.Dev.network.subnet_ids",
        "environments.Dev.network.route_table_ids",
    ]


def test_an_invalid_project_neither_hides_errors_nor_makes_names_too_long() -> None:
    file = example()
    file["project"] = 5
    file["endpoints"] = {"k" * 25: {**file["endpoints"]["kmeans"], "invokers": [_FOREIGN]}}
    # acme-dev- and 25 characters fit, and of the project's real name nothing is known.
    assert _paths(file) == ["project", f"endpoints.{'k' * 25}.invokers[0]"]


def test_a_missing_key_in_an_item_of_an_override_has_the_path_of_the_override() -> None:
    file = example()
    file["endpoints"]["kmeans"]["environments"] = {
        "dev": {"invokers": [f"{_ROLE}/a", {"principals": [f"{_ROLE}/b"]}]},
    }
    assert _paths(file) == ["endpoints.kmeans.environments.dev.invokers[1].name"]


def _with_models(**keys: object) -> Table:
    """Return the example with a table of models, and with more keys in the endpoint."""
    file = example()
    short = file["endpoints"]["kmeans"]
    file["endpoints"]["kmeans"] = {
        "models": {"candidate": {"image": short["image"]}},
        "variants": [{"variant_name": "one", "model": "candidate", "instance_type": "ml.m5.xlarge"}],
        **keys,
    }
    return file


def test_an_unknown_key_similar_to_a_present_one_is_one_error() -> None:
    file = _with_models(model="candidate")
    file["endpoints"]["kmeans"]["models"]["candidate"]["instance_type"] = "ml.m5.xlarge"
    in_model, unknown = messages_of(file)
    assert unknown == 'endpoints.kmeans.model: unknown key, got "candidate"; did you mean models? [unknown-key]'
    assert in_model == (
        'endpoints.kmeans.models.candidate.instance_type: unknown key, got "ml.m5.xlarge"; move it to '
        "[endpoints.kmeans], or to a table of variants [unknown-key]"
    )


def test_errors_below_an_invalid_key_are_reported_with_it() -> None:
    file = _with_models(variants=[])
    file["endpoints"]["kmeans"]["models"] = {"A_model": {"image": 5, "instance_type": "ml.m5.xlarge"}}
    assert _paths(file) == [
        "endpoints.kmeans.models.A_model",
        "endpoints.kmeans.models.A_model.image",
        "endpoints.kmeans.models.A_model.instance_type",
        "endpoints.kmeans.variants",
    ]


def test_models_without_variants_are_one_error() -> None:
    file = _with_models()
    del file["endpoints"]["kmeans"]["variants"]
    assert _paths(file) == ["endpoints.kmeans.variants"]


def test_invalid_permissions_are_not_duplicates_of_each_other() -> None:
    file = example()
    permission = {"actions": ["dynamodb:*"], "resources": ["arn:aws:dynamodb:us-west-2:111122223333:table/features"]}
    others = {"reason": "reads features, RISK-881"}
    file["endpoints"]["kmeans"] |= {
        "relax": {"network_isolation": "reads features, RISK-881"},
        "permissions": [{**permission, **others}, {**permission, **others, "actions": ["dynamodb:Get*"]}],
    }
    paths = [f"endpoints.kmeans.permissions[{number}].actions[0]" for number in (0, 1)]
    assert _paths(file) == paths


@pytest.mark.parametrize("action", ["dynamodb:GetItem", "s3:ListAllMyBuckets"])
def test_an_action_is_not_compared_with_an_example_of_a_resource(action: str) -> None:
    file = example()
    resource = "arn:aws:dynamodb:*:111122223333:table/features"
    file["endpoints"]["kmeans"] |= {
        "relax": {"network_isolation": "reads features, RISK-881"},
        "permissions": [{"actions": [action], "resources": [resource], "reason": "reads features, RISK-881"}],
    }
    assert _paths(file) == ["endpoints.kmeans.permissions[0].resources[0]"]
