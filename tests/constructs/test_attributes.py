"""Every argument of the SageMaker resources of Terraform is a key of `endpoints.toml`, or excluded for a reason."""

import inspect
import sys
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from protected_endpoints.bindings import SagemakerEndpoint, SagemakerEndpointConfiguration, SagemakerModel
from protected_endpoints.config import DataCapture, Endpoint, Variant
from protected_endpoints.config.container import AdditionalModelDataSource, Container, Model

# Arguments of every Terraform resource.
_COMMON_ARGUMENTS = {
    *("self", "scope", "id_", "id", "region", "tags", "tags_all"),
    *("connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioners"),
}

# Arguments that are not a key of the same name, with the reason.
EXCLUDED = {
    "SagemakerModel": {
        "name": "contains a hash of the content, so that a changed model is a new one",
        "execution_role_arn": "a key of the endpoint; by default the managed execution role",
        "enable_network_isolation": "enabled unless relax.network_isolation is set",
        "primary_container": "its keys are keys of the model",
        "vpc_config": "follows from the network of the environment",
    },
    "SagemakerEndpointConfiguration": {
        "name": "generated from name_prefix; with a fixed name a change would never reach the endpoint",
        "name_prefix": "the names of project, environment and endpoint",
        "kms_key_arn": "the managed key, or kms.key_arn",
        "production_variants": "the key is variants",
        "shadow_production_variants": "the key is shadow_variants",
        "data_capture_config": "the key is data_capture, which includes the settings of the bucket",
    },
    "SagemakerEndpoint": {
        "name": "the key is endpoint_name, and by default the names of project, environment and endpoint",
        "endpoint_config_name": "the managed endpoint configuration",
    },
    "SagemakerEndpointConfigurationProductionVariants": {
        "accelerator_type": "AWS has discontinued Elastic Inference",
        "model_name": "the key is model: a name in models",
    },
    "SagemakerEndpointConfigurationDataCaptureConfig": {
        "kms_key_id": "always the key of the endpoint",
        "capture_options": "the key is capture_mode: All, Input or Output",
    },
}

# The table of endpoints.toml for each resource class.
_TABLES: dict[type, type[BaseModel]] = {
    SagemakerModel: Model,
    SagemakerEndpoint: Endpoint,
    SagemakerEndpointConfiguration: Endpoint,
}
_BLOCK_TABLES: dict[str, type[BaseModel]] = {
    "SagemakerModelPrimaryContainer": Container,
    "SagemakerModelContainer": Container,
    "SagemakerEndpointConfigurationProductionVariants": Variant,
    "SagemakerEndpointConfigurationShadowProductionVariants": Variant,
    "SagemakerEndpointConfigurationDataCaptureConfig": DataCapture,
}
# The network belongs to the environment, and the capture options follow from capture_mode.
_IGNORED_BLOCKS = {"SagemakerModelVpcConfig", "SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions"}


def _arguments(class_: type) -> list[str]:
    return [name for name in inspect.signature(vars(class_)["__init__"]).parameters if name not in _COMMON_ARGUMENTS]


def _block_class(class_: type, name: str) -> type | None:
    camel_case = "".join(part.capitalize() for part in name.split("_"))
    return getattr(sys.modules[class_.__module__], f"{class_.__name__}{camel_case}", None)


def _table_of(table: type[BaseModel], key: str) -> type[BaseModel]:
    """Return the class of the table, or of the list of tables, at a key."""
    (nested,) = {*_tables_in(table.model_fields[key].annotation)}
    return nested


def _tables_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _tables_in(argument)


def _pairs(class_: type, table: type[BaseModel]) -> Iterator[tuple[type, type[BaseModel]]]:
    """Yield a class with its table, and the classes and tables of all nested blocks."""
    yield class_, table
    for name in _arguments(class_):
        block = _block_class(class_, name)
        if block and block.__name__ not in _IGNORED_BLOCKS:
            yield from _pairs(block, _BLOCK_TABLES.get(block.__name__) or _table_of(table, name))


_PAIRS = [pair for class_, table in _TABLES.items() for pair in _pairs(class_, table)]


@pytest.mark.parametrize(("class_", "table"), _PAIRS, ids=lambda value: value.__name__)
def test_every_argument_is_a_key_or_excluded_for_a_reason(class_: type, table: type[BaseModel]) -> None:
    excluded = EXCLUDED.get(class_.__name__.replace("ShadowProduction", "Production"), {})
    # The name of a table in endpoints.toml is not the name in AWS.
    assert {*_arguments(class_)} - ({*table.model_fields} - {"name"}) == {*excluded}


def test_nested_blocks_are_included() -> None:
    names = {class_.__name__ for class_, _ in _PAIRS}
    assert len(names) > 35
    assert "SagemakerModelContainerAdditionalModelDataSourceS3DataSourceModelAccessConfig" in names
    assert {*EXCLUDED} <= names


@pytest.mark.parametrize(
    ("table", "other_keys"),
    [
        (
            Container,
            {"model_package_image", "model_package_data", "model_data_account_id", "model_data_kms_key_arn"},
        ),
        (AdditionalModelDataSource, {"model_data_kms_key_arn"}),
        (Variant, {"model", "scaling"}),
    ],
    ids=["container", "additional model data", "variant"],
)
def test_every_key_of_a_table_is_an_argument_except_these(table: type[BaseModel], other_keys: set[str]) -> None:
    for class_ in (resource for resource, paired in _PAIRS if paired is table):
        assert {*table.model_fields} - {*_arguments(class_)} == other_keys
