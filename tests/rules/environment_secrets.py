"""Secrets in environment variables, and variables that name a secret."""

from tests.loading.support import Table
from tests.rules.pair import REASON, Pair

_PLAINTEXT = (
    "looks like a secret, and plan and state contain environment variables in plaintext; store it in AWS Secrets "
    "Manager and read it in the invoker, or in the container, which requires relax.network_isolation and a permission "
    "for secretsmanager:GetSecretValue; if it is no secret, give a reason in relax.secret_like_environment.{}"
)
_ACCOUNT = "us-west-2:111122223333"
_SECRET = f"arn:aws:secretsmanager:{_ACCOUNT}:secret:hf"
_ELSEWHERE = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hf-AbCdEf"
_RELAXED: Table = {"network_isolation": REASON}
_ISOLATED = "but an isolated container has neither network access nor credentials; read it in the invoker, or give a "
_ISOLATED += "reason in relax.network_isolation and add permissions = "


def _permission(action: str, resource: str, noun: str = "secret") -> str:
    return f'{{ actions = ["{action}"], resources = ["{resource}"], reason = "the container reads this {noun}" }}'


def _rest(name: str, service: str = "secretsmanager") -> str:
    return (
        "with a customer managed key, also allow kms:Decrypt on the key, with conditions.StringEquals = "
        f'{{ "kms:ViaService" = ["{service}.us-west-2.amazonaws.com"] }}; if the container does not read it, give a '
        f"reason in relax.secret_like_environment.{name}"
    )


def _reading(environment: Table, *resources: str, action: str = "secretsmanager:GetSecretValue") -> Table:
    """Return the example whose container has these variables, and the permission to read these resources if any."""
    permission = {"actions": [action], "resources": [*resources], "reason": REASON}
    return {"environment": environment, "relax": _RELAXED, "permissions": [permission] if resources else []}


