"""What Terraform will make for an endpoint."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from protected_endpoints.deployment import Deployment

_NAMES = ("name", "bucket", "policy_arn", "role_name")
_REFERENCE = re.compile(r"\$\{(\w+\.[\w-]+)\.\w+\}")


def made(deployment: Deployment) -> list[tuple[str, str]]:
    """Return the address and the name of every resource of the stack, as it is synthesized."""
    # CDKTF starts Node, so it is loaded only here, and after what makes it quick.
    import protected_endpoints.bindings  # noqa: F401  reason: see above

    # isort: split
    from cdktf import App

    from protected_endpoints.stacks.endpoint import EndpointStack

    with tempfile.TemporaryDirectory() as outdir:
        app = App(outdir=outdir)
        EndpointStack(app, deployment.names.stack, deployment=deployment)
        app.synth()
        file = Path(outdir, "stacks", deployment.names.stack, "cdk.tf.json")
        resources = json.loads(file.read_text(encoding="utf-8"))["resource"]
    return [
        (f"{kind}.{id_}", _name(each))
        for kind, by_id in sorted(resources.items())
        for id_, each in sorted(by_id.items())
        if each.get("count") != 0
    ]


def _name(resource: dict[str, Any]) -> str:
    """Return the name that AWS will know, or whose part the resource is."""
    if "name_prefix" in resource:
        return f"{resource['name_prefix']}…"
    name = next((str(resource[key]) for key in _NAMES if key in resource), "")
    return _REFERENCE.sub(r"of \1", name)
