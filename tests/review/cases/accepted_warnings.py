"""Plans for the rules of `accepted_warnings`."""

from typing import Any

from tests.review.cases.shapes import Cases
from tests.review.fragments import Json, change

_LOCAL = {"local-storage-not-under-key": "the hardware encrypts it"}
_SAMPLING = {"shadow-sampling": "a load test"}


def _accepting(before: Json | None, after: Json | None, name: str = "acknowledged_warnings") -> dict[str, Any]:
    """Return a plan whose output changes."""
    actions = ("create",) if before is None else ("update",) if after else ("delete",)
    return {"output_changes": {name: change(f"x.{name}", before, after, actions)["change"]}}


_RELAXED = "relaxed_protections"
_ISOLATION, _PREVENT_DESTROY = {"network_isolation": "it calls the store"}, {"prevent_destroy": "it is retired"}

CASES: Cases = [
    ("deletion-allowed", _accepting(None, _PREVENT_DESTROY, _RELAXED), _accepting(None, _ISOLATION, _RELAXED)),
    (
        "deletion-allowed",
        _accepting(_ISOLATION, {**_ISOLATION, **_PREVENT_DESTROY}, _RELAXED),
        _accepting(_PREVENT_DESTROY, {**_ISOLATION, **_PREVENT_DESTROY}, _RELAXED),
    ),
    ("warning-accepted", _accepting(None, _LOCAL), _accepting(_LOCAL, None)),
    ("warning-accepted", _accepting(_LOCAL, {**_LOCAL, **_SAMPLING}), _accepting({**_LOCAL, **_SAMPLING}, _LOCAL)),
    ("warning-accepted", _accepting(_LOCAL, dict.fromkeys(_LOCAL, "another")), _accepting(None, _LOCAL, "others")),
]
