"""The SageMaker API for resource policies of endpoints."""

from collections.abc import Callable

from sandbox.sagemaker_records import ApiError, Record, Records, ResourceNotFound


class EndpointPolicies:
    """The resource policies of the endpoints of one region."""

    def __init__(self, endpoints: Records) -> None:
        self._endpoints = endpoints
        self._policies: dict[str, str] = {}
        self.actions: dict[str, Callable[[Record], Record]] = {
            "PutEndpointPolicy": self._put,
            "GetEndpointPolicy": self._get,
            "DeleteEndpointPolicy": self._delete,
        }

    def remove(self, endpoint: str) -> None:
        """Remove the policy of a deleted endpoint, if it has one."""
        self._policies.pop(endpoint, None)

    def _put(self, request: Record) -> Record:
        endpoint = self._endpoint(request)
        if endpoint["EndpointStatus"] == "Failed":
            raise ApiError("Cannot attach a policy to an endpoint whose status is Failed.")
        self._policies[request["EndpointName"]] = request["ResourcePolicy"]
        return {"EndpointArn": endpoint["EndpointArn"]}

    def _get(self, request: Record) -> Record:
        arn, name = self._endpoint(request)["EndpointArn"], request["EndpointName"]
        if name not in self._policies:
            raise ApiError(f'Endpoint "{name}" has no resource policy.')
        return {"EndpointName": name, "EndpointArn": arn, "ResourcePolicy": self._policies[name]}

    def _delete(self, request: Record) -> Record:
        self._endpoint(request)
        self._policies.pop(request["EndpointName"], None)
        return {}

    def _endpoint(self, request: Record) -> Record:
        try:
            return self._endpoints.find(request["EndpointName"])
        except ApiError as error:
            raise ResourceNotFound(str(error)) from error
