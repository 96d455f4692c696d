"""The configurations of docs/models.md load, and each one that needs another is rejected without it."""

import re
from pathlib import Path

import pytest

from tests.examples import ROOT
from tests.loading.support import error_messages, load_text

_PAGE = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
_BLOCKS = [
    re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)
    for indent, text in re.findall(r"^( *)```toml\n(.*?)^ *```$", _PAGE, flags=re.MULTILINE | re.DOTALL)
]
_SAFE, _RELAXED, _EGRESS, _PERMISSION = _BLOCKS
_SHARED = '[project]\nname = "acme"\n[environments.dev]\naccount_id = "111122223333"\nregion = "us-west-2"\n'
_NETWORK = (
    '[environments.dev.network]\nvpc_id = "vpc-0a1b2c3d"\nsubnet_ids = ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]\n'
    'route_table_ids = ["rtb-0a1b2c3d"]\n'
)
_READS_S3 = _RELAXED.replace("mistralai/Mistral-7B-v0.1", "/opt/ml/model").replace(
    "environment = { ",
    'model_data_url = "s3://acme-models/chat.tar.gz"\n'
    'environment = { TOKENIZER_FILE = "s3://acme-models/tokenizer.json", ',
)


@pytest.mark.parametrize(
    "text", [_SAFE, _NETWORK + _SAFE, _RELAXED, _NETWORK + _RELAXED + _EGRESS, _READS_S3 + _PERMISSION]
)
def test_the_configurations_load(text: str, tmp_path: Path) -> None:
    assert len(load_text(tmp_path, _SHARED + text).deployments) == 1


def test_a_copy_in_s3_is_isolated(tmp_path: Path) -> None:
    (deployment,) = load_text(tmp_path, _SHARED + _SAFE).deployments
    assert deployment.endpoint.network_isolation_enabled


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (re.sub(r"relax\..*\n", "", _RELAXED), "hub-model-not-reachable"),
        (_NETWORK + _RELAXED, "hub-model-not-reachable"),
        (_READS_S3, "s3-variable-not-readable"),
    ],
)
def test_what_is_missing_is_an_error(text: str, rule: str, tmp_path: Path) -> None:
    (message,) = error_messages(tmp_path, _SHARED + text)
    assert message.endswith(f"[{rule}]")
    assert "docs/models.md" in message


def test_the_table_in_the_error_is_the_one_of_the_page(tmp_path: Path) -> None:
    (message,) = error_messages(tmp_path, _SHARED + _READS_S3)
    for line in _PERMISSION.splitlines()[1:]:
        assert line in message
