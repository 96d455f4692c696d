"""Refuse to run Terraform where it would use another state than the stack's and create resources a second time."""

import json
import os
import re
from pathlib import Path

from protected_endpoints.commands.terraform import terraform_program
from protected_endpoints.errors import CommandError

# Environment variables of Terraform that select another state than the configuration does, or its working data.
_SELECT_A_STATE = ("TF_WORKSPACE", "TF_DATA_DIR")
_OPTIONS_OF_STATE = re.compile(r"(^|\s)--?(state|state-out|backend|backend-config)\b")
_UNSAVED = "errored.tfstate"


def refuse_other_states() -> None:
    """Raise `CommandError` for an environment variable with which Terraform uses another state than the stack's."""
    for name, value in sorted(os.environ.items()):
        selects = name in _SELECT_A_STATE and value
        if selects or (name.startswith("TF_CLI_ARGS") and _OPTIONS_OF_STATE.search(value)):
            raise CommandError(
                f"{name}: selects another state than the stack's, got {json.dumps(value)}; run: unset {name}"
            )


def refuse_unsaved_states(folder: Path) -> None:
    """Raise `CommandError` for each state in a folder that Terraform could not save, with the commands that save it.

    Terraform writes the file into its working folder if credentials expired, a disk was full or S3 refused. It is the
    only record of the resources that were created last, and `cdktf synth` deletes the folder of a removed stack.
    """
    if unsaved := sorted(folder.rglob(_UNSAVED)):
        raise CommandError("\n".join(map(_message, unsaved)))


def _message(file: Path) -> str:
    terraform = f"{terraform_program()} -chdir={file.parent}"
    return (
        f"{file}: contains the only record of created resources, because Terraform could not save the state; save it "
        f"with valid credentials: {terraform} init && {terraform} state push {_UNSAVED} && rm {file}\n"
        f'  if that prints "Lock Info", release the lock of the failed apply and retry: {terraform} force-unlock ID'
    )
