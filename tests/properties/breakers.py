"""What breaks one rule of a file and no other, whatever mode its endpoint has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from modules import rules
from modules.catalog import regions
from modules.rules import access, callers, capture, container, encryption, naming, network, rollout, serverless
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

ANY_MODE: dict[rules.Rule, Break] = {
    naming.base_name_fits_every_resource: lambda e: e.rename(environment="dev", endpoint="e" * 36),
    naming.base_name_begins_as_names_may: _kept_beginning,
    naming.tags_leave_room_for_ours: lambda e: e.project.update(tags={f"t{index}": "" for index in range(48)}),
    naming.tags_leave_ours_alone: lambda e: e.project.update(tags={"project": "x"}),
    callers.a_caller_is_a_role_or_principals: lambda e: e.call({}),
    callers.invokers_are_roles_of_the_account: lambda e: e.call(e.stranger.iam("role/one-more")),
    callers.invokers_can_take_a_policy: lambda e: e.call(e.place.iam("role/aws-reserved/sso.amazonaws.com/one-more")),
    callers.invokers_are_named_once: lambda e: e.call(_role(e), _role(e)),
    callers.what_is_asked_of_principals_needs_some: lambda e: e.call({"role_arn": _role(e), "external_id": "ab"}),
    callers.a_second_factor_is_asked_of_people: lambda e: e.call({"role_arn": _role(e), "require_mfa": True}),
    callers.strangers_prove_who_they_are: lambda e: e.call(_made(e, e.stranger.iam("root"))),
    callers.principals_are_of_the_partition: lambda e: e.call(_made(e, _other_partition(e))),
    access.readers_are_roles_of_the_account: lambda e: e.endpoint.update(
        data_capture={"readers": [e.stranger.iam("role/a")]}
    ),
    access.readers_are_named_once: lambda e: e.endpoint.update(data_capture={"readers": [_role(e), _role(e)]}),
    access.those_who_deploy_are_roles_of_the_account: lambda e: e.environment.update(
        deployers=[e.stranger.iam("role/a")]
    ),
    access.admins_let_the_deployers_deploy: _no_deployers,
    access.boundary_is_of_the_account: lambda e: e.environment.update(
        permissions_boundary_arn=e.stranger.iam("policy/a")
    ),
    encryption.key_is_in_the_region: lambda e: e.endpoint.update(kms={"key_arn": _key(_elsewhere(e.place))}),
    encryption.settings_of_a_made_key_need_one: lambda e: e.endpoint.update(
        kms={"key_arn": _key(e.place), "rotation_period_in_days": 90}
    ),
    capture.settings_of_a_made_bucket_need_one: lambda e: e.endpoint.update(
        data_capture={"destination_s3_uri": "s3://captured/a", "retention_days": 1}
    ),
    capture.content_types_are_listed_once: lambda e: e.endpoint.update(
        data_capture={"capture_content_type_header": _TYPES}
    ),
    network.network_is_listed_once: lambda e: _network(e, subnet_ids=["subnet-00000000", "subnet-00000000"]),
    network.private_s3_needs_route_tables: lambda e: _network(e, route_table_ids=None),
    network.settings_of_private_endpoints_need_them: lambda e: _network(e, private_endpoints=False),
    network.the_name_network_is_taken: lambda e: e.rename(environment="dev", endpoint="network"),
}
# In the modes whose containers all have images.
WITH_IMAGES: dict[rules.Rule, Break] = {
    container.image_is_in_the_region: _image_elsewhere,
    container.image_tag_does_not_move: _moving_tag,
    container.environment_is_small_enough: lambda e: e.container.update(
        environment={f"V{index}": "" for index in range(101)}
    ),
    container.environment_holds_no_secret: _secret,
}
SERVERLESS: dict[rules.Rule, Break] = {
    serverless.serverless_has_no_instances: lambda e: e.endpoint.update(instance_type="ml.m5.xlarge"),
    serverless.warm_workers_are_among_all: lambda e: e.endpoint["serverless_config"].update(
        max_concurrency=1, provisioned_concurrency=2
    ),
    serverless.serverless_is_not_isolated: lambda e: e.tighten("network_isolation"),
    serverless.serverless_records_nothing: lambda e: e.endpoint.update(data_capture={"enable_capture": True}),
    rollout.updates_go_one_way: lambda e: e.endpoint.update(deployment_config=_ALARMS),
}
