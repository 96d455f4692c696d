"""Generated files that no rule rejects."""

import copy
from dataclasses import dataclass
from typing import Any, get_args

from hypothesis import strategies as st

from protected_endpoints.aws.service_models import regions
from protected_endpoints.config.endpoint import RetentionInDays
from protected_endpoints.deployment.endpoint_names import MAX_BASE_NAME_LENGTH
from protected_endpoints.errors import ConfigurationError
from tests.loading.support import load_parsed
from tests.properties import values
from tests.properties.modes import MODES
from tests.properties.parts import Tables, optional
from tests.properties.toml import Table, toml
from tests.properties.values import AwsTarget, bounded

_IN_VPC = ("private-registry", "feature-store")
_RETENTIONS = get_args(get_args(RetentionInDays)[0])


@dataclass(frozen=True)
class GeneratedFile:
    """A generated file and the hosting mode of its endpoint."""

    mode: str
    file: Table

    @property
    def text(self) -> str:
        """Return the file as TOML."""
        return toml(self.file)


def valid_files(mode: str, provider: int) -> st.SearchStrategy[GeneratedFile]:
    """Generate files that every rule accepts, for this major version of the AWS provider and later ones."""
    return _generated_files(mode, provider).filter(_is_no_coincidence)


def _is_no_coincidence(generated: GeneratedFile) -> bool:
    """Return whether no values are refused only together.

    Policies of many long values exceed the size limits of IAM, and the same role can be drawn as deployer and invoker.
    """
    try:
        load_parsed(copy.deepcopy(generated.file))
    except ConfigurationError as error:
        rules = {problem.rule for problem in error.problems}
        return not all(rule.endswith("policy-size") or rule == "deployer-with-access" for rule in rules)
    return True


@st.composite
def _generated_files(draw: st.DrawFn, mode: str, provider: int) -> GeneratedFile:
    target = AwsTarget(draw(values.accounts), draw(values.region_names(provider)), provider)
    project, environment, endpoint = draw(_names())
    deployers = draw(st.just([]) | values.role_lists(target))
    network = draw(_networks(target) if mode in _IN_VPC else st.none() | _networks(target))
    file = {
        "project": {"name": project, **draw(_projects(provider))},
        "environments": {environment: draw(_environments(target, deployers, network))},
        "endpoints": {endpoint: draw(_endpoints(mode, target, bool(deployers)))},
    }
    return GeneratedFile(mode, file)


@st.composite
def files_with_overrides(draw: st.DrawFn, mode: str, provider: int) -> GeneratedFile:
    """Generate valid files with some keys of the endpoint in the override of its environment."""
    file = draw(valid_files(mode, provider)).file
    (environment,), (endpoint,) = file["environments"], file["endpoints"].values()
    moved = draw(st.just([]) | st.lists(st.sampled_from(sorted(endpoint)), unique=True))
    if moved:
        endpoint["environments"] = {environment: {key: endpoint.pop(key) for key in moved}}
    return GeneratedFile(mode, file)


@st.composite
def _names(draw: st.DrawFn) -> tuple[str, str, str]:
    """Generate names of project, environment and endpoint, of the maximum total length every fourth time."""
    project, environment, endpoint = draw(values.words(10)), draw(values.words(10)), draw(values.words(10))
    if draw(st.integers(0, 3)) == 0:
        endpoint = endpoint.ljust(MAX_BASE_NAME_LENGTH - len(project) - len(environment) - 2, "z")
    return project, environment, endpoint


def _projects(provider: int) -> Tables:
    constraint = values.versions if provider == 5 else values.versions_6
    return st.fixed_dictionaries({"aws_provider_version": constraint}, optional={"tags": values.tags.filter(bool)})


@st.composite
def _environments(draw: st.DrawFn, target: AwsTarget, deployers: list[str], network: Table | None) -> Table:
    state = st.fixed_dictionaries(
        {"bucket": values.buckets}, optional={"region": values.some_of([*regions()]), "kms_key_id": values.keys(target)}
    )
    boundary = st.tuples(values.paths, values.of("aZ0_+=,.@-", 128)).map(
        lambda segments: f"policy/{segments[0]}{segments[1]}"
    )
    return {
        "account_id": target.account,
        "region": target.region,
        **({"deployers": deployers} if deployers else {}),
        **({"network": network} if network else {}),
        **draw(
            optional(
                state=state,
                permissions_boundary_arn=boundary.map(target.iam),
                create_dashboard=st.booleans(),
                alarms=st.fixed_dictionaries({"create_topic": st.booleans()}),
            )
        ),
    }


