"""CDKTF in JavaScript: the packages that the Python packages contain, unpacked for Node."""

import shutil
import tarfile
from pathlib import Path

from bench.installed import ROOT, site_packages

_PACKAGES = {
    "constructs": "constructs",
    "cdktf": "cdktf",
    "@cdktf/provider-aws": "cdktf_cdktf_provider_aws",
}


def unpack_javascript(folder: Path) -> Path:
    """Unpack the packages to `node_modules` of a folder, and return the script beside it."""
    node_modules = folder / "node_modules"
    for name, module in _PACKAGES.items():
        (archive,) = site_packages(".venv").joinpath(module, "_jsii").glob("*.jsii.tgz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder / module, filter="data")
        (node_modules / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / module / "package").rename(node_modules / name)
    return Path(shutil.copy(ROOT / "bench" / "javascript.js", folder))
