"""The Cloud Control API for AWS::SageMaker::InferenceComponent, which moto lacks.

As in AWS, an update applies a JSON Patch to what the type can read. The number of copies is write-only: a patch that
replaces it fails, because it names a property that the model does not have.
"""

import json
import uuid
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from sandbox.inference_components import InferenceComponents
from sandbox.sagemaker_records import ApiError, Record

_TYPE = "AWS::SageMaker::InferenceComponent"
_TIMES = ("CreationTime", "LastModifiedTime")


class UnsupportedType(ApiError):
    """Raised for a resource type that the sandbox does not know."""

    code = "TypeNotFoundException"


class NotFound(ApiError):
    """Raised for a resource that does not exist."""

    code = "ResourceNotFoundException"


class CloudControl:
    """The requests of one account in one region. Each is complete when it is answered."""

    def __init__(self, components: InferenceComponents) -> None:
        self._components = components
        self._events: dict[str, Record] = {}
        self._actions: dict[str, Callable[[Record], Record]] = {
            "CreateResource": self._create,
            "GetResource": self._get,
            "UpdateResource": self._update,
            "DeleteResource": self._delete,
            "GetResourceRequestStatus": self._status,
        }

    def call(self, action: str, request: Record) -> Record:
        """Return the response of the API.

        Raises:
            ApiError: the API would return an error.

        """
        if request.get("TypeName", _TYPE) != _TYPE:
            raise UnsupportedType(f"The type '{request['TypeName']}' cannot be found.")
        return self._actions[action](request)

    def _create(self, request: Record) -> Record:
        return self._event("CREATE", lambda: self._components.create(json.loads(request["DesiredState"])))

    def _update(self, request: Record) -> Record:
        before = self._properties(request["Identifier"])
        after = _patched(before, json.loads(request["PatchDocument"]))
        changed = {key: after[key] for key in ("Specification", "RuntimeConfig") if after.get(key) != before.get(key)}
        named = {"InferenceComponentName": before["InferenceComponentName"], **changed}
        return self._event("UPDATE", lambda: self._components.update(named))

    def _delete(self, request: Record) -> Record:
        name, identifier = self._name(request["Identifier"]), request["Identifier"]
        self._components.actions["DeleteInferenceComponent"]({"InferenceComponentName": name})
        return self._event("DELETE", lambda: {"InferenceComponentArn": identifier})

    def _get(self, request: Record) -> Record:
        properties = json.dumps(self._properties(request["Identifier"]))
        return {
            "TypeName": _TYPE,
            "ResourceDescription": {"Identifier": request["Identifier"], "Properties": properties},
        }

    def _status(self, request: Record) -> Record:
        return {"ProgressEvent": self._events[request["RequestToken"]]}

    def _event(self, operation: str, act: Callable[[], Record]) -> Record:
        """Return the progress of a request; an error of SageMaker is an event and not an error of this API."""
        event = {"TypeName": _TYPE, "RequestToken": str(uuid.uuid4()), "Operation": operation}
        try:
            event |= {"OperationStatus": "SUCCESS", "Identifier": act()["InferenceComponentArn"]}
        except ApiError as error:
            event |= {"OperationStatus": "FAILED", "ErrorCode": "InvalidRequest", "StatusMessage": str(error)}
        self._events[event["RequestToken"]] = event
        return {"ProgressEvent": event}

    def _properties(self, arn: str) -> Record:
        described = self._components.actions["DescribeInferenceComponent"]({"InferenceComponentName": self._name(arn)})
        return {key: str(value) if key in _TIMES else value for key, value in described.items()}

    def _name(self, arn: str) -> str:
        name = arn.rsplit("/", 1)[1]
        if not self._components.exists(name):
            raise NotFound(f"Resource of type '{_TYPE}' with identifier '{arn}' was not found.")
        return name


def _patched(model: Record, operations: list[dict[str, Any]]) -> Record:
    """Return a model after the operations of a JSON Patch (RFC 6902) on properties of objects."""
    patched = deepcopy(model)
    for operation in operations:
        *parents, name = operation["path"].split("/")[1:]
        target = patched
        for parent in parents:
            target = target[parent]
        if operation["op"] != "add" and name not in target:  # as AWS responds
            path = f"/{operation['path']}"
            raise ApiError(f"[{operation['op'].upper()} Operation] noSuchPath in source, path provided : {path}")
        if operation["op"] == "remove":
            del target[name]
        else:
            target[name] = operation["value"]
    return patched