@st.composite
def _networks(draw: st.DrawFn, target: AwsTarget) -> Table:
    is_managed = draw(st.booleans())
    tables = st.lists(values.ids("rtb"), min_size=1, max_size=2, unique=True)
    groups = st.lists(values.ids("sg"), min_size=1, max_size=2, unique=True)
    settings = {"route_table_ids": draw(tables)} if is_managed else draw(optional(endpoint_security_group_ids=groups))
    return {
        "vpc_id": draw(values.ids("vpc")),
        "subnet_ids": draw(st.lists(values.ids("subnet"), min_size=1, max_size=16, unique=True)),
        **({"private_endpoints": is_managed} if not is_managed or draw(st.booleans()) else {}),
        **settings,
    }


def _alarms(target: AwsTarget, *, counts_requests: bool) -> Tables:
    """Generate alarms that every inference option has, those about requests only if the endpoint counts them."""
    rates = optional(threshold=st.floats(0.0001, 1), **_window())
    percents = optional(threshold=bounded(1, 100), **_window())
    about_requests = {"errors": st.booleans() | rates, "client_errors": st.booleans() | rates}
    return optional(
        topic_arn=values.of("aZ0-_", 256).map(lambda name: target.arn("sns", name)),
        **(about_requests if counts_requests else {}),
        memory=st.booleans() | percents,
    )


def _window() -> dict[str, st.SearchStrategy[Any]]:
    """Generate the periods of an alarm, which every default number of datapoints fits into."""
    return {"period": bounded(1, 60).map(lambda minutes: minutes * 60), "evaluation_periods": bounded(5, 24)}


@st.composite
def _endpoints(draw: st.DrawFn, mode: str, target: AwsTarget, deployed: bool) -> Table:
    serving = draw(MODES[mode](target))
    serverless = mode.startswith("serverless")
    # Requests to inference components are counted by component, and other tools create those of such an endpoint.
    counts_requests = mode != "inference-components" or "inference_components" in serving
    endpoint = serving | draw(
        optional(
            invokers=_invokers(target),
            revision=bounded(0, 10**9),
            endpoint_name=values.labels(),
            tags=values.tags.filter(bool),
            execution_role_arn=values.roles(target),
            logs=st.fixed_dictionaries({"retention_in_days": st.sampled_from(_RETENTIONS)}),
            kms=_existing_key(target) | _managed_key(target, deployed),
            data_capture=_captured(target, serverless).filter(bool),
            alarms=_alarms(target, counts_requests=counts_requests) | st.just({"enable_alarms": False}),
            create_dashboard=st.booleans(),
            create_ssm_parameters=st.booleans(),
        )
    )
    relax = draw(_relaxed())
    for container in _containers(endpoint):
        if "image_tag" in relax and "image" in container:
            container["image"] = draw(values.images(target, mutable_tags=True))
        if "secret_like_environment" in relax:
            container["environment"] = {"DB_PASSWORD": "x"}
    if not _containers(endpoint):
        relax.pop("secret_like_environment", None)
    if serverless or "egress" in endpoint:
        relax["network_isolation"] = draw(values.reasons)
    if "network_isolation" in relax:
        endpoint |= draw(optional(permissions=_permissions(target)))
    hosting = (endpoint, *endpoint.get("variants", ()), *endpoint.get("shadow_variants", ()))
    if any(variant.get("enable_ssm_access") for variant in hosting):
        relax["ssm_access"] = draw(values.reasons)
    with_data = [container for container in _containers(endpoint) if not _DATA.isdisjoint(container)]
    if with_data:
        relax |= draw(optional(model_data_account=values.reasons))
    if "model_data_account" not in relax:
        for container in with_data:
            container.update(draw(optional(model_data_account_id=values.accounts)))
    return {**endpoint, **({"relax": relax} if relax else {})}


_DATA = {"model_data_url", "model_data_source", "model_package_data"}


def _containers(endpoint: Table) -> list[Table]:
    models = [*endpoint["models"].values()] if "models" in endpoint else [endpoint]
    containers = [container for model in models for container in model.get("container", [model])]
    return [container for container in containers if "image" in container or "model_package_name" in container]


