"""The list of IAM condition keys equals the data of the installed package. `make snapshots` rewrites it."""

import json
import os
import re
from pathlib import Path

import pytest

from protected_endpoints.aws import iam_condition_keys
from protected_endpoints.aws.iam_condition_keys import is_condition_key, similar_condition_key
from tests.examples import ROOT

_PACKAGE = ROOT / "node_modules" / "@cloud-copilot" / "iam-data"
_FILE = Path(iam_condition_keys.__file__).with_suffix(".json")


def _text() -> str:
    """Return the text of the file, with one line for each key."""
    files = (_PACKAGE / "data" / "conditionKeys").glob("*.json")
    of_services = {key["key"] for file in files for key in json.loads(file.read_text(encoding="utf-8")).values()}
    global_keys = (_PACKAGE / "dist" / "esm" / "globalConditionKeys.js").read_text(encoding="utf-8")
    keys = of_services | {*re.findall(r"key: '([^']+)'", global_keys)}
    # A name follows `aws:ResourceTag/${TagKey}` or `secretsmanager:ResourceTag/tag-key`. Keys of identity providers
    # begin with a variable.
    names = {re.sub(r"(?<=[/:])(\$\{\w+\}|<?(tag-)?key>?$).*", "", key) for key in keys}
    return json.dumps(sorted(name for name in names if "$" not in name), indent=1) + "\n"


def test_the_list_is_that_of_the_installed_package() -> None:
    text = _text()
    if os.environ.get("UPDATE_SNAPSHOTS"):
        _FILE.write_text(text, encoding="utf-8")
    assert _FILE.read_text(encoding="utf-8") == text, "iam-data changed; run: make snapshots, and review the diff"


@pytest.mark.parametrize(
    ("key", "exists"),
    [
        ("aws:ResourceAccount", True),
        ("AWS:resourceaccount", True),
        ("aws:ResourceTag/team", True),
        ("aws:ResourceTag/", False),
        ("dynamodb:LeadingKeys", True),
        ("kms:ViaService", True),
        ("kms:EncryptionContext:aws:s3:arn", True),
        ("secretsmanager:ResourceTag/team", True),
        ("aws:ResourceAccont", False),
        ("dynamodb:LeadingKey", False),
    ],
)
def test_whether_a_condition_key_exists(key: str, exists: bool) -> None:
    assert is_condition_key(key) is exists


def test_an_unknown_condition_key_has_a_similar_one() -> None:
    assert similar_condition_key("aws:resourceaccont") == "aws:ResourceAccount"
    assert similar_condition_key("xyzzy:q") is None
