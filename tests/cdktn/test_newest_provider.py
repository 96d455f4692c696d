"""The newest AWS provider has every argument and attribute of the examples.

tests/terraform shows the same with a real provider, which is 5.100.0 in these tests. This reads the newest version from
the bindings of CDK Terrain.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator

import pytest

from tests.cdktn.provider_schema import Json, ProviderSchema
from tests.cdktn.support import archive
from tests.examples import ROOT

_SNAPSHOTS = {
    f"{file.parent.name}-{file.stem}": json.loads(file.read_text())
    for file in sorted((ROOT / "tests" / "snapshots").glob("*/*.json"))
}
_REFERENCE = re.compile(r"\b((?:data\.)?aws_\w+)\.[\w-]+\.(\w+)")


def _resources(stack: Json) -> Iterator[tuple[str, Json]]:
    """Yield the address of each resource type of AWS with the arguments of a resource, the provider included."""
    yield from (("provider.aws", provider) for provider in stack["provider"]["aws"])
    for type_, resources in stack.get("resource", {}).items():
        yield from ((type_, resource) for resource in resources.values() if type_ != "terraform_data")
    for type_, sources in stack.get("data", {}).items():
        yield from ((f"data.{type_}", source) for source in sources.values())


@pytest.fixture(scope="module")
def schema() -> ProviderSchema:
    return ProviderSchema(archive(), {address for stack in _SNAPSHOTS.values() for address, _ in _resources(stack)})


def _problems(schema: ProviderSchema, stack: Json) -> list[str]:
    return [problem for address, resource in _resources(stack) for problem in schema.problems(address, resource)]


@pytest.mark.parametrize("name", _SNAPSHOTS)
def test_every_argument_of_a_stack_is_in_the_schema(name: str, schema: ProviderSchema) -> None:
    assert _problems(schema, _SNAPSHOTS[name]) == []


def test_every_attribute_in_an_expression_is_in_the_schema(schema: ProviderSchema) -> None:
    references = {
        (match[1], match[2]) for stack in _SNAPSHOTS.values() for match in _REFERENCE.finditer(json.dumps(stack))
    }
    assert len(references) > 20
    assert {(address, name) for address, name in references if name not in schema.attributes(address)} == set()


def test_the_examples_have_every_resource_of_the_bindings() -> None:
    files = (ROOT / "modules" / "protected_endpoints" / "bindings").glob("*.py")
    submodules = {name for file in files for name in re.findall(r"_provider_aws\.(\w+) import", file.read_text())}
    addresses = {address for stack in _SNAPSHOTS.values() for address, _ in _resources(stack)}
    names = {address.removeprefix("aws_").removesuffix(".aws").replace(".", "_") for address in addresses}
    assert submodules - names == set()


Change = Callable[[Json], object]
_CHANGES: dict[str, tuple[str, Change, str]] = {
    "an unknown argument": (
        "aws_kms_key",
        lambda key: key.update(rotation=True),
        "aws_kms_key.rotation: unknown argument",
    ),
    "an attribute that only AWS sets": (
        "aws_kms_key",
        lambda key: key.update(key_id="1"),
        "aws_kms_key.key_id: only AWS sets it",
    ),
    "a missing argument": (
        "aws_sagemaker_endpoint",
        lambda endpoint: endpoint.pop("endpoint_config_name"),
        "aws_sagemaker_endpoint.endpoint_config_name: required",
    ),
    "a text for a number": (
        "aws_kms_key",
        lambda key: key.update(deletion_window_in_days="thirty"),
        "aws_kms_key.deletion_window_in_days: must be number, got 'thirty'",
    ),
    "a Boolean for a number": (
        "aws_kms_key",
        lambda key: key.update(deletion_window_in_days=True),
        "aws_kms_key.deletion_window_in_days: must be number, got True",
    ),
    "a text for a list": (
        "provider.aws",
        lambda provider: provider.update(allowed_account_ids="1"),
        "provider.aws.allowed_account_ids: must be a list, got '1'",
    ),
    "a list for a text": (
        "aws_iam_role",
        lambda role: role.update(name=["a"]),
        "aws_iam_role.name: must be string, got ['a']",
    ),
    "a text for a map": (
        "aws_kms_key",
        lambda key: key.update(tags="a"),
        "aws_kms_key.tags: must be a map, got 'a'",
    ),
    "a number in a map": (
        "aws_kms_key",
        lambda key: key.update(tags={"a": 1}),
        "aws_kms_key.tags['a']: must be string, got 1",
    ),
    "a text for a block": (
        "aws_sagemaker_model",
        lambda model: model.update(primary_container="image"),
        "aws_sagemaker_model.primary_container: must be a block, got 'image'",
    ),
    "two blocks for one": (
        "aws_sagemaker_model",
        lambda model: model.update(primary_container=[{}, {}]),
        "aws_sagemaker_model.primary_container: must be one block, got 2",
    ),
    "an unknown argument of a block": (
        "aws_sagemaker_endpoint_configuration",
        lambda configuration: configuration["production_variants"][0].update(cores=1),
        "aws_sagemaker_endpoint_configuration.production_variants[0].cores: unknown argument",
    ),
    "a missing argument of a block": (
        "aws_sagemaker_endpoint_configuration",
        lambda configuration: configuration["data_capture_config"].pop("destination_s3_uri"),
        "aws_sagemaker_endpoint_configuration.data_capture_config.destination_s3_uri: required",
    ),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_a_change_that_the_provider_rejects_is_a_problem(change: str, schema: ProviderSchema) -> None:
    address, apply, problem = _CHANGES[change]
    stack = copy.deepcopy(_SNAPSHOTS["example-dev-kmeans"])
    apply(next(resource for type_, resource in _resources(stack) if type_ == address))
    assert _problems(schema, stack) == [problem]


def test_a_resource_type_that_the_provider_lacks_is_an_error() -> None:
    with pytest.raises(KeyError, match="opsworksStack"):  # removed in 6.0
        ProviderSchema(archive(), {"aws_opsworks_stack"})
