"""Values that look like credentials are recognized, and the usual environment of a container is not."""

import pytest

from protected_endpoints.secret_scan import HIDDEN, is_auth_name, looks_secret, redact

_AWS_SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105  reason: the example of AWS's documentation

# Each with a similar value that is harmless.
PAIRS = [
    ("AKIA" + "IOSFODNN7EXAMPLE", "AKIA-IOSFODNN7"),  # AWS access key id
    ("ASIA" + "IOSFODNN7EXAMPLE", "ASIA PACIFIC SINGAPORE"),
    ("-----BEGIN RSA PRIVATE KEY", "-----BEGIN PUBLIC KEY"),
    ("-----BEGIN PRIVATE KEY", "-----BEGIN CERTIFICATE"),
    ("ghp_" + "x" * 36, "ghp_x"),  # GitHub
    ("github_pat_" + "1" * 22, "github_pat_format"),
    ("glpat-" + "x" * 20, "glpat-x"),  # GitLab
    ("hf_" + "x" * 30, "hf_transformers"),  # Hugging Face
    ("xoxb-" + "1" * 12 + "-x", "xoxo-hugs-and-kisses"),  # Slack
    ("xoxp-" + "1" * 12, "xoxp-1"),
    ("AIza" + "S" * 35, "AIza"),  # Google
    ("sk_live_" + "4" * 24, "sk_test_" + "4" * 24),  # Stripe; a key for tests moves no money
    ("rk_live_" + "4" * 24, "risk_live_" + "4" * 24),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl", "eyJhbGciOiJIUzI1NiJ9"),  # JSON web token
    ("sk-" + "a1B2" * 12, "sk-learn"),  # OpenAI
    ("sk-proj-" + "a1_-" * 12, "sk-learn-model-of-the-customer-segments"),
    ("sk-ant-api03-" + "a1_-" * 12, "disk-" + "a1B2" * 12),  # Anthropic
    ("npm_" + "x" * 36, "npm_config_cache"),
    ("pypi-AgEIcHlwaS5vcmc" + "x" * 50, "pypi-mirror.internal"),
    ("postgres://app:hunter2@db.internal:5432/features", "postgres://db.internal:5432/features"),
    ("redis://:hunter2@cache.internal", "redis://cache.internal:6379/0"),
    ("https://user:hunter2@example.com/x", "https://user@example.com/x?q=a:b@c"),
    ("mysql://app:hunter2@db", "mysql://app:${PASSWORD}@db"),
]
_EACH = pytest.mark.parametrize(("secret", "harmless"), PAIRS)

_DIGEST = "0123456789abcdef" * 4
ORDINARY = {
    "SAGEMAKER_PROGRAM": "inference.py",
    "SAGEMAKER_SUBMIT_DIRECTORY": "s3://my-bucket/code/sourcedir.tar.gz",
    "SAGEMAKER_CONTAINER_LOG_LEVEL": "20",
    "SAGEMAKER_REGION": "us-west-2",
    "SAGEMAKER_MODEL_SERVER_TIMEOUT": "3600",
    "HF_MODEL_ID": "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
    "HF_TASK": "question-answering",
    "HF_MODEL_REVISION": "86b5e0934494bd15c9632b12f734a8a67f723594",
    "MODEL_S3_URI": "s3://my-bucket/models/Customer+Segments/2024/01/01/model.tar.gz",
    "S3_KEY": "models/Customer/Segments/2024/model.tar.gz",
    "MODEL_KEY_SHA1": "86b5e0934494bd15c9632b12f734a8a67f723594",
    "AWS_IMAGE_DIGEST": f"sha256:{_DIGEST}",
    "IMAGE": f"174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans@sha256:{_DIGEST}",
    "ROLE": "arn:aws:iam::111122223333:role/checkout-api",
    "MAX_TOKENS": "4096",
    "TS_DISABLE_TOKEN_AUTHORIZATION": "true",
    "USE_SHORT_LIVED_CREDENTIALS": "1",
    "TOKEN_CLASSIFICATION_MODEL": "ner",
    "TOKEN_POOLING": "mean",
    "TOKEN_OVERLAP": "64",
    "TOKEN_MERGE_RATIO": "0.5",
    "PASSWORD_DETECTION": "enabled",
    "HF_TOKEN": "",
    "TOKENIZER": "bpe",
    "TOKENIZERS_PARALLELISM": "false",
    "SECRETARY": "x",
    "KEYWORDS": "a,b",
    "OPTION_ROLLING_BATCH": "vllm",
    "TS_CONFIG": '{"models": {"kmeans": {"1.0": {"minWorkers": 1, "batchSize": 8}}}, "url": "http://0.0.0.0:8080"}',
    "SERVING_LOAD_MODELS": "test::Python=/opt/ml/model",
    "MMS_DEFAULT_WORKERS_PER_MODEL": "1",
    "ENDPOINT": "https://runtime.sagemaker.us-west-2.amazonaws.com:443/endpoints/a",
    "CONTACT": "mailto:team@example.com",
    "FORMAT": "${time} %{level}",
}


