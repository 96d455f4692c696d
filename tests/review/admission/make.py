"""Write the grammar of what this project synthesizes: `python -m tests.review.admission.make`.

The sources are the examples, the configurations of tests/snapshots, those of tests/field that are accepted, and those
beside this file. A key of endpoints.toml that no source has would not be admitted; a test finds it.
"""

import json
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from tests.review.admission.observation import Observation
from tests.review.admission.sources import Synthesized, sources
from tests.support import Json

GRAMMAR = Path(str(resources.files("protected_endpoints.review.admission"))) / "grammar.json"
_LINE_LENGTH = 110
_TYPES = ("resource", "data")


class Maker:
    """The grammar of the folders that it observed."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._manifest, self._block = Observation(("manifest",)), Observation(("block",))
        self._types: dict[str, dict[str, Observation]] = {name: {} for name in (*_TYPES, "guard")}

    def observe(self, folder: Synthesized) -> None:
        """Add everything in a folder."""
        self._files |= folder.files
        self._manifest.observe(folder.manifest)
        for stack in folder.stacks.values():
            self._block.observe({block: content for block, content in stack.items() if block not in _TYPES})
            self._observe_resources(stack)

    @property
    def text(self) -> str:
        """Return the text of `grammar.json`."""
        shapes = {
            name: {type_: observation.shape for type_, observation in sorted(by_type.items())}
            for name, by_type in self._types.items()
        }
        common = {"files": sorted(self._files), "manifest": self._manifest.shape, "block": self._block.shape}
        return _text({**common, **shapes}) + "\n"

    def _observe_resources(self, stack: Json) -> None:
        for block in _TYPES:
            for type_, by_id in stack.get(block, {}).items():
                for resource in by_id.values():
                    section = "guard" if "count" in resource else block
                    self._types[section].setdefault(type_, Observation((type_,))).observe(resource)


def make(folders: Iterable[Synthesized]) -> str:
    """Return the text of `grammar.json` for synthesized folders."""
    maker = Maker()
    for folder in folders:
        maker.observe(folder)
    return maker.text


def _text(value: Any, indent: str = "") -> str:
    """Return JSON with one line for each small value, so that its diff is readable."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(line) <= _LINE_LENGTH:
        return line
    inner = f"{indent}  "
    if isinstance(value, list):
        return _block("[]", [_text(item, inner) for item in value], indent)
    return _block("{}", [f"{json.dumps(key)}: {_text(item, inner)}" for key, item in value.items()], indent)


def _block(brackets: str, lines: Sequence[str], indent: str) -> str:
    content = ",\n".join(f"{indent}  {line}" for line in lines)
    return f"{brackets[0]}\n{content}\n{indent}{brackets[1]}"


if __name__ == "__main__":
    GRAMMAR.write_text(make(sources()), encoding="utf-8")
