"""Weights that are not whole numbers are answered with the smallest whole numbers of the same ratio."""

from fractions import Fraction

import pytest

from protected_endpoints.loading.weights import whole_ratio
from tests.loading.support import Table, example, messages_of
from tests.rules.pair import NO_HOSTING, variant


@pytest.mark.parametrize(
    ("weights", "ratio"),
    [
        (("0.8", "0.2"), [4, 1]),
        (("1", "0.5"), [2, 1]),
        (("0.333", "0.667"), [1, 2]),
        (("0.33", "0.33", "0.34"), [33, 33, 34]),
        (("0.333", "0.333", "0.334"), [1, 1, 1]),
        (("0.143", "0.857"), [1, 6]),
        (("0.99", "0.01"), [99, 1]),
        (("0.999", "0.001"), [999, 1]),
        (("0.0", "1"), [0, 1]),
        (("0.5",), [1]),
    ],
)
def test_the_whole_numbers_are_the_smallest_ones(weights: tuple[str, ...], ratio: list[int]) -> None:
    assert whole_ratio([*map(Fraction, weights)]) == ratio


@pytest.mark.parametrize("weights", [("0", "0.0"), ("-1", "0.5"), ("0.1234567", "0.8765433"), ()])
def test_some_weights_have_no_ratio_of_whole_numbers(weights: tuple[str, ...]) -> None:
    assert whole_ratio([*map(Fraction, weights)]) is None


def _messages(*weights: object, shadow: object = None) -> list[str]:
    """Return the messages about variants with these weights, by path and suggestion."""
    file = example()
    endpoint: Table = {**file["endpoints"]["kmeans"], "variants": []}
    for number, weight in enumerate(weights):
        given = {} if weight is None else {"initial_variant_weight": weight}
        endpoint["variants"].append(variant(f"v{number}", **given))
    if shadow is not None:
        endpoint["shadow_variants"] = [variant("shadow", initial_variant_weight=shadow)]
    file["endpoints"]["kmeans"] = {key: value for key, value in endpoint.items() if key not in NO_HOSTING}
    return [message.removeprefix("endpoints.kmeans.") for message in messages_of(file)]


_BOUNDS = "must be an integer from 0 to 1000000"
_SHARES = "for the same shares in whole numbers [invalid-value]"


def test_each_weight_is_answered_with_its_own_number() -> None:
    assert _messages(0.8, 0.2) == [
        f"variants[0].initial_variant_weight: {_BOUNDS}, got 0.8; write 4, {_SHARES}",
        f"variants[1].initial_variant_weight: {_BOUNDS}, got 0.2; write 1, {_SHARES}",
    ]


@pytest.mark.parametrize("first", [1, None])
def test_a_valid_weight_that_has_to_change_is_named(first: int | None) -> None:
    assert _messages(first, 0.5) == [
        f"variants[1].initial_variant_weight: {_BOUNDS}, got 0.5; write 1, and 2 in variants[0], {_SHARES}"
    ]


def test_the_weight_of_a_shadow_variant_is_relative_to_the_production_variant() -> None:
    assert _messages(1, shadow=0.25) == [
        f"shadow_variants[0].initial_variant_weight: {_BOUNDS}, got 0.25; write 1, and 4 in variants[0], {_SHARES}"
    ]


@pytest.mark.parametrize("weight", [-1, float("inf"), float("nan"), "1e999", "heavy", True, [1]])
def test_any_other_weight_has_no_ratio(weight: object) -> None:
    (message,) = _messages(1, weight)
    assert "shares" not in message
    assert message.startswith(f"variants[1].initial_variant_weight: {_BOUNDS}, got ")
