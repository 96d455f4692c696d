"""The SageMaker API for inference components.

The endpoint can have a variant with a model, which AWS does not accept: provider 5, with which the sandbox is tested,
cannot create any other. The copies of a model that never passes its health check (`sandbox/health.py`) do not start: a
new component fails, and an update is rolled back.
"""

import time
from collections.abc import Callable

from sandbox.health import is_healthy
from sandbox.metrics import dimensions
from sandbox.sagemaker_hosting import Hosting, containers_of_model
from sandbox.sagemaker_records import ApiError, Record

_FAILED = "The container of the inference component did not pass the ping health check."
# Members of InferenceComponentSummary.
_LISTED = (
    "CreationTime",
    "EndpointArn",
    "EndpointName",
    "InferenceComponentArn",
    "InferenceComponentName",
    "InferenceComponentStatus",
    "LastModifiedTime",
    "VariantName",
)
_SUMMARIZED = ("EndpointName", "InferenceComponentName", "Specification", "VariantName")


class InferenceComponents:
    """The inference components of one account in one region."""

    def __init__(self, hosting: Hosting) -> None:
        self._hosting = hosting
        self._records = hosting.inference_components
        self.actions: dict[str, Callable[[Record], Record]] = {
            "CreateInferenceComponent": self.create,
            "DeleteInferenceComponent": self._records.delete,
            "DescribeInferenceComponent": self._records.describe,
            "ListInferenceComponents": self._list,
            "UpdateInferenceComponent": self.update,
            "UpdateInferenceComponentRuntimeConfig": self._scale,
        }

    def exists(self, name: str) -> bool:
        """Return whether there is a component of this name."""
        return name in self._records

    def create(self, request: Record) -> Record:
        """Respond to CreateInferenceComponent, whose copies start at once or never."""
        endpoint = self._hosting.endpoints.find(request["EndpointName"])
        specification, copies = request["Specification"], request.get("RuntimeConfig", {}).get("CopyCount")
        if base := specification.get("BaseInferenceComponentName"):
            self._records.find(base)
        elif not copies:
            raise ApiError("Inference components copy count an integer larger than 0")  # as AWS responds
        is_running = self._is_healthy(specification)
        stored = {key: request[key] for key in _SUMMARIZED if key in request}
        return self._records.create(
            {
                **stored,
                "EndpointArn": endpoint["EndpointArn"],
                "InferenceComponentStatus": "InService" if is_running else "Failed",
                **({} if is_running else {"FailureReason": _FAILED}),
                **({"RuntimeConfig": {"DesiredCopyCount": copies, "CurrentCopyCount": copies}} if copies else {}),
                "Tags": request.get("Tags", []),
            }
        )

    def update(self, request: Record) -> Record:
        """Respond to UpdateInferenceComponent; new copies that do not start leave the specification as it was."""
        component = self._records.find(request["InferenceComponentName"])
        if (specification := request.get("Specification")) and self._is_healthy(specification):
            component["Specification"] = specification
            component["InferenceComponentStatus"] = "InService"
            component.pop("FailureReason", None)
        copies = request.get("RuntimeConfig", {}).get("CopyCount")
        if copies is not None:
            component["RuntimeConfig"] = {"DesiredCopyCount": copies, "CurrentCopyCount": copies}
        component["LastModifiedTime"] = time.time()
        return {"InferenceComponentArn": component["InferenceComponentArn"]}

    def _list(self, request: Record) -> Record:
        endpoint = request.get("EndpointNameEquals")
        components = [
            component for component in self._records.values() if endpoint in (None, component["EndpointName"])
        ]
        return {
            "InferenceComponents": [
                {key: value for key, value in component.items() if key in _LISTED} for component in components
            ]
        }

    def _scale(self, request: Record) -> Record:
        return self.update({**request, "RuntimeConfig": request["DesiredRuntimeConfig"]})

    def check_invocation(self, endpoint: str, name: str) -> None:
        """Raise `ApiError` unless an endpoint has a component of this name that can serve."""
        component = self._records.find(name)
        if component.get("RuntimeConfig", {}).get("DesiredCopyCount") == 0:
            of = dimensions(InferenceComponentName=name)
            self._hosting.metrics.record("NoCapacityInvocationFailures", 1, of)
            raise ApiError("Inference Component has no capacity to process this request.")
        if component["EndpointName"] != endpoint or component["InferenceComponentStatus"] != "InService":
            raise ApiError(f"Inference Component {name} of endpoint {endpoint} cannot serve requests.")

    def _is_healthy(self, specification: Record) -> bool:
        if "ModelName" not in specification:
            return is_healthy([specification.get("Container", {})])
        model = self._hosting.models.find(specification["ModelName"])
        self._hosting.check_access(model)
        return is_healthy(containers_of_model(model))
