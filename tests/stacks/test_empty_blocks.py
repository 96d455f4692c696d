"""Empty blocks, which Terraform accepts, are found at every level."""

import pytest

from protected_endpoints.stacks.empty_blocks import empty_blocks
from tests.support import Json


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"rule": {}}, [("rule", "rule")]),
        ({"rule": [{}]}, [("rule[0]", "rule")]),
        ({"rule": [{"bucket_key_enabled": True}, {}]}, [("rule[1]", "rule")]),
        ({"rule": [{"default": [{}]}]}, [("rule[0].default[0]", "default")]),
        ({"rule": {"default": {}}, "tags": {}}, [("rule.default", "default"), ("tags", "tags")]),
    ],
)
def test_an_empty_block_is_found_with_its_path_and_name(resource: Json, expected: list[tuple[str, str]]) -> None:
    assert [*empty_blocks(resource)] == expected


@pytest.mark.parametrize(
    "resource",
    [
        {"bucket": "b", "rule": [{"bucket_key_enabled": False}], "count": 0},
        {"list": [], "text": "", "nothing": None},  # empty values, but no blocks
        {"//": {}, "bucket": "b"},  # metadata of CDKTF
        {"//": {"metadata": {"path": {}}}, "bucket": "b"},
    ],
)
def test_other_empty_values_and_metadata_are_ignored(resource: Json) -> None:
    assert [*empty_blocks(resource)] == []
