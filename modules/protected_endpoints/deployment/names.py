"""Every physical name, and every ARN that follows from a name.

ARNs are computed instead of referenced, so that the plan of a first apply shows complete policies. The exception is the
ARN of a KMS key, because AWS chooses it.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from protected_endpoints.aws.arn import Arn
from protected_endpoints.aws.service_models import regions
from protected_endpoints.deployment.s3_location import S3Location

# The name_prefix of an endpoint configuration is the base name and a hyphen; the provider allows 37 characters.
MAX_BASE_NAME_LENGTH = 36
GITHUB_OIDC_HOST = "token.actions.githubusercontent.com"  # issuer of the tokens of GitHub Actions


@dataclass(frozen=True)
class EnvironmentNames:
    """The names that are shared by an environment of a project: one account, one region."""

    project: str
    environment: str
    account_id: str
    region: str

    @property
    def prefix(self) -> str:
        """Return the first part of every name in the environment, which a hyphen follows."""
        return f"{self.project}-{self.environment}"

    @property
    def network_stack(self) -> str:
        """Return the id of the stack of the environment's VPC endpoints."""
        return f"{self.environment}-network"

    @property
    def state_stack(self) -> str:
        """Return the id of the stack of the state bucket and the roles of workflows."""
        return f"{self.environment}-state"

    @property
    def state_alias(self) -> str:
        """Return the alias of the managed key for the state."""
        return f"alias/{self.prefix}-state"

    @property
    def deployer(self) -> str:
        """Return the name of the deployer role and the name prefix of its policies."""
        return f"{self.prefix}-deployer"

    @property
    def planner(self) -> str:
        """Return the name of the planner role and the name prefix of its policies."""
        return f"{self.prefix}-planner"

    @property
    def github_provider_arn(self) -> str:
        """Return the ARN of the account's OIDC provider for GitHub, which IAM names after its URL: one per account."""
        return self.iam_arn(f"oidc-provider/{GITHUB_OIDC_HOST}")

    @property
    def vpc_endpoints_security_group(self) -> str:
        """Return the name of the security group of the environment's VPC endpoints."""
        return f"{self.prefix}-private-endpoints"

    @property
    def runtime_service(self) -> str:
        """Return the service name of the runtime API for an interface endpoint; in China it begins with `cn.com`."""
        return f"{'.'.join(reversed(self.dns_suffix.split('.')))}.{self.region}.sagemaker.runtime"

    @property
    def s3_service(self) -> str:
        """Return the service name of S3 for a gateway endpoint, which is also the name of the prefix list of S3.

        It begins with `com` in China as well.
        """
        return f"com.amazonaws.{self.region}.s3"

    def state_key(self, stack: str) -> str:
        """Return the object key of a stack's state in an S3 backend."""
        return f"{self.project}/{stack}.tfstate"

    def hcp_workspace(self, stack: str) -> str:
        """Return the name of a stack's workspace in HCP Terraform, where names are unique in an organization."""
        return f"{self.project}-{stack}"

    @property
    def partition(self) -> str:
        return regions()[self.region].id

    @property
    def dns_suffix(self) -> str:
        """Return the suffix of host names and regional service principals of the partition."""
        return regions()[self.region].dns_suffix

    @property
    def sagemaker_source_arn(self) -> str:
        """Return the source ARN that SageMaker sends when it assumes a role; its asterisk is no wildcard."""
        return self.arn("sagemaker", "*")

    def arn(self, service: str, resource: str, account_id: str | None = None) -> str:
        """Return the ARN of a resource in the region, and in the account unless another one is passed."""
        return str(Arn(self.partition, service, self.region, account_id or self.account_id, resource))

    def iam_arn(self, resource: str, account_id: str | None = None) -> str:
        """Return the ARN of an IAM resource of the account, or of another one: `root`, `role/NAME`, `policy/NAME`."""
        return str(Arn(self.partition, "iam", "", account_id or self.account_id, resource))

    def alarm_arn(self, alarm: str) -> str:
        return self.arn("cloudwatch", f"alarm:{alarm}")

    def bucket_arn(self, bucket: str) -> str:
        return str(Arn(self.partition, "s3", "", "", bucket))

    def object_arn(self, location: S3Location) -> str:
        return f"{self.bucket_arn(location.bucket)}/{location.key}"

    def objects_arn(self, prefix: S3Location) -> str:
        """Return the ARN pattern of every object below a prefix."""
        return f"{self.object_arn(prefix)}/*"

    def kms_via_service(self, service: str) -> str:
        """Return the value of the condition key `kms:ViaService` for a service in the region."""
        return f"{service}.{self.region}.{self.dns_suffix}"

    @property
    def execution_role_arn_pattern(self) -> str:
        """Return the pattern of the execution roles of the environment, which matches no other role."""
        return self.iam_arn(f"role/{self.prefix}-*-exec-{self._account_region_hash}")

    @property
    def managed_role_arn_pattern(self) -> str:
        """Return the pattern of every managed role of endpoints and invokers, whose names end with a hash."""
        return self.iam_arn(f"role/{self.prefix}-*-{'?' * 8}")

    @property
    def boundary_arn_pattern(self) -> str:
        """Return the pattern of the managed permissions boundaries of execution roles."""
        return self.iam_arn(f"policy/{self.prefix}-*-boundary-{self._account_region_hash}")

    @property
    def invoke_policy_arn_pattern(self) -> str:
        """Return the pattern of the managed policies of invokers."""
        return self.iam_arn(f"policy/{self.prefix}-*-invoke-*")

    def read_policy_arn_pattern(self, kind: str) -> str:
        """Return the pattern of the managed policies of readers of one kind of data."""
        return self.iam_arn(f"policy/{self.prefix}-*-{kind}-read-*")

    @property
    def capture_bucket_arn_pattern(self) -> str:
        return self.bucket_arn(f"{self.prefix}-*-capture-{self._account_region_hash}")

    @property
    def log_group_arn_pattern(self) -> str:
        return self.arn("logs", f"log-group:/aws/sagemaker/Endpoints/{self.prefix}-*")

    @cached_property
    def _account_region_hash(self) -> str:
        """Return a hash of account and region, for names that are global."""
        return content_hash([self.account_id, self.region], 8)


