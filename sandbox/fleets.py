"""The weight and the capacity of each variant of an endpoint while it runs.

They start with the values of the endpoint configuration. UpdateEndpoint resets them, unless it retains the variant
properties, which the AWS provider does not request; scaling and UpdateEndpointWeightsAndCapacities change them
(SageMaker API Reference, UpdateEndpoint and ProductionVariantSummary).
"""

from collections import Counter

from sandbox.sagemaker_records import ApiError, Record

_PROPERTIES = {"DesiredInstanceCount": "InstanceCount", "DesiredWeight": "Weight"}


class Fleets:
    """The fleets of all endpoints of one region: per endpoint, one summary per variant."""

    def __init__(self) -> None:
        self._variants: dict[str, dict[str, Record]] = {}
        self._served: dict[str, Counter[str]] = {}

    def start(self, endpoint: str, configuration: Record) -> None:
        """Set every variant of an endpoint to the initial values of an endpoint configuration."""
        self._variants[endpoint] = {
            variant["VariantName"]: _initial_summary(variant) for variant in configuration["ProductionVariants"]
        }
        self._served[endpoint] = Counter()

    def next_variant(self, endpoint: str) -> str:
        """Return the variant that gets the next request. Over time, requests are in proportion to the weights."""
        served = self._served[endpoint]
        name = min(
            (summary for summary in self.summaries(endpoint) if summary["DesiredWeight"]),
            key=lambda summary: (served[summary["VariantName"]] + 1) / summary["DesiredWeight"],
        )["VariantName"]
        served[name] += 1
        return str(name)

    def stop(self, endpoint: str) -> None:
        """Remove an endpoint."""
        self._variants.pop(endpoint, None)

    def summaries(self, endpoint: str) -> list[Record]:
        """Return the variants as DescribeEndpoint does."""
        return [*self._variants[endpoint].values()]

    def capacity(self, endpoint: str, variant: str) -> int:
        """Return the number of instances, or the provisioned concurrency of a serverless variant."""
        summary = self._variants[endpoint][variant]
        if serverless := summary.get("DesiredServerlessConfig"):
            return int(serverless.get("ProvisionedConcurrency", 0))
        return int(summary["DesiredInstanceCount"])

    def scale(self, endpoint: str, variant: str, capacity: int) -> None:
        """Set the capacity of a variant. It takes effect at once."""
        summary = self._variants[endpoint][variant]
        if serverless := summary.get("DesiredServerlessConfig"):
            scaled = {**serverless, "ProvisionedConcurrency": capacity}
            summary |= {"CurrentServerlessConfig": scaled, "DesiredServerlessConfig": scaled}
        else:
            summary |= {"CurrentInstanceCount": capacity, "DesiredInstanceCount": capacity}

    def update(self, endpoint: str, changes: list[Record]) -> None:
        """Apply the changes of UpdateEndpointWeightsAndCapacities, all or none of them."""
        variants = self._variants[endpoint]
        for change in changes:
            if change["VariantName"] not in variants:
                raise ApiError(f'Could not find variant "{change["VariantName"]}" of endpoint "{endpoint}".')
        for change in changes:
            for key, property_ in _PROPERTIES.items():
                if key in change:
                    variants[change["VariantName"]] |= {key: change[key], f"Current{property_}": change[key]}


def _initial_summary(variant: Record) -> Record:
    weight = variant["InitialVariantWeight"]
    summary = {"VariantName": variant["VariantName"], "CurrentWeight": weight, "DesiredWeight": weight}
    if serverless := variant.get("ServerlessConfig"):
        return {**summary, "CurrentServerlessConfig": serverless, "DesiredServerlessConfig": serverless}
    count = variant.get("InitialInstanceCount", 1)
    return {**summary, "CurrentInstanceCount": count, "DesiredInstanceCount": count}
