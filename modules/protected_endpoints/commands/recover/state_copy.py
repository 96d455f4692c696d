"""A copy of a stack and its state, in which Terraform imports without changing the state itself."""

import json
import shutil
from pathlib import Path
from typing import Any

from protected_endpoints.commands.bootstrap import NO_BUCKET
from protected_endpoints.commands.synthesized_stack import LOCKED, SynthesizedStack
from protected_endpoints.errors import CommandError

_MISSING = "Cannot import non-existent remote object"


class Copy(SynthesizedStack):
    """The stack in another folder, with a copy of its state in a file and with the providers of the stack."""

    def __init__(self, stack: SynthesizedStack, directory: Path) -> None:
        super().__init__(stack.name)
        original, self.folder = self.folder.resolve(), directory
        content = stack.content
        content["terraform"].pop("cloud", None)
        content["terraform"]["backend"] = {"local": {"path": "terraform.tfstate"}}
        self._file.write_text(json.dumps(content, indent=2))  # Terraform quotes lines of it
        if (lock := original / ".terraform.lock.hcl").is_file():
            shutil.copy(lock, directory)
        (directory / ".terraform").mkdir()
        if (providers := original / ".terraform" / "providers").is_dir():
            (directory / ".terraform" / "providers").symlink_to(providers)
        self.state = directory / "terraform.tfstate"

    def begin(self, state: str) -> None:
        """Start from a state; an empty text is no state."""
        if state.strip():
            self.state.write_text(state)
        self.init()

    def recorded(self, *, folder: Path | None = None) -> list[dict[str, Any]]:
        """Return the resources in the copy of the state, after each import without another run of Terraform."""
        state = json.loads(self.state.read_text()) if self.state.is_file() else {}
        # Terraform has to read one of an earlier format, or that OpenTofu has encrypted.
        resources: list[dict[str, Any]] | None = state.get("resources")
        return super().recorded(folder=folder) if resources is None else resources

    def imports(self, address: str, id_: str) -> bool:
        """Import the resource with an id; return whether it exists."""
        try:
            self.capture("import", "-input=false", "-no-color", address, id_)
        except CommandError as failure:
            if _MISSING in " ".join(str(failure).split()):
                return False
            raise CommandError(
                f"{failure}\n{self.name}: cannot determine whether {address} exists as {id_}, for the reason above; "
                "nothing was changed"
            ) from None
        return True


class State:
    """The state of a stack: in its backend, or a local file.

    A stack that creates the bucket of its own state starts with a local state. It is recovered there as long as the
    bucket does not contain its state: the key that encrypts the objects of the bucket may not exist yet.
    """

    def __init__(self, stack: SynthesizedStack) -> None:
        self._stack = stack
        self._pulled: str | None = None
        creates_its_bucket = _bucket(stack.content) in _declared_buckets(stack.content)
        self.is_local = creates_its_bucket and (stack.is_local or not self._is_in_bucket())
        if not self.is_local:
            stack.init()
            self._refuse_if_locked()

    def pull(self) -> str:
        """Return the state, empty where there is none."""
        self._pulled = self._read()
        return self._pulled

    def push(self, file: Path) -> None:
        """Replace the state that was pulled with a later version, unless the state has changed in between.

        Terraform compares only serials, and each import raises the serial of the copy. Without this check, an apply
        that ran while the confirmation was pending would be overwritten.
        """
        if self._read() != self._pulled:
            raise CommandError(f"{self._stack.name}: the state has changed in the meantime and was not replaced; retry")
        if self.is_local:
            shutil.copy(file, self._stack.local_state)
        else:
            self._stack.capture("state", "push", str(file.resolve()))

    def _read(self) -> str:
        if self.is_local:
            return self._stack.local_state.read_text() if self._stack.is_local else ""
        return self._stack.capture("state", "pull")

    def _is_in_bucket(self) -> bool:
        try:
            self._stack.init()
        except CommandError as failure:
            if any(text in str(failure) for text in NO_BUCKET):
                return False
            raise
        return bool(self._stack.recorded())

    def _refuse_if_locked(self) -> None:
        """Report a lock that an interrupted run left in S3 at once, and not when the state is pushed at the end."""
        try:
            self._stack.capture("state", "rm", "-dry-run", "aws_kms_key.None")
        except CommandError as failure:
            if LOCKED in str(failure):
                raise


def _bucket(content: dict[str, Any]) -> str:
    return str(content["terraform"].get("backend", {}).get("s3", {}).get("bucket", ""))


def _declared_buckets(content: dict[str, Any]) -> list[str]:
    return [bucket["bucket"] for bucket in content["resource"].get("aws_s3_bucket", {}).values() if "bucket" in bucket]
