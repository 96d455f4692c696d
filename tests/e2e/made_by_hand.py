"""Endpoints that boto3 creates in each mode, as people do without this project."""

import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.emulator import Emulator
from tests.network import Vpc

Json = dict[str, Any]

ROLE = "arn:aws:iam::111122223333:role/serves"
_IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
_INSTANCES = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
_DATA = {"ModelDataUrl": "s3://my-bucket/model.tar.gz", "Environment": {"LEVEL": "2"}}


@dataclass(frozen=True)
class Scaling:
    """The scaling of a variant between two capacities; `tracking` is the configuration of its policy."""

    variant: str
    tracking: Json
    capacities: tuple[int, int] = (1, 4)
    dimension: str = "sagemaker:variant:DesiredInstanceCount"
    scheduled_action: Json | None = None


@dataclass(frozen=True)
class Mode:
    """The arguments of an endpoint: of its containers by model, and of its variants by name, which may name a model."""

    models: dict[str, Json | list[Json]]
    variants: dict[str, Json]
    shadow_variants: dict[str, Json] = field(default_factory=dict)
    configuration: Json = field(default_factory=dict)
    scaling: Scaling | None = None
    in_vpc_with_key: bool = False


MODES = {
    "variants": Mode(
        {"champion": _DATA, "challenger": {**_DATA, "ModelDataUrl": "s3://my-bucket/challenger/model.tar.gz"}},
        {
            "champion": {"model": "champion", "InitialVariantWeight": 0.9, **_INSTANCES},
            "challenger": {"model": "challenger", "InitialVariantWeight": 0.1, **_INSTANCES},
        },
        scaling=Scaling(
            "champion",
            {
                "TargetValue": 100.0,
                "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
            },
            scheduled_action={
                "ScheduledActionName": "night",
                "Schedule": "cron(0 20 * * ? *)",
                "Timezone": "Europe/Zurich",
                "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 2},
            },
        ),
    ),
    "asynchronous": Mode(
        {"model": _DATA},
        {"AllTraffic": _INSTANCES},
        configuration={
            "AsyncInferenceConfig": {
                "OutputConfig": {"S3OutputPath": "s3://acme-answers/old"},
                "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4},
            }
        },
        scaling=Scaling(
            "AllTraffic",
            {
                "TargetValue": 5.0,
                "ScaleInCooldown": 600,
                "CustomizedMetricSpecification": {
                    "MetricName": "ApproximateBacklogSizePerInstance",
                    "Namespace": "AWS/SageMaker",
                    "Dimensions": [{"Name": "EndpointName", "Value": "Old-asynchronous"}],
                    "Statistic": "Average",
                },
            },
        ),
    ),
    "serverless": Mode(
        {"model": _DATA},
        {
            "AllTraffic": {
                "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 10, "ProvisionedConcurrency": 2}
            }
        },
        scaling=Scaling(
            "AllTraffic",
            {
                "TargetValue": 0.7,
                "PredefinedMetricSpecification": {
                    "PredefinedMetricType": "SageMakerVariantProvisionedConcurrencyUtilization"
                },
            },
            capacities=(2, 8),
            dimension="sagemaker:variant:DesiredProvisionedConcurrency",
        ),
    ),
    "multi-model": Mode(
        {"model": {"Mode": "MultiModel", "ModelDataUrl": "s3://my-bucket/models/"}},
        {"AllTraffic": _INSTANCES},
        configuration={
            "DataCaptureConfig": {
                "EnableCapture": True,
                "InitialSamplingPercentage": 20,
                "DestinationS3Uri": "s3://acme-captured/old",
                "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            }
        },
        in_vpc_with_key=True,
    ),
    "shadow": Mode(
        {"live": _DATA, "candidate": {**_DATA, "Environment": {"LEVEL": "3"}}},
        {"live": {"model": "live", "InitialVariantWeight": 1, **_INSTANCES}},
        {"candidate": {"model": "candidate", "InitialVariantWeight": 0.5, **_INSTANCES, "InitialInstanceCount": 1}},
    ),
    "pipeline": Mode(
        {"model": [{**_DATA, "ContainerHostname": "features"}, {"ContainerHostname": "scores"}]},
        {"AllTraffic": _INSTANCES},
    ),
    "components": Mode({"model": _DATA}, {"AllTraffic": _INSTANCES}, configuration={"ExecutionRoleArn": ROLE}),
}


def create_role(aws: Emulator) -> None:
    """Create the execution role of the endpoints, with too many permissions."""
    iam = aws.client("iam")
    trusted = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam.create_role(RoleName="serves", AssumeRolePolicyDocument=_document(trusted))
    iam.put_role_policy(RoleName="serves", PolicyName="all", PolicyDocument=_document(everything))


def create(aws: Emulator, mode: str) -> str:
    """Create an endpoint in a mode, and return its name."""
    name, made, sagemaker = f"Old-{mode}", MODES[mode], aws.client("sagemaker")
    vpc_config = {"VpcConfig": _vpc_config(aws)} if made.in_vpc_with_key else {}
    key = {"KmsKeyId": aws.client("kms").create_key()["KeyMetadata"]["KeyId"]} if made.in_vpc_with_key else {}
    for model, arguments in made.models.items():
        containers = [
            {"Image": _IMAGE, **container} for container in (arguments if isinstance(arguments, list) else [arguments])
        ]
        content: Json = {"Containers": containers} if len(containers) > 1 else {"PrimaryContainer": containers[0]}
        sagemaker.create_model(ModelName=_model(name, model), ExecutionRoleArn=ROLE, **content, **vpc_config)
    # Inference components have the models, not the variants.
    of_model = {} if mode == "components" else {"model": "model"}
    variants, shadows = (
        [_variant(name, variant, {**of_model, **hosting}) for variant, hosting in of_kind.items()]
        for of_kind in (made.variants, made.shadow_variants)
    )
    shadowed = {"ShadowProductionVariants": shadows} if shadows else {}
    sagemaker.create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=variants, **shadowed, **made.configuration, **key
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    aws.client("logs").create_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{name}")
    if made.scaling:
        _scale(aws, name, made.scaling)
    if mode == "components":
        sagemaker.create_inference_component(
            InferenceComponentName="llama",
            EndpointName=name,
            VariantName="AllTraffic",
            Specification={"ModelName": _model(name, "model")},
            RuntimeConfig={"CopyCount": 1},
        )
    return name


def _document(statement: Json) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _model(endpoint: str, name: str) -> str:
    return f"{endpoint}-{name}"


def _variant(endpoint: str, name: str, arguments: Json) -> Json:
    hosting = {key: value for key, value in arguments.items() if key != "model"}
    model = {"ModelName": _model(endpoint, arguments["model"])} if "model" in arguments else {}
    return {"VariantName": name, **model, **hosting}


def _vpc_config(aws: Emulator) -> Json:
    vpc = Vpc.create(aws)
    group = aws.client("ec2").create_security_group(GroupName="models", Description="models", VpcId=vpc.vpc_id)
    return {"Subnets": vpc.subnet_ids, "SecurityGroupIds": [group["GroupId"]]}


def _scale(aws: Emulator, endpoint: str, scaling: Scaling) -> None:
    autoscaling, (minimum, maximum) = aws.client("application-autoscaling"), scaling.capacities
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/{scaling.variant}",
        "ScalableDimension": scaling.dimension,
    }
    autoscaling.register_scalable_target(**target, MinCapacity=minimum, MaxCapacity=maximum)
    autoscaling.put_scaling_policy(
        **target,
        PolicyName="by-hand",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=scaling.tracking,
    )
    if scaling.scheduled_action:
        autoscaling.put_scheduled_action(**target, **scaling.scheduled_action)
