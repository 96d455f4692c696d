"""The inputs of the stacks: configuration, with every name, ARN and S3 location that follows from it."""

from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.environment import (
    AuditDeployment,
    EnvironmentDeployment,
    NetworkDeployment,
    StateDeployment,
    by_environment,
)

__all__ = [
    "AuditDeployment",
    "Deployment",
    "EnvironmentDeployment",
    "NetworkDeployment",
    "StateDeployment",
    "by_environment",
]
