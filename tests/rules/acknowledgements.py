"""Warnings that an endpoint accepts."""

from tests.rules.pair import REASON, Pair

_LOCAL, _CAPTURE = "local-storage-not-under-key", "capture-zero-percent"
_NO_WARNING = (
    "the rule reports no warning about this endpoint in environment dev; remove it, or set it only for the "
    "environments with the warning, in environments.NAME.acknowledge of it"
)

PAIRS = [
    Pair(
        "acknowledgement-invalid",  # similar to no ID, and to one
        passes={"instance_type": "ml.g5.xlarge", "acknowledge": {_LOCAL: REASON}},
        fails={"acknowledge": {"xyz": REASON, "local-storage-under-key": REASON}},
        messages=(
            "endpoints.kmeans.acknowledge.xyz: no rule has this ID; remove it; docs/rules.md lists the IDs",
            "endpoints.kmeans.acknowledge.local-storage-under-key: no rule has this ID; did you mean "
            "local-storage-not-under-key?",
        ),
    ),
    Pair(
        "acknowledgement-invalid",  # of an error, of a loader error and of a relaxation
        fails={
            "acknowledge": {"name-too-long": REASON, "unknown-key": REASON, "protection-relaxed": REASON},
            "relax": {"image_tag": REASON},
        },
        messages=(
            "endpoints.kmeans.acknowledge.name-too-long: the rule reports errors, and only warnings can be "
            "acknowledged; remove it",
            "endpoints.kmeans.acknowledge.unknown-key: no rule has this ID; remove it; docs/rules.md lists the IDs",
            "endpoints.kmeans.acknowledge.protection-relaxed: the warnings of this rule have reasons, which are in "
            "relax; remove it",
        ),
    ),
    Pair(
        "acknowledgement-unused",
        passes={"data_capture": {"initial_sampling_percentage": 0}, "acknowledge": {_CAPTURE: REASON}},
        fails={"data_capture": {"initial_sampling_percentage": 1}, "acknowledge": {_CAPTURE: REASON, _LOCAL: REASON}},
        messages=(
            f"endpoints.kmeans.acknowledge.{_CAPTURE}: {_NO_WARNING}",
            f"endpoints.kmeans.acknowledge.{_LOCAL}: {_NO_WARNING}",
        ),
    ),
]
