"""What all endpoints share: the project, and the accounts, regions and networks that they are in."""

from typing import Annotated

from pydantic import Field

from protected_endpoints.aws.provider_versions import DEFAULT_CONSTRAINT
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
)


class Project(ConfigTable):
    """What all environments and endpoints share."""

    name: Slug
    """Prefix of every physical name."""
    tags: dict[TagKey, TagValue] = {}
    """On every resource, beside `project`, `environment` and `endpoint`."""
    aws_provider_version: VersionConstraint = DEFAULT_CONSTRAINT
    """Which versions of the Terraform AWS provider may be used."""
    strict: bool = False
    """Whether warnings end the synth as errors do, but for those about `relax`, where a reason was given."""


class State(ConfigTable):
    """An S3 backend for the Terraform state, encrypted and locked by a file of its own."""

    bucket: BucketName
    """Name of the bucket: an existing one, versioned and private, or the one that is made."""
    create_bucket: bool = False
    """Whether the bucket and its key are made, by the stack `<environment>-state` and `make bootstrap`."""
    readers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that read the state in the made bucket, to plan; `deployers` read and write it."""
    region: Region | None = None
    """Where an existing bucket is; the environment's region if left out."""
    kms_key_id: KeyArn | None = None
    """Key that encrypts the state in an existing bucket; the bucket's default key if left out."""


class Cloud(ConfigTable):
    """HCP Terraform or Terraform Enterprise instead of `state`: a workspace `<project>-<stack>` for each stack."""

    organization: HcpOrganization
    """The organization that has the workspaces."""
    project: HcpProject | None = None
    """The project that new workspaces are put in; the organization's default project if left out."""
    hostname: HcpHostname = "app.terraform.io"
    """Where Terraform Enterprise is."""


class GithubActions(ConfigTable):
    """Roles for workflows of GitHub Actions, without keys: one that plans, one that deploys."""

    repository: Repository
    """The only repository whose workflows get in, as `sub` of GitHub's tokens calls it."""
    branch: Branch = "main"
    """The branch that is deployed; runs on it may plan as well, and so may pull requests from the repository itself."""
    environment: GithubEnvironment | None = None
    """The GitHub environment that a job has to be in to deploy; called like this environment if left out."""
    create_openid_connect_provider: bool = True
    """Whether the account gets its OpenID Connect provider for GitHub; false where it has one: it takes no second."""


class Network(ConfigTable):
    """A VPC of the environment: models run in it, and only what comes from it is let in."""

    vpc_id: VpcId
    """Where models run and from where they are called."""
    subnet_ids: Annotated[tuple[SubnetId, ...], Field(strict=False, min_length=1, max_length=16)]
    """Where models get their network interfaces; two or more, in different availability zones."""
    private_endpoints: bool = True
    """Whether the VPC endpoints of the runtime API and of S3 are made; not for a VPC that has them already."""
    route_table_ids: Annotated[tuple[RouteTableId, ...], Field(strict=False)] = ()
    """Route tables of the subnets, which the made S3 endpoint is put on; required with it."""
    endpoint_security_group_ids: Annotated[tuple[SecurityGroupId, ...], Field(strict=False)] = ()
    """Security groups of VPC endpoints that are there already, which models may reach."""


class Environment(ConfigTable):
    """One AWS account and region in which endpoints are made."""

    name: Slug
    account_id: AccountId
    """The only account that Terraform may touch; credentials of another are refused before anything happens."""
    region: Region
    """Where everything is made; the partition follows from it."""
    permissions_boundary_arn: PolicyArn | None = None
    """Boundary of every role of endpoints and callers; one that fits the execution role is made if left out."""
    deployers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that deploy. Named, only they let SageMaker use the keys; else whoever IAM lets do it."""
    network: Network | None = None
    """The VPC that models run in and callers call from; the public runtime API if left out."""
    state: State | None = None
    """Where the Terraform state is kept; beside the project as a file if left out."""
    cloud: Cloud | None = None
    """HCP Terraform, where the Terraform state is kept instead of in S3."""
    github_actions: GithubActions | None = None
    """Workflows that plan and deploy, with roles that are made beside the state."""

    @property
    def has_state_stack(self) -> bool:
        """Return whether something is made that is there before all endpoints: the state's bucket, or roles."""
        return bool(self.state and self.state.create_bucket) or self.github_actions is not None
