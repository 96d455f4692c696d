"""The tables that endpoints share: the project, and environments with their networks, states and topics."""

from typing import Annotated

from pydantic import Field

from protected_endpoints.aws.provider_versions import DEFAULT_CONSTRAINT
from protected_endpoints.config.alarms import EnvironmentAlarms
from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import (
    AccountId,
    Branch,
    BucketName,
    GithubEnvironment,
    HcpHostname,
    HcpOrganization,
    HcpProject,
    KeyArn,
    PolicyArn,
    Region,
    Repository,
    RoleArn,
    RouteTableId,
    SecurityGroupId,
    Slug,
    SubnetId,
    TagKey,
    TagValue,
    VersionConstraint,
    VpcId,
    WorkflowFile,
)


class Project(ConfigTable):
    """Settings of all environments and endpoints."""

    name: Slug
    """Prefix of the names of all resources."""
    tags: dict[TagKey, TagValue] = {}
    """Tags of all resources, in addition to `project`, `environment` and `endpoint`."""
    aws_provider_version: VersionConstraint = DEFAULT_CONSTRAINT
    """Version constraint of the Terraform AWS provider."""
    strict: bool = False
    """Whether warnings are errors, except for those about `relax` and those that endpoints `acknowledge`."""


class State(ConfigTable):
    """S3 backend of the Terraform state, with encryption and a lock file."""

    bucket: BucketName
    """Name of the bucket: an existing one with versioning and without public access, or the managed one."""
    create_bucket: bool = False
    """Whether the bucket and its key are managed, by the stack `<environment>-state` (`make bootstrap`)."""
    administrators: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that run `make bootstrap`. Only they may write the state of `<environment>-state` in the
    managed bucket. Default: `deployers`, without the role of the workflows."""
    readers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that may read the state in the managed bucket, to plan. `deployers` may also write it."""
    region: Region | None = None
    """Region of an existing bucket. Default: the region of the environment."""
    kms_key_id: KeyArn | None = None
    """ARN of the key that encrypts the state in an existing bucket. Default: the bucket's default key."""


class Cloud(ConfigTable):
    """HCP Terraform or Terraform Enterprise, instead of `state`. Each stack has a workspace `<project>-<stack>`."""

    organization: HcpOrganization
    """Organization of the workspaces."""
    project: HcpProject | None = None
    """Project of new workspaces. Default: the organization's default project."""
    hostname: HcpHostname = "app.terraform.io"
    """Host name of Terraform Enterprise."""


class GithubActions(ConfigTable):
    """Two roles for GitHub Actions workflows, a planner and a deployer, that are assumed with OpenID Connect."""

    repository: Repository
    """Repository whose workflows may assume the roles, as in the `sub` claim of GitHub's tokens."""
    branch: Branch = "main"
    """Branch that may deploy and plan. Pull requests from the repository itself may plan."""
    environment: GithubEnvironment | None = None
    """GitHub environment of jobs that deploy. Default: the name of this environment."""
    planner_workflows: Annotated[tuple[WorkflowFile, ...], Field(strict=False)] = ()
    """Workflow files of `branch` that may plan, as in `job_workflow_ref` of their tokens. Default: every workflow."""
    create_openid_connect_provider: bool = True
    """Whether the OpenID Connect provider for GitHub is managed. Set it to false if the account has one."""


class Network(ConfigTable):
    """The VPC of the environment. Models run in it, and requests are allowed from it only."""

    vpc_id: VpcId
    """ID of the VPC."""
    subnet_ids: Annotated[tuple[SubnetId, ...], Field(strict=False, min_length=1, max_length=16)]
    """Subnets of the network interfaces of models. Use two or more in different Availability Zones."""
    private_endpoints: bool = True
    """Whether the VPC endpoints of SageMaker Runtime and S3 are managed. Set it to false if the VPC has them."""
    route_table_ids: Annotated[tuple[RouteTableId, ...], Field(strict=False)] = ()
    """Route tables of the subnets, for the managed S3 endpoint. Required with `private_endpoints`."""
    endpoint_security_group_ids: Annotated[tuple[SecurityGroupId, ...], Field(strict=False)] = ()
    """Security groups of existing VPC endpoints, which models may connect to."""


class Audit(ConfigTable):
    """Records of invocations and of access to captured data: a CloudTrail trail, by the stack `<environment>-audit`."""

    create_trail: bool = False
    """Whether the trail is managed, with its bucket and its key. CloudTrail charges for each invocation it records."""
    retention_in_days: Annotated[int, Field(ge=1, le=3650, examples=[365])] = 365
    """Days after which the bucket of the trail deletes records, from 1 to 3650."""
    readers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that may read the records. Default: none."""


class Environment(ConfigTable):
    """An AWS account and region in which endpoints are deployed."""

    name: Slug
    """Name of the environment. In `endpoints.toml` it is the key of the table."""
    account_id: AccountId
    """ID of the account. Terraform fails with credentials of another account before it changes anything."""
    region: Region
    """Region of all resources. It determines the partition."""
    permissions_boundary_arn: PolicyArn | None = None
    """ARN of the permissions boundary of execution roles and managed invoker roles. Default: a managed boundary, which
    only administrators can change if the environment has a stack `<environment>-state`."""
    deployers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that deploy. Only they may let SageMaker use the keys. Default: any identity IAM allows."""
    network: Network | None = None
    """The VPC of models and invokers. Default: no VPC, and the public endpoint of SageMaker Runtime."""
    state: State | None = None
    """S3 backend of the Terraform state. Default: a local file."""
    cloud: Cloud | None = None
    """HCP Terraform backend of the Terraform state, instead of S3."""
    github_actions: GithubActions | None = None
    """Managed roles for GitHub Actions workflows."""
    audit: Audit = Audit()
    """Records of invocations and of access to captured data."""
    alarms: EnvironmentAlarms = EnvironmentAlarms()
    """The SNS topic that alarms notify."""
    create_dashboard: bool = False
    """Whether a CloudWatch dashboard shows all endpoints of the environment. AWS bills dashboards monthly."""

    @property
    def has_operations_stack(self) -> bool:
        """Return whether the environment has a stack of the managed topic of alarms or of the dashboard."""
        return self.alarms.create_topic or self.create_dashboard

    @property
    def has_state_stack(self) -> bool:
        """Return whether the environment has a state stack, with a managed state bucket or roles for GitHub Actions."""
        return bool(self.state and self.state.create_bucket) or self.github_actions is not None