@_EACH
def test_a_credential_looks_secret_anywhere_in_a_value(secret: str, harmless: str) -> None:
    for value in (secret, f'{{"setting": "{secret}"}}', f"--option={secret}"):
        assert looks_secret("SETTING", value)


@_EACH
def test_a_similar_value_does_not_look_secret(secret: str, harmless: str) -> None:
    assert not looks_secret("SETTING", harmless)


@pytest.mark.parametrize(("name", "value"), ORDINARY.items())
def test_the_usual_environment_of_a_container_does_not_look_secret(name: str, value: str) -> None:
    assert not looks_secret(name, value)


NAMES = (
    "DB_PASSWORD",
    "PASSPHRASE",
    "hf_token",
    "APIKEY",
    "API_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "CLIENT_SECRET",
    "CREDENTIALS",
)
# Variables of containers and of libraries in them, whose values are credentials.
SECRET_NAMES = (
    *NAMES,
    "AWS_SESSION_TOKEN",
    "S3_ACCESS_KEY",
    "HF_TOKEN",
    "HF_API_TOKEN",
    "HUGGING_FACE_HUB_TOKEN",
    "HUGGINGFACEHUB_API_TOKEN",
    "OPTION_HF_TOKEN",
    "SM_VLLM_API_KEY",
    "VLLM_API_KEY",
    "SGLANG_API_KEY",
    "NGC_API_KEY",
    "NVIDIA_API_KEY",
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "LANGCHAIN_API_KEY",
    "PINECONE_API_KEY",
    "WANDB_API_KEY",
    "COMET_API_KEY",
    "NEPTUNE_API_TOKEN",
    "MLFLOW_TRACKING_TOKEN",
    "MLFLOW_TRACKING_PASSWORD",
    "DATABRICKS_TOKEN",
    "SNOWFLAKE_PRIVATE_KEY",
    "PGPASSWORD",
    "MYSQL_PWD",
    "REDIS_PASSWORD",
    "DD_API_KEY",
    "NEW_RELIC_LICENSE_KEY",
    "GITHUB_TOKEN",
    "AZURE_CLIENT_SECRET",
    "GOOGLE_API_KEY",
    "VAULT_TOKEN",
    "VAULT_SECRET_ID",
    "JWT_SECRET",
    "SECRET_VALUE",
    "TOKEN_PROD",
    "MIN_IO_SERVER_ADMIN_TOKEN",
    "PASSWORD_1",
)
# Variables that have a word of a secret in their names and are none: numbers and texts of tokens, references, settings.
HARMLESS = {
    "PAD_TOKEN": "0",
    "BOS_TOKEN": "<s>",
    "EOS_TOKEN": "<|end_of_text|>",
    "UNK_TOKEN": "[UNK]",
    "MASK_TOKEN": "<mask>",
    "VIDEO_PAD_TOKEN": "<|video_pad|>",
    "EOS_TOKEN_ID": "2",
    "OPTION_STOP_TOKEN_IDS": "[128001]",
    "TOKEN_LIMIT": "5",
    "MAX_TOKEN": "512",
    "MAX_OUTPUT_TOKEN": "512",
    "MAX_TOKEN_PER_BATCH": "512",
    "MAX_TOTAL_TOKENS": "4096",
    "MAX_BATCH_PREFILL_TOKENS": "4096",
    "SM_VLLM_MAX_NUM_BATCHED_TOKENS": "8192",
    "PRICE_PER_TOKEN": "0.002",
    "TOKEN_COUNT": "5",
    "TOKEN_TYPE": "bearer",
    "TOKEN_TTL": "3600",
    "RETURN_FULL_TOKEN": "true",
    "USE_AUTH_TOKEN": "false",
    "VLLM_API_KEY_HEADER": "x-api-key",
    "API_KEY_HEADER_NAME": "x-api-key",
    "API_KEY_REQUIRED": "true",
    "KEY_FIELD": "id",
    "PASSWORD_FIELD": "pw",
    "PASSWORD_LENGTH": "12",
    "PASSWORD_FILE": "/run/secrets/db",
    "HF_TOKEN_PATH": "/opt/ml/model/token",
    "AWS_SHARED_CREDENTIALS_FILE": "/tmp/aws",  # noqa: S108  reason: a value of a test
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials",
    "GOOGLE_APPLICATION_CREDENTIALS": "/opt/ml/model/gcp.json",
    "OAUTH_TOKEN_URL": "https://login.example.com/token",
    "HF_TOKEN_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:111122223333:secret:hf-AbCdEf",
    "HF_TOKEN": "arn:aws:secretsmanager:us-east-1:111122223333:secret:hf-AbCdEf",
    "DB_PASSWORD_PARAMETER": "/acme/db/password",
    "SECRET_NAME": "hf/token",
    "SECRET_ID": "hf/token",
    "SECRETS_MANAGER_REGION": "us-east-1",
    "CREDENTIAL_PROVIDER": "sagemaker",
    "AUTH_MODE": "iam",
    "SPECIAL_TOKENS": "a",
    "OPTION_TOKENIZER": "x",
    "TOKENIZER_MODE": "auto",
}


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_the_name_alone_can_look_secret(name: str) -> None:
    assert looks_secret(name, "x")


