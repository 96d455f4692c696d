"""Recognise what looks like a credential, so that it is neither deployed in clear nor printed.

The shapes are those that the issuers publish for secret scanners. What has no shape of its own, such as the 40
characters of an AWS secret access key, counts only where the name hints at it: digests look the same.
"""

import re

_SECRET_NAME = re.compile(
    r"(^|_)(SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY(_ID)?|CREDENTIALS?)(_|$)",
    re.IGNORECASE,
)
_HINT = re.compile(r"AWS|S3|SECRET|KEY|CREDENTIAL|CREDS", re.IGNORECASE)
_AWS_SECRET_KEY = re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])[A-Za-z0-9/+]{40}")
_SECRET_VALUE = re.compile(
    r"(?<![A-Za-z0-9])("
    r"(A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}"  # AWS access key id
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|gh[pousr]_\w{36}|github_pat_\w{22,}"  # GitHub
    r"|glpat-[\w-]{20}"  # GitLab
    r"|hf_\w{30}"  # Hugging Face
    r"|xox[abprs]-[\w-]{10}"  # Slack
    r"|AIza[\w-]{35}"  # Google
    r"|[rs]k_live_\w{16}"  # Stripe
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{10}"  # JSON web token
    r"|sk-(ant|proj|svcacct|admin)-[\w-]{20}|sk-(?=[A-Za-z]*[0-9])[A-Za-z0-9]{32}"  # Anthropic, OpenAI
    r"|npm_[A-Za-z0-9]{36}|pypi-[\w-]{50}"  # package registries
    r"|[a-z][a-z0-9+.-]*://[^/\s:@?#]*:(?![$<{])[^/\s@?#]+@"  # password in a URL, unless it is a placeholder
    r")"
)


def looks_secret(name: str, value: str) -> bool:
    """Return whether a name or a value looks like that of a credential."""
    hinted = _HINT.search(name) and _AWS_SECRET_KEY.fullmatch(value)
    return bool(_SECRET_NAME.search(name) or _SECRET_VALUE.search(value) or hinted)
