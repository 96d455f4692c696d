"""The inputs of the stacks: configuration, with every name, ARN and S3 location that follows from it."""

from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.environment import (
    AuditDeployment,
    EnvironmentDeployment,
    NetworkDeployment,
    OperationsDeployment,
    SharedDeployment,
    StateDeployment,
    by_environment,
)

__all__ = [
    "AuditDeployment",
    "Deployment",
    "EnvironmentDeployment",
    "NetworkDeployment",
    "OperationsDeployment",
    "SharedDeployment",
    "StateDeployment",
    "by_environment",
]
