"""Endpoints of one variant on the emulator, without Terraform."""

import json
from typing import Any

from sandbox.emulator import Emulator
from tests.examples import ACCOUNT
from tests.support import IMAGE

ROLE = f"arn:aws:iam::{ACCOUNT}:role/executes"
VARIANT = {"VariantName": "A", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 2}
INSTANCES = "sagemaker:variant:DesiredInstanceCount"


def create_execution_role(aws: Emulator) -> None:
    """Create a role that may read all artifacts and alarms, and write all responses."""
    iam = aws.client("iam")
    iam.create_role(RoleName="executes", AssumeRolePolicyDocument='{"Statement":[]}')
    actions = ["s3:GetObject", "s3:PutObject", "cloudwatch:DescribeAlarms"]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    iam.put_role_policy(RoleName="executes", PolicyName="all", PolicyDocument=json.dumps(document))


def create_configuration(aws: Emulator, name: str, artifact: str = "good", **settings: Any) -> None:
    """Create an endpoint configuration, and a model of the same name."""
    sagemaker = aws.client("sagemaker")
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://models/{artifact}.tar.gz"}
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    variant = {**VARIANT, "ModelName": name, **settings.pop("variant", {})}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant], **settings)


def create_endpoint(aws: Emulator, name: str, **settings: Any) -> None:
    """Create an endpoint with a configuration of the same name."""
    create_configuration(aws, name, **settings)
    aws.client("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName=name)


def register(aws: Emulator, endpoint: str, *, least: int, most: int) -> dict[str, str]:
    """Make the variant of an endpoint a scalable target and return its identity."""
    resource_id = f"endpoint/{endpoint}/variant/A"
    target = {"ServiceNamespace": "sagemaker", "ResourceId": resource_id, "ScalableDimension": INSTANCES}
    autoscaling = aws.client("application-autoscaling")
    autoscaling.register_scalable_target(**target, MinCapacity=least, MaxCapacity=most)
    return target


def count(aws: Emulator, endpoint: str) -> int:
    """Return the number of instances of an endpoint."""
    (variant,) = aws.client("sagemaker").describe_endpoint(EndpointName=endpoint)["ProductionVariants"]
    return int(variant["DesiredInstanceCount"])


def state(aws: Emulator, alarm: str) -> str:
    """Return the state of an alarm."""
    (described,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    return str(described["StateValue"])
