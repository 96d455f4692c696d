"""Tables that endpoints of several modes have: containers, hosting, deployment of updates."""

from typing import Any

from hypothesis import strategies as st

from protected_endpoints.aws.instance_types import has_local_storage
from protected_endpoints.aws.service_models import api_enum
from tests.properties import values
from tests.properties.toml import Table
from tests.properties.values import AwsTarget, bounded

Tables = st.SearchStrategy[Table]
_AMI_VERSIONS = api_enum("ProductionVariantInferenceAmiVersion")
_MODEL_DATA = ("none", "url", "source")


def optional(**strategies: st.SearchStrategy[Any]) -> Tables:
    """Generate tables with some of the keys."""
    return st.fixed_dictionaries({}, optional=strategies)


@st.composite
def containers(draw: st.DrawFn, target: AwsTarget, data: tuple[str, ...] = _MODEL_DATA) -> Table:
    """Generate a container of one model, with model data in one of the forms in `data`."""
    container = {"image": draw(values.images(target)), **draw(_container_settings())}
    kind = draw(st.sampled_from(data))
    if kind == "url":
        container["model_data_url"] = draw(values.archives())
    elif kind == "source":
        container["model_data_source"] = {"s3_data_source": draw(sources())}
    if kind != "none":
        container |= draw(_model_data_key(target))
    if target.provider > 5 and kind != "none" and draw(st.booleans()):
        container["additional_model_data_source"] = [
            {"channel_name": channel, "s3_data_source": draw(sources()), **draw(_model_data_key(target))}
            for channel in draw(st.lists(values.channels, min_size=1, max_size=5, unique=True))
        ]
    return container


@st.composite
def multi_model_containers(draw: st.DrawFn, target: AwsTarget) -> Table:
    """Generate a multi-model container."""
    cache = optional(model_cache_setting=st.sampled_from(["Enabled", "Disabled"]))
    return {
        "image": draw(values.images(target)),
        "mode": "MultiModel",
        "model_data_url": draw(values.folders()),
        **draw(optional(multi_model_config=cache.filter(bool), environment=values.variables)),
        **draw(_model_data_key(target)),
    }


@st.composite
def packages(draw: st.DrawFn, target: AwsTarget) -> Table:
    """Generate a container with a model package."""
    name = draw(values.of("aZ0-_", 80))
    package = target.arn("sagemaker", f"model-package/{name}/{draw(st.integers(1, 99))}")
    settings: Table = draw(
        optional(
            model_package_data=st.lists(values.archives() | values.folders(), min_size=1, max_size=2),
            inference_specification_name=values.labels(),
            environment=values.variables,
        )
    )
    key = draw(_model_data_key(target)) if "model_package_data" in settings else {}
    return {"model_package_name": package, "model_package_image": draw(values.images(target)), **settings, **key}


def _model_data_key(target: AwsTarget) -> Tables:
    return optional(model_data_kms_key_arn=values.keys(target))


@st.composite
def sources(draw: st.DrawFn) -> Table:
    is_prefix = draw(st.booleans())
    compressed = {} if is_prefix else {"compression_type": st.sampled_from(["None", "Gzip"])}
    return {
        "s3_uri": draw(values.folders() if is_prefix else values.archives()),
        "s3_data_type": "S3Prefix" if is_prefix else "S3Object",
        **draw(optional(**compressed, model_access_config=st.just({"accept_eula": True}))),
    }


def _container_settings() -> Tables:
    return optional(
        environment=values.variables,
        mode=st.just("SingleModel"),
        image_config=st.just({"repository_access_mode": "Platform"}),
    )


