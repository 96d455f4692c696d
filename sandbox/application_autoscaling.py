"""The Application Auto Scaling API for SageMaker: scalable targets, scaling policies and scheduled actions.

moto accepts endpoints that do not exist, bounds in the wrong order and policies without a target, lacks tags and two of
the three dimensions, and keeps the policies of a deregistered target, so the sandbox implements these calls.
"""

import time
import uuid
from collections.abc import Callable
from typing import Any

from sandbox.api_model import check_request
from sandbox.authorization import ACCOUNT_ID
from sandbox.sagemaker_hosting import Hosting
from sandbox.sagemaker_records import ApiError, Record
from sandbox.scalable_resources import find_resource, move_into_bounds
from sandbox.scalable_targets import Target
from sandbox.scaling_policies import check_metric, check_policy
from sandbox.tracking_alarms import create_alarms

_SERVICE = "application-autoscaling"
_ROLE = (
    f"arn:aws:iam::{ACCOUNT_ID}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
)
_NOT_SUSPENDED = dict.fromkeys(
    ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"), False
)


class ObjectNotFound(ApiError):
    """Raised for a target, a policy or a scheduled action that does not exist."""

    code = "ObjectNotFoundException"


class ResourceNotFound(ApiError):
    """Raised for tags of a target that does not exist."""

    code = "ResourceNotFoundException"


