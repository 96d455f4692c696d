"""Plans for the rules of `set_values`."""

from typing import Any

from tests.review.cases.shapes import Cases
from tests.review.fragments import change

_KEY, _OTHER = "endpoints.kmeans.image", "endpoints.kmeans.model_data_url"


def _plan(before: tuple[str, ...], after: tuple[str, ...], model: str = "update") -> dict[str, Any]:
    """Return a plan with the keys that were set and are set, and what it does with a model."""
    old, new = (dict.fromkeys(keys, "--set") or None for keys in (before, after))
    actions = ("no-op",) if before == after else ("create",) if not before else ("update",) if after else ("delete",)
    name = {"update": {"name": "b"}, "no-op": {"name": "a"}, "delete": None}[model]
    return {
        "output_changes": {"set_keys": change("x.set_keys", old, new, actions)["change"]},
        "resource_changes": [change("aws_sagemaker_model.Model", {"name": "a"}, name, (model,))],
    }


CASES: Cases = [
    ("value-set", _plan((), (_KEY,)), _plan((), ())),
    ("value-set", _plan((_KEY,), (_KEY,)), _plan((_KEY,), (_KEY,), "no-op")),  # another value of the same key
    ("value-set", _plan((), (_KEY,), "no-op"), _plan((_KEY,), ())),
    ("value-no-longer-set", _plan((_KEY,), ()), _plan((_KEY,), (_KEY,))),
    ("value-no-longer-set", _plan((_KEY, _OTHER), (_OTHER,)), _plan((_KEY,), (_KEY, _OTHER))),
    ("value-no-longer-set", _plan((_KEY,), ()), _plan((_KEY,), (), "no-op")),  # endpoints.toml has it now
    ("value-no-longer-set", _plan((_KEY,), ()), _plan((_KEY,), (), "delete")),
]
