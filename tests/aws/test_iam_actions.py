"""The list of IAM actions equals the data of the installed package. `make snapshots` rewrites it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.aws import iam_actions
from protected_endpoints.aws.iam_actions import changes_access, find_action, similar_action
from tests.examples import ROOT

_PACKAGE = ROOT / "node_modules" / "@cloud-copilot" / "iam-data"
_FILE = Path(iam_actions.__file__).with_suffix(".json")


def _lists(actions: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the names of the actions with resources, of those without, and of those that manage permissions."""
    yield " ".join(action["name"] for action in actions if action["resourceTypes"])
    yield " ".join(action["name"] for action in actions if not action["resourceTypes"])
    yield " ".join(action["name"] for action in actions if "Permissions management" in action["accessLevel"])


def _arn_services(service: str) -> str:
    """Return the services in the ARNs of the resources of a service; nothing if one is a variable."""
    file = _PACKAGE / "data" / "resourceTypes" / f"{service}.json"
    types = json.loads(file.read_text(encoding="utf-8")).values() if file.exists() else ()
    services = sorted({type_["arn"].split(":")[2] for type_ in types if type_.get("arn", "").count(":") > 1})
    return "" if any("$" in name for name in services) else " ".join(services)


def _text() -> str:
    """Return the text of the file, with one line for each service."""
    services = {
        file.stem: [*_lists([*json.loads(file.read_text(encoding="utf-8")).values()]), _arn_services(file.stem)]
        for file in sorted((_PACKAGE / "data" / "actions").glob("*.json"))
    }
    lines = ",\n".join(f"  {json.dumps(service)}: {json.dumps(lists)}" for service, lists in services.items())
    date = json.loads((_PACKAGE / "package.json").read_text(encoding="utf-8"))["updatedAt"][:10]
    return f'{{\n "date": "{date}",\n "services": {{\n{lines}\n }}\n}}\n'


def test_the_list_is_that_of_the_installed_package() -> None:
    text = _text()
    if os.environ.get("UPDATE_SNAPSHOTS"):
        _FILE.write_text(text, encoding="utf-8")
    assert _FILE.read_text(encoding="utf-8") == text, "iam-data changed; run: make snapshots, and review the diff"


@pytest.mark.parametrize(
    ("name", "resources", "manages_permissions"),
    [
        ("s3:GetObject", "required", False),
        ("s3:getobject", "required", False),
        ("s3:ListAllMyBuckets", "none", False),
        ("s3:PutBucketPolicy", "required", True),
        ("kms:CreateGrant", "required", True),
        ("sagemaker:GetRecord", "required", False),
        ("translate:TranslateText", "optional", False),
        ("rekognition:DetectFaces", "none", False),
    ],
)
def test_the_properties_of_an_action(name: str, resources: str, manages_permissions: bool) -> None:
    action = find_action(name)
    assert action is not None
    assert action.name.lower() == name.lower()
    assert (action.resources, action.manages_permissions) == (resources, manages_permissions)


@pytest.mark.parametrize(
    ("name", "services"),
    [("dynamodb:GetItem", {"dynamodb"}), ("sts:AssumeRole", {"iam", "sts"}), ("kafka-cluster:ReadData", {"kafka"})],
)
def test_the_services_of_the_resources_of_an_action(name: str, services: set[str]) -> None:
    action = find_action(name)
    assert action is not None
    assert action.arn_services == services


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("iam:GetRole", True),
        ("identitystore:CreateGroupMembership", True),
        ("sso-directory:CreateUser", True),
        ("s3:PutBucketPolicy", True),
        ("sagemaker:PutResourcePolicy", True),
        ("sagemaker:PutModelPackageGroupPolicy", True),
        ("sagemaker:PutEndpointPolicy", True),  # not in the data
        ("bedrock:PutResourcePolicy", True),
        ("eks:CreateAccessEntry", True),
        ("eks:AssociateAccessPolicy", True),
        ("cognito-identity:SetIdentityPoolRoles", True),
        ("sts:AssumeRoot", True),
        ("STS:assumeroot", True),
        ("sts:AssumeRole", False),
        ("bedrock:GetResourcePolicy", False),
        ("verifiedpermissions:IsAuthorized", False),
        ("ecr:PutLifecyclePolicy", False),
        ("resource-groups:ListGroups", False),
    ],
)
def test_whether_an_action_changes_access(name: str, expected: bool) -> None:
    assert changes_access(name) is expected


@pytest.mark.parametrize(
    ("name", "similar"),
    [
        ("sagemaker:GetRecrod", "sagemaker:GetRecord"),
        ("secretmanager:GetSecretValue", "secretsmanager:GetSecretValue"),
        ("s3:GetObjects", "s3:GetObject"),
        ("s3:Xyzzyqqq", None),
        ("zzzzzzzz:GetRecord", None),
    ],
)
def test_an_unknown_action_has_a_similar_one(name: str, similar: str | None) -> None:
    assert find_action(name) is None
    assert similar_action(name) == similar
