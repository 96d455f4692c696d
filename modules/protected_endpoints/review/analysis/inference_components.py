"""The changes of inference components."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from protected_endpoints.review.analysis.difference import differences
from protected_endpoints.review.plan.cloud_control import CLOUD_CONTROL, desired_state, is_inference_component
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.values import Json, as_dict

COPIES = "RuntimeConfig.CopyCount"


@dataclass(frozen=True)
class ComponentChange:
    """The change of one inference component."""

    change: Change

    @cached_property
    def before(self) -> Json:
        """The properties before the apply."""
        return desired_state(self.change.before)

    @cached_property
    def after(self) -> Json:
        """The properties after the apply."""
        return desired_state(self.change.after)

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Return the properties of an existing component that differ, by path."""
        return differences(self.before, self.after) if self.before and self.after else {}

    @property
    def artifact(self) -> tuple[str | None, str | None]:
        """Return the S3 URI of the artifact of an adapter, before and after."""
        before, after = (_artifact(state) for state in (self.before, self.after))
        return before, after


def component_changes(plan: Plan) -> list[ComponentChange]:
    """Return the change of each inference component of a plan."""
    return [
        ComponentChange(change)
        for change in plan.of_type(CLOUD_CONTROL)
        if is_inference_component(change.before) or is_inference_component(change.after)
    ]


def component_names(plan: Plan) -> set[str]:
    """Return the names of the inference components that exist after the plan."""
    remaining = [component for component in component_changes(plan) if not component.change.is_deleted]
    return {str(component.after.get("InferenceComponentName")) for component in remaining}


def _artifact(state: Json) -> str | None:
    url = as_dict(as_dict(state.get("Specification")).get("Container")).get("ArtifactUrl")
    return url if isinstance(url, str) else None