@pytest.mark.parametrize(("name", "value"), HARMLESS.items())
def test_a_name_about_a_secret_does_not_look_secret(name: str, value: str) -> None:
    assert not looks_secret(name, value)


@pytest.mark.parametrize("name", HARMLESS)
def test_the_shape_of_a_value_counts_whatever_its_name_says(name: str) -> None:
    assert looks_secret(name, "hf_" + "x" * 30)


def test_a_long_value_is_no_token_of_a_vocabulary() -> None:
    assert not looks_secret("EOS_TOKEN", "x" * 32)
    assert looks_secret("EOS_TOKEN", "x" * 33)


@pytest.mark.parametrize("name", ["REGISTRY_AUTH", "auth"])
def test_auth_is_a_secret_name_only_in_a_review(name: str) -> None:
    assert is_auth_name(name)
    assert not looks_secret(name, "enabled")


@pytest.mark.parametrize("name", [*ORDINARY, *HARMLESS])
def test_the_usual_names_are_no_auth_names(name: str) -> None:
    assert not is_auth_name(name)


@pytest.mark.parametrize("name", ["AWS_S", "s3key", "MY_CREDS", "UPLOAD_KEY"])
def test_forty_characters_are_an_aws_secret_key_where_the_name_hints_at_it(name: str) -> None:
    assert looks_secret(name, _AWS_SECRET_KEY)
    assert not looks_secret("MODEL", _AWS_SECRET_KEY)
    for other in (_AWS_SECRET_KEY[1:], f"{_AWS_SECRET_KEY}x", _AWS_SECRET_KEY.lower(), "-".join(_AWS_SECRET_KEY)):
        assert not looks_secret(name, other)


# Texts that are hidden although no shape tells synth that the value is a credential.
TEXTS = (
    "Bearer abcdefghijkl",
    "Basic dXNlcjpodW50ZXIy",
    "ghp_abcdefghijklmnopqrstuv",  # a part of a token
    "https://user:$ecretword@host/x",
    "password=hunter2hunter2",
    r"password=h\u\n\t\er2",
    "db_password: hunter2hunter2",
    '"api_key": "hunter2hunter2"',
    r"\"passphrase\": \"hunter2hunter2\"",
    f"AWS_SECRET_ACCESS_KEY={_AWS_SECRET_KEY}",
    # Each shape on its own, without a sign of another one.
    *(f"{kind}_{'x' * 36}" for kind in ("gho", "ghu", "ghs", "ghr")),
    "A3TX" + "0123456789ABCDEF",
    "pa\u017f\u017fword=hunter2hunter2",  # in another case, a letter beyond ASCII is an s
    *(f'"{name}": "hunter2hunter2"' for name in ("auth", "Client_Secret", "token", "PASSWD", "credential")),
    *(
        f"{kind}{separator}KEY=hunter2hunter2"
        for kind in ("Api", "LICENSE", "private", "ACCESS")
        for separator in ("", "_")
    ),
)
SECRETS = [secret for secret, _ in PAIRS]


@pytest.mark.parametrize("secret", [*SECRETS, *TEXTS])
@pytest.mark.parametrize("around", ["{}", "before {} after", '{{"setting": "{}"}}', "--option={}", r"line\n{}\u001b"])
def test_a_credential_is_redacted_anywhere_in_a_text(secret: str, around: str) -> None:
    text = redact(around.format(secret))
    assert HIDDEN in text
    assert secret not in text
    assert "hunter2" not in text


@pytest.mark.parametrize("secret", SECRETS)
def test_the_rest_of_a_token_is_redacted_as_well(secret: str) -> None:
    whole = f"{secret}-----\nMIIEvAIBADAN\n-----END PRIVATE KEY-----" if "BEGIN" in secret else f"{secret}MIIEvAIBADAN"
    if "://" not in secret:
        assert "MIIEvAIBADAN" not in redact(whole)


@pytest.mark.parametrize(
    "text", [*ORDINARY.values(), "kms:ViaService = s3.us-west-2.amazonaws.com", "author: somebody"]
)
def test_the_usual_values_are_not_redacted(text: str) -> None:
    assert redact(text) == text
