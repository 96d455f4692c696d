"""What to do after the tables are in endpoints.toml, and what the first deployment changes."""

from collections.abc import Iterator
from shlex import quote

from protected_endpoints.commands.adopt.running_endpoint import Answer, RunningEndpoint
from protected_endpoints.commands.adopt.scaling_table import tracking_policy
from protected_endpoints.deployment import Deployment


def next_steps(running: RunningEndpoint, deployment: Deployment) -> Iterator[str]:
    """Yield the commands that bring the endpoint under management, in their order."""
    steps = (_tags, _permissions, _recovery, _scaling, _deployment)
    named = (lines for step in steps if (lines := [*step(running, deployment)]))
    for number, (title, *lines) in enumerate(named, start=1):
        yield f"{number}. {title}"
        yield from lines


def _tags(running: RunningEndpoint, deployment: Deployment) -> Iterator[str]:
    """Yield how to set the tags of the stack.

    They are the consent of the owner: `recover` imports nothing without them, and a deployer may not update an endpoint
    without them.
    """
    tags = {name: deployment.tags[name] for name in ("project", "environment", "endpoint")}
    yield "Tag what is imported, which has no effect on requests:"
    pairs = " ".join(f"Key={name},Value={value}" for name, value in tags.items())
    endpoint = running.endpoint["EndpointArn"]
    yield f"aws sagemaker add-tags --region {running.region} --resource-arn {endpoint} --tags {pairs}"
    pairs = ",".join(f"{name}={value}" for name, value in tags.items())
    if running.log_group:
        group = running.log_group["arn"].removesuffix(":*")
        yield f"aws logs tag-resource --region {running.region} --resource-arn {group} --tags {pairs}"
    for target in _scalable_targets(running, deployment):
        if arn := target.get("ScalableTargetARN"):
            of_target = f"--region {running.region} --resource-arn {arn}"
            yield f"aws application-autoscaling tag-resource {of_target} --tags {pairs}"


def _permissions(running: RunningEndpoint, deployment: Deployment) -> Iterator[str]:  # noqa: ARG001  reason: of a step
    """Yield how to let the execution role use the key of the endpoint, which what it writes is encrypted with."""
    stack, commands = deployment.names.stack, []
    if deployment.written_data:
        commands.append(f"make role-policy ENDPOINT={stack}")
    if deployment.endpoint.kms.key_arn:
        commands.append(f"make key-policy ENDPOINT={stack}")
    if commands:
        yield "Print what the execution role and the key need, and add what they lack; otherwise nothing is recorded:"
        yield from commands


def _recovery(running: RunningEndpoint, deployment: Deployment) -> Iterator[str]:  # noqa: ARG001  reason: of a step
    yield "Import into the state and read the plan; nothing changes in AWS:"
    yield f"make recover STACK={deployment.names.stack}"


def _scaling(running: RunningEndpoint, deployment: Deployment) -> Iterator[str]:
    """Yield how to delete the policies that the deployment replaces: a metric is tracked by one policy only."""
    commands = [
        _deletion(running, target)
        for target in _scalable_targets(running, deployment)
        if "ScalableTargetARN" not in target or tracking_policy(running, target["ResourceId"])
    ]
    if commands:
        yield "Right before the deployment, delete what it replaces; until then the capacity stays as it is:"
        yield from commands


def _deletion(running: RunningEndpoint, target: Answer) -> str:
    of_target = (
        f"--region {running.region} --service-namespace sagemaker --resource-id {target['ResourceId']} "
        f"--scalable-dimension {target['ScalableDimension']}"
    )
    # Targets from before March 2023 have no ARN, so they cannot have the tags of the stack.
    if "ScalableTargetARN" not in target:
        return f"aws application-autoscaling deregister-scalable-target {of_target}"
    policy = quote(str(tracking_policy(running, target["ResourceId"])["PolicyName"]))
    return f"aws application-autoscaling delete-scaling-policy {of_target} --policy-name {policy}"


def _deployment(running: RunningEndpoint, deployment: Deployment) -> Iterator[str]:
    yield "Deploy:"
    yield f"make deploy STACK={deployment.names.stack}"
    yield "The deployment creates what is missing, such as keys, alarms, models and an endpoint configuration. It then"
    yield "updates the endpoint in place (UpdateEndpoint): the present instances serve until new ones are healthy. The"
    yield "plan must not replace or destroy anything."
    configuration, models = running.endpoint["EndpointConfigName"], ", ".join(running.models)
    yield f"Not managed, and unused afterwards: endpoint configuration {configuration}, models: {models or 'none'}."


def _scalable_targets(running: RunningEndpoint, deployment: Deployment) -> list[Answer]:
    """Return the present scalable targets that the stack has as well."""
    managed = {target.resource_id for target in deployment.scaling_targets}
    return [target for target in running.scalable_targets if target["ResourceId"] in managed]
