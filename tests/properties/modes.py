"""Endpoints of every mode: what is particular about each, under the names of the examples."""

from collections.abc import Callable

from hypothesis import strategies as st

from tests.properties import parts, values
from tests.properties.parts import Tables, optional
from tests.properties.toml import Table
from tests.properties.values import Place, bounded


@st.composite
def _rolled_out(draw: st.DrawFn, place: Place) -> Table:
    """Draw what runs the one model of an endpoint, and perhaps how that is rolled out."""
    guarded = draw(st.booleans())
    hosting = draw(parts.instances(place, inferentia_1=not guarded))
    count = hosting.get("initial_instance_count", 2)
    rollout = {"deployment_config": draw(parts.rollouts(count=count))} if guarded else {}
    return {**hosting, **rollout}


@st.composite
def _real_time(draw: st.DrawFn, place: Place) -> Table:
    return draw(parts.containers(place, ("none", "url"))) | draw(_rolled_out(place))


@st.composite
def _variants(draw: st.DrawFn, place: Place) -> Table:
    """Draw models by name with at least one variant each, or the one model of the endpoint with several."""
    names = draw(st.lists(values.words(36), max_size=3, unique=True))
    count = max(len(names), draw(st.sampled_from([1, 2, 3, 10])))
    guarded = draw(st.booleans())
    variants = [
        {
            "variant_name": name,
            "model": (names or ["model"])[index % max(len(names), 1)],
            **draw(parts.instances(place, inferentia_1=not guarded)),
            **draw(optional(initial_variant_weight=bounded(1 if index == 0 else 0, 1000000))),
        }
        for index, name in enumerate(draw(st.lists(values.labels(), min_size=count, max_size=count, unique=True)))
    ]
    instances = sum(each.get("initial_instance_count", 2) for each in variants)
    rollout = parts.rollouts(count=instances, one_variant=count == 1)
    models: Table = {"models": {name: draw(_any_model(place)) for name in names}} if names else draw(_any_model(place))
    return {**models, "variants": variants, **({"deployment_config": draw(rollout)} if guarded else {})}


def _any_model(place: Place) -> Tables:
    """Draw what a model may be made of where it is not the only one."""
    return st.one_of(parts.containers(place), parts.collections(place), parts.packages(place), _pipeline_of(place))


@st.composite
def _shadow(draw: st.DrawFn, place: Place) -> Table:
    shadow = {"variant_name": "shadow", **draw(parts.instances(place)), **draw(_weights())}
    if draw(st.booleans()):
        model = draw(parts.containers(place) | parts.packages(place))
        return {**model, **draw(parts.instances(place)), "shadow_variants": [{**shadow, "model": "model"}]}
    variant = {"variant_name": "champion", "model": "a", **draw(parts.instances(place))}
    models = {name: draw(parts.containers(place)) for name in ("a", "b")}
    return {"models": models, "variants": [variant], "shadow_variants": [{**shadow, "model": "b"}]}


def _weights() -> Tables:
    return optional(initial_variant_weight=bounded(0, 1000000))


@st.composite
def _serverless(draw: st.DrawFn, place: Place, *, provisioned: bool) -> Table:
    model = draw(parts.containers(place, ("none", "url")) | parts.packages(place))
    rollout = optional(deployment_config=parts.rollouts(count=None))
    return {**model, **draw(parts.serverless(provisioned=provisioned)), **draw(rollout)}


@st.composite
def _asynchronous(draw: st.DrawFn, place: Place) -> Table:
    topic = values.of("aZ0-_", 256).map(lambda name: place.arn("sns", name))
    topics: Table = draw(optional(success_topic=topic, error_topic=topic))
    included = [f"{key.split('_')[0].upper()}_NOTIFICATION_TOPIC" for key in topics]
    tells_answers = draw(st.booleans())
    if topics and tells_answers:
        topics["include_inference_response_in"] = draw(
            st.lists(st.sampled_from(included), min_size=1, max_size=2, unique=True)
        )
    if topics:
        topics |= draw(optional(kms_key_id=values.keys(place)))
    output = {"s3_output_path": draw(values.prefixes()), **({"notification_config": topics} if topics else {})}
    output |= draw(
        optional(s3_failure_path=values.prefixes(), kms_key_id=values.keys(place), readers=values.role_lists(place))
    )
    client = st.fixed_dictionaries({"max_concurrent_invocations_per_instance": bounded(1, 1000)})
    config = {"output_config": output, **draw(optional(client_config=client))}
    if draw(st.booleans()):
        config["input_locations"] = draw(st.lists(values.prefixes(), min_size=1, max_size=3))
        config |= draw(optional(input_kms_key_id=values.keys(place)))
    model = draw(parts.containers(place) | parts.packages(place) | parts.collections(place))
    return {**model, **draw(parts.instances(place)), "async_inference_config": config}


