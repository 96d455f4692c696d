"""The permissions of operators for Application Auto Scaling, if an endpoint of the environment scales.

Scalable targets have no names: IAM compares `scalable-target/*` and the namespace of the service only. The permissions
in SageMaker decide which endpoints scale, because Application Auto Scaling checks those of the caller before it
registers a target or puts a policy ("Permissions validation for Application Auto Scaling API calls").
"""

from protected_endpoints.policies.document import Statement, allow
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope

_SERVICE = "sagemaker.application-autoscaling.amazonaws.com"  # in every partition
_SERVICE_LINKED_ROLE = f"aws-service-role/{_SERVICE}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
_READ = [
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "application-autoscaling:DescribeScheduledActions",
]
_CHANGE = [
    "application-autoscaling:DeleteScalingPolicy",
    "application-autoscaling:DeleteScheduledAction",
    "application-autoscaling:DeregisterScalableTarget",
    "application-autoscaling:PutScalingPolicy",
    "application-autoscaling:PutScheduledAction",
    "application-autoscaling:RegisterScalableTarget",
]


def read_scaling_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to read scalable targets, policies and scheduled actions."""
    if not scope.scales:
        return []
    return [
        allow("ScalingHasNoResource", Action=_READ, Resource="*"),
        allow(
            "ReadTagsOfScaling", Action="application-autoscaling:ListTagsForResource", Resource=_target_arns(scope)
        ),
    ]


def scaling_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to register, change and deregister scalable targets."""
    if not scope.scales:
        return []
    of_sagemaker = {"StringEquals": {"application-autoscaling:service-namespace": "sagemaker"}}
    return [
        allow("MakeScaling", Action=_CHANGE, Resource=_target_arns(scope), Condition=of_sagemaker),
        allow(
            "TagScaling",
            Action=["application-autoscaling:TagResource", "application-autoscaling:UntagResource"],
            Resource=_target_arns(scope),
            Condition=scope.tag_condition("Request"),
        ),
        allow(
            "ScaleEndpoints",
            Action="sagemaker:UpdateEndpointWeightsAndCapacities",
            Resource=scope.endpoint_arns,
        ),
        # Application Auto Scaling describes one alarm, whichever it is.
        allow("CheckAlarmsOfScaling", Action="cloudwatch:DescribeAlarms", Resource=scope.names.alarm_arn("*")),
        allow(
            "MakeRoleOfScaling",
            Action="iam:CreateServiceLinkedRole",
            Resource=scope.names.iam_arn(f"role/{_SERVICE_LINKED_ROLE}"),
            Condition={"StringEquals": {"iam:AWSServiceName": _SERVICE}},
        ),
    ]


def scaling_policy_arns(scope: EnvironmentScope) -> list[str]:
    """Return patterns of the scaling policies of the environment, which alarms can run.

    AWS writes the namespace in their ARNs as `sagemaker` and as `SageMaker`.
    """
    resources = [*_resource_ids(scope)] if scope.scales else []
    return [scope.names.arn("autoscaling", f"scalingPolicy:*:resource/*/{resource}:policyName/*") for resource in resources]


def tracking_alarm_arns(scope: EnvironmentScope) -> list[str]:
    """Return patterns of the alarms of target tracking policies, which Application Auto Scaling creates.

    It first calls PutMetricAlarm and DeleteAlarms with the permissions of the caller and without a name.
    """
    if not scope.scales:
        return []
    tracking = [scope.names.alarm_arn(f"TargetTracking-{resource}") for resource in _resource_ids(scope)]
    return [*tracking, scope.names.alarm_arn("")]


def _resource_ids(scope: EnvironmentScope) -> list[str]:
    """Return patterns of the resource IDs of scalable targets: variants, and inference components."""
    return [*(f"endpoint/{name}/*" for name in scope.endpoint_names), f"inference-component/{scope.names.prefix}-*"]


def _target_arns(scope: EnvironmentScope) -> str:
    return scope.names.arn("application-autoscaling", "scalable-target/*")
