"""The `Pair` of a rule, and values that several pairs use."""

from dataclasses import dataclass, field

from protected_endpoints.deployment import Deployment
from protected_endpoints.rules.registry import Rule, endpoint_rule
from tests.loading.support import Table

ROLE = "arn:aws:iam::111122223333:role"
FOREIGN_ROLE = "arn:aws:iam::444455556666:role/checkout-api"
CHINESE_ROLE = "arn:aws-cn:iam::111122223333:role/checkout-api"
SSO_ROLE = f"{ROLE}/aws-reserved/sso.amazonaws.com/Admin"
REASON = "a nightly image, RISK-882"
NOT_IN_PARTITION = f'the role is not in partition aws, got "{CHINESE_ROLE}"; write "{ROLE}/checkout-api"'
NOT_IN_ACCOUNT = 'the role is not in account 111122223333, got "{}"; use a role in that account'
OVERRIDE = "set one for this environment in environments.dev of this endpoint"
NOT_ATTACHABLE = (
    'IAM does not allow attaching policies to service-linked roles and IAM Identity Center roles, got "{}"; use a '
    "role that the same identities can assume"
)

REGISTRY = "174872318107.dkr.ecr.us-west-2.amazonaws.com"
IMAGE = f"{REGISTRY}/kmeans:1"
KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PROVIDER_6 = {"aws_provider_version": ">= 6.40, < 7"}
PROVIDER_5 = {"aws_provider_version": ">= 5.100, < 7"}
PACKAGE = "arn:aws:sagemaker:us-west-2:111122223333:model-package/fraud/7"
# The example without the keys of its model, and without its hosting keys.
NO_MODEL: Table = {"image": None, "model_data_url": None}
NO_HOSTING: Table = {"instance_type": None, "initial_instance_count": None}
NETWORK: Table = {
    "vpc_id": "vpc-0a1b2c3d",
    "subnet_ids": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
    "route_table_ids": ["rtb-0a1b2c3d"],
}


def variant(name: str = "one", **changes: object) -> Table:
    """Return a variant on an instance that serves the only model of the endpoint."""
    return {"variant_name": name, "model": "model", "instance_type": "ml.m5.xlarge", **changes}


def variants(*tables: Table) -> Table:
    """Return the example with variants instead of its hosting keys."""
    return {**NO_HOSTING, "variants": [*tables]}


def containers(*tables: Table, **changes: object) -> Table:
    """Return the example with a list of containers instead of a single one."""
    return {**NO_MODEL, "container": [{"image": IMAGE, **table} for table in tables], **changes}


def component(**changes: object) -> Table:
    """Return an inference component with a model of its own."""
    return {"image": IMAGE, "compute_resource_requirements": {"min_memory_required_in_mb": 1024}, **changes}


def adapter(**changes: object) -> Table:
    """Return an adapter of the inference component `one`."""
    return {"base_inference_component": "one", "artifact_url": "s3://my-bucket/adapter.tar.gz", **changes}


def components(named: Table, **changes: object) -> Table:
    """Return the example with inference components instead of its model."""
    return {**NO_MODEL, "inference_components": named, **changes}


@dataclass(frozen=True)
class Pair:
    """Changes to the example that a rule rejects, and similar changes that it accepts.

    `messages` are the expected messages of the failing set, without the rule id at the end. The keys `project` and
    `in_environment` change the tables of the project and of the environment, the others change the endpoint.
    """

    id: str
    fails: Table
    messages: tuple[str, ...]
    passes: Table = field(default_factory=dict)

    @property
    def rule(self) -> Rule[Deployment]:
        """The rule with this id."""
        return endpoint_rule.rules[self.id]

    @property
    def texts(self) -> tuple[str, ...]:
        """The messages as they are printed, with the rule id."""
        return tuple(f"{message} [{self.id}]" for message in self.messages)
