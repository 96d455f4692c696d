"""The names that the endpoints of an environment share, and the ARNs that follow from names.

ARNs are computed instead of referenced, so that the plan of a first apply shows complete policies. The exception is the
ARN of a KMS key, because AWS chooses it.
"""

from dataclasses import dataclass
from functools import cached_property

from protected_endpoints.aws.arn import Arn
from protected_endpoints.aws.service_models import regions
from protected_endpoints.deployment.content_hash import content_hash
from protected_endpoints.deployment.s3_location import S3Location

SSM_ATTRIBUTES = ("name", "arn")  # of an endpoint, each in an SSM parameter
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
    def operations_stack(self) -> str:
        """Return the id of the stack of the topic of alarms and of the dashboard of all endpoints."""
        return f"{self.environment}-operations"

    @property
    def operations_alias(self) -> str:
        """Return the alias of the managed key of the topic of alarms."""
        return f"alias/{self.prefix}-operations"

    @property
    def state_alias(self) -> str:
        """Return the alias of the managed key for the state."""
        return f"alias/{self.prefix}-state"

    @property
    def audit_stack(self) -> str:
        """Return the id of the stack of the environment's trail."""
        return f"{self.environment}-audit"

    @property
    def audit_stack_key(self) -> str:
        """Return the pattern of the object keys of the audit stack's own state and of its lock."""
        return f"{self.state_key(self.audit_stack)}*"

    @property
    def trail(self) -> str:
        """Return the name of the trail, of up to 40 characters."""
        return f"{self.prefix}-audit"

    @property
    def trail_arn(self) -> str:
        return self.arn("cloudtrail", f"trail/{self.trail}")

    @property
    def audit_alias(self) -> str:
        """Return the alias of the key of the trail."""
        return f"alias/{self.prefix}-audit"

    @property
    def audit_bucket(self) -> str:
        """Return the name of the bucket of the trail. Bucket names are global, so it contains a hash."""
        return f"{self.prefix}-audit-{self._account_region_hash}"

    @property
    def audit_read_policy(self) -> str:
        """Return the name of the policy of those who read the records of the trail."""
        return f"{self.prefix}-audit-read-{self._account_region_hash}"

    @property
    def deployer(self) -> str:
        """Return the name of the deployer role and the name prefix of its policies."""
        return f"{self.prefix}-deployer"

    @property
    def planner(self) -> str:
        """Return the name of the planner role and the name prefix of its policies."""
        return f"{self.prefix}-planner"

    @property
    def environment_boundary(self) -> str:
        """Return the name of the permissions boundary that the state stack creates for all roles of the environment."""
        return f"{self.prefix}-boundary"

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

    @property
    def state_stack_key(self) -> str:
        """Return the pattern of the object keys of the state stack's own state and of its lock."""
        return f"{self.state_key(self.state_stack)}*"

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

    @property
    def alarm_topic(self) -> str:
        """Return the name of the managed SNS topic that alarms notify."""
        return f"{self.prefix}-alarms"

    @property
    def alarm_topic_arn(self) -> str:
        return self.arn("sns", self.alarm_topic)

    def alarm_arn(self, alarm: str) -> str:
        return self.arn("cloudwatch", f"alarm:{alarm}")

    @property
    def alarm_arn_pattern(self) -> str:
        """Return the pattern of the alarms of the environment's endpoints."""
        return self.alarm_arn(f"{self.prefix}-*")

    def dashboard_arn(self, dashboard: str) -> str:
        """Return the ARN of a dashboard, which has no region: an account has one list of dashboards."""
        return str(Arn(self.partition, "cloudwatch", "", self.account_id, f"dashboard/{dashboard}"))

    def overview_dashboard(self, page: int = 1) -> str:
        """Return the name of a page of the dashboard of all endpoints.

        Pages after the first have an underscore, so that none of them has the name of an endpoint's dashboard.
        """
        return self.prefix if page == 1 else f"{self.prefix}_{page}"

    @property
    def ssm_parameter_prefix(self) -> str:
        """Return the first part of the names of SSM parameters in the environment."""
        return f"/{self.project}/{self.environment}/"

    @property
    def ssm_parameter_arn_patterns(self) -> list[str]:
        """Return the patterns of the SSM parameters of the environment's endpoints."""
        return [self.arn("ssm", f"parameter{self.ssm_parameter_prefix}*/{attribute}") for attribute in SSM_ATTRIBUTES]

    def bucket_arn(self, bucket: str) -> str:
        return str(Arn(self.partition, "s3", "", "", bucket))

    def object_arn(self, location: S3Location) -> str:
        return f"{self.bucket_arn(location.bucket)}/{location.key}"

    def objects_arn(self, prefix: S3Location) -> str:
        """Return the ARN pattern of every object below a prefix."""
        return f"{self.bucket_arn(prefix.bucket)}/{prefix.objects}"

    def kms_via_service(self, service: str, region: str | None = None) -> str:
        """Return the value of the condition key `kms:ViaService` for a service, by default in the region."""
        return f"{service}.{region or self.region}.{self.dns_suffix}"

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
