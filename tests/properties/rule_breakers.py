"""Changes to a generated file that break one rule and no other, by the id of the rule.

An entry is optional: every rule has a `Pair`, which test_rejected.py also tests in varying files. An entry is worth
having where a file of any mode can break the rule.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from protected_endpoints.aws.service_models import regions
from tests.properties.toml import Table
from tests.properties.values import AwsTarget


@dataclass(frozen=True)
class Parts:
    """The tables of a file with one endpoint, which a change modifies."""

    file: Table
    project: Table
    environment: Table
    endpoint: Table
    target: AwsTarget

    @classmethod
    def of(cls, file: Table) -> "Parts":
        (environment,), (endpoint,) = file["environments"].values(), file["endpoints"].values()
        target = AwsTarget(environment["account_id"], environment["region"], 5)
        return cls(file, file["project"], environment, endpoint, target)

    @property
    def container(self) -> Table:
        """Return the first container of the endpoint's model."""
        first: Table = self.endpoint.get("container", [self.endpoint])[0]
        return first

    def restore_protection(self, name: str) -> None:
        """Remove the relaxation of a protection."""
        self.endpoint.get("relax", {}).pop(name, None)

    @property
    def other_account(self) -> AwsTarget:
        """Return another account in the endpoint's region."""
        return AwsTarget(str((int(self.target.account) + 1) % 10**12).zfill(12), self.target.region, 5)

    def add_invokers(self, *invokers: Any) -> None:
        """Add invokers to those of the endpoint."""
        self.endpoint["invokers"] = [*self.endpoint.get("invokers", []), *invokers]

    def rename(self, **names: str) -> None:
        """Rename the environment and the endpoint."""
        self.file["environments"] = {names["environment"]: self.environment}
        self.file["endpoints"] = {names["endpoint"]: self.endpoint}


def _isolated_serverless(parts: Parts) -> None:
    parts.restore_protection("network_isolation")
    parts.endpoint.pop("permissions", None)  # which also require network access


def _other_region(target: AwsTarget) -> AwsTarget:
    """Return another region, of the same partition if it has one."""
    others = [region for region in regions() if region != target.region]
    same_partition = [region for region in others if regions()[region] == regions()[target.region]]
    return AwsTarget(target.account, (same_partition or others)[0], 5)


def _image(parts: Parts, reference: str, region: str | None = None) -> None:
    registry = parts.target.registry.replace(f".{parts.target.region}.", f".{region or parts.target.region}.")
    parts.container["image"] = f"111122223333.{registry}/a{reference}"


def _image_in_other_region(parts: Parts) -> None:
    parts.container.pop("image_config", None)  # with it, the image may be in any registry that the VPC reaches
    _image(parts, ":1", "xx-west-1")


def _network(parts: Parts, **changes: object) -> None:
    ids = {"vpc_id": "vpc-00000000", "subnet_ids": ["subnet-00000000", "subnet-00000001"]}
    table = {**ids, "route_table_ids": ["rtb-00000000"], **changes}
    parts.environment["network"] = {key: value for key, value in table.items() if value is not None}


def _managed_invoker(*principals: str) -> Table:
    return {"name": "a-new-invoker", "principals": [*principals]}


def _role(parts: Parts) -> str:
    return parts.target.iam("role/one-more")


def _key(target: AwsTarget) -> str:
    return target.arn("kms", "key/a")


def _no_deployers(parts: Parts) -> None:
    parts.environment.pop("deployers", None)
    parts.endpoint["kms"] = {"admins": [_role(parts)]}


def _reserved_prefix(parts: Parts) -> None:
    parts.rename(environment="dev", endpoint="e")
    parts.project["name"] = "sthree"


def _mutable_tag(parts: Parts) -> None:
    _image(parts, ":latest")
    parts.restore_protection("image_tag")


def _secret(parts: Parts) -> None:
    parts.container["environment"] = {"DB_PASSWORD": "x"}
    parts.restore_protection("secret_like_environment")


def _other_partition(parts: Parts) -> str:
    partition = "aws-cn" if parts.target.partition != "aws-cn" else "aws"
    return f"arn:{partition}:iam::{parts.target.account}:role/a"


Break = Callable[[Parts], object]
_ALARMS = {"auto_rollback_configuration": {"alarms": [{"alarm_name": "a"}]}}
_TYPES = {"csv_content_types": ["text/csv"], "json_content_types": ["text/csv"]}

