"""Define every physical name and every ARN that follows from one: the only place where they are made.

ARNs are computed, not referenced, so that the policies of a first plan can be read. The ARN of a KMS key is the
exception, because AWS chooses it.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from protected_endpoints.aws.service_models import regions
from protected_endpoints.deployment.s3_location import S3Location

# The endpoint configuration's name_prefix is the base name and a hyphen, and the provider takes 37 characters there.
MAX_BASE_NAME_LENGTH = 36
GITHUB_OIDC_HOST = "token.actions.githubusercontent.com"  # who issues the tokens of GitHub Actions


@dataclass(frozen=True)
class EnvironmentNames:
    """Define the names that follow from a project's environment: one account, one region."""

    project: str
    environment: str
    account_id: str
    region: str

    @property
    def prefix(self) -> str:
        """Return what the name of everything in the environment begins with, before a hyphen."""
        return f"{self.project}-{self.environment}"

    @property
    def network_stack(self) -> str:
        """Return the id of the stack of the environment's private endpoints."""
        return f"{self.environment}-network"

    @property
    def state_stack(self) -> str:
        """Return the id of the stack of the state's bucket and of the roles of workflows."""
        return f"{self.environment}-state"

    @property
    def state_alias(self) -> str:
        """Return the alias of the key that is made for the state."""
        return f"alias/{self.prefix}-state"

    @property
    def deployer(self) -> str:
        """Return the name of the role that deploys, and what its policies are called."""
        return f"{self.prefix}-deployer"

    @property
    def planner(self) -> str:
        """Return the name of the role that plans, and what its policies are called."""
        return f"{self.prefix}-planner"

    @property
    def github_provider_arn(self) -> str:
        """Return the account's provider for GitHub: IAM takes one for each URL, and names it after that."""
        return self.iam_arn(f"oidc-provider/{GITHUB_OIDC_HOST}")

    @property
    def vpc_endpoints_security_group(self) -> str:
        """Return the name of the security group of the environment's private endpoints."""
        return f"{self.prefix}-private-endpoints"

    @property
    def runtime_service(self) -> str:
        """Return the name under which an interface endpoint finds the runtime API: in China it begins with `cn.com`."""
        return f"{'.'.join(reversed(self.dns_suffix.split('.')))}.{self.region}.sagemaker.runtime"

    @property
    def s3_service(self) -> str:
        """Return the name of S3 for a gateway endpoint, under which AWS lists its addresses as well, in China too."""
        return f"com.amazonaws.{self.region}.s3"

    def state_key(self, stack: str) -> str:
        """Return the object key of a stack's state in an S3 backend."""
        return f"{self.project}/{stack}.tfstate"

    def hcp_workspace(self, stack: str) -> str:
        """Return the name of a stack's workspace in HCP Terraform, where an organization has each name once."""
        return f"{self.project}-{stack}"

    @property
    def partition(self) -> str:
        return regions()[self.region].id

    @property
    def dns_suffix(self) -> str:
        """Return what host names and regional service principals of the partition end with."""
        return regions()[self.region].dns_suffix

    @property
    def sagemaker_source_arn(self) -> str:
        """Return the source ARN that SageMaker sends when it assumes a role: a literal asterisk, not a wildcard."""
        return self.arn("sagemaker", "*")

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in the account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def iam_arn(self, resource: str, account_id: str | None = None) -> str:
        """Return the ARN of what IAM keeps for the account, or for another one: `root`, `role/NAME`, `policy/NAME`."""
        return f"arn:{self.partition}:iam::{account_id or self.account_id}:{resource}"

    def alarm_arn(self, alarm: str) -> str:
        return self.arn("cloudwatch", f"alarm:{alarm}")

    def bucket_arn(self, bucket: str) -> str:
        return f"arn:{self.partition}:s3:::{bucket}"

    def object_arn(self, place: S3Location) -> str:
        return f"{self.bucket_arn(place.bucket)}/{place.key}"

    def objects_arn(self, prefix: S3Location) -> str:
        """Return the ARN of every object under a prefix."""
        return f"{self.object_arn(prefix)}/*"

    def kms_via_service(self, service: str) -> str:
        """Return the value of `kms:ViaService` for a service of this region."""
        return f"{service}.{self.region}.{self.dns_suffix}"

    @property
    def execution_role_arn_pattern(self) -> str:
        """Return what the ARNs of the environment's execution roles match, and no other role's."""
        return self.iam_arn(f"role/{self.prefix}-*-exec-{self._account_region_hash}")

    @property
    def managed_role_arn_pattern(self) -> str:
        """Return what the ARNs of all roles match that are made, those for callers included, by their hash."""
        return self.iam_arn(f"role/{self.prefix}-*-{'?' * 8}")

    @property
    def boundary_arn_pattern(self) -> str:
        """Return what the ARNs of the boundaries match that are made for execution roles."""
        return self.iam_arn(f"policy/{self.prefix}-*-boundary-{self._account_region_hash}")

    @property
    def access_policy_arn_patterns(self) -> list[str]:
        """Return what the ARNs of the policies match that are made for callers and readers."""
        return [self.iam_arn(f"policy/{self.prefix}-*-{kind}-*") for kind in ("answers-read", "capture-read", "invoke")]

    @property
    def capture_bucket_arn_pattern(self) -> str:
        return self.bucket_arn(f"{self.prefix}-*-capture-{self._account_region_hash}")

    @property
    def log_group_arn_pattern(self) -> str:
        return self.arn("logs", f"log-group:/aws/sagemaker/Endpoints/{self.prefix}-*")

    @cached_property
    def _account_region_hash(self) -> str:
        """Return account and region as a hash, for names that are global or short."""
        return content_hash([self.account_id, self.region], 8)


