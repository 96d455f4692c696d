"""Detect credentials by name and by shape, so that they are neither deployed in plaintext nor printed.

The shapes are those that issuers publish for secret scanners. A value without a shape of its own, such as the 40
characters of an AWS secret access key, counts only if its name gives a hint: digests look the same.
"""

import re

HIDDEN = "(hidden)"

_NAMES = (
    r"SECRET|(?:PG)?PASSWORD|PASSWD|PASSPHRASE|TOKEN|CREDENTIALS?"
    r"|API_?KEY|LICENSE_?KEY|PRIVATE_?KEY|ACCESS_?KEY(?:_ID)?"
)
# A name that counts only in a review. `AUTH` alone often names a mode, such as AUTH=enabled, which endpoints.toml may
# set; a review never shows the value, so that the name has to decide.
_NAME_IN_REVIEW = "AUTH"
# Last words of a name that say that the value is about the secret: where it is, what it is called, how long it lasts.
_ABOUT = (
    "ALGORITHM|ALIAS|ARN|AUDIENCE|AUTHORIZATION|BACKEND|BUDGET|COLUMN|COUNT|DAYS|DIR|DIRECTORY|ENABLED|ENDPOINT"
    "|EXPIRATION|EXPIRY|FIELD|FILE|FILENAME|FOLDER|FORMAT|HEADER|HOST|HOURS|ID|INDEX|ISSUER|KIND|LEN|LENGTH|LEVEL|LIMIT"
    "|LOCATION|MINUTES|MODE|MODEL|NAME|OVERLAP|PARAM|PARAMETER|PATH|PATTERN|POLICY|POOLING|PORT|PREFIX|PROBABILITY"
    "|PROVIDER|RATE|REGEX|REGION|REQUIRED|ROTATION|SCOPE|SECONDS|SIZE|SOURCE|STORE|STRATEGY|STREAMING|SUFFIX|THRESHOLD"
    "|TIMEOUT|TTL|TYPE|URI|URL|USAGE|VERSION|WINDOW"
)
_ABOUT_A_SECRET = re.compile(
    rf"_(?:{_ABOUT})S?$(?<!ACCESS_KEY_ID)(?<!ACCESSKEY_ID)"  # the ID of an AWS access key is a part of the credential
    r"|(?:^|_)(?:USE|ENABLE|DISABLE|REQUIRE|ALLOW|SKIP|IGNORE|RETURN|ADD)_(?:[A-Z0-9]+_){0,2}TOKEN$"  # a switch
    r"|(?:^|_)(?:MAX|MIN|NUM|PER|TOTAL|AVG)_(?:[A-Z0-9]+_){0,2}TOKEN(?:_|$)"  # a number of tokens of a model
    r"|^GOOGLE_APPLICATION_CREDENTIALS$",  # the path of a file
    re.IGNORECASE,
)
# HashiCorp Vault's AppRole calls the credential itself a secret ID.
_VAULT_SECRET_ID = re.compile(r"(?:^|_)(?:VAULT|APPROLE)_(?:\w+_)?SECRET_ID$", re.IGNORECASE)
# Tokens of a tokenizer's vocabulary, such as "</s>" or "<|end_of_text|>".
_VOCABULARY_TOKEN = re.compile(
    r"(?:^|_)(?:PAD|PADDING|BOS|EOS|UNK|CLS|SEP|MASK|STOP|START|END|BEGIN|IMAGE|AUDIO|VIDEO|SPECIAL|EOT|EOM|THINK)_TOKEN$",
    re.IGNORECASE,
)
_MAX_VOCABULARY_TOKEN = 32  # characters
# Values that are no credentials whatever the name says: nothing, a switch, a fraction.
_SETTING = re.compile(r"|[01]|true|false|yes|no|on|off|none|null|(?:enable|disable)d?|[01]?\.[0-9]+", re.IGNORECASE)
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:")
_HINT = re.compile(r"AWS|S3|SECRET|KEY|CREDENTIAL|CREDS", re.IGNORECASE)
_AWS_SECRET_KEY = re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])[A-Za-z0-9/+]{40}")
_PRIVATE_KEY = r"-----BEGIN [A-Z ]*PRIVATE KEY"
_TOKENS = (
    r"(?:A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}"  # AWS access key ID
    r"|gh[pousr]_\w{36}|github_pat_\w{22,}"  # GitHub
    r"|glpat-[\w-]{20}"  # GitLab
    r"|hf_\w{30}"  # Hugging Face
    r"|xox[abprs]-[\w-]{10}"  # Slack
    r"|AIza[\w-]{35}"  # Google
    r"|[rs]k_live_\w{16}"  # Stripe
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{10}"  # JSON web token
    r"|sk-(?:ant|proj|svcacct|admin)-[\w-]{20}|sk-(?=[A-Za-z]*[0-9])[A-Za-z0-9]{32}"  # Anthropic, OpenAI
    r"|npm_[A-Za-z0-9]{36}|pypi-[\w-]{50}"  # package registries
)
# A password in a URL, unless it is a placeholder.
_URL_PASSWORD = r"[a-z][a-z0-9+.-]*://[^/\s:@?#]*:(?![$<{])[^/\s@?#]+@"  # noqa: S105  reason: a pattern, not a password

