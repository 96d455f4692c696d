"""Unpack the folder that the code of a pull request synthesized, of which nothing is trusted.

ARCHIVE is a tar file without compression that contains only regular files and folders. The admission of the review
decides whether Terraform may read them.

Example:
  protected-endpoints unpack synthesized.tar ../head

"""

import re
import tarfile
from collections.abc import Sequence
from pathlib import Path

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.errors import CommandError

_MAX_BYTES = 100_000_000  # of the archive; a stack of this project has about 50,000
_MAX_FILES = 5_000
_NAME = re.compile(r"cdktf\.out(/(?!\.{1,2}(/|$))[A-Za-z0-9._-]{1,100}){0,4}")
_FIX = "let main.py write only what CDKTF synthesizes"


def run(arguments: Sequence[str]) -> None:
    """Write the files of an archive into a folder."""
    parser = CommandParser("unpack", __doc__)
    parser.add_argument("archive", type=Path, metavar="ARCHIVE", help="tar file with cdktf.out")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="folder to write cdktf.out to")
    options = parser.parse_args(arguments)
    try:
        unpack(options.archive, options.folder)
    except OSError as error:
        raise CommandError(
            f"{error.filename or options.archive}: {error.strerror}; name an archive and a folder"
        ) from None


def unpack(archive: Path, folder: Path) -> None:
    """Write the files of an archive; raises `CommandError` for every entry that is neither a file nor a folder."""
    size = archive.stat().st_size
    if size > _MAX_BYTES:
        raise CommandError(f"{archive}: must have {_MAX_BYTES:,} bytes or fewer, got {size:,}; {_FIX}")
    try:
        with tarfile.open(archive, "r:") as opened:
            for number, entry in enumerate(opened, 1):
                if number > _MAX_FILES:
                    raise CommandError(f"{archive}: must have {_MAX_FILES:,} entries or fewer; {_FIX}")
                _write(opened, entry, folder, archive)
    except (tarfile.TarError, ValueError, EOFError, OverflowError, RecursionError):
        raise CommandError(f"{archive}: must be a tar file without compression; {_FIX}") from None


def _write(opened: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path, archive: Path) -> None:
    if not _NAME.fullmatch(entry.name):
        raise CommandError(
            f"{archive}: must contain only names like cdktf.out/stacks/NAME, got {entry.name[:100]!r}; {_FIX}"
        )
    path = folder / entry.name
    if entry.isdir():
        path.mkdir(parents=True, exist_ok=True)
        return
    # A sparse file is small in the archive, and of any size when it is read.
    is_regular = entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not entry.issparse()
    content = opened.extractfile(entry) if is_regular else None
    if content is None:
        raise CommandError(f"{archive}: must contain only regular files, got another type for {entry.name}; {_FIX}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:  # a second entry of the same name is an error
        file.write(content.read())
