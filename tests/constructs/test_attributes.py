"""Everything that Terraform's resources take is a key of `endpoints.toml`, made from one, or left out for a reason."""

import inspect
import sys
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from protected_endpoints.bindings import SagemakerEndpoint, SagemakerEndpointConfiguration, SagemakerModel
from protected_endpoints.config import DataCapture, Endpoint, Variant
from protected_endpoints.config.container import AdditionalModelDataSource, Container, Model

# What every resource of Terraform takes; none of it describes what is served.
_OF_EVERY_RESOURCE = {
    *("self", "scope", "id_", "id", "region", "tags", "tags_all"),
    *("connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioners"),
}

# What is not a key under its name, with the reason: `made` from something else, or left out.
LEFT_OUT = {
    "SagemakerModel": {
        "name": "made from the content, so that a changed model is a new one",
        "execution_role_arn": "the role is made",
        "enable_network_isolation": "on unless relax.network_isolation gives a reason",
        "primary_container": "its keys stand in the model itself",
        "vpc_config": "made from the environment's network",
    },
    "SagemakerEndpointConfiguration": {
        "name": "made from the next; a fixed name would keep a change from the endpoint",
        "name_prefix": "made from project, environment and endpoint",
        "execution_role_arn": "the role is made",
        "kms_key_arn": "the key is made, or is kms.key_arn",
        "production_variants": "called variants, beside shadow_variants",
        "shadow_production_variants": "called shadow_variants, beside variants",
        "data_capture_config": "called data_capture, with the bucket's settings in it",
    },
    "SagemakerEndpoint": {
        "name": "made from project, environment and endpoint",
        "endpoint_config_name": "the configuration is made",
    },
    "SagemakerEndpointConfigurationProductionVariants": {
        "accelerator_type": "AWS ended Elastic Inference, and no new one can be made",
        "model_name": "called model, by its name in the file",
    },
    "SagemakerEndpointConfigurationDataCaptureConfig": {
        "kms_key_id": "always the endpoint's key",
        "capture_options": "called capture_mode: All, Input or Output",
    },
}

# Each class of the bindings with the table that is written for it.
_TABLES: dict[type, type[BaseModel]] = {
    SagemakerModel: Model,
    SagemakerEndpoint: Endpoint,
    SagemakerEndpointConfiguration: Endpoint,
}
_INNER: dict[str, type[BaseModel]] = {
    "SagemakerModelPrimaryContainer": Container,
    "SagemakerModelContainer": Container,
    "SagemakerEndpointConfigurationProductionVariants": Variant,
    "SagemakerEndpointConfigurationShadowProductionVariants": Variant,
    "SagemakerEndpointConfigurationDataCaptureConfig": DataCapture,
}
# The network is the environment's, and the options follow from capture_mode.
_NOT_FOLLOWED = {"SagemakerModelVpcConfig", "SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions"}


def _arguments(class_: type) -> list[str]:
    return [name for name in inspect.signature(vars(class_)["__init__"]).parameters if name not in _OF_EVERY_RESOURCE]


def _inner_class(class_: type, name: str) -> type | None:
    camel_case = "".join(part.capitalize() for part in name.split("_"))
    return getattr(sys.modules[class_.__module__], f"{class_.__name__}{camel_case}", None)


def _table_of(table: type[BaseModel], key: str) -> type[BaseModel]:
    """Return the table that a key of a table holds, one or several."""
    (found,) = {*_tables_in(table.model_fields[key].annotation)}
    return found


def _tables_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _tables_in(each)


def _pairs(class_: type, table: type[BaseModel]) -> Iterator[tuple[type, type[BaseModel]]]:
    """Yield a class with its table, and those of all blocks inside of it."""
    yield class_, table
    for name in _arguments(class_):
        inner = _inner_class(class_, name)
        if inner and inner.__name__ not in _NOT_FOLLOWED:
            yield from _pairs(inner, _INNER.get(inner.__name__) or _table_of(table, name))


_PAIRS = [pair for class_, table in _TABLES.items() for pair in _pairs(class_, table)]


@pytest.mark.parametrize(("class_", "table"), _PAIRS, ids=lambda each: each.__name__)
def test_every_attribute_is_a_key_or_left_out_for_a_reason(class_: type, table: type[BaseModel]) -> None:
    left_out = LEFT_OUT.get(class_.__name__.replace("ShadowProduction", "Production"), {})
    # What a table is called in the file is not the name that AWS sees.
    assert {*_arguments(class_)} - ({*table.model_fields} - {"name"}) == {*left_out}


def test_the_blocks_inside_are_looked_at_as_well() -> None:
    names = {class_.__name__ for class_, _ in _PAIRS}
    assert len(names) > 35
    assert "SagemakerModelContainerAdditionalModelDataSourceS3DataSourceModelAccessConfig" in names
    assert {*LEFT_OUT} <= names


@pytest.mark.parametrize(
    ("table", "outside"),
    [
        (Container, {"model_package_image", "model_package_data", "model_data_kms_key_arn"}),
        (AdditionalModelDataSource, {"model_data_kms_key_arn"}),
        (Variant, {"model"}),
    ],
    ids=["container", "additional model data", "variant"],
)
def test_every_key_of_what_is_handed_on_is_an_attribute_but_for_these(
    table: type[BaseModel], outside: set[str]
) -> None:
    for class_ in (each for each, of in _PAIRS if of is table):
        assert {*table.model_fields} - {*_arguments(class_)} == outside
