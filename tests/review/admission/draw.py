"""Draw configurations for the grammar: `python -m tests.review.admission.draw` (minutes).

Keeps a generated file if the grammar is another one with it, or if it has a key that no other source has. So the
sources are few and the same in every run, although Hypothesis draws other files when the code changes.
"""

from collections.abc import Iterable

from tests.review.admission.make import Maker
from tests.review.admission.schema_keys import Keys
from tests.review.admission.sources import DRAWN, generated, synthesized, written_texts

_SEEDS, _FILES_PER_MODE = (17, 18, 19), 10


def draw() -> list[str]:
    """Return the generated files that add something to the grammar."""
    kept = _kept(text for seed in _SEEDS for text in generated(seed, _FILES_PER_MODE))
    return _kept(reversed(kept))


def _kept(texts: Iterable[str]) -> list[str]:
    maker, keys, kept = Maker(), Keys(), list[str]()
    for text in written_texts():
        maker.observe(synthesized(text))
        keys.add(text)
    known = maker.text, len(keys)
    for text in texts:
        maker.observe(synthesized(text))
        keys.add(text)
        if (now := (maker.text, len(keys))) != known:
            kept.append(text)
            known = now
    return kept


if __name__ == "__main__":
    DRAWN.mkdir(exist_ok=True)
    for old in DRAWN.glob("*.toml"):
        old.unlink()
    for number, text in enumerate(draw(), 1):
        (DRAWN / f"{number:03}.toml").write_text(text, encoding="utf-8")
