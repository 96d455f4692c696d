"""A stand-in for the artifacts of one workflow run."""

import shutil
from fnmatch import fnmatch
from pathlib import Path


class Artifacts:
    """The artifacts of a run by ID. A new artifact of the same name has another ID."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._names: dict[str, str] = {}

    def upload(self, machine: Path, inputs: dict[str, str]) -> str:
        """Store a file, the content of a folder or the files of a pattern, without their modes; return the ID."""
        found = [path for path in machine.glob(inputs["path"]) if path.exists()]
        files = [file for path in found for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()]
        assert files or inputs.get("if-no-files-found") == "ignore", f"no files in {inputs['path']}"
        root = found[0] if found and found[0].is_dir() else None
        id_ = str(len([*self._directory.iterdir()]) + 1)
        (self._directory / id_).mkdir()
        for file in files:
            target = self._directory / id_ / (file.relative_to(root) if root else file.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
        assert inputs["name"] not in self._names.values() or inputs["overwrite"] == "True"
        self._names = {key: name for key, name in self._names.items() if name != inputs["name"]}
        if files:
            self._names[id_] = inputs["name"]
        return id_

    def download(self, machine: Path, inputs: dict[str, str]) -> bool:
        """Copy artifacts into one folder; return whether those that are asked for exist. A pattern may match none."""
        if "artifact-ids" in inputs:
            ids = [inputs["artifact-ids"]]
        else:
            pattern = inputs.get("name") or inputs["pattern"]
            ids = [id_ for id_, name in self._names.items() if fnmatch(name, pattern)]
        folder = machine / inputs["path"]
        folder.mkdir(parents=True, exist_ok=True)
        for id_ in ids:
            if id_ not in self._names:
                return False
            shutil.copytree(self._directory / id_, folder, dirs_exist_ok=True)
        return bool(ids) or "pattern" in inputs
