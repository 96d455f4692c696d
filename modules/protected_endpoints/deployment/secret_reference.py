"""Environment variables that name a secret of AWS Secrets Manager or a parameter of AWS Systems Manager."""

import re
from dataclasses import dataclass

from protected_endpoints.deployment.environment_names import EnvironmentNames

# A variable whose value is the name of a secret. A UUID is an identifier of another system, such as Microsoft Entra ID.
_SECRET_VARIABLE = re.compile(r"(?:^|_)SECRET(?:S_?MANAGER(?:_SECRET)?)?_(?:NAME|ID|ARN)$", re.IGNORECASE)
_SECRET_NAME = re.compile(r"(?![0-9a-f-]{36}$)[\w/+=.@-]{1,512}", re.ASCII)
# A variable whose value is the name of a parameter. Without SSM in its name, only a path is certainly one.
_PARAMETER_VARIABLE = re.compile(r"(?:^|_)PARAM(?:ETER)?(?:_(?:NAME|PATH|ARN))?$", re.IGNORECASE)
_ABOUT_SECRET = re.compile(r"(?:^|_)(?:SECRET|PASSWORD|PASSPHRASE|TOKEN|KEY|CREDENTIALS?)_", re.IGNORECASE)
_SSM = re.compile(r"(?:^|_)SSM_", re.IGNORECASE)
_PARAMETER_NAME = re.compile(r"/?[\w.-]+(?:/[\w.-]+)*", re.ASCII)
_SECRET_ARN = re.compile(r"(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[\w/+=.@-]+)(?::.*)?", re.ASCII)
_PARAMETER_ARN = re.compile(r"(arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:parameter/[\w/.-]+)(?::.*)?", re.ASCII)
# Secrets Manager appends a hyphen and six random characters to the name of a secret.
_RANDOM_SUFFIX, _ANY_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$"), "-??????"


@dataclass(frozen=True)
class SecretReference:
    """A secret or parameter that an environment variable names."""

    noun: str
    arn: str
    """The ARN; `??????` stands for the random characters at the end of the ARN of a secret."""
    actions: tuple[str, ...]
    """The IAM actions that read it. One of them is enough, usually the first."""
    service: str
    """The first label of the host name of its service."""


def secret_reference(names: EnvironmentNames, variable: str, value: str) -> SecretReference | None:
    """Return what a variable refers to, or None. A name without an ARN is in the account and region of `names`."""
    if match := _SECRET_ARN.fullmatch(value):
        suffix = "" if _RANDOM_SUFFIX.search(match[1]) else _ANY_SUFFIX
        return _secret(f"{match[1]}{suffix}")
    if match := _PARAMETER_ARN.fullmatch(value):
        return _parameter(match[1])
    if _SECRET_VARIABLE.search(variable) and _SECRET_NAME.fullmatch(value):
        return _secret(names.arn("secretsmanager", f"secret:{value}{_ANY_SUFFIX}"))
    if _PARAMETER_VARIABLE.search(variable) and _PARAMETER_NAME.fullmatch(value):
        is_path_of_secret = value.startswith("/") and _ABOUT_SECRET.search(variable)
        if is_path_of_secret or _SSM.search(variable):
            return _parameter(names.arn("ssm", f"parameter/{value.removeprefix('/')}"))
    return None


def _secret(arn: str) -> SecretReference:
    return SecretReference("secret", arn, ("secretsmanager:GetSecretValue",), "secretsmanager")


def _parameter(arn: str) -> SecretReference:
    actions = ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath")
    return SecretReference("parameter", arn, actions, "ssm")
