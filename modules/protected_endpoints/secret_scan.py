"""Detect credentials by name and by shape, so that they are neither deployed in plaintext nor printed.

The shapes are those that issuers publish for secret scanners. A value without a shape of its own, such as the 40
characters of an AWS secret access key, counts only if its name gives a hint: digests look the same.
"""

import re

HIDDEN = "(hidden)"

_NAMES = r"SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY(?:_ID)?|CREDENTIALS?"
# Names that count only where the value cannot be seen. `AUTH` alone often names a mode, such as AUTH=enabled, which
# endpoints.toml may set; in a plan the value is hidden, so that the name has to decide.
_NAMES_WITHOUT_VALUE = "AUTH"
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

_SECRET_NAME = re.compile(rf"(?:^|_)(?:{_NAMES})(?:_|$)", re.IGNORECASE)
_SECRET_NAME_WITHOUT_VALUE = re.compile(rf"(?:^|_)(?:{_NAMES}|{_NAMES_WITHOUT_VALUE})(?:_|$)", re.IGNORECASE)
_SECRET_VALUE = re.compile(rf"(?<![A-Za-z0-9])(?:{_PRIVATE_KEY}|{_TOKENS}|{_URL_PASSWORD})")
# Everything that is hidden in a text: the shapes with the rest of their characters, shorter tokens, and the values
# behind `Bearer`, `password=` and the like. A token may follow an escape of JSON, such as \n.
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt])|(?<=\\u[0-9a-f]{4}))"
_SECRET_TEXT = re.compile(
    rf"{_PRIVATE_KEY}.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    rf"|{_START}(?:{_URL_PASSWORD}|(?:{_TOKENS}|gh[pousr]_[A-Za-z0-9]{{20}}|hf_[A-Za-z0-9]{{20}})[\w.~+/=-]*)"
    r"|://[^/\s:@]*:[^/\s@]+@"
    rf"|{_START}(?i:bearer|basic)\s+(?i:[a-z0-9+/=._~-]{{8,}})"
    rf"|(?P<name>(?i:{_NAMES}|\b{_NAMES_WITHOUT_VALUE})[\\\"']*\s*[=:]\s*[\\\"']*)(?:[^\s,;&\"'\\]|\\(?![\"'])){{4,}}",
    re.DOTALL,
)


def looks_secret(name: str, value: str) -> bool:
    """Return whether a name or a value looks like that of a credential."""
    hinted = _HINT.search(name) and _AWS_SECRET_KEY.fullmatch(value)
    return bool(_SECRET_NAME.search(name) or _SECRET_VALUE.search(value) or hinted)


def is_secret_name(name: str) -> bool:
    """Return whether a name looks like that of a credential whose value cannot be seen."""
    return bool(_SECRET_NAME_WITHOUT_VALUE.search(name))


def redact(text: str) -> str:
    """Return a text in which `HIDDEN` replaces every credential; the name before a value stays."""
    return _SECRET_TEXT.sub(lambda match: f"{match['name'] or ''}{HIDDEN}", text)
