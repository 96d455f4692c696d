"""The permissions of operators for CloudWatch alarms, dashboards, and the topic that alarms notify."""

from protected_endpoints.policies.document import Statement, allow
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.scaling import scaling_policy_arns, tracking_alarm_arns

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
    statements = [allow("ReadAlarms", Action=actions, Resource=scope.alarm_arns)]
    if scope.has_dashboards:
        statements.append(allow("ReadDashboards", Action="cloudwatch:GetDashboard", Resource=scope.dashboard_arns))
    if topic := scope.managed_topic_arn:
        statements.append(allow("ReadTopic", Action=_TOPIC, Resource=topic))
    return statements


def alarm_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to change the alarms, the dashboards and the topic.

    An alarm can notify the topics of `endpoints.toml` and scale endpoints of the environment, and nothing else: an
    alarm can also stop EC2 instances and invoke functions, with the permissions of CloudWatch. The condition key has
    the actions of every state (CloudWatch, "Using condition keys to limit alarm actions"). Without a value, which
    `ForAllValues` allows, an alarm does nothing.
    """
    targets = [*scope.topic_arns, *scaling_policy_arns(scope)]
    # An empty list of values would allow no alarm with actions, and IAM does not accept it.
    actions = {"ForAllValues:StringLike": {"cloudwatch:AlarmActions": targets}} if targets else _NO_ACTIONS
    tracking = tracking_alarm_arns(scope)
    statements = [
        allow(
            "MakeAlarms",
            Action="cloudwatch:PutMetricAlarm",
            Resource=[scope.alarm_arns, *tracking],
            Condition=actions,
        ),
        allow("DeleteAlarms", Action="cloudwatch:DeleteAlarms", Resource=[scope.alarm_arns, *tracking]),
        allow(
            "TagAlarms",
            Action=["cloudwatch:TagResource", "cloudwatch:UntagResource"],
            Resource=scope.alarm_arns,
        ),
    ]
    if scope.has_dashboards:
        change = ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"]
        statements.append(allow("MakeDashboards", Action=change, Resource=scope.dashboard_arns))
    if topic := scope.managed_topic_arn:
        statements += [allow("MakeTopic", Action=_CHANGE_TOPIC, Resource=topic), *_topic_key_statements(scope)]
    return statements


_NO_ACTIONS = {"Null": {"cloudwatch:AlarmActions": "true"}}


def _topic_key_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions for the key of the topic, which its alias identifies.

    It has no tag `endpoint`, as the keys of the state and of the audit, which deployers cannot change. Before the
    deletion of the key, Terraform deletes its alias.
    """
    own = {**scope.tag_condition("Resource"), "Null": {"aws:ResourceTag/endpoint": "true"}}
    alias = {"kms:ResourceAliases": scope.names.operations_alias}
    return [
        allow(
            "ChangeKeyOfTopic",
            Action=["kms:DeleteAlias", "kms:EnableKeyRotation", "kms:PutKeyPolicy"],
            Resource=scope.kms_key_arns,
            Condition={**own, "ForAnyValue:StringEquals": alias},
        ),
        allow(
            "TagKeyOfTopic",
            Action=["kms:TagResource", "kms:UntagResource"],
            Resource=scope.kms_key_arns,
            Condition={**own, **scope.other_tags_condition, "ForAnyValue:StringEquals": alias},
        ),
        allow(
            "DestroyKeyOfTopic",
            Action="kms:ScheduleKeyDeletion",
            Resource=scope.kms_key_arns,
            Condition={**own, "ForAllValues:StringEquals": alias},
        ),
    ]
