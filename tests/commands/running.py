"""A running endpoint as AWS describes it, without calls."""

from typing import Any

from protected_endpoints.commands.adopt.running_endpoint import RunningEndpoint

ACCOUNT, REGION = "111122223333", "us-west-2"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/fraud"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/serves"


def running(*, model: dict[str, Any] | None = None, **changes: Any) -> RunningEndpoint:
    """Return the real-time endpoint `Fraud-V2` of one variant, with changes of its model and of anything else."""
    container = {"Image": f"{IMAGE}:7", "ModelDataUrl": "s3://acme-models/fraud.tar.gz", "Environment": {}}
    variant = {"VariantName": "AllTraffic", "ModelName": "fraud", "InitialVariantWeight": 1.0}
    hosting = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1, "VolumeSizeInGB": 64}
    extra = changes.pop("configuration", {})
    return RunningEndpoint(
        account_id=ACCOUNT,
        region=REGION,
        endpoint={
            "EndpointName": "Fraud-V2",
            "EndpointArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/fraud_v2",
            "EndpointConfigName": "fraud-7",
            "ProductionVariants": [{"VariantName": "AllTraffic", "DesiredInstanceCount": 3, "DesiredWeight": 1.0}],
        },
        configuration={"ProductionVariants": [{**variant, **hosting, **extra.pop("variant", {})}], **extra},
        models={
            "fraud": {
                "ExecutionRoleArn": ROLE,
                "EnableNetworkIsolation": True,
                "PrimaryContainer": container,
                **(model or {}),
            }
        },
        **changes,
    )
