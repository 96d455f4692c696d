"""Requests of a deployer about alarms, dashboards, the topic, scaling, SSM parameters, capture events and the trail."""

from typing import Any

Row = tuple[str, str, dict[str, Any]]
_ACCOUNT, _REGION = "111122223333", "us-west-2"
_ROLES = f"arn:aws:iam::{_ACCOUNT}:role"
OPERATED: dict[str, Any] = {
    "in_environment": {
        "deployers": [f"{_ROLES}/platform"],
        "state": {"bucket": "acme-tfstate", "create_bucket": True, "administrators": [f"{_ROLES}/admin"]},
        "alarms": {"create_topic": True},
        "audit": {"create_trail": True},
    },
    "invokers": [f"{_ROLES}/checkout-api"],
    "alarms": {"topic_arn": f"arn:aws:sns:{_REGION}:{_ACCOUNT}:pager"},
    "data_capture": {"eventbridge": True},
    "create_dashboard": True,
    "create_ssm_parameters": True,
    "scaling": {"min_capacity": 2, "max_capacity": 8, "target_value": 70},
}


def _arn(service: str, resource: str, *, region: str = _REGION, account: str = _ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


_ALARM = _arn("cloudwatch", "alarm:acme-dev-kmeans/errors")
_TRACKING = "TargetTracking-endpoint/acme-dev-kmeans/variant/AllTraffic-AlarmHigh-1234abcd"
_TOPIC, _PAGER = _arn("sns", "acme-dev-alarms"), _arn("sns", "pager")
_DASHBOARD = f"arn:aws:cloudwatch::{_ACCOUNT}:dashboard"
_POLICY = _arn(
    "autoscaling",
    "scalingPolicy:1234abcd:resource/sagemaker/endpoint/acme-dev-kmeans/variant/AllTraffic:policyName/wake-up",
)
_ACTIONS = "cloudwatch:AlarmActions"
_TARGET = _arn("application-autoscaling", "scalable-target/1234abcd")
_NAMESPACE = "application-autoscaling:service-namespace"
_SAGEMAKER = {_NAMESPACE: "sagemaker"}
_OURS = {"aws:ResourceTag/project": "acme", "aws:ResourceTag/environment": "dev"}
_OF_PROD = {**_OURS, "aws:ResourceTag/environment": "prod"}
_OF_PAYROLL = {**_OURS, "aws:ResourceTag/project": "payroll"}
_SERVICE = "sagemaker.application-autoscaling.amazonaws.com"
_SERVICE_ROLE = f"{_ROLES}/aws-service-role/{_SERVICE}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
_KEY = _arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab")
_OF_TOPIC = {**_OURS, "kms:ResourceAliases": ["alias/acme-dev-operations"]}
_OF_STATE = {**_OURS, "kms:ResourceAliases": ["alias/acme-dev-state"]}
_OF_TRAIL = {**_OURS, "kms:ResourceAliases": ["alias/acme-dev-audit"]}
_CAPTURE = "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc"
_TRAIL, _RECORDS = _arn("cloudtrail", "trail/acme-dev-audit"), "arn:aws:s3:::acme-dev-audit-de91fccc"
_PARAMETER = _arn("ssm", "parameter/acme/dev/kmeans/name")
_CHANGE_PARAMETER = ("AddTagsToResource", "DeleteParameter", "PutParameter", "RemoveTagsFromResource")
_READ_PARAMETER = ("GetParameter", "ListTagsForResource")
_DELETE_SCALING = ("DeleteScalingPolicy", "DeleteScheduledAction", "DeregisterScalableTarget")
_PUT_SCALING = ("PutScalingPolicy", "PutScheduledAction", "RegisterScalableTarget")

ALLOWED: list[Row] = [
    ("cloudwatch:PutMetricAlarm", _ALARM, {}),
    ("cloudwatch:PutMetricAlarm", _ALARM, {_ACTIONS: [_PAGER]}),
    ("cloudwatch:PutMetricAlarm", _ALARM.replace("errors", "champion/errors"), {_ACTIONS: [_TOPIC]}),
    ("cloudwatch:PutMetricAlarm", _ALARM.replace("errors", "wake-up"), {_ACTIONS: [_POLICY]}),
    ("cloudwatch:PutMetricAlarm", _ALARM, {_ACTIONS: [_POLICY.replace("sagemaker", "SageMaker"), _TOPIC]}),
    *((f"cloudwatch:{action}", _ALARM, {}) for action in ("DeleteAlarms", "DescribeAlarms", "ListTagsForResource")),
    *((f"cloudwatch:{action}", _ALARM, {}) for action in ("TagResource", "UntagResource")),
    # What Application Auto Scaling checks.
    *(
        (f"cloudwatch:{action}", _arn("cloudwatch", f"alarm:{_TRACKING}"), {})
        for action in ("PutMetricAlarm", "DeleteAlarms")
    ),
    ("cloudwatch:DescribeAlarms", _arn("cloudwatch", "alarm:any"), {}),
    *(
        (f"cloudwatch:{action}", f"{_DASHBOARD}/{name}", {})
        for action in ("DeleteDashboards", "GetDashboard", "PutDashboard")
        for name in ("acme-dev", "acme-dev_2", "acme-dev-kmeans")
    ),
    *(
        (f"sns:{action}", _TOPIC, {})
        for action in ("CreateTopic", "DeleteTopic", "GetTopicAttributes", "SetTopicAttributes", "ListTagsForResource")
    ),
    *((f"sns:{action}", _TOPIC, {}) for action in ("TagResource", "UntagResource")),
    *((f"kms:{action}", _KEY, _OF_TOPIC) for action in ("DeleteAlias", "EnableKeyRotation", "PutKeyPolicy")),
    *((f"kms:{action}", _KEY, {**_OF_TOPIC, "aws:TagKeys": ["team"]}) for action in ("TagResource", "UntagResource")),
    *((f"application-autoscaling:{action}", _TARGET, {**_SAGEMAKER, **_OURS}) for action in _DELETE_SCALING),
    *((f"application-autoscaling:{action}", _TARGET, _SAGEMAKER) for action in _PUT_SCALING),  # tags are not known
    *((f"application-autoscaling:{action}", _TARGET, {**_SAGEMAKER, **_OURS}) for action in _PUT_SCALING),
    ("application-autoscaling:TagResource", _TARGET, {}),  # by RegisterScalableTarget
    *((f"application-autoscaling:{action}", _TARGET, _OURS) for action in ("TagResource", "UntagResource")),
    ("application-autoscaling:ListTagsForResource", _TARGET, _OURS),
    ("application-autoscaling:DescribeScalableTargets", "*", {}),
    ("sagemaker:UpdateEndpointWeightsAndCapacities", _arn("sagemaker", "endpoint/acme-dev-kmeans"), {}),
    ("iam:CreateServiceLinkedRole", _SERVICE_ROLE, {"iam:AWSServiceName": _SERVICE}),
    ("s3:PutBucketNotification", _CAPTURE, {}),
    ("s3:GetBucketNotification", _CAPTURE, {}),
    *((f"ssm:{action}", _PARAMETER, {}) for action in (*_CHANGE_PARAMETER, *_READ_PARAMETER)),
    *((f"ssm:{action}", _PARAMETER.replace("name", "arn"), {}) for action in (*_CHANGE_PARAMETER, *_READ_PARAMETER)),
    ("ssm:DescribeParameters", "*", {}),
    # To plan the stack of the trail.
    *((f"cloudtrail:{action}", _TRAIL, {}) for action in ("GetEventSelectors", "GetTrailStatus", "ListTags")),
    ("cloudtrail:DescribeTrails", "*", {}),
    ("s3:GetBucketPolicy", _RECORDS, {}),
]
NOT_ALLOWED: list[Row] = [
    # Alarms of others, of other environments and endpoints, and alarms without the slash of a managed one.
    *(
        (f"cloudwatch:{action}", _arn("cloudwatch", f"alarm:{name}"), {})
        for action in ("PutMetricAlarm", "DeleteAlarms", "TagResource", "UntagResource")
        for name in ("payroll", "acme-prod-kmeans/errors", "acme-dev-kmeans", "payroll/errors", f"payroll-{_TRACKING}")
    ),
    *(
        (f"cloudwatch:{action}", _arn("cloudwatch", f"alarm:{_TRACKING.replace('dev', 'prod')}"), {})
        for action in ("PutMetricAlarm", "DeleteAlarms")
    ),
    ("cloudwatch:DescribeAlarms", _ALARM.replace(_REGION, "eu-west-1"), {}),
    ("cloudwatch:ListTagsForResource", _arn("cloudwatch", "alarm:payroll"), {}),
    *((f"cloudwatch:{action}", _ALARM, {}) for action in ("SetAlarmState", "DisableAlarmActions", "PutCompositeAlarm")),
    # An alarm that does more than notify and scale: EC2, a function, a topic and a scaling policy of others.
    *(
        ("cloudwatch:PutMetricAlarm", alarm, {_ACTIONS: actions})
        for alarm in (_ALARM, _arn("cloudwatch", f"alarm:{_TRACKING}"))
        for actions in (
            ["arn:aws:automate:us-west-2:ec2:terminate"],
            [_arn("swf", "action/actions/AWS_EC2.InstanceId.Terminate/1.0")],
            [_TOPIC, _arn("lambda", "function:admin")],
            [_arn("ssm", "opsitem:1")],
            [_arn("sns", "payroll")],
            [_POLICY.replace("acme-dev", "acme-prod")],
            [_POLICY.replace("endpoint/acme-dev-kmeans/variant/AllTraffic", "service/payroll/web")],
        )
    ),
    ("cloudwatch:SetAlarmState", _arn("cloudwatch", f"alarm:{_TRACKING}"), {}),
    # Application Auto Scaling itself gives its alarms their action.
    ("cloudwatch:PutMetricAlarm", _arn("cloudwatch", f"alarm:{_TRACKING}"), {_ACTIONS: [_POLICY]}),
    *(
        (f"cloudwatch:{action}", f"{_DASHBOARD}/{name}", {})
        for action in ("DeleteDashboards", "GetDashboard", "PutDashboard")
        for name in ("payroll", "acme-prod", "acme-devops")
    ),
    ("cloudwatch:ListDashboards", "*", {}),
    ("cloudwatch:TagResource", f"{_DASHBOARD}/acme-dev", {}),
    *(
        (f"sns:{action}", _arn("sns", name), {})
        for action in ("CreateTopic", "DeleteTopic", "SetTopicAttributes", "TagResource", "GetTopicAttributes")
        for name in ("pager", "acme-prod-alarms", "acme-dev-alarms-2")
    ),
    *((f"sns:{action}", _TOPIC, {}) for action in ("Publish", "Subscribe", "AddPermission")),
    # Keys of the state, of the trail, of other environments, and of nobody.
    *(
        (f"kms:{action}", _KEY, {**context, **({"aws:TagKeys": ["team"]} if "Tag" in action else {})})
        for action in ("DeleteAlias", "PutKeyPolicy", "UntagResource", "TagResource")
        for context in (
            _OF_STATE,
            _OF_TRAIL,
            {**_OF_TOPIC, **_OF_PROD},
            {**_OF_TOPIC, **_OF_PAYROLL},
            {"kms:ResourceAliases": ["alias/acme-dev-operations"]},
        )
    ),
    ("kms:PutKeyPolicy", _KEY, _OURS),  # before it has an alias
    ("kms:PutKeyPolicy", _KEY.replace(_REGION, "eu-west-1"), _OF_TOPIC),
    ("kms:TagResource", _KEY.replace(_REGION, "eu-west-1"), {**_OF_TOPIC, "aws:TagKeys": ["team"]}),
    *((f"kms:{action}", _KEY, _OF_TOPIC) for action in ("Decrypt", "ScheduleKeyDeletion", "DisableKey")),
    *(
        ("kms:UntagResource", _KEY, {**_OF_TOPIC, "aws:TagKeys": [key]})
        for key in ("project", "environment", "Endpoint")
    ),
    ("kms:TagResource", _KEY, {**_OF_TOPIC, "aws:TagKeys": ["endpoint"]}),
    # Scaling of other services, and of endpoints with the tags of others.
    *(
        (f"application-autoscaling:{action}", _TARGET, {_NAMESPACE: "ecs", **_OURS})
        for action in (*_DELETE_SCALING, *_PUT_SCALING)
    ),
    *(
        (f"application-autoscaling:{action}", _TARGET, {**_SAGEMAKER, **tags})
        for action in (*_DELETE_SCALING, *_PUT_SCALING)
        for tags in (_OF_PROD, _OF_PAYROLL)
    ),
    *((f"application-autoscaling:{action}", _TARGET, _SAGEMAKER) for action in _DELETE_SCALING),
    *(
        (f"application-autoscaling:{action}", _TARGET, tags)
        for action in ("TagResource", "UntagResource")
        for tags in (_OF_PROD, _OF_PAYROLL)
    ),
    *(
        (f"application-autoscaling:{action}", _TARGET.replace(_REGION, "eu-west-1"), {**_SAGEMAKER, **_OURS})
        for action in ("DeregisterScalableTarget", "RegisterScalableTarget")
    ),
    *(
        (f"application-autoscaling:{action}", _TARGET.replace(_REGION, "eu-west-1"), _OURS)
        for action in ("TagResource", "ListTagsForResource")
    ),
    ("application-autoscaling:GetPredictiveScalingForecast", "*", {}),
    *(
        ("sagemaker:UpdateEndpointWeightsAndCapacities", _arn("sagemaker", f"endpoint/{name}"), {})
        for name in ("acme-prod-kmeans", "payroll")
    ),
    ("sagemaker:InvokeEndpoint", _arn("sagemaker", "endpoint/acme-dev-kmeans"), {}),
    ("iam:CreateServiceLinkedRole", _SERVICE_ROLE, {"iam:AWSServiceName": "ecs.application-autoscaling.amazonaws.com"}),
    ("iam:CreateServiceLinkedRole", _SERVICE_ROLE, {}),
    (
        "iam:CreateServiceLinkedRole",
        f"{_ROLES}/aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations",
        {"iam:AWSServiceName": _SERVICE},
    ),
    ("iam:DeleteServiceLinkedRole", _SERVICE_ROLE, {}),
    # Parameters of others, of other environments and regions, and what applications keep beside those of endpoints.
    *(
        (f"ssm:{action}", parameter, {})
        for action in (*_CHANGE_PARAMETER, *_READ_PARAMETER)
        for parameter in (
            _arn("ssm", "parameter/payroll/dev/kmeans/name"),
            _arn("ssm", "parameter/acme/prod/kmeans/name"),
            _arn("ssm", "parameter/acme/dev/kmeans/password"),
            _arn("ssm", "parameter/acme/dev/name"),
            _arn("ssm", "parameter/acme/development/kmeans/name"),
            _PARAMETER.replace(_REGION, "eu-west-1"),
            _PARAMETER.replace(_ACCOUNT, "444455556666"),
        )
    ),
    *((f"ssm:{action}", _PARAMETER, {}) for action in ("GetParameters", "GetParameterHistory", "PutResourcePolicy")),
    ("ssm:LabelParameterVersion", _PARAMETER, {}),
    ("ssm:GetParametersByPath", _arn("ssm", "parameter/acme/dev"), {}),
    ("s3:PutBucketNotification", "arn:aws:s3:::my-bucket", {}),
    ("s3:GetBucketPolicy", "arn:aws:s3:::my-bucket", {}),
    ("s3:PutBucketNotification", _RECORDS, {}),
    # Records, and the trail of another environment.
    ("s3:GetObject", f"{_RECORDS}/AWSLogs/a", {}),
    ("cloudtrail:GetTrailStatus", _TRAIL.replace("dev", "prod"), {}),
    ("cloudtrail:CreateTrail", _TRAIL, {}),
    ("cloudtrail:StartLogging", _TRAIL, {}),
    ("cloudtrail:LookupEvents", "*", {}),
]
# Also with a policy that allows everything: those who deploy do not stop the recording of what they do.
DENIED: list[Row] = [
    *(
        (f"cloudtrail:{action}", _TRAIL, {})
        for action in (
            "DeleteTrail",
            "PutEventConfiguration",
            "PutEventSelectors",
            "PutInsightSelectors",
            "StopLogging",
            "UpdateTrail",
        )
    ),
    *(
        (f"s3:{action}", _RECORDS, {})
        for action in (
            "DeleteBucket",
            "DeleteBucketPolicy",
            "PutBucketOwnershipControls",
            "PutBucketPolicy",
            "PutBucketPublicAccessBlock",
            "PutBucketVersioning",
            "PutEncryptionConfiguration",
            "PutLifecycleConfiguration",
            "PutReplicationConfiguration",
        )
    ),
    *(
        (f"s3:{action}", path, {})
        for action in ("DeleteObject", "DeleteObjectVersion", "PutObject", "ReplicateDelete", "ReplicateObject")
        for path in (
            f"{_RECORDS}/AWSLogs/111122223333/CloudTrail/us-west-2/2027/01/31/a.json.gz",
            "arn:aws:s3:::acme-tfstate/acme/dev-audit.tfstate",
            "arn:aws:s3:::acme-tfstate/acme/dev-audit.tfstate.tflock",
        )
    ),
    *(
        (f"kms:{action}", _arn("kms", "alias/acme-dev-audit"), {})
        for action in ("CreateAlias", "DeleteAlias", "UpdateAlias")
    ),
]
# Also with a policy that allows everything, as before: another trail, another bucket, the state of an endpoint.
NOT_DENIED: list[Row] = [
    ("cloudtrail:StopLogging", _TRAIL.replace("acme-dev-audit", "organization"), {}),
    ("s3:DeleteObject", "arn:aws:s3:::my-bucket/a", {}),
    ("s3:PutBucketPolicy", "arn:aws:s3:::my-bucket", {}),
    ("s3:PutObject", "arn:aws:s3:::acme-tfstate/acme/dev-kmeans.tfstate", {}),
    ("kms:CreateAlias", _arn("kms", "alias/acme-dev-kmeans"), {}),
]
