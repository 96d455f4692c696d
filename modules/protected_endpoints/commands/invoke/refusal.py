"""Why AWS refuses an invocation: the error, compared with endpoints.toml and with the caller's identity."""

from collections.abc import Iterator
from typing import Any

from botocore import exceptions
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from protected_endpoints.aws.arn import Arn
from protected_endpoints.config import Invoker
from protected_endpoints.deployment import Deployment
from protected_endpoints.policies.invoke import invoke_policy
from protected_endpoints.review.markdown import sanitize

_DENIED = ("AccessDeniedException", "AccessDenied")
_INVALID = ("ValidationError", "ValidationException")  # of the runtime API and of others
_SERVING = ("InService", "Updating", "SystemUpdating", "RollingBack")
_MODEL_ERRORS = ("ModelError", "ModelStreamError")
_RENEW = "sign in again (aws sso login, or new keys), and check: aws sts get-caller-identity"
_ADVICE = {
    "ThrottlingException": "wait and retry; if it persists, raise the quota, or max_concurrency if serverless",
    "ModelNotReadyException": "the model is still being loaded; wait a moment and retry",
    "ServiceUnavailable": "wait and retry; if it persists, check the log and the capacity of the endpoint",
    "InternalFailure": "wait and retry",
    "ExpiredToken": _RENEW,
    "ExpiredTokenException": _RENEW,
    "InvalidClientTokenId": _RENEW,
    "UnrecognizedClientException": _RENEW,
    "InvalidSignatureException": "check the secret access key, and the clock of this machine",
}
# In order: the first class that an error is an instance of.
_CLIENT_ADVICE: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.NoCredentialsError, "sign in (aws sso login, or aws configure), or add --profile NAME"),
    (exceptions.PartialCredentialsError, "set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
    (exceptions.ProfileNotFound, "use one that this command prints: aws configure list-profiles"),
    (exceptions.CredentialRetrievalError, _RENEW),
    (exceptions.SSOError, _RENEW),
    (exceptions.TokenRetrievalError, _RENEW),
    (exceptions.ReadTimeoutError, "a container must respond within 60 s; send less, or read the log of the endpoint"),
    (exceptions.SSLError, "check AWS_CA_BUNDLE and the proxy"),
    (
        exceptions.HTTPClientError,
        "check the network, the proxy, and DNS in a VPC; the region is that of endpoints.toml",
    ),
)
_LOOK_UP = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})


