"""CDKTF in JavaScript: the packages that the Python packages contain, unpacked for Node."""

import shutil
import tarfile
from pathlib import Path

from bench.equivalence import COUNTERPARTS
from bench.installed import ROOT, site_packages

_PACKAGES = {
    "constructs": "constructs",
    "cdktf": "cdktf",
    "@cdktf/provider-aws": "cdktf_cdktf_provider_aws",
}
# The folders of the provider that the script reads. All 2,212 are 400 MB.
_READ = {"provider", *(type_.removeprefix("aws_").replace("_", "-") for type_ in COUNTERPARTS)}


def unpack_javascript(folder: Path) -> Path:
    """Unpack the packages to `node_modules` of a folder, and return the script beside it."""
    node_modules = folder / "node_modules"
    for name, module in _PACKAGES.items():
        (archive,) = site_packages(".venv").joinpath(module, "_jsii").glob("*.jsii.tgz")
        with tarfile.open(archive, "r|gz") as packed:
            members = (entry for entry in packed if name != "@cdktf/provider-aws" or _is_read(Path(entry.name)))
            # Of Python 3.11.4 and newer. The archives are in packages with pinned hashes.
            packed.extraction_filter = getattr(tarfile, "data_filter", None)
            packed.extractall(folder / module, members)  # noqa: S202  reason: see above
        (node_modules / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / module / "package").rename(node_modules / name)
    return Path(shutil.copy(ROOT / "bench" / "javascript.js", folder))


def _is_read(file: Path) -> bool:
    return file.name == "package.json" or (file.suffix == ".js" and file.parts[2] in _READ)