class ApplicationAutoScaling:
    """The scalable targets of one account in one region, with their policies and scheduled actions."""

    def __init__(self, hosting: Hosting) -> None:
        self._hosting, self._region = hosting, hosting.region
        self._records = hosting.scalable_targets
        self._actions: dict[str, Callable[[Record], Record]] = {
            "RegisterScalableTarget": self._register,
            "DescribeScalableTargets": self._describe_targets,
            "DeregisterScalableTarget": self._deregister,
            "PutScalingPolicy": self._put_policy,
            "DescribeScalingPolicies": self._describe_policies,
            "DeleteScalingPolicy": self._delete_policy,
            "PutScheduledAction": self._put_scheduled,
            "DescribeScheduledActions": self._describe_scheduled,
            "DeleteScheduledAction": self._delete_scheduled,
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": lambda request: {"Tags": self._tags_of(request["ResourceARN"])},
        }

    def supports(self, action: str) -> bool:
        """Return whether this class implements an action."""
        return action in self._actions

    def call(self, action: str, request: Record) -> Record:
        """Return the response of the API.

        Raises:
            ApiError: the API would return an error.

        """
        check_request(_SERVICE, action, request)
        return self._actions[action](request)

    def _register(self, request: Record) -> Record:
        target = _target_of(request)
        find_resource(self._hosting, *target)
        existing = self._records.targets.get(target, {})
        if existing and request.get("Tags"):
            raise ApiError(
                "The scalable target that you tried to tag already exists. To update tags on an existing scalable "
                "target, use the TagResource API."
            )
        record = {**(existing or self._new_target()), **{key: value for key, value in request.items() if key != "Tags"}}
        for bound in ("MinCapacity", "MaxCapacity"):
            if bound not in record:
                raise ApiError(f"{bound} is required for a new scalable target.")
        if record["MinCapacity"] > record["MaxCapacity"]:
            raise ApiError("Maximum capacity cannot be less than minimum capacity")
        self._records.targets[target] = {
            **record,
            "SuspendedState": {**_NOT_SUSPENDED, **record.get("SuspendedState", {})},
        }
        self._records.tags.setdefault(record["ScalableTargetARN"], {}).update(request.get("Tags", {}))
        move_into_bounds(self._hosting, target)
        return {"ScalableTargetARN": record["ScalableTargetARN"]}

    def _new_target(self) -> Record:
        return {"RoleARN": _ROLE, "CreationTime": time.time(), "ScalableTargetARN": self._arn("scalable-target")}

    def _describe_targets(self, request: Record) -> Record:
        ids = request.get("ResourceIds")
        found = [
            target
            for target in self._records.targets.values()
            if (not ids or target["ResourceId"] in ids)
            and request.get("ScalableDimension") in (None, target["ScalableDimension"])
        ]
        return {"ScalableTargets": found}

    def _deregister(self, request: Record) -> Record:
        self._records.remove(self._registered(request))
        return {}

    def _put_policy(self, request: Record) -> Record:
        target = self._registered(request)
        key = (target, request["PolicyName"])
        check_policy(request)
        check_metric(request, [policy for of, policy in self._records.policies.items() if of[0] == target])
        existing = self._records.policies.get(key)
        if existing and existing["PolicyType"] != request.get("PolicyType", existing["PolicyType"]):
            raise ApiError("Policy types cannot be changed.")
        identity = existing or {
            "PolicyARN": self._arn_of_policy(request),
            "CreationTime": time.time(),
        }
        if existing:
            self._records.remove_policy(key)
        policy = {**identity, **request, "Alarms": []}
        if "TargetTrackingScalingPolicyConfiguration" in request:
            resource = find_resource(self._hosting, *target)
            policy["Alarms"] = create_alarms(self._records.cloudwatch, policy, resource)
        self._records.policies[key] = policy
        return {"PolicyARN": policy["PolicyARN"], "Alarms": policy["Alarms"]}

    def _describe_policies(self, request: Record) -> Record:
        return {"ScalingPolicies": _matching(self._records.policies, request, "PolicyNames")}

    def _delete_policy(self, request: Record) -> Record:
        key = (_target_of(request), request["PolicyName"])
        _check_exists(self._records.policies, key, "scaling policy")
        self._records.remove_policy(key)
        return {}

    def _put_scheduled(self, request: Record) -> Record:
        target = self._registered(request)
        key = (target, request["ScheduledActionName"])
        existing = self._records.scheduled.get(key)
        identity = existing or {"ScheduledActionARN": self._arn("scheduledAction"), "CreationTime": time.time()}
        record = {**identity, **request}
        bounds = record.get("ScalableTargetAction", {})
        if "Schedule" not in record:
            raise ApiError("Schedule is required for a new scheduled action.")
        if not bounds:
            raise ApiError("ScalableTargetAction requires MinCapacity, MaxCapacity or both.")
        if bounds.get("MinCapacity", 0) > bounds.get("MaxCapacity", float("inf")):
            raise ApiError("Maximum capacity cannot be less than minimum capacity")
        self._records.scheduled[key] = record
        return {}

    def _describe_scheduled(self, request: Record) -> Record:
        return {"ScheduledActions": _matching(self._records.scheduled, request, "ScheduledActionNames")}

    def _delete_scheduled(self, request: Record) -> Record:
        key = (_target_of(request), request["ScheduledActionName"])
        _check_exists(self._records.scheduled, key, "scheduled action")
        del self._records.scheduled[key]
        return {}

    def _registered(self, request: Record) -> Target:
        target = _target_of(request)
        if target not in self._records.targets:
            raise ObjectNotFound(
                f"No scalable target registered for service namespace: {request['ServiceNamespace']}, resource ID: "
                f"{target[0]}, scalable dimension: {target[1]}"
            )
        return target

    def _tag(self, request: Record) -> Record:
        self._tags_of(request["ResourceARN"]).update(request["Tags"])
        return {}

    def _untag(self, request: Record) -> Record:
        for key in request["TagKeys"]:
            self._tags_of(request["ResourceARN"]).pop(key, None)
        return {}

    def _tags_of(self, arn: str) -> dict[str, str]:
        if arn not in self._records.tags:
            raise ResourceNotFound(f"The specified resource ARN {arn} is not a scalable target.")
        return self._records.tags[arn]

    def _arn(self, type_: str) -> str:
        return f"arn:aws:{_SERVICE}:{self._region}:{ACCOUNT_ID}:{type_}/{uuid.uuid4().hex}"

    def _arn_of_policy(self, request: Record) -> str:
        resource = f"resource/sagemaker/{request['ResourceId']}:policyName/{request['PolicyName']}"
        return f"arn:aws:autoscaling:{self._region}:{ACCOUNT_ID}:scalingPolicy:{uuid.uuid4()}:{resource}"


def _target_of(request: Record) -> Target:
    if request["ServiceNamespace"] != "sagemaker":
        raise ApiError(f"The sandbox does not scale {request['ServiceNamespace']}.")
    return request["ResourceId"], request["ScalableDimension"]


def _matching(records: dict[tuple[Target, str], Record], request: Record, names: str) -> list[Record]:
    return [
        record
        for (target, name), record in records.items()
        if request.get("ResourceId") in (None, target[0])
        and request.get("ScalableDimension") in (None, target[1])
        and (not request.get(names) or name in request[names])
    ]


def _check_exists(records: dict[tuple[Target, str], Any], key: tuple[Target, str], title: str) -> None:
    if key not in records:
        (resource_id, dimension), name = key
        raise ObjectNotFound(
            f"No {title} found for service namespace: sagemaker, resource ID: {resource_id}, scalable dimension: "
            f"{dimension}, name: {name}"
        )
