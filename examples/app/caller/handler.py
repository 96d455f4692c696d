"""The Lambda function that invokes the endpoint."""

import os
from typing import Any

import boto3
from botocore.config import Config

# SageMaker ends a request after 60 seconds. A second attempt helps when an instance is replaced.
runtime: Any = boto3.client("sagemaker-runtime", config=Config(read_timeout=65, retries={"total_max_attempts": 2}))


def handle(event: dict[str, Any], _: object) -> dict[str, str]:
    """Return the prediction for the features of an event: `{"features": "1,2"}`."""
    response = runtime.invoke_endpoint(
        EndpointName=os.environ["ENDPOINT_NAME"], ContentType="text/csv", Body=event["features"]
    )
    return {"prediction": response["Body"].read().decode()}
