"""Whether a stack has the state and the tags of its name, and not those of another stack.

A stack with the state of another one would delete what that state contains, and the policies of deployers identify what
they may change by the tags `project`, `environment` and `endpoint`.
"""

from collections.abc import Iterator
from typing import Any

from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.plan.values import Json, as_dict, first_block

_SHARED = ("audit", "network", "operations", "state")  # the stacks of an environment without an endpoint


def own_stack_problems(stack: object, name: str) -> Iterator[NotAdmitted]:
    """Yield the place of the state and the tags of a stack that belong to a stack of another name."""
    if not isinstance(stack, dict):
        return  # the shape of a stack is another problem
    provider = first_block(as_dict(stack.get("provider")).get("aws"))
    tags = as_dict(first_block(provider.get("default_tags")).get("tags"))
    environment, endpoint = tags.get("environment"), tags.get("endpoint")
    if name not in {f"{environment}-{end}" for end in ([endpoint] if "endpoint" in tags else _SHARED)}:
        message = f"must have the `environment` and `endpoint` of the stack {code(name)}"
        yield NotAdmitted("provider", "aws.default_tags.tags", message)
    for argument, actual, expected in _states(as_dict(stack.get("terraform")), name, tags.get("project")):
        if actual != expected:
            yield NotAdmitted("terraform", argument, f"must be {code(expected)}, the state of this stack")


def _states(terraform: Json, name: str, project: object) -> Iterator[tuple[str, Any, str]]:
    """Yield the arguments that decide where the state is, each with what this project writes."""
    backend = as_dict(terraform.get("backend"))
    if "local" in backend:
        path = as_dict(backend["local"]).get("path")
        yield "backend.local.path", path, f"../../../terraform.{name}.tfstate"
    if "s3" in backend:
        yield "backend.s3.key", as_dict(backend["s3"]).get("key"), f"{project}/{name}.tfstate"
    if "cloud" in terraform:
        workspace = as_dict(as_dict(terraform["cloud"]).get("workspaces")).get("name")
        yield "cloud.workspaces.name", workspace, f"{project}-{name}"


def manifest_problems(manifest: object) -> Iterator[NotAdmitted]:
    """Yield the stacks of a manifest whose folder is that of another stack, or outside of `stacks`."""
    for name, stack in as_dict(as_dict(manifest).get("stacks")).items():
        folder = f"stacks/{name}"
        expected = {"name": name, "workingDirectory": folder, "synthesizedStackPath": f"{folder}/cdk.tf.json"}
        for key, value in expected.items():
            if as_dict(stack).get(key) != value:
                yield NotAdmitted("manifest.json", f"stacks.{name}.{key}", f"must be {code(value)}")
