"""What is new is compared with the defaults: in a first plan, and for a new endpoint in a stack that exists.

Each default of the real first plan in `tests/plans` is weakened on its own. The second plan has the same resources,
under other addresses and names, beside an endpoint that does not change.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.findings import Finding
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.rules import findings
from tests.examples import ROOT
from tests.review.fragments import Json

_PLANS = ROOT / "tests" / "plans"
_OTHER = "999988887777"
_KEY, _BUCKET, _MODEL = "aws_kms_key", "aws_s3_bucket", "aws_sagemaker_model"
_CONFIGURATION, _LOGS = "aws_sagemaker_endpoint_configuration", "aws_cloudwatch_log_group"
_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
_Edit = Callable[[Json], None]


@cache
def _first_plan() -> str:
    return (_PLANS / "first-plan.json").read_text(encoding="utf-8")


@cache
def _beside_another() -> str:
    """Return the first plan with other addresses and names, together with a plan that changes nothing."""
    text, existing = _first_plan(), json.loads((_PLANS / "no-op.json").read_text(encoding="utf-8"))
    addresses = {change["address"] for change in json.loads(text)["resource_changes"]}
    for address in sorted(addresses, key=len, reverse=True):
        text = text.replace(f"{address}.", f"{address}-2.").replace(f'{address}"', f'{address}-2"')
    plan = json.loads(text.replace("kmeans", "other"))
    plan["resource_changes"] += existing["resource_changes"]
    plan["configuration"]["root_module"]["resources"] += existing["configuration"]["root_module"]["resources"]
    return json.dumps(plan)


def _findings(plan: Json) -> list[Finding]:
    return findings(ReviewContext(parse_plan(plan, "dev-kmeans", "plan.json")))


@cache
def _honest_findings(text: Callable[[], str]) -> frozenset[Finding]:
    return frozenset(_findings(json.loads(text())))


def _set(type_: str, **arguments: Any) -> _Edit:
    """Return an edit that sets arguments of the created resources of a type; None removes one."""

    def edit(plan: Json) -> None:
        for change in plan["resource_changes"]:
            if change["type"] == type_ and change["change"]["actions"] == ["create"]:
                for name, value in arguments.items():
                    change["change"]["after"][name] = value
                    change["change"]["after_unknown"].pop(name, None)

    return edit


def _without(type_: str) -> _Edit:
    """Return an edit that removes the created resources of a type, also from the configuration."""

    def edit(plan: Json) -> None:
        changes = plan["resource_changes"]
        removed = [
            change["address"]
            for change in changes
            if change["type"] == type_ and change["change"]["actions"] == ["create"]
        ]
        plan["resource_changes"] = [change for change in changes if change["address"] not in removed]
        module = plan["configuration"]["root_module"]
        module["resources"] = [item for item in module["resources"] if item["address"] not in removed]

    return edit


def _statement(type_: str, attribute: str = "policy", **statement: Any) -> _Edit:
    """Return an edit that adds a statement to the created policies of a type."""

    def edit(plan: Json) -> None:
        for change in plan["resource_changes"]:
            after = change["change"]["after"]
            if change["type"] == type_ and change["change"]["actions"] == ["create"] and after.get(attribute):
                document = json.loads(after[attribute])
                document["Statement"].append({"Effect": "Allow", **statement})
                after[attribute] = json.dumps(document)

    return edit


def _container(**changes: Any) -> _Edit:
    def edit(plan: Json) -> None:
        for change in plan["resource_changes"]:
            if change["type"] == _MODEL and change["change"]["actions"] == ["create"]:
                change["change"]["after"]["primary_container"][0].update(changes)

    return edit


def _text(old: str, new: str) -> _Edit:
    """Return an edit that replaces a text in the policies of created resources."""

    def edit(plan: Json) -> None:
        for change in plan["resource_changes"]:
            after = change["change"]["after"]
            for name in ("policy", "assume_role_policy"):
                if change["change"]["actions"] == ["create"] and isinstance((after or {}).get(name), str):
                    after[name] = after[name].replace(old, new)

    return edit


def _principal(account: str) -> Json:
    return {"AWS": f"arn:aws:iam::{account}:root"}


_VARIANT = {"variant_name": "AllTraffic", "instance_type": "ml.m5.xlarge", "initial_instance_count": 2}
_SERVERLESS = {"variant_name": "AllTraffic", "serverless_config": [{"memory_size_in_mb": 2048}]}
_RULE = {"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}
_EGRESS = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.9.0.0/16"]}
_BLOCK, _WARN = "block", "warn"

WEAKENED: dict[str, tuple[str, str, _Edit]] = {
    "isolation": ("isolation-off", _BLOCK, _set(_MODEL, enable_network_isolation=False)),
    "isolation is not set": ("isolation-off", _BLOCK, _set(_MODEL, enable_network_isolation=None)),
    "volume key": ("encryption-removed", _BLOCK, _set(_CONFIGURATION, kms_key_arn=None)),
    "log key": ("encryption-removed", _BLOCK, _set(_LOGS, kms_key_id=None)),
    "bucket key": ("encryption-removed", _BLOCK, _set(_ENCRYPTION, rule=[_RULE])),
    "bucket without encryption": ("encryption-removed", _BLOCK, _without(_ENCRYPTION)),
    "existing key": ("key-changed", _WARN, _set(_LOGS, kms_key_id="arn:aws:kms:us-west-2:111122223333:key/a")),
    "key of another account": ("key-changed", _WARN, _set(_LOGS, kms_key_id=f"arn:aws:kms:us-west-2:{_OTHER}:key/a")),
    "key rotation": ("rotation-off", _WARN, _set(_KEY, enable_key_rotation=False)),
    "key window": ("key-window-short", _WARN, _set(_KEY, deletion_window_in_days=7)),
    "capture": ("capture-off", _WARN, _set(_CONFIGURATION, data_capture_config=[])),
    "shell": (
        "ssm-access-on",
        _WARN,
        _set(_CONFIGURATION, production_variants=[{**_VARIANT, "enable_ssm_access": True}]),
    ),
    "topic of another account": (
        "data-destination-changed",
        _WARN,
        _set(
            _CONFIGURATION,
            async_inference_config=[
                {
                    "output_config": [
                        {"notification_config": [{"error_topic": f"arn:aws:sns:us-west-2:{_OTHER}:errors"}]}
                    ]
                }
            ],
        ),
    ),
    "log retention": ("retention-lowered", _WARN, _set(_LOGS, retention_in_days=7)),
    "logs for good": ("retention-removed", _WARN, _set(_LOGS, retention_in_days=0)),
    "public access block": (
        "public-access",
        _BLOCK,
        _set("aws_s3_bucket_public_access_block", block_public_policy=False),
    ),
    "bucket without public access block": ("public-access", _BLOCK, _without("aws_s3_bucket_public_access_block")),
    "ACLs": (
        "public-access",
        _BLOCK,
        _set("aws_s3_bucket_ownership_controls", rule=[{"object_ownership": "ObjectWriter"}]),
    ),
    "force_destroy": ("stateful-destroyed", _BLOCK, _set(_BUCKET, force_destroy=True)),
    "versioning": (
        "stateful-destroyed",
        _BLOCK,
        _set("aws_s3_bucket_versioning", versioning_configuration=[{"status": "Suspended"}]),
    ),
    "bucket without versioning": ("stateful-destroyed", _BLOCK, _without("aws_s3_bucket_versioning")),
    "existing role": (
        "execution-role-unreviewable",
        _BLOCK,
        _set(_MODEL, execution_role_arn="arn:aws:iam::111122223333:role/administrator"),
    ),
    "role of another account with the name of the managed one": (
        "execution-role-unreviewable",
        _BLOCK,
        _set(_MODEL, execution_role_arn=f"arn:aws:iam::{_OTHER}:role/acme-dev-kmeans-exec-de91fccc"),
    ),
    "decryption by another account": (
        "public-access",
        _BLOCK,
        _statement(_KEY, Principal=_principal(_OTHER), Action="kms:Decrypt", Resource="*"),
    ),
    "decryption by another account from its VPC": (
        "public-access",
        _BLOCK,
        _statement(
            _KEY,
            Principal=_principal(_OTHER),
            Action="kms:Decrypt",
            Resource="*",
            Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}},
        ),
    ),
    "a role of another account": (
        "trust-changed",
        _BLOCK,
        _statement("aws_iam_role", "assume_role_policy", Principal=_principal(_OTHER), Action="sts:AssumeRole"),
    ),
    "a service for every account": (
        "trust-changed",
        _BLOCK,
        _statement(
            "aws_iam_role",
            "assume_role_policy",
            Principal={"Service": "sagemaker.amazonaws.com"},
            Action="sts:AssumeRole",
        ),
    ),
    "role without a boundary": ("boundary-removed", _BLOCK, _set("aws_iam_role", permissions_boundary=None)),
    "boundary of AWS": (
        "boundary-removed",
        _BLOCK,
        _set("aws_iam_role", permissions_boundary="arn:aws:iam::aws:policy/AdministratorAccess"),
    ),
    "boundary that allows everything": (
        "boundary-removed",
        _BLOCK,
        _statement("aws_iam_policy", Action="*", Resource="*"),
    ),
    "inline policy of another role": ("iam-added", _WARN, _set("aws_iam_role_policy", role="analyst")),
    "security group outside of the plan": (
        "network-changed",
        _WARN,
        _set(_MODEL, vpc_config=[{"subnets": ["subnet-1"], "security_group_ids": ["sg-of-somebody"]}]),
    ),
    "permission of the container": (
        "container-permission-added",
        _BLOCK,
        _statement(
            "aws_iam_role_policy",
            Sid="Permission1",
            Action="sagemaker:GetRecord",
            Resource="arn:aws:sagemaker:us-west-2:111122223333:feature-group/risk",
        ),
    ),
    "a key of another account": (
        "iam-added",
        _WARN,
        _statement("aws_iam_role_policy", Action="kms:Decrypt", Resource=f"arn:aws:kms:us-west-2:{_OTHER}:key/a"),
    ),
    "a bucket of another account": (
        "bucket-account-changed",
        _WARN,
        _text('"aws:ResourceAccount":"111122223333"', f'"aws:ResourceAccount":"{_OTHER}"'),
    ),
    "a bucket of any account": ("bucket-account-changed", _WARN, _text('"aws:ResourceAccount"', '"aws:Unrelated"')),
    "an image of another account": (
        "artifact-source-changed",
        _WARN,
        _container(image=f"{_OTHER}.dkr.ecr.us-west-2.amazonaws.com/x:1"),
    ),
    "an image of another registry": ("artifact-source-changed", _WARN, _container(image="registry.example.com/x:1")),
    "a package of another account": (
        "artifact-source-changed",
        _WARN,
        _container(model_package_name=f"arn:aws:sagemaker:us-west-2:{_OTHER}:model-package/x/1"),
    ),
    "a model outside of the plan": (
        "model-unreviewable",
        _BLOCK,
        _set(_CONFIGURATION, production_variants=[{**_VARIANT, "model_name": "of-somebody"}]),
    ),
    "a configuration outside of the plan": (
        "model-unreviewable",
        _BLOCK,
        _set("aws_sagemaker_endpoint", endpoint_config_name="of-somebody"),
    ),
}
_BOTH = pytest.mark.parametrize("text", [_first_plan, _beside_another], ids=["first plan", "new endpoint"])


@_BOTH
def test_an_honest_plan_blocks_nothing(text: Callable[[], str]) -> None:
    assert not [finding for finding in _findings(json.loads(text())) if finding.severity == _BLOCK]


@_BOTH
@pytest.mark.parametrize(("rule", "severity", "edit"), WEAKENED.values(), ids=WEAKENED)
def test_a_weaker_default_is_a_finding(text: Callable[[], str], rule: str, severity: str, edit: _Edit) -> None:
    honest, weak = json.loads(text()), json.loads(text())
    edit(weak)
    assert honest != weak
    found = {*_findings(weak)} - _honest_findings(text)
    assert (rule, severity) in {(finding.rule, finding.severity) for finding in found}


def test_the_subnets_of_a_new_model_and_its_managed_group_are_no_finding() -> None:
    plan = json.loads(_first_plan())
    managed = "${aws_security_group.Network.id}"
    _set(_MODEL, vpc_config=[{"subnets": ["subnet-1"], "security_group_ids": [managed]}])(plan)
    assert "network-changed" not in {finding.rule for finding in _findings(plan)}


def test_serverless_inference_warns_and_does_not_block() -> None:
    plan = json.loads(_first_plan())
    (model,) = (change for change in plan["resource_changes"] if change["type"] == _MODEL)
    variant = {**_SERVERLESS, "model_name": model["change"]["after"]["name"]}
    _set(_MODEL, enable_network_isolation=False)(plan)
    _set(_CONFIGURATION, production_variants=[variant], data_capture_config=[], kms_key_arn=None)(plan)
    found = {finding.rule: finding.severity for finding in _findings(plan)}
    assert found["serverless-not-isolated"] == _WARN
    assert _BLOCK not in found.values()


def test_a_finding_shows_the_reason_of_the_relaxation() -> None:
    plan = json.loads(_first_plan())
    _set(_MODEL, enable_network_isolation=False)(plan)
    output = {**plan["output_changes"]["endpoint_name"], "after": {"network_isolation": "it calls the store, RISK-881"}}
    plan["output_changes"]["relaxed_protections"] = output
    (message,) = (finding.message for finding in _findings(plan) if finding.rule == "isolation-off")
    assert message.endswith("Reason for `relax.network_isolation`: it calls the store, RISK-881.")


def test_without_its_own_account_every_account_is_another_one() -> None:
    plan = json.loads(_first_plan())
    del plan["configuration"]["provider_config"]["aws"]["expressions"]["allowed_account_ids"]
    messages = [finding.message for finding in _findings(plan) if finding.rule == "public-access"]
    assert any("set `allowed_account_ids`" in message for message in messages)


@pytest.mark.parametrize("accounts", [[_OTHER], ["111122223333", _OTHER]])
def test_the_account_is_the_only_allowed_one(accounts: list[str]) -> None:
    plan = json.loads(_first_plan())
    plan["configuration"]["provider_config"]["aws"]["expressions"]["allowed_account_ids"]["constant_value"] = accounts
    assert [finding for finding in _findings(plan) if finding.rule == "public-access"]


def test_egress_of_a_first_plan_beyond_the_default_is_reported() -> None:
    default = {**_EGRESS, "cidr_blocks": [], "prefix_list_ids": ["pl-1"], "security_groups": []}
    group = {
        "address": "aws_security_group.Network",
        "mode": "managed",
        "type": "aws_security_group",
        "change": {
            "actions": ["create"],
            "before": None,
            "after": {"egress": [default, _EGRESS]},
            "after_unknown": {},
            "before_sensitive": False,
            "after_sensitive": {},
        },
    }
    plan = json.loads(_first_plan())
    plan["resource_changes"].append(group)
    messages = [finding.message for finding in _findings(plan) if finding.rule == "egress-added"]
    assert messages == ["Egress to `10.9.0.0/16` on TCP port 443 is added."]
