"""The grammar is that of what this project synthesizes, and admits what any configuration synthesizes."""

import os

from protected_endpoints.review.admission import shapes
from protected_endpoints.review.admission.grammar import grammar
from protected_endpoints.review.admission.stack import stack_problems
from tests.review.admission.make import GRAMMAR, make
from tests.review.admission.schema_keys import Keys, all_keys, list_keys, optional_keys
from tests.review.admission.sources import generated, source_texts, sources, synthesized

_UPDATE = bool(os.environ.get("UPDATE_SNAPSHOTS"))
_OTHER_SEEDS, _FILES_PER_MODE = (1001, 1002), 3
# SageMaker has at most one shadow variant.
_ONE_ITEM = {("Endpoint", "shadow_variants")}


def test_the_grammar_is_up_to_date() -> None:
    text = make(sources())
    if _UPDATE:
        GRAMMAR.write_text(text, encoding="utf-8")
    assert GRAMMAR.read_text(encoding="utf-8") == text, "run: make snapshots, and read the diff of grammar.json"


def test_the_sources_have_every_key_of_endpoints_toml() -> None:
    keys = Keys()
    for text in source_texts():
        keys.add(text)
    add = "add it to tests/review/admission/rare_keys.toml"
    assert all_keys() - keys.present == set(), f"no source has the key; {add}"
    assert optional_keys() - keys.absent == set(), f"no source has the table without the key; {add}"
    assert list_keys() - keys.several == _ONE_ITEM, f"no source has a list of two; {add}"


def test_what_other_configurations_synthesize_is_admitted() -> None:
    for number in _OTHER_SEEDS:
        for text in generated(number, _FILES_PER_MODE):
            folder = synthesized(text)
            problems = [problem for stack in folder.stacks.values() for problem in stack_problems(stack)]
            assert problems == [], text
            assert [*shapes.problems(folder.manifest, grammar().manifest)] == [], text
            assert folder.files <= {*grammar().files}
