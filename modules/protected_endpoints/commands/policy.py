"""Print IAM policies as JSON.

  deployer ENVIRONMENT   policy documents of a role that deploys the endpoints of an environment, by policy name
  planner ENVIRONMENT    policy documents of a role that plans them and changes nothing, by policy name
  role ENDPOINT          what the execution role of an endpoint needs, as one document: trust policy, inline policies by
                         name, permissions boundary. A managed KMS key is named by its alias, because AWS chooses its
                         ARN; alias changes can take five minutes to affect authorization.
  key STACK              statements for the policy of the existing KMS key of an endpoint; by key ARN where the
                         endpoint uses existing keys besides kms.key_arn
  bucket STACK           statements for the policies of model data buckets of other accounts (model_data_account_id),
                         by the name of the bucket

The documents of deployer and planner are split to the maximum size of a managed policy: attach all of them.

Examples:
  protected-endpoints policy deployer prod > policies.json
  protected-endpoints policy role dev-kmeans
  protected-endpoints policy key prod-fraud

"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from protected_endpoints.commands.command_line import CommandParser, find_by_name
from protected_endpoints.commands.configuration import load_configuration
from protected_endpoints.deployment import Deployment, by_environment
from protected_endpoints.loading.load import Configuration
from protected_endpoints.policies import Document, Statement, kms_key
from protected_endpoints.policies.execution_role import required_documents
from protected_endpoints.policies.model_data_buckets import model_data_bucket_statements
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner_statements
from protected_endpoints.policies.packing import named_policies


def run(arguments: Sequence[str]) -> None:
    """Print the policies of a role or of a key."""
    parser = CommandParser("policy", __doc__)
    parser.add_argument("kind", choices=_POLICIES, help="deployer, planner, role, key or bucket")
    parser.add_argument("name", metavar="NAME", help="the environment, or the stack for role, key and bucket")
    parser.add_file()
    parser.add_set()
    options = parser.parse_args(arguments)
    configuration = load_configuration(options.file, options.set)
    print(json.dumps(_POLICIES[options.kind](configuration, options.name), indent=2))


def _deployer(configuration: Configuration, environment: str) -> dict[str, Document]:
    scope = _scope(configuration, environment)
    return named_policies(scope.names.deployer, deployer_statements(scope))


def _planner(configuration: Configuration, environment: str) -> dict[str, Document]:
    scope = _scope(configuration, environment)
    return named_policies(scope.names.planner, planner_statements(scope))


def _role(configuration: Configuration, stack: str) -> dict[str, Any]:
    return required_documents(_deployment(configuration, stack))


def _key(configuration: Configuration, stack: str) -> list[Statement] | dict[str, list[Statement]]:
    """Return the statements for the endpoint's existing key, or for each of several existing keys."""
    deployment = _deployment(configuration, stack)
    by_key = kms_key.existing_key_statements(deployment.names, deployment)
    if len(by_key) == 1:
        return by_key[deployment.endpoint.kms.key_arn]
    return {arn: statements for arn, statements in by_key.items() if arn}


def _deployment(configuration: Configuration, stack: str) -> Deployment:
    deployments = {deployment.names.stack: deployment for deployment in configuration.deployments}
    return find_by_name("stack", stack, deployments)


def _bucket(configuration: Configuration, stack: str) -> dict[str, list[Statement]]:
    """Return the statements for the policy of each bucket of model data that belongs to another account."""
    return model_data_bucket_statements(_deployment(configuration, stack))


def _scope(configuration: Configuration, environment: str) -> EnvironmentScope:
    members = by_environment(configuration.deployments)
    return EnvironmentScope(
        find_by_name("environment", environment, members, message="has no endpoints in endpoints.toml")
    )


_POLICIES: dict[str, Callable[[Configuration, str], Any]] = {
    "deployer": _deployer,
    "planner": _planner,
    "role": _role,
    "key": _key,
    "bucket": _bucket,
}
