"""Define the typed, frozen models of `endpoints.toml`; a team that prefers Python builds the same objects.

Keys are the argument names of AWS and Terraform. What one field can say about itself is in `modules.fields`, what
needs more than one is in `modules.rules`, and `modules.load` reads the file.
"""

from modules.config.container import Container, Model
from modules.config.deployment import Deployment
from modules.config.endpoint import DataCapture, Endpoint, Kms, Logs, Relax
from modules.config.environment import Cloud, Environment, GithubActions, Network, Project, State
from modules.config.inference import AsyncInferenceConfig, DeploymentConfig
from modules.config.invoker import Invoker
from modules.config.shared import NetworkDeployment, StateDeployment
from modules.config.variant import Hosting, Variant

__all__ = [
    "AsyncInferenceConfig",
    "Cloud",
    "Container",
    "DataCapture",
    "Deployment",
    "DeploymentConfig",
    "Endpoint",
    "Environment",
    "GithubActions",
    "Hosting",
    "Invoker",
    "Kms",
    "Logs",
    "Model",
    "Network",
    "NetworkDeployment",
    "Project",
    "Relax",
    "State",
    "StateDeployment",
    "Variant",
]
