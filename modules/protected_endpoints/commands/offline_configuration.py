"""Change the Terraform JSON of a stack so that it can be planned without an AWS account."""

import json
import os
import re
from typing import Any

from protected_endpoints.commands.registry_mirror import mirrored_version

# The provider sends AWS no request with these; the account check needs an answer, so it is removed as well.
_OFFLINE_PROVIDER = {
    "allowed_account_ids": None,
    "access_key": "offline",
    "secret_key": "offline",
    "skip_credentials_validation": True,
    "skip_requesting_account_id": True,
    "skip_metadata_api_check": "true",
    "skip_region_validation": True,
}
# Data sources have no result without AWS.
_STAND_INS: dict[str, str | list[str]] = {
    "aws_ec2_managed_prefix_list": "pl-00000000",
    "aws_security_group": "sg-00000000",
    "aws_vpc": ["10.0.0.0/16"],
}


def offline_stack(stack: str) -> str:
    """Return the Terraform JSON of a stack with stand-ins for its data sources."""
    content = json.loads(stack)
    content.pop("data", None)
    return json.dumps(_with_stand_ins(content))


def offline_override() -> str:
    """Return an override file with which Terraform plans a stack against an empty state, without AWS."""
    terraform: dict[str, Any] = {"backend": {"local": {}}}
    if version := mirrored_version():
        terraform["required_providers"] = {"aws": {"source": "aws", "version": version}}
    return json.dumps({"terraform": terraform, "provider": {"aws": [_OFFLINE_PROVIDER]}})


def clear_aws_settings() -> None:
    """Remove every AWS setting from this process, so that no account and no credentials of this machine are used."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        os.environ[name] = os.devnull
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"


def _with_stand_ins(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _with_stand_ins(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_stand_ins(item) for item in node]
    if isinstance(node, str) and (reference := re.fullmatch(r"\$\{data\.(\w+)\..+\}", node)):
        return _STAND_INS[reference[1]]
    return node
