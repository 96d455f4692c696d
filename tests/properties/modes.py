"""Endpoints of every hosting mode, under the names of the examples."""

from collections.abc import Callable

from hypothesis import strategies as st

from tests.properties import parts, scaling, values
from tests.properties.parts import Tables, optional
from tests.properties.toml import Table
from tests.properties.values import AwsTarget, bounded


@st.composite
def _instances_and_rollout(draw: st.DrawFn, target: AwsTarget) -> Table:
    """Generate the hosting of a single model, with or without a deployment configuration."""
    guarded = draw(st.booleans())
    hosting = draw(parts.instances(target, inferentia_1=not guarded))
    count = hosting.get("initial_instance_count", 2)
    rollout = {"deployment_config": draw(parts.rollouts(count=count))} if guarded else {}
    return {**hosting, **rollout}


@st.composite
def _real_time(draw: st.DrawFn, target: AwsTarget) -> Table:
    return draw(parts.containers(target, ("none", "url"))) | draw(_instances_and_rollout(target))


@st.composite
def _scaled_instances(draw: st.DrawFn, target: AwsTarget) -> Table:
    model, hosting = draw(parts.containers(target, ("none", "url"))), draw(parts.instances(target))
    metrics = ("SageMakerVariantInvocationsPerInstance", "SageMakerVariantConcurrentRequestsPerModelHighResolution")
    table = scaling.tables(hosting.get("initial_instance_count"), least=1, metrics=metrics)
    return model | hosting | {"instance_type": _not_burstable(hosting["instance_type"]), "scaling": draw(table)}


@st.composite
def _scaled_to_zero(draw: st.DrawFn, target: AwsTarget) -> Table:
    endpoint = draw(_asynchronous(target))
    table = scaling.tables(endpoint.get("initial_instance_count"), least=0, metrics=())
    return endpoint | {"instance_type": _not_burstable(endpoint["instance_type"]), "scaling": draw(table)}


def _not_burstable(instance_type: str) -> str:
    return "ml.m5.large" if instance_type.startswith("ml.t") else instance_type


@st.composite
def _variants(draw: st.DrawFn, target: AwsTarget) -> Table:
    """Generate models by name with at least one variant each, or a single model with several variants."""
    names = draw(st.lists(values.words(36), max_size=3, unique=True))
    count = max(len(names), draw(st.sampled_from([1, 2, 3, 10])))
    guarded = draw(st.booleans())
    variants = [
        {
            "variant_name": name,
            "model": (names or ["model"])[index % max(len(names), 1)],
            **draw(parts.instances(target, inferentia_1=not guarded)),
            **draw(optional(initial_variant_weight=bounded(1 if index == 0 else 0, 1000000))),
        }
        for index, name in enumerate(draw(st.lists(values.labels(), min_size=count, max_size=count, unique=True)))
    ]
    smallest = min(variant.get("initial_instance_count", 2) for variant in variants)
    rollout = parts.rollouts(count=smallest, one_variant=count == 1)
    models: Table = (
        {"models": {name: draw(_any_model(target)) for name in names}} if names else draw(_any_model(target))
    )
    return {**models, "variants": variants, **({"deployment_config": draw(rollout)} if guarded else {})}


def _any_model(target: AwsTarget) -> Tables:
    """Generate one of several models of an endpoint."""
    return st.one_of(
        parts.containers(target), parts.multi_model_containers(target), parts.packages(target), _pipeline_of(target)
    )


@st.composite
def _shadow(draw: st.DrawFn, target: AwsTarget) -> Table:
    shadow = {"variant_name": "shadow", **draw(parts.instances(target)), **draw(_weights())}
    if draw(st.booleans()):
        model = draw(parts.containers(target) | parts.packages(target))
        return {**model, **draw(parts.instances(target)), "shadow_variants": [{**shadow, "model": "model"}]}
    variant = {"variant_name": "champion", "model": "a", **draw(parts.instances(target))}
    models = {name: draw(parts.containers(target)) for name in ("a", "b")}
    return {"models": models, "variants": [variant], "shadow_variants": [{**shadow, "model": "b"}]}


