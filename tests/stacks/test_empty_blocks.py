"""An empty block, which Terraform accepts, is found wherever it is."""

import pytest

from protected_endpoints.stacks.empty_blocks import empty_blocks
from tests.support import Json


@pytest.mark.parametrize(
    ("resource", "found"),
    [
        ({"rule": {}}, [("rule", "rule")]),
        ({"rule": [{}]}, [("rule[0]", "rule")]),
        ({"rule": [{"bucket_key_enabled": True}, {}]}, [("rule[1]", "rule")]),
        ({"rule": [{"default": [{}]}]}, [("rule[0].default[0]", "default")]),
        ({"rule": {"default": {}}, "tags": {}}, [("rule.default", "default"), ("tags", "tags")]),
    ],
)
def test_an_empty_block_is_found_with_its_path_and_name(resource: Json, found: list[tuple[str, str]]) -> None:
    assert [*empty_blocks(resource)] == found


@pytest.mark.parametrize(
    "resource",
    [
        {"bucket": "b", "rule": [{"bucket_key_enabled": False}], "count": 0},
        {"list": [], "text": "", "nothing": None},  # empty, and not a block
        {"//": {}, "bucket": "b"},  # what CDKTF writes for itself
        {"//": {"metadata": {"path": {}}}, "bucket": "b"},
    ],
)
def test_what_is_not_an_empty_block_is_not_found(resource: Json) -> None:
    assert [*empty_blocks(resource)] == []