@st.composite
def instances(draw: st.DrawFn, target: AwsTarget, *, inferentia_1: bool = False, shell: bool = True) -> Table:
    """Generate the hosting of a model on instances."""
    kind = draw(
        st.sampled_from(
            [instance_type for instance_type in target.instance_types if inferentia_1 or ".inf1." not in instance_type]
        )
    )
    return {
        "instance_type": kind,
        **draw(
            optional(
                initial_instance_count=bounded(1, 1000),
                model_data_download_timeout_in_seconds=bounded(60, 3600),
                container_startup_health_check_timeout_in_seconds=bounded(60, 3600),
                inference_ami_version=values.some_of(_AMI_VERSIONS),
                routing_config=st.fixed_dictionaries(
                    {"routing_strategy": st.sampled_from(["LEAST_OUTSTANDING_REQUESTS", "RANDOM"])}
                ),
                core_dump_config=st.fixed_dictionaries(
                    {"destination_s3_uri": values.prefixes(), "kms_key_id": values.keys(target)}
                ),
                **({} if has_local_storage(kind) else {"volume_size_in_gb": bounded(1, 512)}),
                **({"enable_ssm_access": st.booleans()} if shell else {}),
            )
        ),
    }


@st.composite
def serverless(draw: st.DrawFn, *, provisioned: bool) -> Table:
    most = draw(bounded(1, 200))
    config: Table = {
        "memory_size_in_mb": draw(st.sampled_from([1024, 2048, 3072, 4096, 5120, 6144])),
        "max_concurrency": most,
    }
    if provisioned:
        config["provisioned_concurrency"] = draw(bounded(1, most))
    timeouts = optional(
        model_data_download_timeout_in_seconds=bounded(60, 3600),
        container_startup_health_check_timeout_in_seconds=bounded(60, 3600),
    )
    return {"serverless_config": config, **draw(timeouts)}


@st.composite
def rollouts(draw: st.DrawFn, *, count: int | None, one_variant: bool = True) -> Table:
    """Generate a deployment configuration for a number of instances, or for a serverless endpoint."""
    kinds = ["ALL_AT_ONCE"] if count is None else ["ALL_AT_ONCE", "CANARY", "LINEAR", *["ROLLING"] * one_variant]
    kind = draw(st.sampled_from(kinds))
    wait = draw(bounded(0, 3600))
    config: Table = {}
    if kind == "ROLLING":
        batch = draw(_sizes(count or 0, 5, 50))
        policy: Table = {"maximum_batch_size": batch, "wait_interval_in_seconds": wait}
        if draw(st.booleans()):
            policy["rollback_maximum_batch_size"] = draw(_sizes(count or 0, 1, 100))
        config["rolling_update_policy"] = policy | draw(_timeouts(wait * _steps(batch)))
    else:
        routing: Table = {"type": kind, "wait_interval_in_seconds": wait}
        steps = 1
        if kind == "CANARY":
            routing["canary_size"] = draw(_sizes(count or 0, 1, 50))
        elif kind == "LINEAR":
            routing["linear_step_size"] = draw(_sizes(count or 0, 10, 50))
            steps = _steps(routing["linear_step_size"])
        after = draw(optional(termination_wait_in_seconds=bounded(0, 3600)))
        waits = wait * steps + after.get("termination_wait_in_seconds", 0)
        config["blue_green_update_policy"] = {
            "traffic_routing_configuration": routing,
            **after,
            **draw(_timeouts(waits)),
        }
    names = st.lists(values.alarms, min_size=1, max_size=10, unique=True)
    if draw(st.booleans()):
        config["auto_rollback_configuration"] = {"alarms": [{"alarm_name": name} for name in draw(names)]}
    return config


def _timeouts(waits: int) -> Tables:
    if waits >= 14400:
        return st.just({})
    return optional(maximum_execution_timeout_in_seconds=bounded(max(600, waits + 1), 14400))


def _steps(size: Table) -> int:
    return -(-100 // size["value"]) if size["type"] == "CAPACITY_PERCENT" else 1


@st.composite
def _sizes(draw: st.DrawFn, count: int, least: int, most: int) -> Table:
    counted = min(count * most // 100, 1000)
    if counted and draw(st.booleans()):
        return {"type": "INSTANCE_COUNT", "value": draw(bounded(1, counted))}
    return {"type": "CAPACITY_PERCENT", "value": draw(bounded(least, most))}