def _weights() -> Tables:
    return optional(initial_variant_weight=bounded(0, 1000000))


@st.composite
def _serverless(draw: st.DrawFn, target: AwsTarget, *, provisioned: bool) -> Table:
    model = draw(parts.containers(target, ("none", "url")) | parts.packages(target))
    rollout = optional(deployment_config=parts.rollouts(count=None))
    return {**model, **draw(parts.serverless(provisioned=provisioned)), **draw(rollout)}


@st.composite
def _asynchronous(draw: st.DrawFn, target: AwsTarget) -> Table:
    topic = values.of("aZ0-_", 256).map(lambda name: target.arn("sns", name))
    topics: Table = draw(optional(success_topic=topic, error_topic=topic))
    included = [f"{key.split('_')[0].upper()}_NOTIFICATION_TOPIC" for key in topics]
    includes_response = draw(st.booleans())
    if topics and includes_response:
        topics["include_inference_response_in"] = draw(
            st.lists(st.sampled_from(included), min_size=1, max_size=2, unique=True)
        )
    if topics:
        topics |= draw(optional(kms_key_id=values.keys(target)))
    output = {"s3_output_path": draw(values.prefixes()), **({"notification_config": topics} if topics else {})}
    output |= draw(
        optional(s3_failure_path=values.prefixes(), kms_key_id=values.keys(target), readers=values.role_lists(target))
    )
    client = st.fixed_dictionaries({"max_concurrent_invocations_per_instance": bounded(1, 1000)})
    config = {"output_config": output, **draw(optional(client_config=client))}
    if draw(st.booleans()):
        config["input_locations"] = draw(st.lists(values.prefixes(), min_size=1, max_size=3))
        config |= draw(optional(input_kms_key_id=values.keys(target)))
    model = draw(parts.containers(target) | parts.packages(target) | parts.multi_model_containers(target))
    return {**model, **draw(parts.instances(target)), "async_inference_config": config}


@st.composite
def _pipeline_of(draw: st.DrawFn, target: AwsTarget, mode: str | None = "Serial") -> Table:
    count = draw(st.sampled_from([2, 2, 3, 15]))
    containers = [draw(parts.containers(target)) for _ in range(count)]
    if mode == "Serial" and draw(st.booleans()):
        containers[-1] = draw(parts.multi_model_containers(target))
    if mode == "Direct" or draw(st.booleans()):
        names = draw(st.lists(values.labels(), min_size=count, max_size=count, unique=True))
        containers = [
            {**container, "container_hostname": name} for container, name in zip(containers, names, strict=True)
        ]
    is_explicit = mode == "Direct" or draw(st.booleans())
    return {"container": containers, **({"inference_execution_config": {"mode": mode}} if is_explicit else {})}


@st.composite
def _several_containers(draw: st.DrawFn, target: AwsTarget, *, mode: str) -> Table:
    return draw(_pipeline_of(target, mode)) | draw(_instances_and_rollout(target))


@st.composite
def _of(draw: st.DrawFn, target: AwsTarget, *, container: Callable[[AwsTarget], Tables]) -> Table:
    return draw(container(target)) | draw(_instances_and_rollout(target))


@st.composite
def _private(draw: st.DrawFn, target: AwsTarget) -> Table:
    """Generate an endpoint with an image of a private registry in the VPC."""
    name = draw(values.of("aZ0-_", 140))
    function = target.arn("lambda", f"function:{name}{draw(st.sampled_from(['', ':live']))}")
    auth = {"repository_auth_config": st.just({"repository_credentials_provider_arn": function})}
    config = {"repository_access_mode": "Vpc", **draw(optional(**auth))}
    image = draw(
        values.images(target) | st.sampled_from(["registry.acme.internal/team/fraud:1", "a.b/c@sha256:" + "0a" * 32])
    )
    return (
        draw(parts.containers(target)) | draw(_instances_and_rollout(target)) | {"image": image, "image_config": config}
    )


