"""The CDKTF app: all stacks of a configuration."""

from importlib import import_module
from pathlib import Path

from cdktf import App

from protected_endpoints.loading.load import Configuration
from protected_endpoints.stacks.endpoint import EndpointStack
from protected_endpoints.stacks.network import NetworkStack
from protected_endpoints.stacks.operations import OperationsStack
from protected_endpoints.stacks.state import StateStack


def synthesize(configuration: Configuration, outdir: Path | None = None) -> Path:
    """Write the Terraform JSON of every stack of a configuration and return the output folder.

    Args:
        configuration: what `load` returns.
        outdir: the output folder. Default: the one that the CDKTF command line expects, or else `cdktf.out`.

    Raises:
        RuntimeError: a stack contains an empty block (see `stacks.empty_blocks`).

    """
    _import_optional_bindings(configuration)
    app = App(outdir=str(outdir)) if outdir else App()
    add_stacks(app, configuration)
    app.synth()
    return Path(app.outdir)


def _import_optional_bindings(configuration: Configuration) -> None:
    """Import the bindings that only some stacks need. Node loads all of them again for each later import."""
    bindings = {name for item in configuration.deployments for name in EndpointStack.optional_bindings(item)}
    bindings |= {name for item in configuration.operations for name in OperationsStack.optional_bindings(item)}
    if configuration.audits:
        bindings.add("cloudtrail")
    for name in sorted(bindings):
        import_module(f"protected_endpoints.bindings.{name}")


def add_stacks(app: App, configuration: Configuration) -> None:
    """Define every stack of a configuration in an app. Endpoints depend on the network and the topic that they use."""
    for state in configuration.states:
        StateStack(app, state.stack, deployment=state)
    if configuration.audits:
        # Only few environments have a trail, and each submodule of the bindings takes time.
        from protected_endpoints.stacks.audit import AuditStack

        for audit in configuration.audits:
            AuditStack(app, audit.stack, deployment=audit)
    networks = {
        network.environment.name: NetworkStack(app, network.stack, deployment=network)
        for network in configuration.networks
    }
    operations = {
        shared.environment.name: OperationsStack(app, shared.stack, deployment=shared)
        for shared in configuration.operations
    }
    for deployment in configuration.deployments:
        stack = EndpointStack(app, deployment.names.stack, deployment=deployment, warn=False)
        environment = deployment.environment
        if network := networks.get(environment.name):
            stack.add_dependency(network)
        if environment.alarms.create_topic and (topic := operations.get(environment.name)):
            stack.add_dependency(topic)
