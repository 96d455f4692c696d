"""Protected model serving endpoints on AWS SageMaker: the public API for those who compose in Python.

The names below are loaded when they are used, because the constructs start Node, and a mistake in a configuration
has to be told before that.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modules.config import Cloud as Cloud
    from modules.config import DataCapture as DataCapture
    from modules.config import Deployment as Deployment
    from modules.config import Endpoint as Endpoint
    from modules.config import Environment as Environment
    from modules.config import GithubActions as GithubActions
    from modules.config import Invoker as Invoker
    from modules.config import Kms as Kms
    from modules.config import Logs as Logs
    from modules.config import Network as Network
    from modules.config import NetworkDeployment as NetworkDeployment
    from modules.config import Project as Project
    from modules.config import Relax as Relax
    from modules.config import State as State
    from modules.config import StateDeployment as StateDeployment
    from modules.load import Configuration as Configuration
    from modules.network_stack import NetworkStack as NetworkStack
    from modules.problems import ConfigurationError as ConfigurationError
    from modules.problems import Problem as Problem
    from modules.stack import EndpointStack as EndpointStack
    from modules.state_stack import StateStack as StateStack

_HOME = {
    "Cloud": "config",
    "Configuration": "load",
    "ConfigurationError": "problems",
    "DataCapture": "config",
    "Deployment": "config",
    "Endpoint": "config",
    "EndpointStack": "stack",
    "Environment": "config",
    "GithubActions": "config",
    "Invoker": "config",
    "Kms": "config",
    "Logs": "config",
    "Network": "config",
    "NetworkDeployment": "config",
    "NetworkStack": "network_stack",
    "Problem": "problems",
    "Project": "config",
    "Relax": "config",
    "State": "config",
    "StateDeployment": "config",
    "StateStack": "state_stack",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
