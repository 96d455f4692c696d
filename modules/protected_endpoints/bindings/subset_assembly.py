"""A subset of the provider's jsii assembly with a few submodules, in the user's cache directory.

The assembly of the bindings is an archive of 37 MB: 400 MB of JavaScript for 2,212 submodules, and a description of
their 24,943 types (130 MB of JSON) that Node reads before it creates the first resource. A subset is the same package
with the JavaScript and the types of some submodules only. Submodules do not import each other.
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

# Part of the cache key. Increase it when `_build` changes what it writes.
_FORMAT_VERSION = 3
_SOURCE_MAP = re.compile(rb"\n//# sourceMappingURL=\S*\s*$")


def subset_assembly(complete: Path, submodules: Set[str]) -> Path:
    """Return the archive of an assembly with only these submodules, from the cache or newly built.

    Args:
        complete: the archive of the complete assembly.
        submodules: their jsii names, such as `@cdktf/provider-aws.kmsKey`.

    Raises:
        KeyError, ValueError, tarfile.TarError: the archive has another layout, or lacks a submodule.

    """
    directory = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "protected-endpoints"
    key = _key(complete, submodules)
    if cached := _cached(directory, key):
        return cached
    print(f"preparing the AWS bindings for {len(submodules)} submodules (once; takes seconds)", file=sys.stderr)
    content = _build(complete, submodules)
    try:
        return _store(directory, key, content)
    except OSError as error:
        print(f"cannot cache them in {directory}: {error.strerror}; the next run prepares them again", file=sys.stderr)
        temporary = Path(tempfile.mkdtemp(prefix="protected-endpoints-"))
        atexit.register(shutil.rmtree, temporary, ignore_errors=True)
        return _store(temporary, key, content)


def _key(complete: Path, submodules: Set[str]) -> str:
    content = [_FORMAT_VERSION, complete.name, complete.stat().st_size, version("jsii"), sorted(submodules)]
    return hashlib.sha256(json.dumps(content).encode() + _main_script()).hexdigest()[:16]


def _cached(directory: Path, key: str) -> Path | None:
    """Return the subset of an earlier run, if the hash in its name is the hash of its content."""
    # Another process may replace or delete a file at any time.
    with contextlib.suppress(OSError):
        _check_only_user_can_write(directory)
        for file in directory.glob(f"{key}-*.tgz"):
            if file.name == _name(key, file.read_bytes()):
                return file
    return None


def _store(directory: Path, key: str, content: bytes) -> Path:
    """Write the subset atomically. Concurrent runs write the same content under the same name."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_only_user_can_write(directory)
    file = directory / _name(key, content)
    descriptor, temporary = tempfile.mkstemp(dir=directory)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise
    return file


def _check_only_user_can_write(directory: Path) -> None:
    """Raise `PermissionError` if other users can write to a directory, because Node runs the code in it."""
    status = directory.stat()
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise PermissionError(0, "other users can write to it")


def _name(key: str, content: bytes) -> str:
    return f"{key}-{hashlib.sha256(content).hexdigest()}.tgz"


def _build(complete: Path, submodules: Set[str]) -> bytes:
    """Return the content of the subset archive. Equal arguments give equal bytes."""
    files: dict[str, bytes] = {}
    folders: tuple[str, ...] = ()
    with tarfile.open(complete, "r|gz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is None:
                continue
            if member.name == "package/.jsii":
                # npm sorts files by name, so the description precedes the JavaScript, whose folders it contains.
                description = _description(json.load(file), submodules)
                folders = tuple(_folder(submodule) for submodule in description["submodules"].values())
                files[member.name] = json.dumps(description).encode()
            elif member.name == "package/package.json":
                files[member.name] = json.dumps(_manifest(json.load(file))).encode()
            elif member.name == "package/lib/lazy-index.js":
                files[member.name] = file.read()
            elif member.name.startswith(folders) and member.name.endswith(".js"):
                files[member.name] = _SOURCE_MAP.sub(b"\n", file.read())
    needed = {"package/.jsii", "package/package.json", "package/lib/lazy-index.js"}
    needed |= {f"{folder}index.js" for folder in folders}
    if missing := needed - files.keys():
        raise ValueError(f"{complete.name} has no {', '.join(sorted(missing))}")
    files[_MAIN] = _main_script()
    return _pack(files)


_MAIN = "package/lib/subset.js"


def _main_script() -> bytes:
    """Return the main file of the package. It is part of the cache key."""
    return Path(__file__).with_name("subset.js").read_bytes()


def _description(complete: dict[str, Any], submodules: Set[str]) -> dict[str, Any]:
    types = {
        name: _without_documentation(type_)
        for name, type_ in complete["types"].items()
        if name.rpartition(".")[0] in submodules
    }
    subset = {name: complete["submodules"][name] for name in sorted(submodules)}
    return {**complete, "types": types, "submodules": subset}


# More than half of the description of a type, which Node would parse and never use.
_DOCUMENTATION = frozenset({"docs", "locationInModule", "symbolId"})


def _without_documentation(node: Any) -> Any:
    """Return a part of the description without documentation and without positions in the TypeScript sources."""
    if isinstance(node, dict):
        return {key: _without_documentation(value) for key, value in node.items() if key not in _DOCUMENTATION}
    return [_without_documentation(value) for value in node] if isinstance(node, list) else node


def _folder(submodule: dict[str, Any]) -> str:
    """Return the folder of a submodule's JavaScript. Its symbol is `src/kms-key/index:`."""
    source = submodule["symbolId"].removeprefix("src/").removesuffix("/index:")
    return f"package/lib/{source}/"


def _manifest(complete: dict[str, Any]) -> dict[str, Any]:
    # jsii returns the path of a script of a package; `LazyKernelProvider` reads from it where the package is installed.
    return {**complete, "main": _MAIN.removeprefix("package/"), "bin": {"manifest": "package.json"}}


def _pack(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as target:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            target.addfile(entry, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), compresslevel=1, mtime=0)
