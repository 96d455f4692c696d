"""The shapes of a service model are found in every layout of its file."""

import json

import pytest

from protected_endpoints.aws.service_models import _sagemaker, _shape

_NAME = "ProductionVariantInstanceType"


def test_a_shape_is_that_of_the_whole_document() -> None:
    whole = json.loads(_sagemaker())
    text = json.dumps(whole)  # with a space after each key, where the quick search finds nothing
    assert _shape(_sagemaker(), _NAME) == _shape(text, _NAME) == whole["shapes"][_NAME]


def test_a_name_that_occurs_twice_is_that_of_the_shape() -> None:
    model = '{"operations":{"Type":{"enum":["a"]}},"shapes":{"Type":{"enum":["b"]}}}'
    assert _shape(model, "Type") == {"enum": ["b"]}


def test_a_name_that_is_no_shape_is_an_error() -> None:
    with pytest.raises(KeyError, match="Nothing"):
        _shape(_sagemaker(), "Nothing")