_SECRET_NAME = re.compile(rf"(?:^|_)(?:{_NAMES})(?:_|$)|_PWD$", re.IGNORECASE)
_AUTH_NAME = re.compile(rf"(?:^|_){_NAME_IN_REVIEW}$", re.IGNORECASE)
_SECRET_VALUE = re.compile(rf"(?<![A-Za-z0-9])(?:{_PRIVATE_KEY}|{_TOKENS}|{_URL_PASSWORD})")
# Everything that is hidden in a text: the shapes with the rest of their characters, shorter tokens, and the values
# behind `Bearer`, `password=` and the like. A token may follow an escape of JSON, such as \n.
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt])|(?<=\\u[0-9a-f]{4}))"
_SECRET_TEXT = re.compile(
    rf"{_PRIVATE_KEY}.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    rf"|{_START}(?:{_URL_PASSWORD}|(?:{_TOKENS}|gh[pousr]_[A-Za-z0-9]{{20}}|hf_[A-Za-z0-9]{{20}})[\w.~+/=-]*)"
    r"|://[^/\s:@]*:[^/\s@]+@"
    rf"|{_START}(?i:bearer|basic)\s+(?i:[a-z0-9+/=._~-]{{8,}})"
    rf"|(?P<name>(?i:{_NAMES}|\b{_NAME_IN_REVIEW})[\\\"']*\s*[=:]\s*[\\\"']*)(?:[^\s,;&\"'\\]|\\(?![\"'])){{4,}}",
    re.DOTALL,
)
# Every match of the pattern above has one of these in it, in some case: to look for them takes a tenth of the time.
# A shape that is added above needs its sign here as well, or it is not hidden.
_SIGNS = (
    *("-----begin", "@", "bearer", "basic", "secret", "passw", "passphrase", "token", "credential", "auth"),
    *("apikey", "api_key", "licensekey", "license_key", "privatekey", "private_key", "accesskey", "access_key"),
    *("a3t", "akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "hf_", "xox", "aiza"),
    *("k_live_", "eyj", "sk-", "npm_", "pypi-"),
)


def looks_secret(name: str, value: str) -> bool:
    """Return whether a value has the shape of a credential, or its name says that it is one.

    The name does not count for an ARN, which is the reference to a secret, for a token of a tokenizer, and for a
    value that only switches something.
    """
    if _SECRET_VALUE.search(value) or (_HINT.search(name) and _AWS_SECRET_KEY.fullmatch(value)):
        return True
    is_vocabulary = _VOCABULARY_TOKEN.search(name) and len(value) <= _MAX_VOCABULARY_TOKEN
    is_setting = _SETTING.fullmatch(value)
    return is_secret_name(name) and not is_vocabulary and not is_setting and not _ARN.match(value)


def is_auth_name(name: str) -> bool:
    """Return whether a name ends with `AUTH`, which can be a credential as well as a mode."""
    return bool(_AUTH_NAME.search(name))


def is_secret_name(name: str) -> bool:
    """Return whether a name says that its value is a credential."""
    is_about_secret = _ABOUT_A_SECRET.search(name) and not _VAULT_SECRET_ID.search(name)
    return bool(_SECRET_NAME.search(name)) and not is_about_secret


def redact(text: str) -> str:
    """Return a text in which `HIDDEN` replaces every credential; the name before a value stays."""
    lower = text.lower()
    # Beyond ASCII, a pattern matches other letters as well: with IGNORECASE, `\u017f` is an `s`.
    if text.isascii() and not any(sign in lower for sign in _SIGNS):
        return text
    return _SECRET_TEXT.sub(lambda match: f"{match['name'] or ''}{HIDDEN}", text)
