"""A running endpoint as AWS describes it. All calls read."""

from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from botocore.session import Session

from protected_endpoints.errors import CommandError, Problem

Answer = dict[str, Any]


@dataclass(frozen=True)
class RunningEndpoint:
    """The answers of AWS about an endpoint; `log_group` is empty if no container has written yet."""

    account_id: str
    region: str
    endpoint: Answer
    configuration: Answer
    models: dict[str, Answer]
    tags: dict[str, str] = field(default_factory=dict)
    log_group: Answer = field(default_factory=dict)
    components: tuple[str, ...] = ()
    scalable_targets: tuple[Answer, ...] = ()
    scaling_policies: tuple[Answer, ...] = ()
    scheduled_actions: tuple[Answer, ...] = ()
    subnets: tuple[Answer, ...] = ()
    keys: dict[str, Answer] = field(default_factory=dict)
    """The metadata of the KMS keys by their ids in the answers, which may be aliases."""

    @property
    def name(self) -> str:
        return str(self.endpoint["EndpointName"])

    def customer_key(self, id_: str | None) -> str | None:
        """Return the ARN of a customer managed key, or None without a key and for one that AWS manages."""
        metadata = self.keys[id_] if id_ else {}
        return str(metadata["Arn"]) if metadata.get("KeyManager") == "CUSTOMER" else None

    @property
    def variants(self) -> list[Answer]:
        """Return the production variants and the shadow variants."""
        return [*self.configuration["ProductionVariants"], *self.configuration.get("ShadowProductionVariants", [])]


class AwsReader:
    """Calls of one account and region; each raises `CommandError` where AWS refuses it."""

    def __init__(self, region: str, profile: str | None) -> None:
        self._region, self._session = region, Session(profile=profile)

    def running_endpoint(self, name: str) -> RunningEndpoint:
        """Return an endpoint that is in service, with everything it consists of."""
        endpoint = self._ask("sagemaker", "describe_endpoint", EndpointName=name)
        if endpoint["EndpointStatus"] != "InService":
            status = endpoint["EndpointStatus"]
            raise CommandError(
                str(Problem(("name",), "the endpoint must be in service", "adopt it when it is", value=status))
            )
        configuration = self._ask(
            "sagemaker", "describe_endpoint_config", EndpointConfigName=endpoint["EndpointConfigName"]
        )
        variants = [*configuration["ProductionVariants"], *configuration.get("ShadowProductionVariants", [])]
        names = dict.fromkeys(variant["ModelName"] for variant in variants if "ModelName" in variant)
        models = {model: self._ask("sagemaker", "describe_model", ModelName=model) for model in names}
        vpcs = [answer.get("VpcConfig", {}) for answer in (configuration, *models.values())]
        subnets = list(dict.fromkeys(subnet for vpc in vpcs for subnet in vpc.get("Subnets", [])))
        tags = self._all("sagemaker", "list_tags", "Tags", ResourceArn=endpoint["EndpointArn"])
        resources = [f"endpoint/{name}/variant/{variant['VariantName']}" for variant in variants]
        return RunningEndpoint(
            account_id=endpoint["EndpointArn"].split(":")[4],
            region=self._region,
            endpoint=endpoint,
            configuration=configuration,
            models=models,
            tags={tag["Key"]: tag["Value"] for tag in tags},
            log_group=self._log_group(f"/aws/sagemaker/Endpoints/{name}"),
            components=() if models else self._components(name),
            scalable_targets=self._scaling("describe_scalable_targets", "ScalableTargets", resources),
            scaling_policies=self._scaling("describe_scaling_policies", "ScalingPolicies", resources),
            scheduled_actions=self._scaling("describe_scheduled_actions", "ScheduledActions", resources),
            subnets=tuple(self._all("ec2", "describe_subnets", "Subnets", SubnetIds=subnets)) if subnets else (),
            keys={key: self._ask("kms", "describe_key", KeyId=key)["KeyMetadata"] for key in _keys(configuration)},
        )

    def _components(self, endpoint: str) -> tuple[str, ...]:
        arguments = {"EndpointNameEquals": endpoint}
        components = self._all("sagemaker", "list_inference_components", "InferenceComponents", **arguments)
        return tuple(component["InferenceComponentName"] for component in components)

    def _log_group(self, name: str) -> Answer:
        groups = self._all("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=name)
        return next((group for group in groups if group["logGroupName"] == name), {})

    def _scaling(self, operation: str, key: str, resources: list[str]) -> tuple[Answer, ...]:
        answers = self._all("application-autoscaling", operation, key, ServiceNamespace="sagemaker")
        return tuple(answer for answer in answers if answer["ResourceId"] in resources)

    def _all(self, service: str, operation: str, key: str, **arguments: Any) -> list[Answer]:
        try:
            client = self._session.create_client(service, region_name=self._region)
            return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page[key]]
        except (BotoCoreError, ClientError) as refusal:
            raise _refused(service, operation, refusal) from None

    def _ask(self, service: str, operation: str, **arguments: Any) -> Answer:
        try:
            client = self._session.create_client(service, region_name=self._region)
            answer: Answer = getattr(client, operation)(**arguments)
        except (BotoCoreError, ClientError) as refusal:
            raise _refused(service, operation, refusal) from None
        return answer


def _keys(configuration: Answer) -> set[str]:
    """Return the KMS keys of an endpoint configuration: key ids, aliases and ARNs of both."""
    variants = [*configuration["ProductionVariants"], *configuration.get("ShadowProductionVariants", [])]
    encrypted = [
        configuration,
        configuration.get("DataCaptureConfig", {}),
        configuration.get("AsyncInferenceConfig", {}).get("OutputConfig", {}),
        *(variant.get("CoreDumpConfig", {}) for variant in variants),
    ]
    return {answer["KmsKeyId"] for answer in encrypted if answer.get("KmsKeyId")}


def _refused(service: str, operation: str, refusal: Exception) -> CommandError:
    if isinstance(refusal, NoCredentialsError):
        return CommandError("credentials: not found; sign in (aws sso login, or aws configure), or add --profile NAME")
    return CommandError(f"{service} {operation.replace('_', '-')}: {refusal}; nothing was changed")
