"""The permissions of operators for Application Auto Scaling.

Reading and deleting are always allowed, because the deploy that removes the last `scaling` runs with the policies of an
environment in which nothing scales.

Scalable targets have no names, so IAM compares `scalable-target/*`, the namespace of the service, and tags. The
permissions in SageMaker decide which endpoints scale: Application Auto Scaling checks those of the caller, and those
for alarms, when it registers a target and puts a policy ("Permissions validation for Application Auto Scaling API
calls on target resources").
"""

from protected_endpoints.policies.document import Statement, allow
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope

_SERVICE = "sagemaker.application-autoscaling.amazonaws.com"  # in every partition
_SERVICE_LINKED_ROLE = f"aws-service-role/{_SERVICE}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
_NAMESPACE = {"application-autoscaling:service-namespace": "sagemaker"}
_READ = [
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "application-autoscaling:DescribeScheduledActions",
]
_PUT = [
    "application-autoscaling:PutScalingPolicy",
    "application-autoscaling:PutScheduledAction",
    "application-autoscaling:RegisterScalableTarget",
]
_DELETE = [
    "application-autoscaling:DeleteScalingPolicy",
    "application-autoscaling:DeleteScheduledAction",
    "application-autoscaling:DeregisterScalableTarget",
]


def read_scaling_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to read scalable targets, policies and scheduled actions."""
    read_tags = "application-autoscaling:ListTagsForResource"
    return [
        allow("ScalingHasNoResource", Action=_READ, Resource="*"),
        allow("ReadTagsOfScaling", Action=read_tags, Resource=_target_arns(scope)),
    ]


def scaling_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to deregister scalable targets and, if an endpoint scales, to register and change them.

    A target with the tags of another environment cannot be changed. The documentation of Application Auto Scaling
    shows the tags of a target in conditions of the Delete actions only, so the others also allow a target without tags,
    which a new one is.
    """
    targets = _target_arns(scope)
    ours = {"StringEquals": {**_NAMESPACE, **scope.tag_values("Resource")}}
    delete = allow("DeleteScaling", Action=_DELETE, Resource=targets, Condition=ours)
    if not scope.scales:
        return [delete]
    not_of_others = {"StringEqualsIfExists": scope.tag_values("Resource")}
    return [
        allow("MakeScaling", Action=_PUT, Resource=targets, Condition={"StringEquals": _NAMESPACE, **not_of_others}),
        delete,
        allow(
            "TagScaling",
            Action=["application-autoscaling:TagResource", "application-autoscaling:UntagResource"],
            Resource=targets,
            Condition=not_of_others,
        ),
        allow(
            "ScaleEndpoints",
            Action="sagemaker:UpdateEndpointWeightsAndCapacities",
            Resource=scope.endpoint_arns,
        ),
        # The check describes one alarm, whichever it is.
        allow("CheckAlarmsOfScaling", Action="cloudwatch:DescribeAlarms", Resource=scope.names.alarm_arn("*")),
        allow(
            "MakeRoleOfScaling",
            Action="iam:CreateServiceLinkedRole",
            Resource=scope.names.iam_arn(f"role/{_SERVICE_LINKED_ROLE}"),
            Condition={"StringEquals": {"iam:AWSServiceName": _SERVICE}},
        ),
    ]


def scaling_policy_arns(scope: EnvironmentScope) -> list[str]:
    """Return patterns of the scaling policies of the environment, which alarms can run, if an endpoint scales.

    AWS writes the namespace in their ARNs as `sagemaker` and as `SageMaker`.
    """
    if not scope.scales:
        return []
    policies = [f"scalingPolicy:*:resource/*/{resource}:policyName/*" for resource in _resource_ids(scope)]
    return [scope.names.arn("autoscaling", policy) for policy in policies]


def tracking_alarm_arns(scope: EnvironmentScope) -> list[str]:
    """Return patterns of the alarms of target tracking, which Application Auto Scaling creates.

    The last one has no name: the check calls PutMetricAlarm and DeleteAlarms without a name and without actions.
    """
    alarms = [f"TargetTracking-{resource}" for resource in _resource_ids(scope)]
    return [scope.names.alarm_arn(alarm) for alarm in (*alarms, "")]


def _resource_ids(scope: EnvironmentScope) -> list[str]:
    """Return patterns of the resource IDs of scalable targets, variants and inference components."""
    endpoints = [f"endpoint/{name}/*" for name in scope.endpoint_name_patterns]
    return [*endpoints, f"inference-component/{scope.names.prefix}-*"]


def _target_arns(scope: EnvironmentScope) -> str:
    return scope.names.arn("application-autoscaling", "scalable-target/*")
