"""Admit the configuration in a plan: its providers, blocks, resources and their arguments.

Terraform writes the expressions of the configuration into a plan: `constant_value` is the text as it was synthesized,
also if it has references, and blocks are lists. A plan shows neither `lifecycle` nor the backend nor a `removed` block;
`admit` reads them in the synthesized folder.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from protected_endpoints.review.admission import shapes
from protected_endpoints.review.admission.admitted import Admitted, can_be_admitted
from protected_endpoints.review.admission.composition import composition_problems
from protected_endpoints.review.admission.grammar import Shape, grammar
from protected_endpoints.review.admission.policies import ATTRIBUTES
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.plan.plan import Change, configuration_address
from protected_endpoints.review.plan.values import Json, as_dict, as_list

_AWS = "aws"
# The provider as Terraform and OpenTofu name it, without the host of their registries.
_FULL_NAME = "hashicorp/aws"
# Terraform has it built in, and its only resource keeps a value in the state.
_BUILT_IN, _BUILT_IN_NAME, _BUILT_IN_TYPE = "terraform", "terraform.io/builtin/terraform", "terraform_data"
_REGISTRIES = ("registry.terraform.io/", "registry.opentofu.org/", "")
_PROVIDER_KEYS = {"name", "full_name", "version_constraint", "expressions"}
_MODULE_KEYS = {"outputs", "resources"}
_OUTPUT_KEYS = {"expression", "description"}
_RESOURCE_KEYS = {
    "address", "mode", "type", "name", "provider_config_key", "expressions", "schema_version", "depends_on",
    "count_expression",
}  # fmt: skip
_META_ARGUMENTS = {"//", "lifecycle", "depends_on", "count"}
_NO_COUNT = {"constant_value": 0}
_NOT_WRITTEN = "this project does not write it"
_UNKNOWN_EXPRESSION = "${unknown()}"
_ATTRIBUTE = re.compile(r"(.+)\.\w+")


def is_aws(provider_name: object) -> bool:
    """Return whether the name of a provider in a plan is that of AWS."""
    return provider_name in [f"{registry}{_FULL_NAME}" for registry in _REGISTRIES]


def is_known_provider(provider_name: object, type_: object) -> bool:
    """Return whether a resource is of AWS, or of the only type that is built in."""
    return is_aws(provider_name) or (type_, provider_name) == (_BUILT_IN_TYPE, _BUILT_IN_NAME)


def configuration_problems(
    configuration: Json, changes: Sequence[Change], admitted: Sequence[Admitted]
) -> Iterator[NotAdmitted]:
    """Yield what this project does not write in the configuration of a plan with these changes.

    What is missing is a problem if a resource is new or loses it.
    """
    by_address = {configuration_address(change.address): change for change in changes}
    created = {address for address, change in by_address.items() if "create" in change.actions}
    yield from _provider_problems(as_dict(configuration.get("provider_config")))
    module = as_dict(configuration.get("root_module"))
    for key in sorted({*configuration} - {"provider_config", "root_module"}):
        yield NotAdmitted("configuration", key, _NOT_WRITTEN)
    for key in sorted(key for key in {*module} - _MODULE_KEYS if module[key]):
        names = ", ".join(map(code, as_dict(module[key])))
        yield NotAdmitted(key, "", f"{_NOT_WRITTEN}, got {names}" if names else _NOT_WRITTEN)
    for name, output in as_dict(module.get("outputs")).items():
        for key in sorted({*as_dict(output)} - _OUTPUT_KEYS):
            yield NotAdmitted(f"output.{name}", key, _NOT_WRITTEN)
    for resource in as_list(module.get("resources")):
        yield from _resource_problems(resource, by_address, admitted)
    yield from composition_problems(
        {
            resource["address"]: _as_written(
                as_dict(resource.get("expressions")), type_shape(str(resource.get("type")))
            )
            for resource in as_list(module.get("resources"))
            if resource.get("mode") != "data" and "count_expression" not in resource
        },
        created,
        {change.type for change in changes if not change.is_deleted},
    )


def _provider_problems(providers: Json) -> Iterator[NotAdmitted]:
    if providers and _AWS not in providers:  # the rule account-unrestricted reports a plan without any
        yield NotAdmitted("provider", "", "the plan does not show the configuration of the AWS provider")
    for key, provider in providers.items():
        address, settings = f"provider.{key}", as_dict(provider)
        if settings == {"name": _BUILT_IN, "full_name": _BUILT_IN_NAME} and key == _BUILT_IN:
            continue
        if key != _AWS or not is_aws(settings.get("full_name")):
            yield NotAdmitted(
                address, "", f"must be the only provider, {code(_FULL_NAME)}, got {code(settings.get('full_name'))}"
            )
            continue
        for name in sorted({*settings} - _PROVIDER_KEYS):
            yield NotAdmitted(address, name, _NOT_WRITTEN)
        (shape,) = filter(None, [_provider_shape()])
        written = _as_written(as_dict(settings.get("expressions")), shape)
        yield from (NotAdmitted(address, item.path, item.message) for item in shapes.problems(written, shape))


def _provider_shape() -> Shape | None:
    provider = as_keys(grammar().block).get("provider")
    aws = as_keys(provider).get(_AWS)
    return aws.list if aws else None


def as_keys(shape: Shape | None) -> dict[str, Shape]:
    """Return the shapes of an object by key, and an empty dict if the value is no object."""
    return dict((shape and shape.keys) or {})


def _resource_problems(
    resource: Json, changes: Mapping[str, Change], admitted: Sequence[Admitted]
) -> Iterator[NotAdmitted]:
    address = str(resource.get("address"))
    full_type = f"data.{resource.get('type')}" if resource.get("mode") == "data" else str(resource.get("type"))
    for key in sorted({*resource} - _RESOURCE_KEYS):
        yield NotAdmitted(address, key, _NOT_WRITTEN)
    provider = _BUILT_IN if resource.get("type") == _BUILT_IN_TYPE else _AWS
    if resource.get("provider_config_key", provider) != provider:
        yield NotAdmitted(address, "provider", f"must be {code(provider)}, got {code(resource['provider_config_key'])}")
    if resource.get("count_expression", _NO_COUNT) != _NO_COUNT:
        yield NotAdmitted(address, "count", "must be omitted, or `0`")
    yield from _argument_problems(
        address, full_type, resource, changes.get(address), [entry for entry in admitted if entry.type == full_type]
    )


def _argument_problems(
    address: str, full_type: str, resource: Json, change: Change | None, entries: Sequence[Admitted]
) -> Iterator[NotAdmitted]:
    """Yield the problems of the arguments of a resource, which a data source has without a change."""
    expressions = as_dict(resource.get("expressions"))
    shape = type_shape(full_type)
    if shape is None:
        if any(not entry.argument for entry in entries):
            found = shapes.unsafe_parts(_as_written(expressions, Shape()), "")
            yield from (NotAdmitted(address, item.path, item.message) for item in found)
        return  # plan.py reports the type once
    if "count_expression" in resource:
        return  # it has no instance
    written = _as_written(expressions, shape)
    for item in shapes.problems(written, shape, is_admitted=shapes.admitting(entries)):
        if item.message == shapes.MISSING and item.path in _META_ARGUMENTS:
            continue
        if item.message == shapes.MISSING and change and not _is_lost(change, item.path):
            continue
        is_possible = item.is_safe and can_be_admitted(full_type, item.path)
        yield NotAdmitted(address, item.path, item.message, full_type if is_possible else "")


def _is_lost(change: Change, path: str) -> bool:
    """Return whether a new resource lacks the argument at a path, or an existing one loses it."""
    name = path.partition(".")[0]
    if "create" in change.actions:
        return name != path or change.value_after(name) is None
    return name in ATTRIBUTES or (change.differs(name) and _has(change.before, path.split(".")))


def _has(value: Any, path: Sequence[str]) -> bool:
    """Return whether a value has something at a path without the indices of lists."""
    if isinstance(value, list):
        return any(_has(item, path) for item in value)
    if not path or not isinstance(value, dict):
        return not path and value is not None
    return _has(value.get(path[0]), path[1:])


def type_shape(full_type: str) -> Shape | None:
    """Return the shape of a type, such as `aws_kms_key` or `data.aws_vpc`, and None if the project has none."""
    is_data = full_type.startswith("data.")
    return (grammar().data if is_data else grammar().resources).get(full_type.removeprefix("data."))


def _as_written(expressions: Any, shape: Shape | None) -> Any:
    """Return expressions of a plan as they stand in the synthesized stack, whose shape is given."""
    if isinstance(expressions, list):
        is_single = len(expressions) == 1 and shape is not None and shape.list is None and shape.keys is not None
        items = [_as_written(item, shape if is_single else shape.list if shape else None) for item in expressions]
        return items[0] if is_single else items
    if not isinstance(expressions, dict):
        return expressions
    if "constant_value" in expressions:
        return expressions["constant_value"]
    if "references" in expressions:  # an expression of another notation than a string of JSON
        return _reference(as_list(expressions["references"]))
    keys = as_keys(shape)
    return {
        key: _UNKNOWN_EXPRESSION
        if key in ATTRIBUTES and "references" in as_dict(value) and "constant_value" not in value
        else _as_written(value, keys.get(key))
        for key, value in expressions.items()
    }


def _reference(references: Sequence[Any]) -> str:
    """Return the expression with exactly these references if it is an attribute of one resource."""
    attribute, *others = map(str, references or [""])
    is_attribute = (match := _ATTRIBUTE.fullmatch(attribute)) and others == [match[1]]
    return f"${{{attribute}}}" if is_attribute else _UNKNOWN_EXPRESSION
