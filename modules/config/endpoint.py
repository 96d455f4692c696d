"""One model serving endpoint, and what may be said about each part of it."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from modules.config.invoker import Invoker
from modules.config.table import Table
from modules.fields import (
    Image,
    InstanceType,
    KeyArn,
    ModelDataUrl,
    Name,
    Reason,
    RoleArn,
    S3Prefix,
    VariableName,
    VariableValue,
)


def _whole(value: object) -> object:
    """Refuse what Python takes for 1: pydantic compares a Literal even in strict mode."""
    if type(value) is not int:
        raise PydanticCustomError("int_type", "not a whole number")
    return value


# What CloudWatch Logs accepts as a retention; PutRetentionPolicy lists them.
RetentionInDays = Annotated[
    Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
    BeforeValidator(_whole),
]


class DataCapture(Table):
    """What is recorded of requests and responses, and who may read it."""

    enable_capture: bool = True
    """Whether requests and responses are recorded."""
    initial_sampling_percentage: Annotated[int, Field(ge=0, le=100, examples=[100])] = 100
    """How many requests of a hundred are recorded."""
    capture_mode: Literal["All", "Input", "Output"] = "All"
    """Requests, responses, or both."""
    destination_s3_uri: S3Prefix | None = None
    """An existing place in a bucket of this account and region; a protected bucket is made if left out."""
    retention_days: Annotated[int, Field(ge=1, le=3650, examples=[90])] = 90
    """Days after which the made bucket deletes what was recorded."""
    readers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that may read what was recorded; nobody if left out."""


class Kms(Table):
    """The customer managed key for volumes, captured data and logs."""

    key_arn: KeyArn | None = None
    """An existing key, whose policy you keep; a key is made if left out."""
    admins: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that administer the made key, beside the deployers; whoever IAM lets do it if left out."""
    rotation_period_in_days: Annotated[int, Field(ge=90, le=2560, examples=[365])] = 365
    """Days between rotations of the made key."""
    deletion_window_in_days: Annotated[int, Field(ge=7, le=30, examples=[30])] = 30
    """Days in which the deletion of the made key can be taken back."""


class Logs(Table):
    """The log group of the endpoint's containers."""

    retention_in_days: RetentionInDays = 365
    """Days after which log lines are deleted; one of the values that CloudWatch Logs knows."""


class Relax(Table):
    """Protections that are switched off by name, each with the reason in words."""

    network_isolation: Reason | None = None
    """The container may open connections and gets the execution role's credentials."""
    image_tag: Reason | None = None
    """The image may be tagged `latest`, so that a new instance may run another image than the old one."""
    model_data_account: Reason | None = None
    """The artefact may be in a bucket of another account."""
    bearer_tokens: Reason | None = None
    """Invokers may call with a bearer token, which whoever holds it can use for up to 12 hours."""
    secret_like_environment: Reason | None = None
    """A variable of the container may look like a secret by its name or value."""
    prevent_destroy: Reason | None = None
    """Terraform may destroy the key and the capture bucket with all that is in it."""

    @property
    def reasons(self) -> dict[str, str]:
        """Return the protections that are switched off, each with its reason."""
        return self.model_dump(exclude_none=True)


class Endpoint(Table):
    """One model serving endpoint: a container on instances, behind the runtime API."""

    name: Name
    image: Image
    """Container image, in an ECR repository of the endpoint's region; a digest is better than a tag."""
    model_data_url: ModelDataUrl | None = None
    """The model artefact; left out if the image holds the model."""
    environment: dict[VariableName, VariableValue] = {}
    """Environment of the container. Stands in clear in plan and state: not for secrets."""
    instance_type: InstanceType
    """Kind of instance that the container runs on."""
    initial_instance_count: Annotated[int, Field(ge=1, le=1000, examples=[2])] = 2
    """How many instances; two and more are spread over availability zones."""
    invokers: Annotated[tuple[Invoker, ...], Field(strict=False)] = ()
    """Who may invoke the endpoint: role ARNs of this account, or tables; nobody if left out."""
    revision: Annotated[int, Field(ge=0, examples=[1])] = 0
    """Raise it to deploy the same content under a new name, after SageMaker rolled a deployment back."""
    data_capture: DataCapture = DataCapture()
    """What is recorded of requests and responses."""
    kms: Kms = Kms()
    """The key that encrypts everything of the endpoint."""
    logs: Logs = Logs()
    """Logs of the container."""
    relax: Relax = Relax()
    """Protections that are switched off, with reasons."""
