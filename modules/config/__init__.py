"""Define the typed, frozen models of `endpoints.toml`; a team that prefers Python builds the same objects.

Keys are the argument names of AWS and Terraform. What one field can say about itself is in `modules.fields`, what
needs more than one is in `modules.rules`, and `modules.load` reads the file.
"""

from modules.config.deployment import Deployment, NetworkDeployment
from modules.config.endpoint import DataCapture, Endpoint, Kms, Logs, Relax
from modules.config.environment import Environment, Network, Project, State
from modules.config.invoker import Invoker

__all__ = [
    "DataCapture",
    "Deployment",
    "Endpoint",
    "Environment",
    "Invoker",
    "Kms",
    "Logs",
    "Network",
    "NetworkDeployment",
    "Project",
    "Relax",
    "State",
]
