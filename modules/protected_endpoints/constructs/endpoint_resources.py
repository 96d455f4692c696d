"""All resources of one endpoint, in a stack or in a construct."""

from constructs import Construct

from protected_endpoints.config.endpoint import DEFAULT_MODEL_NAME
from protected_endpoints.constructs.alarms import Alarms
from protected_endpoints.constructs.capture_bucket import CaptureBucket
from protected_endpoints.constructs.capture_bucket_destroy_guard import CaptureBucketDestroyGuard
from protected_endpoints.constructs.encryption_key import EncryptionKey
from protected_endpoints.constructs.endpoint import Endpoint
from protected_endpoints.constructs.endpoint_configuration import EndpointConfiguration
from protected_endpoints.constructs.endpoint_logs import EndpointLogs
from protected_endpoints.constructs.exclusive_role_policies import ExclusiveRolePolicies
from protected_endpoints.constructs.execution_role import ExecutionRole
from protected_endpoints.constructs.inference_component import InferenceComponent
from protected_endpoints.constructs.invoke_access import InvokeAccess
from protected_endpoints.constructs.metric_alarm import MetricAlarm
from protected_endpoints.constructs.model import Model
from protected_endpoints.constructs.model_network import ModelNetwork
from protected_endpoints.constructs.read_access import ReadAccess
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.dashboard import endpoint_dashboard
from protected_endpoints.deployment.rollback_alarms import rollback_metric_alarms


class EndpointResources:
    """Define the resources of one endpoint in a scope. It is no construct, which would change their addresses.

    Attributes:
        endpoint: the SageMaker endpoint.
        access: the policies to invoke it.
        key: its KMS key, managed or existing.

    """

    def __init__(self, scope: Construct, *, deployment: Deployment) -> None:
        names, endpoint, environment = deployment.names, deployment.endpoint, deployment.environment
        capture = deployment.capture_location
        prevent_destroy = endpoint.relax.prevent_destroy is None
        key = self.key = EncryptionKey(scope, "Key", deployment=deployment, prevent_destroy=prevent_destroy)
        role = ExecutionRole(scope, "Role", deployment=deployment, key=key)
        dependencies = [*role.dependencies]
        if capture and not endpoint.data_capture.destination_s3_uri:
            bucket = CaptureBucket(
                scope,
                "Capture",
                names=names,
                settings=endpoint.data_capture,
                key=key,
                role=role,
                prevent_destroy=prevent_destroy,
            )
            dependencies += bucket.dependencies
        else:
            CaptureBucketDestroyGuard(scope, "Capture", prevent_destroy=prevent_destroy)
        logs = EndpointLogs(scope, "Logs", name=names.log_group, settings=endpoint.logs, key=key)
        vpc = environment.network
        network = (
            ModelNetwork(
                scope,
                "Network",
                names=names,
                network=vpc,
                egress=endpoint.egress,
                security_group_ids=endpoint.security_group_ids,
            )
            if vpc
            else None
        )
        # Serverless inference does not support a VPC.
        models = {
            name: Model(
                scope,
                "Model" if name == DEFAULT_MODEL_NAME and not endpoint.models else f"Model-{name}",
                names=names,
                endpoint=endpoint,
                model=model,
                role=role,
                network=None if endpoint.is_serverless else network,
            )
            for name, model in endpoint.models_by_name.items()
        }
        configuration = EndpointConfiguration(
            scope,
            "Configuration",
            names=names,
            endpoint=endpoint,
            models=models,
            role=role,
            key=key,
            capture=capture,
            depends_on=dependencies,
        )
        rollback_alarms = [
            MetricAlarm(scope, alarm.key, alarm=alarm)
            for alarm in rollback_metric_alarms(deployment, configuration_name=configuration.name)
        ]
        alarms = Alarms(scope, "Alarms", metric_alarms=deployment.metric_alarms)
        self.endpoint = Endpoint(
            scope,
            "Endpoint",
            deployment=deployment,
            configuration=configuration,
            # SageMaker uses the role and its policies to delete an endpoint, so Terraform has to delete them later.
            dependencies=[logs, *role.dependencies, *rollback_alarms, *alarms.resources],
        )
        components = self._components(scope, deployment, models, role, key)
        self._scaling(scope, deployment, components)
        if not endpoint.execution_role_arn:
            ExclusiveRolePolicies(
                scope, "RolePolicies", role=role, endpoint=self.endpoint, components=[*components.values()]
            )
        for output in deployment.readable_outputs:
            ReadAccess(scope, f"Read-{output.kind.name}", names=names, output=output, key=key)
        self.access = InvokeAccess(scope, "Invoke", deployment=deployment)
        if endpoint.create_dashboard:
            # Each submodule of the bindings takes time, so only what is used is imported.
            from protected_endpoints.constructs.dashboard import Dashboard

            Dashboard(scope, "Dashboard", name=names.dashboard, body=endpoint_dashboard(deployment))
        if endpoint.create_ssm_parameters:
            from protected_endpoints.constructs.ssm_parameters import SsmParameters

            SsmParameters(scope, "Parameters", names=names, endpoint=self.endpoint)

    def _components(
        self,
        scope: Construct,
        deployment: Deployment,
        models: dict[str, Model],
        role: ExecutionRole,
        key: EncryptionKey,
    ) -> dict[str, InferenceComponent]:
        """Define the inference components, adapters after their bases, and the log groups of their containers."""
        logs = {
            name: EndpointLogs(scope, f"Logs-{name}", name=group, settings=deployment.endpoint.logs, key=key)
            for name, group in deployment.component_log_groups.items()
        }
        components: dict[str, InferenceComponent] = {}
        by_order = sorted(deployment.endpoint.inference_components.items(), key=lambda item: item[1].is_adapter)
        for name, component in by_order:
            components[name] = InferenceComponent(
                scope,
                name,
                deployment=deployment,
                endpoint=self.endpoint,
                model=None if component.is_adapter else models[component.model or name],
                base=components[component.base_inference_component] if component.base_inference_component else None,
                logs=logs.get(name),
                role=role,
            )
        return components

    def _scaling(self, scope: Construct, deployment: Deployment, components: dict[str, InferenceComponent]) -> None:
        """Define the scalable targets: of variants after the endpoint, of components after the component."""
        if not deployment.scaling_targets:
            return
        from protected_endpoints.constructs.scaling import Scaling

        endpoint_id = f"aws_sagemaker_endpoint.{self.endpoint.friendly_unique_id}.id"
        for target in deployment.scaling_targets:
            if target.component:
                component = components[target.component]
                component_id = f"aws_cloudcontrolapi_resource.{component.friendly_unique_id}.id"
                id_ = f"Scaling-component-{target.component}"
                Scaling(scope, id_, target=target, replaced_with=component_id, after=component)
            else:
                id_ = f"Scaling-{target.variant}"
                Scaling(scope, id_, target=target, replaced_with=endpoint_id, after=self.endpoint)
