"""Plans for the rules of `set_values`."""

from typing import Any

from tests.review.cases.shapes import Cases
from tests.review.fragments import change

_KEY, _OTHER = "endpoints.kmeans.image", "endpoints.kmeans.model_data_url"


def _plan(before: Any, after: Any, *, is_changed: bool = True) -> dict[str, Any]:
    """Return a plan with the keys that were set and are set, in which a resource changes or none."""
    actions = (
        ("no-op",) if before == after else ("create",) if before is None else ("update",) if after else ("delete",)
    )
    action, name = ("update", "b") if is_changed else ("no-op", "a")
    model = change("aws_sagemaker_model.Model", {"name": "a"}, {"name": name}, (action,))
    return {
        "output_changes": {"set_keys": change("x.set_keys", before, after, actions)["change"]},
        "resource_changes": [model],
    }


CASES: Cases = [
    ("value-set", _plan(None, [_KEY]), _plan(None, None)),
    ("value-set", _plan([_KEY], [_KEY]), _plan([_KEY], [_KEY], is_changed=False)),  # another value of the same key
    ("value-set", _plan(None, [_KEY], is_changed=False), _plan([_KEY], None)),
    ("value-no-longer-set", _plan([_KEY], None), _plan([_KEY], [_KEY])),
    ("value-no-longer-set", _plan([_KEY, _OTHER], [_OTHER]), _plan([_KEY], [_KEY, _OTHER])),
    ("value-no-longer-set", _plan([_KEY], None), _plan([_KEY], None, is_changed=False)),  # endpoints.toml has it now
]
