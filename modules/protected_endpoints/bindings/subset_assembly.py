"""The provider's jsii assembly, cut down to a few submodules and kept in the user's cache directory.

The assembly that the bindings bring is an archive of 37 MB: 400 MB of JavaScript for 2,212 submodules, and a
description of their 24,943 types (130 MB of JSON) that Node reads before the first resource is made. A cut is the same
package, with the part of each that belongs to the submodules that were asked for. Submodules do not refer to each
other, so nothing else is needed to use them.
"""

import atexit
import contextlib
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Set
from importlib.metadata import version
from pathlib import Path
from typing import Any

# Part of a cut's key, so that a change of what `_make` writes is not mistaken for an older cut.
_LAYOUT = 1
_SOURCE_MAP = re.compile(rb"\n//# sourceMappingURL=\S*\s*$")


def cut(whole: Path, submodules: Set[str]) -> Path:
    """Return an archive like the whole one with these submodules alone, kept from an earlier run or made now.

    Args:
        whole: the archive that the bindings bring.
        submodules: their jsii names, `@cdktf/provider-aws.kmsKey`.

    Raises:
        KeyError, ValueError, tarfile.TarError: the archive is not laid out as expected, or lacks a submodule.

    """
    directory = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "protected-endpoints"
    key = _key(whole, submodules)
    if kept := _kept(directory, key):
        return kept
    print(f"preparing the AWS bindings for {len(submodules)} submodules (once, some seconds)", file=sys.stderr)
    content = _make(whole, submodules)
    try:
        return _keep(directory, key, content)
    except OSError as error:
        print(f"cannot keep them in {directory}: {error.strerror}; the next run prepares them again", file=sys.stderr)
        temporary = Path(tempfile.mkdtemp(prefix="protected-endpoints-"))
        atexit.register(shutil.rmtree, temporary, ignore_errors=True)
        return _keep(temporary, key, content)


def _key(whole: Path, submodules: Set[str]) -> str:
    made_of = [_LAYOUT, whole.name, whole.stat().st_size, version("jsii"), sorted(submodules)]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]


def _kept(directory: Path, key: str) -> Path | None:
    """Return the cut of an earlier run, unless its content is not the one that its name tells."""
    # A file can vanish while it is looked at: another run may replace it, somebody may empty the cache.
    with contextlib.suppress(OSError):
        _refuse_if_others_can_write(directory)
        for file in directory.glob(f"{key}-*.tgz"):
            if file.name == _name(key, file.read_bytes()):
                return file
    return None


def _keep(directory: Path, key: str, content: bytes) -> Path:
    """Write the cut, complete or not at all; runs at the same time write the same bytes under the same name."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_if_others_can_write(directory)
    file = directory / _name(key, content)
    descriptor, unfinished = tempfile.mkstemp(dir=directory)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        os.replace(unfinished, file)
    except BaseException:
        os.unlink(unfinished)
        raise
    return file


def _refuse_if_others_can_write(directory: Path) -> None:
    """Node runs what is in there, so it has to be the user's alone."""
    status = directory.stat()
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise PermissionError(0, "others can write there")


def _name(key: str, content: bytes) -> str:
    return f"{key}-{hashlib.sha256(content).hexdigest()}.tgz"


def _make(whole: Path, submodules: Set[str]) -> bytes:
    """Return the cut, the same bytes for the same arguments."""
    kept: dict[str, bytes] = {}
    folders: tuple[str, ...] = ()
    with tarfile.open(whole, "r|gz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is None:
                continue
            if member.name == "package/.jsii":
                # npm sorts by name, so the description comes before the files of which it tells the folder.
                description = _description(json.load(file), submodules)
                folders = tuple(_folder(submodule) for submodule in description["submodules"].values())
                kept[member.name] = json.dumps(description).encode()
            elif member.name == "package/package.json":
                kept[member.name] = json.dumps(_manifest(json.load(file))).encode()
            elif member.name == "package/lib/lazy-index.js":
                kept[member.name] = file.read()
            elif member.name.startswith(folders) and member.name.endswith(".js"):
                kept[member.name] = _SOURCE_MAP.sub(b"\n", file.read())
    needed = {"package/.jsii", "package/package.json", "package/lib/lazy-index.js"}
    needed |= {f"{folder}index.js" for folder in folders}
    if missing := needed - kept.keys():
        raise ValueError(f"{whole.name} has no {', '.join(sorted(missing))}")
    kept[_MAIN] = _MAIN_JS
    return _packed(kept)


# The package's own main file loads each submodule. Beside it is one with the same names, which loads what is asked for.
# Each token records where in JavaScript it was made, which is a tenth of Node's time, and in Python always jsii itself.
_MAIN = "package/lib/cut.js"
_MAIN_JS = b"""
try {
  require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
} catch {}
module.exports = require("./lazy-index.js");
"""


def _description(whole: dict[str, Any], submodules: Set[str]) -> dict[str, Any]:
    types = {name: type_ for name, type_ in whole["types"].items() if name.rpartition(".")[0] in submodules}
    return {**whole, "types": types, "submodules": {name: whole["submodules"][name] for name in sorted(submodules)}}


def _folder(submodule: dict[str, Any]) -> str:
    """Return where a submodule's JavaScript is: its symbol is `src/kms-key/index:`."""
    source = submodule["symbolId"].removeprefix("src/").removesuffix("/index:")
    return f"package/lib/{source}/"


def _manifest(whole: dict[str, Any]) -> dict[str, Any]:
    # jsii tells the path of a package's scripts; that is how to learn where it has put the package.
    return {**whole, "main": _MAIN.removeprefix("package/"), "bin": {"manifest": "package.json"}}


def _packed(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as target:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            target.addfile(entry, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), compresslevel=1, mtime=0)
