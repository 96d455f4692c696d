"""What a container does with a request, and the metrics of it (SageMaker developer guide, "Metrics for monitoring")."""

from sandbox.health import model_latency, responds
from sandbox.metrics import Dimensions, dimensions
from sandbox.sagemaker_hosting import Hosting
from sandbox.sagemaker_records import ApiError

_OVERHEAD = 5_000  # microseconds
# Asynchronous endpoints publish no other metrics of invocations ("Monitor asynchronous endpoint").
_ASYNCHRONOUS = ("Invocation4XXErrors", "Invocation5XXErrors", "ModelLatency")


class ModelError(ApiError):
    """Raised for requests that the container answers with an error."""

    code = "ModelError"
    status = 424


def serve(hosting: Hosting, endpoint: str, component: str | None = None) -> None:
    """Let a container respond to a request, and publish the metrics.

    During an update with deployment guardrails, a share of the requests goes to the new instances.

    Raises:
        ModelError: the container responds with an error.

    """
    configuration = (
        hosting.rollouts.serving_configuration(endpoint) or hosting.endpoints[endpoint]["EndpointConfigName"]
    )
    variant = hosting.fleets.next_variant(endpoint)
    of = dimensions(EndpointName=endpoint, VariantName=variant)
    if component:
        containers, published = hosting.containers_of_component(component), [_component(component)]
    else:
        containers = hosting.containers_of_variant(configuration, variant)
        published = [of, of | dimensions(EndpointConfigName=configuration)]
    values = _values(succeeds=responds(containers), latency=model_latency(containers))
    is_asynchronous = "AsyncInferenceConfig" in hosting.configurations[configuration]
    for name in _ASYNCHRONOUS if is_asynchronous else values:
        for publisher in published:
            hosting.metrics.record(name, values[name], publisher)
    if not responds(containers):
        raise ModelError('Received server error (500) from primary with message "the model is faulty".')


def _component(name: str) -> Dimensions:
    return dimensions(InferenceComponentName=name)


def _values(*, succeeds: bool, latency: float) -> dict[str, float]:
    return {
        "Invocations": 1,
        "Invocation4XXErrors": 0,
        "Invocation5XXErrors": int(not succeeds),
        "InvocationModelErrors": int(not succeeds),
        "ModelLatency": latency,
        "OverheadLatency": _OVERHEAD,
    }