@dataclass(frozen=True)
class Names(EnvironmentNames):
    """The names of one endpoint in one environment.

    They never change, except for the model's: it ends with a hash of the model's content, so that a changed model is
    created before the previous one is deleted.
    """

    endpoint: str

    @property
    def base_name(self) -> str:
        """Return the first part of every name of the endpoint, at most 36 characters (rule name-too-long)."""
        return f"{self.prefix}-{self.endpoint}"

    @property
    def stack(self) -> str:
        """Return the id of the stack, which is the name of its folder and of its state as well."""
        return f"{self.environment}-{self.endpoint}"

    @property
    def endpoint_arn(self) -> str:
        """Return the ARN of the endpoint. IAM compares it in lower case, as the base name is."""
        return self.arn("sagemaker", f"endpoint/{self.base_name}")

    @property
    def configuration_prefix(self) -> str:
        """Return the `name_prefix` of endpoint configurations, to which Terraform adds 26 characters."""
        return f"{self.base_name}-"

    def model(self, content: object) -> str:
        """Return the name of the model with this content, at most 47 characters."""
        return f"{self.base_name}-{content_hash(content, 10)}"

    @property
    def model_arn_pattern(self) -> str:
        """Return the pattern of the endpoint's models, which matches no model of an endpoint with a longer name."""
        return self.arn("sagemaker", f"model/{self.base_name}-{'?' * 10}")

    @property
    def configuration_arn_pattern(self) -> str:
        """Return the pattern of the endpoint's configurations, and of no endpoint with a longer name."""
        return self.arn("sagemaker", f"endpoint-config/{self.configuration_prefix}{'?' * 26}")

    @property
    def model_security_group(self) -> str:
        """Return the name of the model's security group."""
        return f"{self.base_name}-model"

    @property
    def role(self) -> str:
        """Return the name of the execution role. IAM is global, so it contains a hash of account and region."""
        return f"{self.base_name}-exec-{self._account_region_hash}"

    @property
    def role_arn(self) -> str:
        return self.iam_arn(f"role/{self.role}")

    @property
    def boundary(self) -> str:
        """Return the name of the managed permissions boundary of the execution role."""
        return f"{self.base_name}-boundary-{self._account_region_hash}"

    @property
    def invoke_policy(self) -> str:
        return f"{self.base_name}-invoke-{self._account_region_hash}"

    def invoker_role(self, invoker: str) -> str:
        """Return the name of the managed role of an invoker, at most 64 characters.

        The hash includes the endpoint and the invoker, so that the name is unique among the invokers of all endpoints
        and among execution roles.
        """
        return f"{self.base_name}-{invoker}-{content_hash([self.account_id, self.region, self.base_name, invoker], 8)}"

    def invoke_policy_for(self, role: str) -> str:
        """Return the name of the invoke policy of an invoker with conditions."""
        return f"{self.base_name}-invoke-{content_hash([self.account_id, self.region, role], 8)}"

    def read_policy(self, kind: str) -> str:
        """Return the name of the policy for the readers of one kind of data."""
        return f"{self.base_name}-{kind}-read-{self._account_region_hash}"

    @property
    def key_alias(self) -> str:
        return f"alias/{self.base_name}"

    @property
    def log_group(self) -> str:
        """Return the name of the log group, which SageMaker defines."""
        return f"/aws/sagemaker/Endpoints/{self.base_name}"

    @property
    def log_group_arn(self) -> str:
        return self.arn("logs", f"log-group:{self.log_group}")

    @property
    def managed_capture_location(self) -> S3Location:
        """Return the location of captured data in the managed bucket."""
        return S3Location(bucket=self.capture_bucket, key="data-capture")

    @property
    def capture_bucket(self) -> str:
        """Return the name of the managed bucket for captured data. Bucket names are global, so it contains a hash."""
        return f"{self.base_name}-capture-{self._account_region_hash}"


def content_hash(content: object, length: int) -> str:
    """Return the first `length` hexadecimal digits of the SHA-256 of the content as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:length]