class Refusal:
    """Explains the errors of requests to an endpoint. It looks up the caller and the endpoint, as far as IAM allows."""

    def __init__(self, session: Session, deployment: Deployment, component: str | None) -> None:
        self._session, self._deployment, self._component = session, deployment, component
        self._names, self._region = deployment.names, deployment.environment.region

    def explain(self, error: BotoCoreError | ClientError) -> str:
        """Return what is wrong and what to do, in one line or more."""
        if isinstance(error, BotoCoreError):
            advice = next((text for class_, text in _CLIENT_ADVICE if isinstance(error, class_)), "correct the request")
            return self._problem(sanitize(error).rstrip("."), advice)
        code = error.response["Error"].get("Code", "")
        if code in _DENIED + _INVALID and (problem := self._other_account()):
            return problem
        if code in _DENIED:
            return "\n".join(self._denied(error))
        if code in _INVALID:
            return self._invalid(error)
        if code in _MODEL_ERRORS:
            return self._model_error(error)
        return self._problem(sanitize(error).rstrip("."), _ADVICE.get(code, "correct the request, or retry"))

    def _problem(self, message: str, advice: str) -> str:
        return f"{self._names.stack}: {message}; {advice}"

    def _other_account(self) -> str | None:
        """Return the problem of credentials of another account, or None."""
        caller = self._caller()
        expected = self._names.account_id
        if caller is None or caller.account_id == expected:
            return None
        return self._problem(
            f"the credentials must be of account {expected}, got {caller}",
            "use credentials of that account; callers of other accounts assume the managed role of an invoker first",
        )

    def _caller(self) -> Arn | None:
        """Return the ARN of the caller, or None if it cannot be looked up."""
        try:
            client = self._session.create_client("sts", region_name=self._region, config=_LOOK_UP)
            return Arn.parse(client.get_caller_identity()["Arn"])
        except (BotoCoreError, ClientError):
            return None

    def _denied(self, error: ClientError) -> Iterator[str]:
        caller = self._caller()
        invokers = dict(zip(self._deployment.invoker_arns, self._deployment.endpoint.invokers, strict=True))
        own = next((arn for arn in invokers if caller and _role_name(caller) == Arn.parse(arn).name), None)
        if own:
            advice = (
                "check the conditions below, deploy if the invoker is new, and look for a permissions boundary, "
                "session policy or service control policy that denies it"
            )
        else:
            advice = (
                f"assume the role of an invoker, or add a role to endpoints.{self._names.endpoint}.invokers and deploy"
            )
        yield self._problem(f"access is denied to {caller or 'the caller'}", advice)
        yield f"  AWS: {_message(error)}"
        yield "  invokers of endpoints.toml:" if invokers else "  endpoints.toml has no invokers of this endpoint"
        for arn, invoker in invokers.items():
            yield f"    {arn}{' (the caller)' if arn == own else ''}: {self._conditions(invoker)}"

    def _conditions(self, invoker: Invoker) -> str:
        """Return the conditions of the policy of an invoker."""
        condition = invoke_policy(self._deployment, invoker=invoker)["Statement"][0]["Condition"]
        values = [(key, value) for keys in condition.values() for key, value in keys.items()]
        return ", ".join(f"{key} {value if isinstance(value, str) else ' or '.join(value)}" for key, value in values)

    def _invalid(self, error: ClientError) -> str:
        """Explain a request that is invalid, or for an endpoint that does not exist or is not in service."""
        name = self._names.endpoint_name
        status, reason = self._status(name)
        at = f"in account {self._names.account_id} and region {self._region}"
        if status == "":
            return self._problem(
                f"endpoint {name} does not exist {at}", f"deploy it: make deploy STACK={self._names.stack}"
            )
        if status == "Creating":
            wait = f"aws sagemaker wait endpoint-in-service --region {self._region} --endpoint-name {name}"
            return self._problem(f"endpoint {name} is Creating and not in service", f"wait for it: {wait}")
        if status not in (None, *_SERVING):
            return self._problem(
                f"endpoint {name} is {status}{reason}", "see docs/failures.md, and deploy a correction"
            )
        advice = "correct the request"
        if status is None:  # the look-up is denied, as it is for invokers
            look_up = f"aws sagemaker describe-endpoint --region {self._region} --endpoint-name {name}"
            advice = f"correct the request, or check as a planner that the endpoint is in service {at}: {look_up}"
        return self._problem(_message(error), advice)

    def _status(self, name: str) -> tuple[str | None, str]:
        """Return the status of the endpoint and why it failed; empty if it does not exist, None if that is unknown."""
        try:
            client = self._session.create_client("sagemaker", region_name=self._region, config=_LOOK_UP)
            described = client.describe_endpoint(EndpointName=name)
        except ClientError as error:
            return ("" if "Could not find" in _message(error) else None), ""
        except BotoCoreError:
            return None, ""
        reason = described.get("FailureReason")
        return described["EndpointStatus"], f" ({sanitize(reason).rstrip('.')})" if reason else ""

    def _model_error(self, error: ClientError) -> str:
        response: dict[str, Any] = {**error.response}
        status = response.get("OriginalStatusCode")
        log = f"aws logs tail {self._log_group()} --region {self._region} --since 15m"
        code = f" with status {status}" if status else " with an error"
        return self._problem(f"the container responds{code}: {_message(error)}", f"read its log: {log}")

    def _log_group(self) -> str:
        """Return the log group of the container that responded; the container of its base serves an adapter."""
        if not self._component:
            return self._names.log_group
        components = self._deployment.endpoint.inference_components
        serving = {
            self._names.inference_component(key): table.base_inference_component or key
            for key, table in components.items()
        }
        if key := serving.get(self._component):
            return self._names.inference_component_log_group(key)
        return f"/aws/sagemaker/InferenceComponents/{self._component}"


def _message(error: ClientError) -> str:
    return sanitize(error.response["Error"].get("Message", "")).rstrip(".")


def _role_name(caller: Arn) -> str | None:
    """Return the name of the role of a session, or None for a user."""
    kind, _, rest = caller.resource.partition("/")
    return rest.split("/")[0] if kind == "assumed-role" else None
