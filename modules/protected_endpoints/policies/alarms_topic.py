"""The policies of the managed SNS topic of alarms and of its key: CloudWatch publishes, and nobody else."""

from protected_endpoints.deployment.environment_names import EnvironmentNames
from protected_endpoints.policies.document import Condition, Document, allow, deny, document
from protected_endpoints.policies.kms_key import administration_statements, key_denies


def topic_policy(names: EnvironmentNames) -> Document:
    """Return the policy of the topic.

    It allows no principal of the account, so that subscribing needs an identity policy, and no other account. A
    principal that an identity policy allows to publish cannot use the key, which the topic needs for every message.
    """
    topic = names.alarm_topic_arn
    return document(
        allow(
            "AlarmsOfTheEnvironmentPublish",
            Principal={"Service": "cloudwatch.amazonaws.com"},
            Action="sns:Publish",
            Resource=topic,
            Condition=_from_alarms(names),
        ),
        deny(
            "NeverWithoutTls",
            Principal="*",
            Action=["sns:Publish", "sns:Subscribe"],
            Resource=topic,
            Condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
        deny(
            "NeverDeliverOverHttp",
            Principal="*",
            Action="sns:Subscribe",
            Resource=topic,
            Condition={"StringEquals": {"sns:Protocol": "http"}},
        ),
    )


def key_policy(names: EnvironmentNames) -> Document:
    """Return the policy of the key: the account administers it, and CloudWatch encrypts the messages of alarms.

    The key of AWS, aws/sns, cannot let CloudWatch in: its policy cannot be changed (SNS, "Enable compatibility between
    event sources from AWS services and encrypted topics").
    """
    return document(
        *administration_statements(names, []),
        allow(
            "AlarmsOfTheEnvironmentEncrypt",
            Principal={"Service": "cloudwatch.amazonaws.com"},
            Action=["kms:Decrypt", "kms:GenerateDataKey*"],
            Resource="*",
            Condition=_from_alarms(names),
        ),
        *key_denies(),
    )


def _from_alarms(names: EnvironmentNames) -> Condition:
    return {
        "StringEquals": {"aws:SourceAccount": names.account_id},
        "ArnLike": {"aws:SourceArn": names.alarm_arn_pattern},
    }
