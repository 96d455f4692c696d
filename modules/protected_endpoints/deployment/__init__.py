"""What is deployed, resolved: the inputs of the stacks, with every name and location that follows from them."""

from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.environment import EnvironmentDeployment, NetworkDeployment, StateDeployment

__all__ = ["Deployment", "EnvironmentDeployment", "NetworkDeployment", "StateDeployment"]