def _relaxed() -> Tables:
    names = ("network_isolation", "image_tag", "bearer_tokens", "prevent_destroy")
    secrets = st.fixed_dictionaries({"DB_PASSWORD": values.reasons})
    return st.just({}) | optional(**dict.fromkeys(names, values.reasons), secret_like_environment=secrets)


def _permissions(target: AwsTarget) -> st.SearchStrategy[list[Table]]:
    """Generate permissions for different tables."""
    actions = st.lists(
        st.sampled_from(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem"]), min_size=1, unique=True
    )
    conditions = st.fixed_dictionaries({"StringEquals": st.just({"aws:ResourceAccount": [target.account]})})
    names = st.lists(values.words(10), min_size=1, max_size=3, unique=True)
    return names.flatmap(
        lambda tables: st.tuples(
            *(
                st.fixed_dictionaries(
                    {
                        "actions": actions,
                        "resources": st.just([target.arn("dynamodb", f"table/{name}")]),
                        "reason": values.reasons,
                    },
                    optional={"conditions": conditions},
                )
                for name in tables
            )
        ).map(list)
    )


def _existing_key(target: AwsTarget) -> Tables:
    return st.fixed_dictionaries({"key_arn": values.keys(target)})


def _managed_key(target: AwsTarget, deployed: bool) -> Tables:
    admins = {"admins": values.role_lists(target)} if deployed else {}
    days: dict[str, Any] = {"rotation_period_in_days": bounded(90, 2560), "deletion_window_in_days": bounded(7, 30)}
    return optional(**admins, **days).filter(bool)


def _captured(target: AwsTarget, serverless: bool) -> Tables:
    header = st.lists(values.content_types, min_size=1, max_size=4, unique=True).flatmap(_split)
    managed: dict[str, Any] = {"retention_days": bounded(1, 3650)}
    return st.sampled_from([managed, {"destination_s3_uri": values.prefixes()}]).flatmap(
        lambda destination: optional(
            readers=values.role_lists(target),
            enable_capture=st.just(False) if serverless else st.booleans(),
            initial_sampling_percentage=bounded(0, 100),
            capture_mode=st.sampled_from(["All", "Input", "Output"]),
            capture_content_type_header=header,
            **destination,
        )
    )


def _split(types: list[str]) -> Tables:
    """Generate content type headers in which each content type is in one of the two lists."""

    def headers(index: int) -> Table:
        lists = {"csv_content_types": types[:index], "json_content_types": types[index:]}
        return {key: value for key, value in lists.items() if value}

    return st.integers(0, len(types)).map(headers)


@st.composite
def _invokers(draw: st.DrawFn, target: AwsTarget) -> list[Any]:
    """Generate invokers of every form with different names."""
    arns = draw(values.role_lists(target))
    names = draw(st.lists(values.words(18), max_size=2, unique=True))
    existing_names = {arn.rsplit("/", 1)[1].lower() for arn in arns}
    managed = [draw(_managed_role_invoker(target, name)) for name in names if name not in existing_names]
    existing = [arn if draw(st.booleans()) else {"role_arn": arn, **draw(_conditions())} for arn in arns]
    return draw(st.permutations([*existing, *managed]))


def _conditions() -> Tables:
    return optional(
        principal_tags=values.tags.filter(bool),
        target_models=values.target_models,
        source_vpc=values.ids("vpc"),
        source_vpc_endpoints=st.lists(values.ids("vpce"), min_size=1, max_size=2, unique=True),
    )


@st.composite
def _managed_role_invoker(draw: st.DrawFn, target: AwsTarget, name: str) -> Table:
    account = draw(st.just(target.account) | values.accounts)
    people = draw(st.booleans())
    kind = st.sampled_from(["user", "root"] if people else ["role", "user", "root"])
    principals = st.tuples(kind, values.paths, values.role_names).map(
        lambda segments: target.iam("root" if segments[0] == "root" else "/".join(segments).replace("//", "/"), account)
    )
    organization = {"principal_org_id": values.organizations}
    proof = st.fixed_dictionaries({"external_id": values.external_ids}, optional=organization)
    return {
        "name": name,
        "principals": draw(st.lists(principals, min_size=1, max_size=3, unique=True)),
        **draw(proof | st.fixed_dictionaries(organization)),
        **({"require_mfa": True} if people and draw(st.booleans()) else {}),
        **draw(_conditions()),
    }