@st.composite
def _connected(draw: st.DrawFn, target: AwsTarget) -> Table:
    """Generate an endpoint in a VPC whose container connects to destinations there and elsewhere."""
    return draw(_real_time(target)) | draw(
        optional(
            egress=st.lists(_egress(), min_size=1, max_size=4, unique_by=_destination),
            security_group_ids=st.lists(values.ids("sg"), min_size=1, max_size=4, unique=True),
        )
    )


@st.composite
def _egress(draw: st.DrawFn) -> Table:
    # Not port 443, which may be allowed to the security groups of the VPC endpoints already.
    group = {"referenced_security_group_id": values.ids("sg"), "port": st.sampled_from([1, 8443, 65535])}
    ports = st.sampled_from([1, 443, 65535])
    block, prefix_list = {"cidr_ipv4": values.cidr_blocks(), "port": ports}, {"prefix_list_id": values.ids("pl")}
    destinations = (group, block, {**prefix_list, "port": ports})
    return draw(
        st.sampled_from(destinations).flatmap(
            lambda destination: st.fixed_dictionaries({**destination, "reason": values.rule_descriptions})
        )
    )


def _destination(rule: Table) -> frozenset[tuple[str, object]]:
    return frozenset((key, value) for key, value in rule.items() if key != "reason")


@st.composite
def _components(draw: st.DrawFn, target: AwsTarget) -> Table:
    names = draw(st.lists(values.labels(), min_size=1, max_size=3, unique=True))
    variants = [{"variant_name": name, **draw(_scaled(target))} for name in names]
    if draw(st.booleans()):
        return {"variants": variants}  # other tools create the components
    memory = st.fixed_dictionaries({"min_memory_required_in_mb": bounded(128, 100000)})
    # Not more than the smallest instance type has.
    cores = optional(number_of_cpu_cores_required=st.sampled_from([0.25, 0.5, 1]))
    component = {
        **draw(parts.containers(target, ("none", "url"))),
        "compute_resource_requirements": draw(memory) | draw(cores),
        "variant_name": draw(st.sampled_from(names)),
        **draw(optional(copy_count=bounded(1, 100))),
    }
    adapter = {"base_inference_component": "base", "artifact_url": "s3://my-bucket/adapter.tar.gz"}
    adapters = {"adapter": adapter} if draw(st.booleans()) else {}
    return {"variants": variants, "inference_components": {"base": component, **adapters}}


@st.composite
def _scaled(draw: st.DrawFn, target: AwsTarget) -> Table:
    hosting = draw(parts.instances(target, inferentia_1=True, shell=False))
    first = hosting.get("initial_instance_count", 2)
    managed = optional(
        status=st.sampled_from(["ENABLED", "DISABLED"]),
        min_instance_count=bounded(0, first),
        max_instance_count=bounded(first, 1000),
    )
    return hosting | draw(optional(managed_instance_scaling=managed.filter(bool)))


def _sourced(target: AwsTarget) -> Tables:
    return parts.containers(target, ("source",))


# The names are those of the files in examples/.
MODES: dict[str, Callable[[AwsTarget], Tables]] = {
    "real-time": _real_time,
    "variants": _variants,
    "shadow": _shadow,
    "serverless": lambda target: _serverless(target, provisioned=False),
    "serverless-provisioned": lambda target: _serverless(target, provisioned=True),
    "asynchronous": _asynchronous,
    "scaling": _scaled_instances,
    "scale-to-zero": _scaled_to_zero,
    "pipeline": lambda target: _several_containers(target, mode="Serial"),
    "multi-container": lambda target: _several_containers(target, mode="Direct"),
    "multi-model": lambda target: _of(target, container=parts.multi_model_containers),
    "model-data-prefix": lambda target: _of(target, container=_sourced),
    "model-package": lambda target: _of(target, container=parts.packages),
    "inference-components": _components,
    "private-registry": _private,
    "feature-store": _connected,
}
# AWS provider 5 has no variants without a model, so a rule rejects them if the version constraint allows it.
NEEDS_PROVIDER_6 = {"inference-components"}
BOTH_PROVIDERS = [mode for mode in MODES if mode not in NEEDS_PROVIDER_6]
