"""An inference component, which places copies of a model on the instances of a variant."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from cdktf import Postcondition, TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import config
from protected_endpoints.bindings import CloudcontrolapiResource
from protected_endpoints.config.table import ConfigTable
from protected_endpoints.constructs.endpoint import Endpoint
from protected_endpoints.constructs.endpoint_logs import EndpointLogs
from protected_endpoints.constructs.execution_role import ExecutionRole
from protected_endpoints.constructs.model import Model
from protected_endpoints.deployment import Deployment

# The tags that never change. A change of tags would be a patch by their position in a list, whose order AWS decides.
_TAGS = ("endpoint", "environment", "project")
_TYPE = "AWS::SageMaker::InferenceComponent"


class InferenceComponent(CloudcontrolapiResource):
    """Define an inference component through the Cloud Control API, because the AWS provider has no resource for it.

    Terraform compares the desired state with the previous one, not with AWS, so that copies that are scaled stay as
    they are. The name never changes, because invokers name the component. A change updates it in place, except for two:
    AWS refuses a changed `copy_count`, which the Cloud Control API cannot read, and a changed variant deletes the
    component first. It is replaced with the endpoint, because SageMaker leaves components of a deleted endpoint behind.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        deployment: Deployment,
        endpoint: Endpoint,
        model: Model | None,
        base: "InferenceComponent | None",
        logs: EndpointLogs | None,
        role: ExecutionRole,
    ) -> None:
        component = deployment.endpoint.inference_components[name]
        physical_name = deployment.names.inference_component(name)
        state = {
            "EndpointName": endpoint.name,
            "InferenceComponentName": physical_name,
            "Specification": _specification(deployment, component, model),
            "Tags": [{"Key": key, "Value": deployment.tags[key]} for key in _TAGS],
        }
        if not component.is_adapter:
            state["RuntimeConfig"] = {"CopyCount": component.copy_count}
            state["VariantName"] = component.variant_name or deployment.endpoint.production_variants[0].variant_name
        super().__init__(
            scope,
            f"Component-{name}",
            type_name=_TYPE,
            schema=_schema(),
            desired_state=json.dumps(state, sort_keys=True),
            lifecycle=TerraformResourceLifecycle(
                replace_triggered_by=[f"aws_sagemaker_endpoint.{endpoint.friendly_unique_id}.id"],
                postcondition=[_is_in_service(physical_name), _serves(physical_name, component, model)],
            ),
            # Terraform deletes the policies of the previous version after the update, which may be rolled back.
            depends_on=[*filter(None, (endpoint, base, logs)), *role.dependencies],
        )


def _specification(deployment: Deployment, component: config.InferenceComponent, model: Model | None) -> dict[str, Any]:
    specification: dict[str, Any] = {}
    if model:
        specification["ModelName"] = model.name
    if component.base_inference_component:
        base = deployment.names.inference_component(component.base_inference_component)
        specification["BaseInferenceComponentName"] = base
        specification["Container"] = {"ArtifactUrl": component.artifact_url}
    if requirements := component.compute_resource_requirements:
        specification["ComputeResourceRequirements"] = _translated(requirements)
    if startup := component.startup_parameters:
        specification["StartupParameters"] = _translated(startup)
    return specification


def _translated(table: ConfigTable) -> dict[str, int | float]:
    """Return the values of a table under their names in the API; a whole number has no decimal point."""
    return {
        "".join(word.capitalize() for word in key.split("_")): int(value) if float(value).is_integer() else value
        for key, value in table.model_dump(exclude_none=True).items()
    }


def _is_in_service(name: str) -> Postcondition:
    """Return the condition that SageMaker runs the component; while it scales copies, the status is Updating."""
    return Postcondition(
        condition='${contains(["InService", "Updating"], jsondecode(self.properties).InferenceComponentStatus)}',
        error_message=f"SageMaker does not run inference component {name}: "
        '${try(jsondecode(self.properties).FailureReason, "it gives no reason")}. Correct what failed and deploy '
        "again.",
    )


def _serves(name: str, component: config.InferenceComponent, model: Model | None) -> Postcondition:
    """Return the condition that SageMaker did not roll an update back, which it reports as a success."""
    if model:
        served, expected = "ModelName", f"aws_sagemaker_model.{model.friendly_unique_id}.name"
    else:
        served, expected = "Container.ArtifactUrl", json.dumps(component.artifact_url)
    return Postcondition(
        condition=f"${{jsondecode(self.properties).Specification.{served} == {expected}}}",
        error_message=f"SageMaker rolled inference component {name} back: it serves the version from before this "
        "change. Correct what failed and deploy again.",
    )


@cache
def _schema() -> str:
    """Return the schema of the type. Without it, the provider requests the complete one from AWS in every plan.

    AWS publishes no properties that force a replacement, but UpdateInferenceComponent has neither name nor variant.
    """
    text = files("protected_endpoints.aws").joinpath("inference_component.schema.json").read_text(encoding="utf-8")
    return json.dumps(json.loads(text), sort_keys=True)
