"""Recognise what looks like a credential, so that it is neither deployed in clear nor printed."""

import re

_SECRET_NAME = re.compile(
    r"(^|_)(SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY(_ID)?|CREDENTIALS?)(_|$)",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"(A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_\w{36}|hf_\w{30}"
)


def looks_secret(name: str, value: str) -> bool:
    """Return whether a name or a value looks like that of a credential."""
    return bool(_SECRET_NAME.search(name) or _SECRET_VALUE.search(value))
