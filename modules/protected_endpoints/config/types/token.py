"""Tokens of CDKTF: values that only Terraform knows, accepted where AWS chooses the value."""

import re
from typing import Any

from pydantic import ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator

# A file has no tokens. In one, this text would become the value of an unrelated resource.
FROM_FILE = {"from_file": True}
# In the text of every token, also of those that stand for lists, maps, or a part of a longer text.
TOKEN_MARK = "{TfToken["  # noqa: S105
_TOKEN = re.compile(r"\$\{TfToken\[TOKEN\.[0-9]+\]\}")


def is_token(value: object) -> bool:
    """Return whether a value is a token, such as `vpc.id` of a VPC that the same app creates."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def is_unknown(value: str) -> bool:
    """Return whether a valid value is a token, or the Terraform expression that a token stands for."""
    return value.startswith("${")


def _token_or_value(value: Any, validate: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    return value if info.context is not FROM_FILE and is_token(value) else validate(value)


TOKEN = WrapValidator(_token_or_value)
