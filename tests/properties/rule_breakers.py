"""What breaks one rule of a file and no other, whatever mode its endpoint has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from protected_endpoints.aws.service_models import regions
from protected_endpoints.deployment import Deployment
from protected_endpoints.rules import (
    account_access,
    container,
    data_capture,
    encryption,
    invokers,
    naming,
    network,
    rollout,
    serverless,
)
from protected_endpoints.rules.registry import Rule
from tests.properties.toml import Table
from tests.properties.values import Place


@dataclass(frozen=True)
class Parts:
    """The tables of a file with one endpoint, to be changed in place."""

    file: Table
    project: Table
    environment: Table
    endpoint: Table
    place: Place

    @classmethod
    def of(cls, file: Table) -> "Parts":
        (environment,), (endpoint,) = file["environments"].values(), file["endpoints"].values()
        place = Place(environment["account_id"], environment["region"], 5)
        return cls(file, file["project"], environment, endpoint, place)

    @property
    def container(self) -> Table:
        """Return the first container of the endpoint's model."""
        first: Table = self.endpoint.get("container", [self.endpoint])[0]
        return first

    def tighten(self, name: str) -> None:
        """Take back that a protection is relaxed."""
        self.endpoint.get("relax", {}).pop(name, None)

    @property
    def stranger(self) -> Place:
        """Return an account of the same partition that is not the endpoint's."""
        return Place(str((int(self.place.account) + 1) % 10**12).zfill(12), self.place.region, 5)

    def call(self, *more: Any) -> None:
        """Let one more in, beside those who are named."""
        self.endpoint["invokers"] = [*self.endpoint.get("invokers", []), *more]

    def rename(self, **names: str) -> None:
        """Give environment and endpoint other names."""
        self.file["environments"] = {names["environment"]: self.environment}
        self.file["endpoints"] = {names["endpoint"]: self.endpoint}


def _elsewhere(place: Place) -> Place:
    """Return a region beside the endpoint's, of its partition if there is another."""
    others = [each for each in regions() if each != place.region]
    alike = [each for each in others if regions()[each] == regions()[place.region]]
    return Place(place.account, (alike or others)[0], 5)


def _image(parts: Parts, reference: str, region: str | None = None) -> None:
    registry = parts.place.registry.replace(f".{parts.place.region}.", f".{region or parts.place.region}.")
    parts.container["image"] = f"111122223333.{registry}/a{reference}"


def _image_elsewhere(parts: Parts) -> None:
    parts.container.pop("image_config", None)  # with it, the image may be in any registry that the VPC reaches
    _image(parts, ":1", "xx-west-1")


def _network(parts: Parts, **changes: object) -> None:
    ids = {"vpc_id": "vpc-00000000", "subnet_ids": ["subnet-00000000", "subnet-00000001"]}
    table = {**ids, "route_table_ids": ["rtb-00000000"], **changes}
    parts.environment["network"] = {key: value for key, value in table.items() if value is not None}


def _made(parts: Parts, *who: str, **changes: object) -> Table:
    return {"name": "a-new-caller", "principals": [*who], **changes}


def _role(parts: Parts) -> str:
    return parts.place.iam("role/one-more")


def _key(place: Place) -> str:
    return place.arn("kms", "key/a")


def _no_deployers(parts: Parts) -> None:
    parts.environment.pop("deployers", None)
    parts.endpoint["kms"] = {"admins": [_role(parts)]}


def _kept_beginning(parts: Parts) -> None:
    parts.rename(environment="dev", endpoint="e")
    parts.project["name"] = "sthree"


def _moving_tag(parts: Parts) -> None:
    _image(parts, ":latest")
    parts.tighten("image_tag")


def _secret(parts: Parts) -> None:
    parts.container["environment"] = {"DB_PASSWORD": "x"}
    parts.tighten("secret_like_environment")


def _other_partition(parts: Parts) -> str:
    partition = "aws-cn" if parts.place.partition != "aws-cn" else "aws"
    return f"arn:{partition}:iam::{parts.place.account}:role/a"


