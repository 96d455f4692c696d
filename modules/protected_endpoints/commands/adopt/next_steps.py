"""What to do after the tables are in endpoints.toml, and what the first deployment changes."""

from collections.abc import Iterator

from protected_endpoints.commands.adopt.running_endpoint import RunningEndpoint
from protected_endpoints.deployment import Deployment


def next_steps(running: RunningEndpoint, deployment: Deployment) -> Iterator[str]:
    """Yield the commands that bring the endpoint under management, in their order.

    The tags of the stack are the consent of its owner: `recover` imports nothing without them, and a deployer may not
    update an endpoint without them.
    """
    tags = {name: deployment.tags[name] for name in ("project", "environment", "endpoint")}
    stack = deployment.names.stack
    yield "1. Tag what is imported, which has no effect on requests:"
    pairs = " ".join(f"Key={name},Value={value}" for name, value in tags.items())
    endpoint = running.endpoint["EndpointArn"]
    yield f"aws sagemaker add-tags --region {running.region} --resource-arn {endpoint} --tags {pairs}"
    pairs = ",".join(f"{name}={value}" for name, value in tags.items())
    if running.log_group:
        group = running.log_group["arn"].removesuffix(":*")
        yield f"aws logs tag-resource --region {running.region} --resource-arn {group} --tags {pairs}"
    for target in running.scalable_targets:
        arn = target["ScalableTargetARN"]
        yield f"aws application-autoscaling tag-resource --region {running.region} --resource-arn {arn} --tags {pairs}"
    yield "2. Import into the state and read the plan; nothing changes in AWS:"
    yield f"make recover STACK={stack}"
    yield "3. Deploy:"
    yield f"make deploy STACK={stack}"
    yield "The deployment creates what is missing, such as keys, alarms, models and an endpoint configuration. It then"
    yield "updates the endpoint in place (UpdateEndpoint): the present instances serve until new ones are healthy. The"
    yield "plan must not replace or destroy anything."
    configuration, models = running.endpoint["EndpointConfigName"], ", ".join(running.models)
    yield f"Not managed, and unused afterwards: endpoint configuration {configuration}, models: {models or 'none'}."
