"""The resources that Terraform creates for an endpoint."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from protected_endpoints.deployment import Deployment
from protected_endpoints.loading.load import Configuration

_NAMES = ("name", "alarm_name", "dashboard_name", "bucket", "policy_arn", "role_name", "resource_id")
_REFERENCE = re.compile(r"\$\{(\w+\.[\w-]+)\.\w+\}")


def list_resources(deployment: Deployment) -> list[tuple[str, str]]:
    """Return the address and the name of every resource of the synthesized stack."""
    # CDKTF starts Node.js, so it is imported only here.
    from protected_endpoints.stacks.app import synthesize

    with tempfile.TemporaryDirectory() as outdir:
        synthesize(Configuration((deployment,), networks=(), states=(), warnings=()), Path(outdir))
        file = Path(outdir, "stacks", deployment.names.stack, "cdk.tf.json")
        resources = json.loads(file.read_text(encoding="utf-8"))["resource"]
    return [
        (f"{type_}.{id_}", _name(resource))
        for type_, by_id in sorted(resources.items())
        for id_, resource in sorted(by_id.items())
        if resource.get("count") != 0
    ]


def _name(resource: dict[str, Any]) -> str:
    """Return the name of the resource in AWS, or of the resource that it is part of."""
    if "name_prefix" in resource:
        return f"{resource['name_prefix']}…"
    if "desired_state" in resource:
        return str(json.loads(resource["desired_state"])["InferenceComponentName"])
    name = next((str(resource[key]) for key in _NAMES if key in resource), "")
    return _REFERENCE.sub(r"of \1", name)
