"""The configurations from which the grammar is made, synthesized."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import given, seed

from protected_endpoints.commands.provider_lock import copy_to_stacks
from tests.examples import EXAMPLES, ROOT
from tests.field import cases
from tests.properties.generated_file import GeneratedFile, files_with_overrides
from tests.properties.modes import MODES
from tests.properties.support import reproducible
from tests.support import Json, write_stacks

HERE = Path(__file__).parent
_FIELD = [file for name, file in cases.CASES.items() if cases.is_accepted(name)]
# Each has keys that no generated file has.
_RARE = sorted(HERE.glob("*.toml"))
DRAWN = HERE / "drawn"


@dataclass(frozen=True)
class Synthesized:
    """A synthesized folder: the names of its files, with * for the name of a stack, its manifest and its stacks."""

    files: frozenset[str]
    manifest: Json
    stacks: dict[str, Json]


@cache
def sources() -> tuple[Synthesized, ...]:
    """Return the synthesized folders of every source."""
    return tuple(map(synthesized, source_texts()))


@cache
def source_texts() -> tuple[str, ...]:
    """Return the text of every source."""
    return (*written_texts(), *(file.read_text(encoding="utf-8") for file in sorted(DRAWN.glob("*.toml"))))


def written_texts() -> list[str]:
    """Return the texts of the sources that no program wrote."""
    return [file.read_text(encoding="utf-8") for file in (*EXAMPLES.values(), *_FIELD, *_RARE)]


def generated(number: int, count: int) -> Iterator[str]:
    """Yield generated files of every hosting mode; the number is the seed."""
    for mode in MODES:
        yield from _drawn(mode, number, count)


def _drawn(mode: str, number: int, count: int) -> list[str]:
    texts: dict[str, None] = {}

    @seed(number)
    @reproducible(count)
    @given(files_with_overrides(mode, 6))
    def collect(example: GeneratedFile) -> None:
        texts.setdefault(example.text)

    collect()
    return [*texts]


def synthesized(text: str) -> Synthesized:
    """Return the folder of a configuration, as `make synth` writes it."""
    with tempfile.TemporaryDirectory() as folder:
        file, outdir = Path(folder) / "endpoints.toml", Path(folder) / "cdktf.out"
        file.write_text(text, encoding="utf-8")
        stacks = write_stacks(file, outdir)
        with chdir(ROOT):
            copy_to_stacks(outdir, ">= 5")
        names = {str(path.relative_to(outdir)) for path in outdir.rglob("*") if path.is_file()}
        return Synthesized(
            files=frozenset("/".join(["stacks", "*", name.split("/")[2]] if "/" in name else [name]) for name in names),
            manifest=json.loads((outdir / "manifest.json").read_text(encoding="utf-8")),
            stacks={
                name: json.loads((stack / "cdk.tf.json").read_text(encoding="utf-8")) for name, stack in stacks.items()
            },
        )
