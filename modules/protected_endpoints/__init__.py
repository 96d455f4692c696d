"""Protected model serving endpoints on AWS SageMaker: the public API for those who compose in Python.

The names below are loaded when they are used, because the constructs start Node, and a mistake in a configuration
has to be told before that.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from protected_endpoints.config import Cloud as Cloud
    from protected_endpoints.config import DataCapture as DataCapture
    from protected_endpoints.config import Endpoint as Endpoint
    from protected_endpoints.config import Environment as Environment
    from protected_endpoints.config import GithubActions as GithubActions
    from protected_endpoints.config import Invoker as Invoker
    from protected_endpoints.config import Kms as Kms
    from protected_endpoints.config import Logs as Logs
    from protected_endpoints.config import Network as Network
    from protected_endpoints.config import Project as Project
    from protected_endpoints.config import Relax as Relax
    from protected_endpoints.config import State as State
    from protected_endpoints.deployment import Deployment as Deployment
    from protected_endpoints.deployment import NetworkDeployment as NetworkDeployment
    from protected_endpoints.deployment import StateDeployment as StateDeployment
    from protected_endpoints.errors import ConfigurationError as ConfigurationError
    from protected_endpoints.errors import Problem as Problem
    from protected_endpoints.loading.load import Configuration as Configuration
    from protected_endpoints.stacks.endpoint import EndpointStack as EndpointStack
    from protected_endpoints.stacks.network import NetworkStack as NetworkStack
    from protected_endpoints.stacks.state import StateStack as StateStack

_HOME = {
    "Cloud": "config",
    "Configuration": "loading.load",
    "ConfigurationError": "errors",
    "DataCapture": "config",
    "Deployment": "deployment",
    "Endpoint": "config",
    "EndpointStack": "stacks.endpoint",
    "Environment": "config",
    "GithubActions": "config",
    "Invoker": "config",
    "Kms": "config",
    "Logs": "config",
    "Network": "config",
    "NetworkDeployment": "deployment",
    "NetworkStack": "stacks.network",
    "Problem": "errors",
    "Project": "config",
    "Relax": "config",
    "State": "config",
    "StateDeployment": "deployment",
    "StateStack": "stacks.state",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
