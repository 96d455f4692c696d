"""The storage of SageMaker resources: records by name, their tags, and the errors of the API."""

import time
from typing import Any

from sandbox.authorization import ACCOUNT_ID

Record = dict[str, Any]


class ApiError(Exception):
    """Raised for requests for which the API returns a ValidationException."""

    code = "ValidationException"
    status = 400


class ResourceNotFound(ApiError):
    """Raised for requests for which newer actions of the API return ResourceNotFound."""

    code = "ResourceNotFound"


class Tags:
    """The tags of all resources by ARN."""

    def __init__(self) -> None:
        self._by_arn: dict[str, dict[str, str]] = {}

    def add(self, request: Record) -> Record:
        """Respond to AddTags."""
        tags = self._by_arn.setdefault(request["ResourceArn"], {})
        tags.update({tag["Key"]: tag["Value"] for tag in request["Tags"]})
        return self.list(request)

    def list(self, request: Record) -> Record:
        """Respond to ListTags."""
        tags = self._by_arn.get(request["ResourceArn"], {})
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def delete(self, request: Record) -> Record:
        """Respond to DeleteTags."""
        for key in request["TagKeys"]:
            self._by_arn.get(request["ResourceArn"], {}).pop(key, None)
        return {}

    def replace(self, arn: str, tags: Any) -> None:
        """Set the tags of a new resource."""
        self._by_arn[arn] = {}
        self.add({"ResourceArn": arn, "Tags": tags})


class Records(dict[str, Record]):
    """The resources of one type by name.

    Args:
        type_: the type in the API, such as `EndpointConfig`.
        title: the type in error messages, such as `endpoint configuration`.
        region: the region of the resources.
        tags: the tags of the resources of all types.

    """

    def __init__(self, type_: str, title: str, *, region: str, tags: Tags) -> None:
        super().__init__()
        self._name_key, self._arn_key, self._title = f"{type_}Name", f"{type_}Arn", title
        arn_type = title.replace(" configuration", "-config").replace(" ", "-")
        self._arn_prefix = f"arn:aws:sagemaker:{region}:{ACCOUNT_ID}:{arn_type}"
        self._tags = tags

    def create(self, request: Record) -> Record:
        """Add a resource and return the response of the API, which contains the ARN."""
        name = request[self._name_key]
        if name in self:
            raise ApiError(f'Cannot create already existing {self._title} "{name}".')
        arn = {self._arn_key: f"{self._arn_prefix}/{name}"}
        now = time.time()
        stored = {key: value for key, value in request.items() if key != "Tags"}
        self[name] = {**stored, **arn, "CreationTime": now, "LastModifiedTime": now}
        self._tags.replace(arn[self._arn_key], request.get("Tags", []))
        return arn

    def describe(self, request: Record) -> Record:
        """Return the resource that a request names."""
        return self.find(request[self._name_key])

    def find(self, name: str) -> Record:
        """Return a resource.

        Raises:
            ApiError: it does not exist.

        """
        if name not in self:
            raise ApiError(f'Could not find {self._title} "{name}".')
        return self[name]

    def delete(self, request: Record) -> Record:
        """Delete the resource that a request names."""
        del self[self.describe(request)[self._name_key]]
        return {}
