"""The input of the rules: a plan and its analysis."""

from dataclasses import dataclass
from functools import cached_property

from protected_endpoints.review.analysis.comparison import Comparison, Comparisons
from protected_endpoints.review.analysis.endpoints import EndpointAction, EndpointChange, endpoint_changes, variants
from protected_endpoints.review.analysis.inference_components import component_names
from protected_endpoints.review.analysis.models import credentials_providers
from protected_endpoints.review.analysis.permissions import Permissions, permissions
from protected_endpoints.review.analysis.prices import NO_PRICES, Prices
from protected_endpoints.review.analysis.protections import Protection, protections
from protected_endpoints.review.analysis.scaling import Scaling
from protected_endpoints.review.markdown import escape
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import CONFIGURATION
from protected_endpoints.review.plan.values import as_dict, as_strings

RELAXATIONS = "relaxed_protections"  # the output with the reason of each relaxation, by its key


@dataclass(frozen=True)
class ReviewContext:
    """A plan with its permissions, endpoints and protections, each computed once."""

    plan: Plan
    prices: Prices = NO_PRICES

    @cached_property
    def permissions(self) -> Permissions:
        return permissions(self.plan)

    @cached_property
    def endpoints(self) -> list[EndpointChange]:
        return endpoint_changes(self.plan)

    @cached_property
    def protections(self) -> list[Protection]:
        return protections(self.comparisons)

    @cached_property
    def comparisons(self) -> Comparisons:
        return Comparisons(self.plan)

    @cached_property
    def scaling(self) -> Scaling:
        return Scaling(self.plan, self.comparisons.served)

    def compared(self, type_: str) -> list[Comparison]:
        """Return the resources of a type that exist after the plan, each with what it is compared with."""
        return self.comparisons.of_type(type_)

    def reason_of(self, relaxation: str) -> str:
        """Return a sentence with the reason that `endpoints.toml` gives for a relaxation, and no text without one."""
        reason = as_dict(self.plan.output_values.get(RELAXATIONS)).get(relaxation)
        return f" Reason for `relax.{relaxation}`: {escape(reason)}." if isinstance(reason, str) else ""

    @cached_property
    def by_address(self) -> dict[str, Change]:
        return {change.address: change for change in self.plan.changes}

    @cached_property
    def changed_resources(self) -> list[Change]:
        return [change for change in self.plan.changes if not change.is_unchanged]

    @cached_property
    def creates_all_endpoints(self) -> bool:
        """Return whether the plan creates every endpoint that it has, and at least one."""
        actions = [endpoint.action for endpoint in self.endpoints]
        return bool(actions) and all(action is EndpointAction.CREATED for action in actions)

    @cached_property
    def invocable(self) -> frozenset[str]:
        """Return the ends of the ARNs of the endpoints and inference components, in which AWS has lower case."""
        names = [f"endpoint/{endpoint.name}" for endpoint in self.endpoints]
        components = component_names(self.plan)
        names += [f"inference-component/{name}" for name in components]
        if not components and self._hosts_components:
            # Other tools create the components, whose names begin with that of the endpoint.
            names += [f"inference-component/{endpoint.name}-*" for endpoint in self.endpoints]
        return frozenset(name.lower() for name in names)

    @property
    def _hosts_components(self) -> bool:
        """Return whether an endpoint configuration after the plan has variants without a model."""
        configurations = (change.after for change in self.plan.of_type(CONFIGURATION))
        return any(not variant.get("model_name") for after in configurations for variant in variants(after))

    @cached_property
    def vpc_endpoint_values(self) -> dict[str, set[str]]:
        """Return the IDs of the VPC endpoints before the plan, and of their VPCs, by condition key."""
        values: dict[str, set[str]] = {}
        for endpoint in self.plan.of_type("aws_vpc_endpoint"):
            for key, attribute in (("aws:sourcevpc", "vpc_id"), ("aws:sourcevpce", "id")):
                known = {*as_strings(endpoint.value_before(attribute)), f"${{{endpoint.address}.{attribute}}}"}
                values.setdefault(key, set()).update(known)
        return values

    @cached_property
    def credentials_providers(self) -> frozenset[str]:
        return frozenset(credentials_providers(self.plan))