@st.composite
def _pipeline_of(draw: st.DrawFn, place: Place, mode: str | None = "Serial") -> Table:
    count = draw(st.sampled_from([2, 2, 3, 15]))
    containers = [draw(parts.containers(place)) for _ in range(count)]
    if mode == "Serial" and draw(st.booleans()):
        containers[-1] = draw(parts.collections(place))
    if mode == "Direct" or draw(st.booleans()):
        names = draw(st.lists(values.labels(), min_size=count, max_size=count, unique=True))
        containers = [{**each, "container_hostname": name} for each, name in zip(containers, names, strict=True)]
    told = mode == "Direct" or draw(st.booleans())
    return {"container": containers, **({"inference_execution_config": {"mode": mode}} if told else {})}


@st.composite
def _several_containers(draw: st.DrawFn, place: Place, *, mode: str) -> Table:
    return draw(_pipeline_of(place, mode)) | draw(_rolled_out(place))


@st.composite
def _of(draw: st.DrawFn, place: Place, *, container: Callable[[Place], Tables]) -> Table:
    return draw(container(place)) | draw(_rolled_out(place))


@st.composite
def _private(draw: st.DrawFn, place: Place) -> Table:
    """Draw an endpoint whose image comes from a registry in the network."""
    name = draw(values.of("aZ0-_", 140))
    function = place.arn("lambda", f"function:{name}{draw(st.sampled_from(['', ':live']))}")
    auth = {"repository_auth_config": st.just({"repository_credentials_provider_arn": function})}
    config = {"repository_access_mode": "Vpc", **draw(optional(**auth))}
    image = draw(
        values.images(place) | st.sampled_from(["registry.acme.internal/team/fraud:1", "a.b/c@sha256:" + "0a" * 32])
    )
    return draw(parts.containers(place)) | draw(_rolled_out(place)) | {"image": image, "image_config": config}


@st.composite
def _components(draw: st.DrawFn, place: Place) -> Table:
    names = draw(st.lists(values.labels(), min_size=1, max_size=3, unique=True))
    return {"variants": [{"variant_name": name, **draw(_scaled(place))} for name in names]}


@st.composite
def _scaled(draw: st.DrawFn, place: Place) -> Table:
    made = draw(parts.instances(place, inferentia_1=True, shell=False))
    first = made.get("initial_instance_count", 2)
    scaling = optional(
        status=st.sampled_from(["ENABLED", "DISABLED"]),
        min_instance_count=bounded(0, first),
        max_instance_count=bounded(first, 1000),
    )
    return made | draw(optional(managed_instance_scaling=scaling.filter(bool)))


def _sourced(place: Place) -> Tables:
    return parts.containers(place, ("source",))


# What each is called in examples/.
MODES: dict[str, Callable[[Place], Tables]] = {
    "real-time": _real_time,
    "variants": _variants,
    "shadow": _shadow,
    "serverless": lambda place: _serverless(place, provisioned=False),
    "serverless-provisioned": lambda place: _serverless(place, provisioned=True),
    "asynchronous": _asynchronous,
    "pipeline": lambda place: _several_containers(place, mode="Serial"),
    "multi-container": lambda place: _several_containers(place, mode="Direct"),
    "multi-model": lambda place: _of(place, container=parts.collections),
    "model-data-prefix": lambda place: _of(place, container=_sourced),
    "model-package": lambda place: _of(place, container=parts.packages),
    "inference-components": _components,
    "private-registry": _private,
}
# The AWS provider 5 has no variants without a model; the rules refuse them where a file admits it.
NEEDS_PROVIDER_6 = {"inference-components"}
BOTH_PROVIDERS = [mode for mode in MODES if mode not in NEEDS_PROVIDER_6]