ANY_MODE: dict[str, Break] = {
    "name-too-long": lambda parts: parts.rename(environment="dev", endpoint="e" * 36),
    "name-prefix-reserved": _reserved_prefix,
    "too-many-tags": lambda parts: parts.project.update(tags={f"t{index}": "" for index in range(48)}),
    "tag-key-reserved": lambda parts: parts.project.update(tags={"project": "x"}),
    "invoker-role-or-principals": lambda parts: parts.add_invokers({}),
    "invoker-not-in-account": lambda parts: parts.add_invokers(parts.other_account.iam("role/one-more")),
    "invoker-service-role": lambda parts: parts.add_invokers(
        parts.target.iam("role/aws-reserved/sso.amazonaws.com/one-more")
    ),
    "invoker-duplicate": lambda parts: parts.add_invokers(_role(parts), _role(parts)),
    "trust-condition-without-principals": lambda parts: parts.add_invokers(
        {"role_arn": _role(parts), "external_id": "ab"}
    ),
    "mfa-on-role": lambda parts: parts.add_invokers({"role_arn": _role(parts), "require_mfa": True}),
    "cross-account-confused-deputy": lambda parts: parts.add_invokers(
        _managed_invoker(parts.other_account.iam("root"))
    ),
    "principal-wrong-partition": lambda parts: parts.add_invokers(_managed_invoker(_other_partition(parts))),
    "reader-not-in-account": lambda parts: parts.endpoint.update(
        data_capture={"readers": [parts.other_account.iam("role/a")]}
    ),
    "reader-service-role": lambda parts: parts.endpoint.update(
        data_capture={"readers": [parts.target.iam("role/aws-service-role/ops.amazonaws.com/Linked")]}
    ),
    "reader-duplicate": lambda parts: parts.endpoint.update(data_capture={"readers": [_role(parts), _role(parts)]}),
    "deployer-not-in-account": lambda parts: parts.environment.update(deployers=[parts.other_account.iam("role/a")]),
    "key-admins-without-deployers": _no_deployers,
    "boundary-not-in-account": lambda parts: parts.environment.update(
        permissions_boundary_arn=parts.other_account.iam("policy/a")
    ),
    # One of them is not available: only asynchronous inference has a backlog, and it has no `Invocations`.
    "alarm-not-available": lambda parts: parts.endpoint.update(alarms={"backlog_age": True, "silent": True}),
    "alarm-period": lambda parts: parts.endpoint.update(alarms={"errors": {"period": 90}}),
    "alarm-datapoints": lambda parts: parts.endpoint.update(
        alarms={"errors": {"evaluation_periods": 1, "datapoints_to_alarm": 2}}
    ),
    "alarm-window-too-long": lambda parts: parts.endpoint.update(
        alarms={"errors": {"period": 120, "evaluation_periods": 721}}
    ),
    "alarm-topic-not-in-region": lambda parts: parts.endpoint.update(
        alarms={"topic_arn": _other_region(parts.target).arn("sns", "a")}
    ),
    "key-not-in-region": lambda parts: parts.endpoint.update(kms={"key_arn": _key(_other_region(parts.target))}),
    "key-setting-unused": lambda parts: parts.endpoint.update(
        kms={"key_arn": _key(parts.target), "rotation_period_in_days": 90}
    ),
    "capture-setting-unused": lambda parts: parts.endpoint.update(
        data_capture={"destination_s3_uri": "s3://captured/a", "retention_days": 1}
    ),
    "audit-setting-unused": lambda parts: parts.environment.update(audit={"retention_in_days": 30}),
    "content-types-missing": lambda parts: parts.endpoint.update(data_capture={"capture_content_type_header": {}}),
    "content-type-duplicate": lambda parts: parts.endpoint.update(data_capture={"capture_content_type_header": _TYPES}),
    "network-id-duplicate": lambda parts: _network(parts, subnet_ids=["subnet-00000000", "subnet-00000000"]),
    "s3-endpoint-without-route-tables": lambda parts: _network(parts, route_table_ids=None),
    "private-endpoint-setting-unused": lambda parts: _network(parts, private_endpoints=False),
    "network-stack-name-conflict": lambda parts: parts.rename(environment="dev", endpoint="network"),
}
# In the modes whose containers all have images.
WITH_IMAGES: dict[str, Break] = {
    "image-not-in-region": _image_in_other_region,
    "image-tag-mutable": _mutable_tag,
    "environment-too-large": lambda parts: parts.container.setdefault("environment", {}).update(
        {f"V{index}": "" for index in range(101)}
    ),
    "environment-secret": _secret,
}
SERVERLESS: dict[str, Break] = {
    "serverless-instance-setting": lambda parts: parts.endpoint.update(instance_type="ml.m5.xlarge"),
    "provisioned-concurrency-too-high": lambda parts: parts.endpoint["serverless_config"].update(
        max_concurrency=1, provisioned_concurrency=2
    ),
    "serverless-isolation-reason-missing": _isolated_serverless,
    "serverless-data-capture": lambda parts: parts.endpoint.update(data_capture={"enable_capture": True}),
    "update-policy-conflict": lambda parts: parts.endpoint.update(deployment_config=_ALARMS),
}
