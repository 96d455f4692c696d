"""Many stacks as modules of one configuration, so that Terraform starts once for all of them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from protected_endpoints.aws.provider_versions import DEFAULT_CONSTRAINT
from protected_endpoints.commands.registry_mirror import mirrored_version

Json = dict[str, Any]


def write_modules(directory: Path, stacks: Mapping[str, Json]) -> None:
    """Write each stack as the module of its name.

    All use the provider block of the first stack, because every provider block starts a process of half a second, and
    they only differ in account, Region and tags.
    """
    version = mirrored_version() or DEFAULT_CONSTRAINT
    required = {"required_providers": {"aws": {"source": "aws", "version": version}}}
    provider = next(iter(stacks.values()))["provider"]
    for name, stack in stacks.items():
        module = {**stack, "terraform": {"required_providers": {"aws": {"source": "aws"}}}}
        del module["provider"]
        (directory / name).mkdir(parents=True, exist_ok=True)
        (directory / name / "cdk.tf.json").write_text(json.dumps(module), encoding="utf-8")
    modules = {name: {"source": f"./{name}"} for name in stacks}
    root = {"terraform": required, "provider": provider, "module": modules}
    (directory / "main.tf.json").write_text(json.dumps(root), encoding="utf-8")
