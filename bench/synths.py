"""Measure synths of this project and of other tools that define the same resources."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.configuration import write_project
from bench.equivalence import check_cloudformation, check_terraform
from bench.installed import MAIN, ROOT, program
from bench.measure import Costs, Program, alternate

PROJECT, CDK_TERRAIN, PLAIN = "this project", "this project on CDK Terrain", "CDKTF, plain imports, one run"
JAVASCRIPT, CDK, UNCHECKED_CDK = "CDKTF in JavaScript", "AWS CDK in Python", "AWS CDK in Python, unchecked"
_OUTPUT = "cdktf.out"


def compare(folder: Path, script: Path, endpoints: int, runs: int, unmeasured: int) -> dict[str, Costs]:
    """Return the costs of a number of endpoints by tool. Raises `Different` if a tool defines other resources.

    `script` is that of CDKTF in JavaScript. The first run of each tool fills its caches.
    """
    expected = _folder(folder, endpoints, PROJECT) / _OUTPUT
    cdk: Sequence[str | Path] = [program(".venv-bench"), ROOT / "bench" / "cloudformation.py", expected, _OUTPUT]
    commands: dict[str, Sequence[str | Path]] = {
        PROJECT: [program(".venv"), MAIN],
        CDK_TERRAIN: [program(".venv-cdktn"), MAIN],
        JAVASCRIPT: ["node", script, expected, _OUTPUT],
        CDK: cdk,
        UNCHECKED_CDK: cdk,
    }
    environments = {UNCHECKED_CDK: {"CDK_VALIDATION": "false"}}
    tools = [
        Program(name, command, write_project(_folder(folder, endpoints, name), endpoints), environments.get(name, {}))
        for name, command in commands.items()
    ]
    costs = alternate(tools, runs, unmeasured=unmeasured)
    for tool in tools[1:]:
        check = check_cloudformation if tool.name in (CDK, UNCHECKED_CDK) else check_terraform
        check(expected, tool.folder / _OUTPUT)
    return costs


def plain_imports(folder: Path, sizes: Sequence[int]) -> Mapping[int, Costs]:
    """Return the costs of CDKTF as its documentation describes it, after `compare` in the same folder.

    A run takes so long that other load matters little: each number of endpoints is measured once.
    """
    tools = {
        endpoints: Program(
            PLAIN,
            [program(".venv"), MAIN],
            write_project(_folder(folder, endpoints, PLAIN), endpoints),
            {"PLAIN_BINDINGS": "1"},
        )
        for endpoints in sizes
    }
    alternate([tools[sizes[0]]], 1)  # fills the cache of jsii
    costs = {endpoints: alternate([tool], 1)[PLAIN] for endpoints, tool in tools.items()}
    for endpoints, tool in tools.items():
        check_terraform(_folder(folder, endpoints, PROJECT) / _OUTPUT, tool.folder / _OUTPUT)
    return costs


def stack_folder(folder: Path, endpoints: int, stack: str) -> Path:
    """Return a stack that `compare` synthesized with this project."""
    return _folder(folder, endpoints, PROJECT) / _OUTPUT / "stacks" / stack


def _folder(folder: Path, endpoints: int, tool: str) -> Path:
    return folder / str(endpoints) / tool.replace(" ", "-")
