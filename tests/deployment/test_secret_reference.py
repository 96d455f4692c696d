"""Variables that name a secret or a parameter."""

import pytest

from protected_endpoints.deployment.secret_reference import secret_reference
from tests.loading.support import deployment

_SCOPE = "us-west-2:111122223333"
_SECRET, _PARAMETER = f"arn:aws:secretsmanager:{_SCOPE}:secret:", f"arn:aws:ssm:{_SCOPE}:parameter/"
_OTHER = "arn:aws:secretsmanager:eu-west-1:999988887777:secret:"


@pytest.mark.parametrize(
    ("variable", "value", "arn"),
    [
        ("X", f"{_SECRET}hf/token-AbCdEf", f"{_SECRET}hf/token-AbCdEf"),
        ("X", f"{_SECRET}hf/token-AbCdEf:username::", f"{_SECRET}hf/token-AbCdEf"),
        ("X", f"{_OTHER}hf", f"{_OTHER}hf-??????"),
        ("SECRET_NAME", "hf/token", f"{_SECRET}hf/token-??????"),
        ("HF_TOKEN_SECRET_NAME", "hf_token", f"{_SECRET}hf_token-??????"),
        ("db_secret_id", "db@prod", f"{_SECRET}db@prod-??????"),
        ("SECRETS_MANAGER_NAME", "db", f"{_SECRET}db-??????"),
        ("X", f"{_PARAMETER}acme/db", f"{_PARAMETER}acme/db"),
        ("X", f"{_PARAMETER}acme/db:3", f"{_PARAMETER}acme/db"),
        ("DB_PASSWORD_PARAMETER", "/acme/db", f"{_PARAMETER}acme/db"),
        ("API_KEY_PARAM_NAME", "/acme/key", f"{_PARAMETER}acme/key"),
        ("SSM_PARAMETER", "token", f"{_PARAMETER}token"),
        ("SSM_CONFIG_PARAMETER_PATH", "/acme/config", f"{_PARAMETER}acme/config"),
    ],
)
def test_a_reference_has_the_arn_of_what_it_names(variable: str, value: str, arn: str) -> None:
    reference = secret_reference(deployment().names, variable, value)
    assert reference is not None
    assert reference.arn == arn


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KEY_FIELD", "id"),
        ("AUTH_MODE", "iam"),
        ("SECRET_NAME", "two words"),
        ("CLIENT_SECRET_ID", "1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("TOKEN_PARAMETER", "max_tokens"),
        ("MODEL_PARAMETER", "/opt/ml/model"),
        ("SSM_ENABLED", "true"),
        ("SECRET_NAMESPACE", "hf"),
        ("ROLE", "arn:aws:iam::111122223333:role/secret"),
        ("KEY", f"arn:aws:kms:{_SCOPE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ],
)
def test_a_variable_that_only_might_be_a_reference_is_none(variable: str, value: str) -> None:
    assert secret_reference(deployment().names, variable, value) is None
