"""The ids with which declared resources are imported, and the comparison of a stack, a state and an account."""

import json
from pathlib import Path
from typing import Any, cast

import pytest

from protected_endpoints.commands.recover import import_ids
from protected_endpoints.commands.recover.account import AwsAccount
from protected_endpoints.commands.recover.declared import DeclaredStack, Resource
from protected_endpoints.commands.recover.findings import belongs_to, find, managed_ids, orphans
from protected_endpoints.commands.recover.state_copy import Copy
from protected_endpoints.errors import CommandError
from tests.examples import ROOT

_SNAPSHOTS = sorted((ROOT / "tests" / "snapshots").glob("*/*.json"))
_TIMES = ("20260101000000000000000001", "20260202000000000000000002")


_NOT_IMPORTED = (
    "aws_appautoscaling_scheduled_action.",
    "aws_cloudcontrolapi_resource.",
    "aws_iam_role_policy.",
    "terraform_data.",
)


class _Account:
    """An account with two of each resource that Terraform or AWS name, and one of another owner."""

    def __init__(
        self, serving: str | None = None, models: tuple[str, ...] = (), components: tuple[str, ...] = ()
    ) -> None:
        self._serving, self._models, self._components = serving, models, components

    def key_of_alias(self, alias: str) -> str | None:
        return f"key-of-{alias}"

    def keys_tagged(self, _tags: dict[str, str], description: str) -> list[str]:
        return ["second-key" if description.startswith("Volumes") else f"key for {description}"]

    def endpoint_configurations(self, prefix: str) -> list[str]:
        return [*(prefix + time for time in _TIMES), f"{prefix}other-{_TIMES[0]}", f"{prefix}by-hand"]

    def configuration_of(self, _endpoint: str) -> str | None:
        return self._serving

    def has_model(self, name: str) -> bool:
        return name in self._models

    def has_alarm(self, name: str) -> bool:
        return name.startswith("acme-")

    def inference_component_of(self, name: str) -> str | None:
        return f"arn-of-{name}" if name in self._components else None

    def inline_policies(self, _role: str) -> list[str]:
        return ["running"]

    def security_groups(self, vpc_id: str, name: str) -> list[str]:
        return [f"sg-of-{name}-in-{vpc_id}"]

    def vpc_endpoints(self, _vpc_id: str, service: str, _tags: dict[str, str]) -> list[str]:
        return [f"vpce-of-{service}"]


def _account(**has: Any) -> AwsAccount:
    return cast("AwsAccount", _Account(**has))


def _example() -> DeclaredStack:
    return DeclaredStack(json.loads((ROOT / "tests/snapshots/example/dev-kmeans.json").read_text()))


