"""The types of single values in `endpoints.toml`.

A type has a title, which messages and the reference show, a pattern or limits, and an example. Where a rule compares
values it has a second example, and `loading.candidates` tries both. Patterns are those of the AWS API (service models
of botocore), or stricter where a looser value is dangerous: they exclude `$`, `{` and `%`, which start Terraform
templates.
"""

from protected_endpoints.config.types.general import AccountId as AccountId
from protected_endpoints.config.types.general import BucketName as BucketName
from protected_endpoints.config.types.general import Reason as Reason
from protected_endpoints.config.types.general import Region as Region
from protected_endpoints.config.types.general import RuleId as RuleId
from protected_endpoints.config.types.general import Slug as Slug
from protected_endpoints.config.types.general import TagKey as TagKey
from protected_endpoints.config.types.general import TagValue as TagValue
from protected_endpoints.config.types.general import VersionConstraint as VersionConstraint
from protected_endpoints.config.types.hosting import AlarmName as AlarmName
from protected_endpoints.config.types.hosting import ChannelName as ChannelName
from protected_endpoints.config.types.hosting import ContentType as ContentType
from protected_endpoints.config.types.hosting import EnvVarName as EnvVarName
from protected_endpoints.config.types.hosting import EnvVarValue as EnvVarValue
from protected_endpoints.config.types.hosting import Hostname as Hostname
from protected_endpoints.config.types.hosting import Image as Image
from protected_endpoints.config.types.hosting import InferenceAmiVersion as InferenceAmiVersion
from protected_endpoints.config.types.hosting import InstanceType as InstanceType
from protected_endpoints.config.types.hosting import LambdaArn as LambdaArn
from protected_endpoints.config.types.hosting import ModelDataUrl as ModelDataUrl
from protected_endpoints.config.types.hosting import ModelPackageArn as ModelPackageArn
from protected_endpoints.config.types.hosting import Percentile as Percentile
from protected_endpoints.config.types.hosting import ResourceName as ResourceName
from protected_endpoints.config.types.hosting import S3ObjectOrPrefixUri as S3ObjectOrPrefixUri
from protected_endpoints.config.types.hosting import S3Prefix as S3Prefix
from protected_endpoints.config.types.hosting import TargetModel as TargetModel
from protected_endpoints.config.types.hosting import TopicArn as TopicArn
from protected_endpoints.config.types.identity import ConditionKey as ConditionKey
from protected_endpoints.config.types.identity import ConditionOperator as ConditionOperator
from protected_endpoints.config.types.identity import ConditionValue as ConditionValue
from protected_endpoints.config.types.identity import ExternalId as ExternalId
from protected_endpoints.config.types.identity import IamAction as IamAction
from protected_endpoints.config.types.identity import IamResource as IamResource
from protected_endpoints.config.types.identity import InvokerName as InvokerName
from protected_endpoints.config.types.identity import KeyArn as KeyArn
from protected_endpoints.config.types.identity import OrganizationId as OrganizationId
from protected_endpoints.config.types.identity import PolicyArn as PolicyArn
from protected_endpoints.config.types.identity import PrincipalArn as PrincipalArn
from protected_endpoints.config.types.identity import RoleArn as RoleArn
from protected_endpoints.config.types.network import CidrIpv4 as CidrIpv4
from protected_endpoints.config.types.network import PrefixListId as PrefixListId
from protected_endpoints.config.types.network import RouteTableId as RouteTableId
from protected_endpoints.config.types.network import RuleDescription as RuleDescription
from protected_endpoints.config.types.network import SecurityGroupId as SecurityGroupId
from protected_endpoints.config.types.network import SubnetId as SubnetId
from protected_endpoints.config.types.network import VpcEndpointId as VpcEndpointId
from protected_endpoints.config.types.network import VpcId as VpcId
from protected_endpoints.config.types.organization import Branch as Branch
from protected_endpoints.config.types.organization import GithubEnvironment as GithubEnvironment
from protected_endpoints.config.types.organization import HcpHostname as HcpHostname
from protected_endpoints.config.types.organization import HcpOrganization as HcpOrganization
from protected_endpoints.config.types.organization import HcpProject as HcpProject
from protected_endpoints.config.types.organization import Repository as Repository
from protected_endpoints.config.types.organization import WorkflowFile as WorkflowFile
from protected_endpoints.config.types.scaling import DimensionValue as DimensionValue
from protected_endpoints.config.types.scaling import MetricName as MetricName
from protected_endpoints.config.types.scaling import MetricNamespace as MetricNamespace
from protected_endpoints.config.types.scaling import Schedule as Schedule
from protected_endpoints.config.types.scaling import TimeZone as TimeZone
from protected_endpoints.config.types.scaling import UtcTime as UtcTime
