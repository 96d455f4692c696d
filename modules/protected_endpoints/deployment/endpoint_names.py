"""Every physical name of one endpoint, and the ARNs that follow from them."""

from dataclasses import dataclass

from protected_endpoints.deployment.content_hash import content_hash
from protected_endpoints.deployment.environment_names import SSM_ATTRIBUTES, EnvironmentNames
from protected_endpoints.deployment.s3_location import S3Location

# The name_prefix of an endpoint configuration is the base name and a hyphen; the provider allows 37 characters.
MAX_BASE_NAME_LENGTH = 36


@dataclass(frozen=True)
class EndpointNames(EnvironmentNames):
    """The names of one endpoint in one environment.

    They never change, except for the model's: it ends with a hash of the model's content, so that a changed model is
    created before the previous one is deleted. All of them begin with the base name, except for those of the endpoint
    and of its log group with `endpoint_name`. Descriptions contain the base name as well: IAM and EC2 cannot change a
    description, and a policy that is a permissions boundary cannot be replaced.
    """

    endpoint: str
    configured_endpoint_name: str | None = None
    """`endpoint_name` of endpoints.toml; None is the base name."""

    @property
    def base_name(self) -> str:
        """Return the first part of every name of the endpoint, at most 36 characters (rule name-too-long)."""
        return f"{self.prefix}-{self.endpoint}"

    @property
    def stack(self) -> str:
        """Return the id of the stack, which is the name of its folder and of its state as well."""
        return f"{self.environment}-{self.endpoint}"

    @property
    def endpoint_name(self) -> str:
        """Return the name of the endpoint in AWS, which can contain capital letters if it is configured."""
        return self.configured_endpoint_name or self.base_name

    @property
    def endpoint_arn(self) -> str:
        """Return the ARN of the endpoint in lower case, as SageMaker writes it and IAM compares it (limit 3)."""
        return self.arn("sagemaker", f"endpoint/{self.endpoint_name.lower()}")

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
        """Return the name of the log group, which SageMaker defines by the name of the endpoint."""
        return f"/aws/sagemaker/Endpoints/{self.endpoint_name}"

    @property
    def log_group_arn(self) -> str:
        return self.arn("logs", f"log-group:{self.log_group}")

    def inference_component(self, component: str) -> str:
        """Return the name of an inference component, at most 63 characters (rule inference-component-name-too-long)."""
        return f"{self.base_name}-{component}"

    def inference_component_arn(self, component: str) -> str:
        return self.arn("sagemaker", f"inference-component/{self.inference_component(component)}")

    def inference_component_log_group(self, component: str) -> str:
        """Return the name of the log group of a component's containers, which SageMaker defines."""
        return f"/aws/sagemaker/InferenceComponents/{self.inference_component(component)}"

    def alarm(self, alarm: str, *, scope: tuple[str, ...] = ()) -> str:
        """Return the name of an alarm, of the endpoint or in the scope of a variant or an inference component.

        The base name contains no slash, so that no alarm has a name that one of another endpoint could have.
        """
        return "/".join((self.base_name, *scope, alarm.replace("_", "-")))

    @property
    def alarm_arn_pattern(self) -> str:
        """Return the pattern of the endpoint's alarms, and of no alarm of another endpoint."""
        return self.alarm_arn(f"{self.base_name}/*")

    @property
    def dashboard(self) -> str:
        """Return the name of the endpoint's dashboard."""
        return self.base_name

    def ssm_parameter(self, attribute: str) -> str:
        """Return the name of the SSM parameter with the `name` or the `arn` of the endpoint."""
        return f"{self.ssm_parameter_prefix}{self.endpoint}/{attribute}"

    @property
    def ssm_parameter_arns(self) -> list[str]:
        """Return the ARNs of the endpoint's SSM parameters."""
        return [self.arn("ssm", f"parameter{self.ssm_parameter(attribute)}") for attribute in SSM_ATTRIBUTES]

    @property
    def managed_capture_location(self) -> S3Location:
        """Return the location of captured data in the managed bucket."""
        return S3Location(bucket=self.capture_bucket, key="data-capture")

    @property
    def capture_bucket(self) -> str:
        """Return the name of the managed bucket for captured data. Bucket names are global, so it contains a hash."""
        return f"{self.base_name}-capture-{self._account_region_hash}"