@pytest.mark.parametrize("file", _SNAPSHOTS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_declared_resource_has_an_id_or_is_looked_up(file: Path) -> None:
    stack, account = DeclaredStack(json.loads(file.read_text())), _account()
    ids = {resource.address: import_ids.import_id(stack, resource, account) for resource in stack.resources}
    looked_up = {address for address, id_ in ids.items() if id_ is None}
    assert all(address.startswith(_NOT_IMPORTED) for address in looked_up)
    assert not [id_ for id_ in ids.values() if id_ and ("${" in id_ or "None" in id_)]
    by_type = {(address.split(".")[0], id_) for address, id_ in ids.items() if id_}
    assert len(by_type) == len(ids) - len(looked_up)  # no two of a type are the same thing


def test_ids_are_those_of_the_documentation_of_the_provider() -> None:
    stack = _example()
    ids = {resource.address: import_ids.import_id(stack, resource, _account()) for resource in stack.resources}
    account, role = "arn:aws:iam::111122223333", "acme-dev-kmeans-exec-de91fccc"
    expected = {
        "aws_cloudwatch_log_group.Logs": "/aws/sagemaker/Endpoints/acme-dev-kmeans",
        "aws_cloudwatch_metric_alarm.Rollback-errors": "acme-dev-kmeans/rollback-errors",
        "aws_iam_policy.Invoke": f"{account}:policy/acme-dev-kmeans-invoke-de91fccc",
        "aws_iam_role_policy.Role_Running_DC9EB263": f"{role}:running",
        "aws_iam_role_policy_attachment.Invoke_Invoker-checkout-api_66D3EEBC": (
            f"checkout-api/{account}:policy/acme-dev-kmeans-invoke-de91fccc"
        ),
        "aws_kms_key.Key": "key-of-alias/acme-dev-kmeans",
        "aws_s3_bucket_policy.Capture_Policy_9BA69B01": "acme-dev-kmeans-capture-de91fccc",
        "aws_sagemaker_endpoint.Endpoint": "acme-dev-kmeans",
    }
    assert {address: ids[address] for address in expected} == expected


def test_a_key_without_alias_is_found_by_its_description() -> None:
    """The stacks that the endpoints of an environment share have the same tags."""
    folder = ROOT / "tests" / "snapshots" / "dashboards"
    stack = DeclaredStack(json.loads((folder / "prod-operations.json").read_text()))
    (key,) = stack.of_type("aws_kms_key")
    assert import_ids.keys(stack, key, _account()) == [
        "key-of-alias/acme-prod-operations",
        "key for Notifications of alarms of acme-prod",
    ]


def test_resources_with_count_0_are_not_declared() -> None:
    stack = DeclaredStack({"resource": {"aws_s3_bucket": {"Capture": {"count": 0}}}})
    assert stack.resources == []


def test_the_holder_of_a_bucket_policy_is_the_bucket() -> None:
    stack = _example()
    (policy,) = stack.of_type("aws_s3_bucket_policy")
    assert [holder.address for holder in import_ids.holders(stack, policy)] == ["aws_s3_bucket.Capture"]


def test_an_unknown_resource_type_is_reported() -> None:
    with pytest.raises(
        import_ids.Unknown, match=r"aws_sqs_queue\.Queue: resources of this type cannot be found automatically"
    ):
        import_ids.import_id(_example(), Resource("aws_sqs_queue", "Queue", {}), _account())


@pytest.mark.parametrize(("serving", "first"), [(None, _TIMES[1]), (f"acme-dev-kmeans-{_TIMES[0]}", _TIMES[0])])
def test_the_configuration_is_the_one_in_use_or_the_newest(serving: str | None, first: str) -> None:
    stack = _example()
    (configuration,) = stack.of_type("aws_sagemaker_endpoint_configuration")
    found = import_ids.import_id(stack, configuration, _account(serving=serving))
    assert found == f"acme-dev-kmeans-{first}"


def test_resources_in_no_state_are_orphans_except_for_the_configuration_in_use() -> None:
    recorded = [{"instances": [{"attributes": {"id": "key-of-alias/acme-dev-kmeans"}}]}]
    account = _account(serving=f"acme-dev-kmeans-{_TIMES[1]}", models=("acme-dev-kmeans-943667f001",))
    found = orphans(_example(), account, managed_ids(recorded))
    assert [orphan.description.partition(":")[0] for orphan in found] == [
        "key second-key",
        f"endpoint configuration acme-dev-kmeans-{_TIMES[0]}",
        "inline policy running of role acme-dev-kmeans-exec-de91fccc",
        "model acme-dev-kmeans-943667f001",
    ]
    assert found[0].command == (
        "aws kms schedule-key-deletion --region us-west-2 --key-id second-key --pending-window-in-days 30"
    )
    assert found[-1].command.startswith("raise revision of [endpoints.kmeans]")


def test_an_inference_component_in_no_state_is_an_orphan_because_it_cannot_be_imported() -> None:
    golden = ROOT / "tests/snapshots/inference-components/dev-shared.json"
    stack, names = DeclaredStack(json.loads(golden.read_text())), ("acme-dev-shared-llama", "acme-dev-shared-ranker")
    managed = {"arn-of-acme-dev-shared-ranker"}
    found = [orphan.command for orphan in orphans(stack, _account(components=names), managed)]
    assert [command for command in found if "inference-component" in command] == [
        "aws sagemaker delete-inference-component --region us-west-2 --inference-component-name acme-dev-shared-llama"
    ]


def test_a_deposed_configuration_is_not_imported_even_if_it_is_in_use() -> None:
    stack, old = _example(), f"acme-dev-kmeans-{_TIMES[0]}"
    (configuration,) = stack.of_type("aws_sagemaker_endpoint_configuration")
    found = import_ids.import_id(stack, configuration, _account(serving=old), [old])
    assert found == f"acme-dev-kmeans-{_TIMES[1]}"
    (endpoint,) = stack.of_type("aws_sagemaker_endpoint")
    assert import_ids.import_id(stack, endpoint, _account(), ["acme-dev-kmeans"]) is None


@pytest.mark.parametrize(
    ("type_", "tags", "own"),
    [
        ("aws_kms_key", {"project": "acme", "environment": "dev", "endpoint": "kmeans", "team": "x"}, True),
        ("aws_sagemaker_endpoint", {"project": "acme-dev", "environment": "x", "endpoint": "kmeans"}, False),
        ("aws_kms_key", {"project": "acme", "environment": "dev"}, False),
        ("aws_sagemaker_endpoint", {}, False),
        ("aws_s3_bucket", {}, True),
        ("aws_s3_bucket", {"project": "other"}, False),
        ("aws_kms_alias", None, True),
    ],
)
def test_a_resource_with_the_tags_of_another_stack_does_not_belong_to_the_stack(
    type_: str, tags: dict[str, str] | None, *, own: bool
) -> None:
    attributes = {} if tags is None else {"tags_all": tags}
    recorded = [{"mode": "managed", "type": type_, "name": "A", "instances": [{"attributes": attributes}]}]
    assert belongs_to(_example(), Resource(type_, "A", {}), recorded) is own


def test_credentials_of_another_account_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AwsAccount, "_call", lambda *_, **__: {"Account": "999999999999"})
    with pytest.raises(CommandError, match=r"must be of account 111122223333, got 999999999999"):
        AwsAccount("111122223333", "us-west-2")


class _Foreign:
    """A copy in which everything exists, with the tags of another project."""

    def __init__(self) -> None:
        self.state: list[str] = []

    def tainted(self) -> list[str]:
        return []

    def recorded(self) -> list[dict[str, Any]]:
        tags = {"project": "acme-dev", "environment": "x", "endpoint": "kmeans"}
        instances = [{"attributes": {"tags_all": tags}}]
        names = (address.split(".") for address in self.state)
        return [{"mode": "managed", "type": type_, "name": name, "instances": instances} for type_, name in names]

    def imports(self, address: str, _id: str) -> bool:
        self.state.append(address)
        return True

    def capture(self, *arguments: str) -> None:
        assert arguments[:2] == ("state", "rm")
        self.state.remove(arguments[2])


def test_resources_of_another_stack_with_the_same_names_are_neither_imported_nor_orphans() -> None:
    copy = _Foreign()
    findings = find(cast("Copy", copy), _example(), _account(models=("acme-dev-kmeans-943667f001",)))
    assert (copy.state, findings.imported, findings.orphans) == ([], {}, [])
    assert any(text.startswith("aws_kms_key.Key: key-of-alias/acme-dev-kmeans exists ") for text in findings.unknown)
