"""The permissions of operators for CloudWatch alarms and dashboards, and for the topic that alarms notify."""

from collections.abc import Iterator

from protected_endpoints.policies.document import Statement, allow
from protected_endpoints.policies.operators.environment_scope import OTHER_TAGS, EnvironmentScope
from protected_endpoints.policies.operators.scaling import scaling_policy_arns, tracking_alarm_arns

_PUT, _ACTIONS = "cloudwatch:PutMetricAlarm", "cloudwatch:AlarmActions"
_NO_ACTION = {"Null": {_ACTIONS: "true"}}
_MAX_ALARM_ACTIONS = 15  # of one statement: the ARN of a topic has up to 300 characters, and a policy 6,144
_TOPIC = ["sns:GetTopicAttributes", "sns:ListTagsForResource"]
_CHANGE_TOPIC = [
    "sns:CreateTopic",
    "sns:DeleteTopic",
    "sns:SetTopicAttributes",
    "sns:TagResource",
    "sns:UntagResource",
]


def read_alarm_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to read the alarms, the dashboards and the topic."""
    actions = ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"]
    return [
        allow("ReadAlarms", Action=actions, Resource=scope.alarm_arns),
        # Also without a dashboard or a topic: the plan that removes the last one still reads it.
        allow("ReadDashboards", Action="cloudwatch:GetDashboard", Resource=scope.dashboard_arns),
        allow("ReadTopic", Action=_TOPIC, Resource=scope.names.alarm_topic_arn),
    ]


def alarm_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to change the alarms, the dashboards and the topic.

    Dashboards can always be deleted: the deploy that removes the last one has the policies of an environment without.
    """
    tracking = tracking_alarm_arns(scope)
    existing = scope.existing_alarm_arns
    statements = [
        # SageMaker reads the alarms of an update as the deployer, too.
        *([allow("WatchUpdates", Action="cloudwatch:DescribeAlarms", Resource=existing)] if existing else []),
        *_put_statements(scope),
        *([allow("CheckPutOfScaling", Action=_PUT, Resource=tracking, Condition=_NO_ACTION)] if scope.scales else []),
        allow("DeleteAlarms", Action="cloudwatch:DeleteAlarms", Resource=[scope.alarm_arns, *tracking]),
        allow("TagAlarms", Action=["cloudwatch:TagResource", "cloudwatch:UntagResource"], Resource=scope.alarm_arns),
        _dashboard_statement(scope),
    ]
    if topic := scope.managed_topic_arn:
        statements += [allow("MakeTopic", Action=_CHANGE_TOPIC, Resource=topic), *_topic_key_statements(scope)]
    return statements


def _dashboard_statement(scope: EnvironmentScope) -> Statement:
    delete, put = "cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"
    if scope.has_dashboard:
        return allow("MakeDashboards", Action=[delete, put], Resource=scope.dashboard_arns)
    return allow("DeleteDashboards", Action=delete, Resource=scope.dashboard_arns)


def _put_statements(scope: EnvironmentScope) -> Iterator[Statement]:
    """Yield the permissions to put alarms that notify topics of `endpoints.toml` and scale endpoints, if anything.

    Without the condition, an alarm could stop any EC2 instance or invoke a function, with the permissions of
    CloudWatch. The key has the actions of every state, and `ForAllValues` also allows none (CloudWatch, "Using
    condition keys to limit alarm actions"). A managed alarm has one action, so that a long list can be divided.
    """
    alarms, actions = scope.alarm_arns, [*scope.topic_arns, *scaling_policy_arns(scope)]
    if not actions:
        yield allow("MakeAlarms", Action=_PUT, Resource=alarms, Condition=_NO_ACTION)
    for start in range(0, len(actions), _MAX_ALARM_ACTIONS):
        condition = {"ForAllValues:StringLike": {_ACTIONS: actions[start : start + _MAX_ALARM_ACTIONS]}}
        sid = f"MakeAlarms{start // _MAX_ALARM_ACTIONS + 1}" if start else "MakeAlarms"
        yield allow(sid, Action=_PUT, Resource=alarms, Condition=condition)


def _topic_key_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions for the key of the topic, which its alias identifies.

    It has no tag `endpoint`, like the keys of the state and of the trail, which deployers cannot change.
    """
    condition = {
        **scope.tag_condition("Resource"),
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": scope.names.operations_alias},
    }
    return [
        allow(
            "ChangeKeyOfTopic",
            Action=["kms:DeleteAlias", "kms:EnableKeyRotation", "kms:PutKeyPolicy"],
            Resource=scope.kms_key_arns,
            Condition=condition,
        ),
        allow(
            "TagKeyOfTopic",
            Action=["kms:TagResource", "kms:UntagResource"],
            Resource=scope.kms_key_arns,
            Condition={**condition, **OTHER_TAGS},
        ),
    ]