Break = Callable[[Parts], object]
_ALARMS = {"auto_rollback_configuration": {"alarms": [{"alarm_name": "a"}]}}
_TYPES = {"csv_content_types": ["text/csv"], "json_content_types": ["text/csv"]}

ANY_MODE: dict[Rule[Deployment], Break] = {
    naming.name_too_long: lambda e: e.rename(environment="dev", endpoint="e" * 36),
    naming.name_prefix_reserved: _kept_beginning,
    naming.too_many_tags: lambda e: e.project.update(tags={f"t{index}": "" for index in range(48)}),
    naming.tag_key_reserved: lambda e: e.project.update(tags={"project": "x"}),
    invokers.invoker_role_or_principals: lambda e: e.call({}),
    invokers.invoker_not_in_account: lambda e: e.call(e.stranger.iam("role/one-more")),
    invokers.invoker_service_role: lambda e: e.call(e.place.iam("role/aws-reserved/sso.amazonaws.com/one-more")),
    invokers.invoker_duplicate: lambda e: e.call(_role(e), _role(e)),
    invokers.trust_condition_without_principals: lambda e: e.call({"role_arn": _role(e), "external_id": "ab"}),
    invokers.mfa_on_role: lambda e: e.call({"role_arn": _role(e), "require_mfa": True}),
    invokers.cross_account_confused_deputy: lambda e: e.call(_made(e, e.stranger.iam("root"))),
    invokers.principal_wrong_partition: lambda e: e.call(_made(e, _other_partition(e))),
    account_access.reader_not_in_account: lambda e: e.endpoint.update(
        data_capture={"readers": [e.stranger.iam("role/a")]}
    ),
    account_access.reader_duplicate: lambda e: e.endpoint.update(data_capture={"readers": [_role(e), _role(e)]}),
    account_access.deployer_not_in_account: lambda e: e.environment.update(deployers=[e.stranger.iam("role/a")]),
    account_access.key_admins_without_deployers: _no_deployers,
    account_access.boundary_not_in_account: lambda e: e.environment.update(
        permissions_boundary_arn=e.stranger.iam("policy/a")
    ),
    encryption.key_not_in_region: lambda e: e.endpoint.update(kms={"key_arn": _key(_elsewhere(e.place))}),
    encryption.key_setting_unused: lambda e: e.endpoint.update(
        kms={"key_arn": _key(e.place), "rotation_period_in_days": 90}
    ),
    data_capture.capture_setting_unused: lambda e: e.endpoint.update(
        data_capture={"destination_s3_uri": "s3://captured/a", "retention_days": 1}
    ),
    data_capture.content_type_duplicate: lambda e: e.endpoint.update(
        data_capture={"capture_content_type_header": _TYPES}
    ),
    network.network_id_duplicate: lambda e: _network(e, subnet_ids=["subnet-00000000", "subnet-00000000"]),
    network.s3_endpoint_without_route_tables: lambda e: _network(e, route_table_ids=None),
    network.private_endpoint_setting_unused: lambda e: _network(e, private_endpoints=False),
    network.network_stack_name_conflict: lambda e: e.rename(environment="dev", endpoint="network"),
}
# In the modes whose containers all have images.
WITH_IMAGES: dict[Rule[Deployment], Break] = {
    container.image_not_in_region: _image_elsewhere,
    container.image_tag_mutable: _moving_tag,
    container.environment_too_large: lambda e: e.container.update(
        environment={f"V{index}": "" for index in range(101)}
    ),
    container.environment_secret: _secret,
}
SERVERLESS: dict[Rule[Deployment], Break] = {
    serverless.serverless_instance_setting: lambda e: e.endpoint.update(instance_type="ml.m5.xlarge"),
    serverless.provisioned_concurrency_too_high: lambda e: e.endpoint["serverless_config"].update(
        max_concurrency=1, provisioned_concurrency=2
    ),
    serverless.serverless_isolation_reason_missing: lambda e: e.tighten("network_isolation"),
    serverless.serverless_data_capture: lambda e: e.endpoint.update(data_capture={"enable_capture": True}),
    rollout.update_policy_conflict: lambda e: e.endpoint.update(deployment_config=_ALARMS),
}
