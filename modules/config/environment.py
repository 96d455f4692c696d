"""What all endpoints share: the project, and the accounts, regions and networks that they are in."""

from typing import Annotated

from pydantic import Field

from modules.config.table import Table
from modules.fields import (
    AccountId,
    BucketName,
    KeyArn,
    Name,
    PolicyArn,
    Region,
    RoleArn,
    RouteTableId,
    SecurityGroupId,
    SubnetId,
    TagKey,
    TagValue,
    VersionConstraint,
    VpcId,
)


class Project(Table):
    """What all environments and endpoints share."""

    name: Name
    """Prefix of every physical name."""
    tags: dict[TagKey, TagValue] = {}
    """On every resource, beside `project`, `environment` and `endpoint`."""
    aws_provider_version: VersionConstraint = ">= 6.25, < 7"
    """Which versions of the Terraform AWS provider may be used."""
    strict: bool = False
    """Whether warnings end the synth as errors do, but for those about `relax`, where a reason was given."""


class State(Table):
    """An S3 backend for the Terraform state, encrypted and locked by a file of its own."""

    bucket: BucketName
    """An existing bucket, versioned and private."""
    region: Region | None = None
    """Where the bucket is; the environment's region if left out."""
    kms_key_id: KeyArn | None = None
    """Key that encrypts the state; the bucket's default key if left out."""


class Network(Table):
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


class Environment(Table):
    """One AWS account and region in which endpoints are made."""

    name: Name
    account_id: AccountId
    """The only account that Terraform may touch; credentials of another are refused before anything happens."""
    region: Region
    """Where everything is made; the partition follows from it."""
    permissions_boundary_arn: PolicyArn | None = None
    """Boundary of every role that is made; one that fits the execution role is made if left out."""
    deployers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that deploy. Named, only they let SageMaker use the keys; else whoever IAM lets do it."""
    network: Network | None = None
    """The VPC that models run in and callers call from; the public runtime API if left out."""
    state: State | None = None
    """Where the Terraform state is kept; beside the project as a file if left out."""
