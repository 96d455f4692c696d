"""Refuse what would have Terraform make things a second time, because it does not see the state that has them."""

import json
import os
import re
from pathlib import Path

from protected_endpoints.errors import CommandError

# Variables of Terraform that select another state than the one in the configuration, or where that is remembered.
_SELECT_A_STATE = ("TF_WORKSPACE", "TF_DATA_DIR")
_OPTIONS_OF_STATE = re.compile(r"(^|\s)--?(state|state-out|backend|backend-config)\b")
_UNSAVED = "errored.tfstate"


def refuse_other_states() -> None:
    """Raise `CommandError` for a variable of the environment that leads Terraform to another state than the stack's."""
    for name, value in sorted(os.environ.items()):
        selects = name in _SELECT_A_STATE and value
        if selects or (name.startswith("TF_CLI_ARGS") and _OPTIONS_OF_STATE.search(value)):
            raise CommandError(
                f"{name}: would have Terraform use another state than the stack's, got {json.dumps(value)}; "
                f"unset it: unset {name}"
            )


def refuse_unsaved_states(folder: Path) -> None:
    """Raise `CommandError` for each state in a folder that Terraform could not save, with the commands that save it.

    Terraform writes it where it ran, when credentials expired, a disk was full or S3 refused. It is the only record of
    what was made last, and `cdktf synth` removes the folder of a stack that is no longer described.
    """
    if unsaved := sorted(folder.rglob(_UNSAVED)):
        raise CommandError("\n".join(map(_save, unsaved)))


def _save(file: Path) -> str:
    terraform = f"terraform -chdir={file.parent}"
    return (
        f"{file}: is the only record of what Terraform made last, because it could not save its state; save it, with "
        f"credentials that work: {terraform} init && {terraform} state push {_UNSAVED} && rm {file}\n"
        f'  where that says "Lock Info", the apply that failed left its lock: {terraform} force-unlock ID, and again'
    )