PAIRS = [
    Pair(
        "environment-secret",  # by name; MAX_TOKENS and TOKENIZER are harmless
        passes={"environment": {"MAX_TOKENS": "9", "TOKENIZER": "bpe", "SECRETARY": "x", "HF_TASK": "x"}},
        fails={"environment": {"DB_PASSWORD": "x", "hf_token": "x", "APIKEY": "x", "AWS_ACCESS_KEY_ID": "x"}},
        messages=tuple(
            f"endpoints.kmeans.environment.{name}: {_PLAINTEXT.format(name)}"
            for name in ("DB_PASSWORD", "hf_token", "APIKEY", "AWS_ACCESS_KEY_ID")
        ),
    ),
    Pair(
        "environment-secret",  # by value
        passes={"environment": {"A": "AKIA", "B": "ghp_x", "C": "hf_x", "D": "-----BEGIN PUBLIC KEY"}},
        fails={
            "environment": {
                "A": f"AKIA{'0' * 16}",
                "B": f"ghp_{'x' * 36}",
                "C": f"hf_{'x' * 30}",
                "D": "-----BEGIN RSA PRIVATE KEY",
            }
        },
        messages=tuple(f"endpoints.kmeans.environment.{name}: {_PLAINTEXT.format(name)}" for name in "ABCD"),
    ),
    Pair(
        "environment-secret",
        passes={"environment": {"TOKEN": "x"}, "relax": {"secret_like_environment": {"TOKEN": REASON}}},
        fails={"environment": {"TOKEN": "x"}, "relax": {"image_tag": REASON}},
        messages=(f"endpoints.kmeans.environment.TOKEN: {_PLAINTEXT.format('TOKEN')}",),
    ),
    Pair(
        "environment-secret",  # a number of tokens, a header and a reference are none
        passes=_reading({"MAX_TOKEN": "9", "API_KEY_HEADER": "x", "TOKEN": f"{_SECRET}-AbCdEf"}, f"{_SECRET}-AbCdEf"),
        fails={"environment": {"MY_TOKEN": "9", "API_KEY_PROD": "x"}},
        messages=tuple(
            f"endpoints.kmeans.environment.{name}: {_PLAINTEXT.format(name)}" for name in ("MY_TOKEN", "API_KEY_PROD")
        ),
    ),
    Pair(
        "environment-secret-unreadable",  # without network access
        passes={"environment": {"KEY_FIELD": "id", "AUTH_MODE": "iam", "TOKEN_PARAMETER": "max", "SECRET_NAMES": "x"}},
        fails={"environment": {"SECRET_NAME": "hf/token"}},
        messages=(
            f"endpoints.kmeans.environment.SECRET_NAME: names a secret, {_ISOLATED}"
            f"[{_permission('secretsmanager:GetSecretValue', f'{_SECRET}/token-??????')}]; {_rest('SECRET_NAME')}",
        ),
    ),
    Pair(
        "environment-secret-unreadable",  # without network access, but with the permission
        passes=_reading({"SECRET_NAME": "hf/token"}, f"{_SECRET}/token-??????"),
        fails=_reading({"SECRET_NAME": "hf/token"}, f"{_SECRET}/token-??????") | {"relax": {}},
        messages=(
            "endpoints.kmeans.environment.SECRET_NAME: names a secret, but an isolated container has neither network "
            "access nor credentials; read it in the invoker, or give a reason in relax.network_isolation; "
            f"{_rest('SECRET_NAME')}",
        ),
    ),
    Pair(
        "environment-secret-unreadable",  # without a permission
        passes=_reading({"HF_TOKEN_SECRET_ARN": f"{_SECRET}-AbCdEf"}, f"{_SECRET}-AbCdEf"),
        fails=_reading({"HF_TOKEN_SECRET_ARN": f"{_SECRET}-AbCdEf"}),
        messages=(
            "endpoints.kmeans.environment.HF_TOKEN_SECRET_ARN: names a secret, which the execution role may not read; "
            f"add permissions = [{_permission('secretsmanager:GetSecretValue', f'{_SECRET}-AbCdEf')}]; "
            f"{_rest('HF_TOKEN_SECRET_ARN')}",
        ),
    ),
    Pair(
        "environment-secret-unreadable",  # with a permission for another secret or another action
        passes=_reading({"SECRET_ID": "hf"}, f"{_SECRET}-A1b2C3"),
        fails=_reading({"SECRET_ID": "hf"}, f"{_SECRET}/token-A1b2C3"),
        messages=(
            "endpoints.kmeans.environment.SECRET_ID: names a secret, which the execution role may not read; add "
            f"{_permission('secretsmanager:GetSecretValue', f'{_SECRET}-??????')} to permissions; "
            f"{_rest('SECRET_ID')}",
        ),
    ),
    Pair(
        "environment-secret-unreadable",
        passes=_reading({"SECRET_ID": "hf"}, f"{_SECRET}-*", action="secretsmanager:getsecretvalue"),
        fails=_reading({"SECRET_ID": "hf"}, f"{_SECRET}-*", action="secretsmanager:DescribeSecret"),
        messages=(
            "endpoints.kmeans.environment.SECRET_ID: names a secret, which the execution role may not read; add "
            f"{_permission('secretsmanager:GetSecretValue', f'{_SECRET}-??????')} to permissions; "
            f"{_rest('SECRET_ID')}",
        ),
    ),
    Pair(
        "environment-secret-unreadable",  # in another region, where KMS decrypts for Secrets Manager
        passes=_reading({"SECRET_ARN": _ELSEWHERE}, _ELSEWHERE),
        fails=_reading({"SECRET_ARN": _ELSEWHERE}),
        messages=(
            "endpoints.kmeans.environment.SECRET_ARN: names a secret, which the execution role may not read; add "
            f"permissions = [{_permission('secretsmanager:GetSecretValue', _ELSEWHERE)}]; "
            f"{_rest('SECRET_ARN').replace('us-west-2', 'eu-west-1')}",
        ),
    ),
    Pair(
        "environment-secret-unreadable",  # a parameter
        passes=_reading(
            {"DB_PASSWORD_PARAMETER": "/acme/db", "SSM_PARAMETER": "acme"},
            f"arn:aws:ssm:{_ACCOUNT}:parameter/acme*",
            action="ssm:GetParameters",
        ),
        fails=_reading({"DB_PASSWORD_PARAMETER": "/acme/db"}),
        messages=(
            "endpoints.kmeans.environment.DB_PASSWORD_PARAMETER: names a parameter, which the execution role may not "
            "read; add permissions = "
            f"[{_permission('ssm:GetParameter', f'arn:aws:ssm:{_ACCOUNT}:parameter/acme/db', 'parameter')}]; "
            f"{_rest('DB_PASSWORD_PARAMETER', 'ssm')}",
        ),
    ),
    Pair(
        "environment-secret-unreadable",  # or a reason
        passes={"environment": {"SECRET_NAME": "hf"}, "relax": {"secret_like_environment": {"SECRET_NAME": REASON}}},
        fails=_reading({"X": f"arn:aws:ssm:{_ACCOUNT}:parameter/acme/db:3"}),
        messages=(
            "endpoints.kmeans.environment.X: names a parameter, which the execution role may not read; add permissions "
            f"= [{_permission('ssm:GetParameter', f'arn:aws:ssm:{_ACCOUNT}:parameter/acme/db', 'parameter')}]; "
            f"{_rest('X', 'ssm')}",
        ),
    ),
    Pair(
        "relax-secret-like-environment-unused",
        passes={"environment": {"TOKEN": "x"}, "relax": {"secret_like_environment": {"TOKEN": REASON}}},
        fails={
            "environment": {"MAX_TOKENS": "9"},
            "relax": {"secret_like_environment": {"TOKEN": REASON, "MAX_TOKENS": REASON}},
        },
        messages=(
            "endpoints.kmeans.relax.secret_like_environment.TOKEN: has no effect, because no container has this "
            f'variable, got "{REASON}"; remove it',
            "endpoints.kmeans.relax.secret_like_environment.MAX_TOKENS: has no effect, because the variable does not "
            f'look like a secret, got "{REASON}"; remove it',
        ),
    ),
]
