"""docs/architecture.md draws the layers as they are."""

import re
from graphlib import TopologicalSorter

from tests.examples import ROOT
from tests.test_layers import LAYERS as ALL_LAYERS
from tests.test_layers import layer_imports

_PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
_DRAWING = _PAGE.partition("flowchart TD\n")[2].partition("```")[0]
# Without the file that runs the package, which only calls the commands.
LAYERS = [layer for layer in ALL_LAYERS if layer != "__main__"]
_ARROWS = re.findall(r"^  (\w+) --> (\w+)$", _DRAWING, flags=re.MULTILINE)


def _reachable() -> dict[str, set[str]]:
    """Return every layer that a layer reaches by the arrows, by layer."""
    targets: dict[str, set[str]] = {}
    for upper, lower in _ARROWS:
        targets.setdefault(upper, set()).add(lower)
    reachable: dict[str, set[str]] = {}
    for layer in TopologicalSorter(targets).static_order():
        below = targets.get(layer, set())
        reachable[layer] = below.union(*(reachable[target] for target in below))
    return reachable


def test_the_drawing_has_every_layer() -> None:
    assert {layer for arrow in _ARROWS for layer in arrow} == {*LAYERS, "review"}


def test_every_line_of_the_drawing_is_an_arrow() -> None:
    assert len(_ARROWS) == len(_DRAWING.splitlines())


def test_the_table_has_the_layers_from_the_top_to_the_bottom() -> None:
    table = _PAGE.partition("| layer |")[2].partition("\n\n")[0]
    layers = re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)
    position = {layer: len(LAYERS) - number for number, layer in enumerate(LAYERS)}
    reachable = _reachable()
    assert {*layers} == {*position, "review"}
    assert all(layers.index(upper) < layers.index(lower) for upper, lower in _ARROWS if upper != "review")
    assert all(position[upper] < position[lower] for upper in LAYERS for lower in reachable[upper] - {"review"})


def test_every_import_follows_the_arrows() -> None:
    reachable = _reachable()
    imports = [(upper, lower) for upper, lower in layer_imports() if upper in reachable]
    assert imports
    assert [(upper, lower) for upper, lower in imports if lower not in reachable[upper]] == []


def test_every_arrow_between_layers_is_an_import() -> None:
    imports = layer_imports()
    optional = {"review"}  # it may share the detector of secrets and the errors, and commands may run it
    unused = [arrow for arrow in _ARROWS if arrow not in imports and not optional & {*arrow}]
    assert unused == []


def test_every_file_that_is_named_exists() -> None:
    paths = re.findall(r"`((?:modules|tests|\.github)/[\w./-]+)`", _PAGE)
    assert len(paths) > 20
    assert {path for path in paths if not (ROOT / path).exists()} == set()
