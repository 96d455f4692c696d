"""Define the typed, frozen models of `endpoints.toml`; a team that prefers Python builds the same objects.

Keys are the argument names of AWS and Terraform. What one value must be is in `config.types`, what needs more
than one value is in `rules`, and `loading` reads the file.
"""

from protected_endpoints.config.container import Container, Model
from protected_endpoints.config.endpoint import DataCapture, Endpoint, Kms, Logs, Relax
from protected_endpoints.config.environment import Cloud, Environment, GithubActions, Network, Project, State
from protected_endpoints.config.inference import AsyncInferenceConfig, DeploymentConfig
from protected_endpoints.config.invoker import Invoker
from protected_endpoints.config.variant import Hosting, Variant

__all__ = [
    "AsyncInferenceConfig",
    "Cloud",
    "Container",
    "DataCapture",
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
    "Project",
    "Relax",
    "State",
    "Variant",
]
