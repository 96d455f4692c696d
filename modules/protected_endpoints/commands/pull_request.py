"""Merge a pull request into the checked-out commit as data: nothing of it is checked out, and nothing of it runs.

HEAD is a commit that was fetched into the repository of the current folder, with its history. FOLDER receives

  endpoints.toml, review.toml   as they are after the merge
  notice.md                     what people should know first, in Markdown; empty if only endpoints.toml changes
  code.tar                      all files as they are after the merge, if others than these two change

The output of the step is `code`, true or false: whether files other than these two change, so that the code of the
pull request has to synthesize what the merge deploys.

Example:
  git fetch origin refs/pull/7/head && protected-endpoints pull-request FETCH_HEAD ../pull-request

"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from protected_endpoints.commands.command_line import FILE, CommandParser
from protected_endpoints.errors import CommandError
from protected_endpoints.review.markdown import code, sanitize

_DATA = (str(FILE), "review.toml")
_REGULAR = ("100644", "100755")  # modes of Git; others are symbolic links (120000) and submodules (160000)
_MAX_BYTES = 1_000_000
_MAX_NAMES = 20
# Without filters of the machine, such as that of Git LFS, which would run for files of the pull request.
_ENVIRONMENT = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def run(arguments: Sequence[str]) -> None:
    """Write the files, and print the output of the step."""
    parser = CommandParser("pull-request", __doc__)
    parser.add_argument("head", metavar="HEAD", help="commit of the pull request")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="folder to write, which must not exist")
    parser.add_argument("--fork", action="store_true", help="the code of the pull request is not run")
    options = parser.parse_args(arguments)
    tree = _merge(options.head)
    names = _changed_files(tree)
    data = {name: content for name in _DATA if (content := _content(tree, name)) is not None}
    if _DATA[0] not in data:
        raise CommandError(f"{_DATA[0]}: deleted by the pull request; restore it")
    changes_code = any(name not in _DATA for name in names)
    try:
        options.folder.mkdir(parents=True)
        for name, content in data.items():
            (options.folder / name).write_bytes(content)
        (options.folder / "notice.md").write_text(notice(names, is_fork=options.fork), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{options.folder}: cannot be written ({error.strerror}); name a new folder") from None
    if changes_code:
        _git("archive", "--format=tar", f"--output={(options.folder / 'code.tar').absolute()}", tree)
    print(f"code={str(changes_code).lower()}")


def notice(names: Sequence[str], *, is_fork: bool) -> str:
    """Return what people should know before they read the review of a pull request that changes these files."""
    return "".join(f"{line}\n" for line in _notice(names, is_fork=is_fork))


def _notice(names: Sequence[str], *, is_fork: bool) -> Iterator[str]:
    others = [name for name in names if name not in _DATA]
    if _DATA[1] in names:
        yield "> [!IMPORTANT]"
        yield f"> This pull request changes what the review accepts: the owners of `{_DATA[1]}` must approve it."
        yield ""
    if not others:
        return
    yield "> [!CAUTION]"
    yield f"> This pull request changes code, not only `{_DATA[0]}`. The owners of these files must approve it:"
    yield ">"
    yield from (f"> * {code(name)}" for name in others[:_MAX_NAMES])
    if len(others) > _MAX_NAMES:
        yield f"> * and {len(others) - _MAX_NAMES} more"
    yield ">"
    if is_fork:
        yield "> Code of a fork is not run, so nothing is reviewed. Push the branch to this repository to review it."
    else:
        yield "> The review below shows only the stacks that this code synthesizes, and not what else it changes."
    yield ""


def _merge(head: str) -> str:
    """Return the tree that merging a commit into the checked-out one gives."""
    merged = _run("merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", "HEAD", head)
    tree, *conflicts = merged.stdout.rstrip(b"\0").split(b"\0")
    if conflicts:
        names = sanitize(", ".join(sorted({_name(name) for name in conflicts})))
        raise CommandError(f"the pull request conflicts with its base in {names}; merge the base into the branch")
    if merged.returncode:
        reason = _name(merged.stderr).strip()
        raise CommandError(f"{head}: cannot be merged ({reason}); fetch the commit with its complete history")
    return tree.decode()


def _changed_files(tree: str) -> list[str]:
    listed = _git("diff", "--name-only", "--no-renames", "-z", "HEAD", tree)
    return [_name(name) for name in listed.split(b"\0") if name]


def _content(tree: str, name: str) -> bytes | None:
    """Return the content of a file of a tree; None if it does not exist."""
    entry = _git("ls-tree", "-z", tree, "--", name)
    if not entry:
        return None
    mode, _, object_id = entry.partition(b"\t")[0].decode().split()
    if mode not in _REGULAR:
        raise CommandError(f"{name}: must be a regular file, got one of mode {mode}; replace it by a file")
    size = int(_git("cat-file", "-s", object_id))
    if size > _MAX_BYTES:
        raise CommandError(f"{name}: must have {_MAX_BYTES:,} bytes or fewer, got {size:,}; split the configuration")
    return _git("cat-file", "blob", object_id)


def _git(*arguments: str) -> bytes:
    finished = _run(*arguments)
    if finished.returncode:
        raise CommandError(f"git {arguments[0]}: {_name(finished.stderr).strip()}; run this in a checkout of the base")
    return finished.stdout


def _run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *arguments], env={**os.environ, **_ENVIRONMENT}, capture_output=True, check=False)


def _name(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