@dataclass(frozen=True)
class Names(EnvironmentNames):
    """Define the names of one endpoint in one environment.

    All of them stay the same for the life of the endpoint, but for the model's: it carries a hash of what the model
    is made of, so that a changed model is a new one beside the old.
    """

    endpoint: str

    @property
    def base_name(self) -> str:
        """Return what every other name begins with; at most 36 characters, checked by rule name-too-long."""
        return f"{self.prefix}-{self.endpoint}"

    @property
    def stack(self) -> str:
        """Return the id of the stack, which is also the name of its folder and of its state."""
        return f"{self.environment}-{self.endpoint}"

    @property
    def endpoint_arn(self) -> str:
        """Return the endpoint's ARN, which IAM compares in lower case; the base name is lower case already."""
        return self.arn("sagemaker", f"endpoint/{self.base_name}")

    @property
    def configuration_prefix(self) -> str:
        """Return the `name_prefix` of endpoint configurations; Terraform adds 26 characters."""
        return f"{self.base_name}-"

    def model(self, content: object) -> str:
        """Return the name of the model that is made of `content`, at most 47 characters."""
        return f"{self.base_name}-{content_hash(content, 10)}"

    @property
    def model_arn_pattern(self) -> str:
        """Return what the ARNs of the endpoint's models match, and of no endpoint whose name is longer."""
        return self.arn("sagemaker", f"model/{self.base_name}-{'?' * 10}")

    @property
    def configuration_arn_pattern(self) -> str:
        """Return what the ARNs of the endpoint's configurations match, and of no endpoint whose name is longer."""
        return self.arn("sagemaker", f"endpoint-config/{self.configuration_prefix}{'?' * 26}")

    @property
    def model_security_group(self) -> str:
        """Return the name of the model's security group."""
        return f"{self.base_name}-model"

    @property
    def role(self) -> str:
        """Return the execution role's name: IAM is global, so account and region are in it as a hash."""
        return f"{self.base_name}-exec-{self._account_region_hash}"

    @property
    def role_arn(self) -> str:
        return self.iam_arn(f"role/{self.role}")

    @property
    def boundary(self) -> str:
        """Return the name of the policy that bounds what the execution role can ever be given."""
        return f"{self.base_name}-boundary-{self._account_region_hash}"

    @property
    def invoke_policy(self) -> str:
        return f"{self.base_name}-invoke-{self._account_region_hash}"

    def caller_role(self, caller: str) -> str:
        """Return the name of the role that is made for a caller, at most 64 characters.

        The hash holds the endpoint and the caller as well, so that no two callers of any two endpoints share a role,
        and none is called like an execution role.
        """
        return f"{self.base_name}-{caller}-{content_hash([self.account_id, self.region, self.base_name, caller], 8)}"

    def caller_policy(self, role: str) -> str:
        """Return the name of the invoke policy of one caller, which has conditions of its own."""
        return f"{self.base_name}-invoke-{content_hash([self.account_id, self.region, role], 8)}"

    def read_policy(self, kind: str) -> str:
        """Return the name of the policy of those who read one kind of what the endpoint writes."""
        return f"{self.base_name}-{kind}-read-{self._account_region_hash}"

    @property
    def key_alias(self) -> str:
        return f"alias/{self.base_name}"

    @property
    def log_group(self) -> str:
        """Return the name that SageMaker itself writes to; it cannot be chosen."""
        return f"/aws/sagemaker/Endpoints/{self.base_name}"

    @property
    def log_group_arn(self) -> str:
        return self.arn("logs", f"log-group:{self.log_group}")

    @property
    def managed_capture_location(self) -> S3Location:
        """Return where the made bucket keeps what was recorded."""
        return S3Location(bucket=self.capture_bucket, key="data-capture")

    @property
    def capture_bucket(self) -> str:
        """Return the bucket's name: bucket names are global, so account and region are in it as a hash."""
        return f"{self.base_name}-capture-{self._account_region_hash}"


def content_hash(content: object, length: int) -> str:
    """Return the first `length` hexadecimal digits of the SHA-256 of `content`, written as canonical JSON."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:length]
