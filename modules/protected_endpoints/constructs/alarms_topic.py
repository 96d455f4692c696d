"""The SNS topic that the alarms of an environment notify."""

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import KmsAlias, KmsKey
from protected_endpoints.bindings.sns import SnsTopic, SnsTopicPolicy
from protected_endpoints.deployment.environment_names import EnvironmentNames
from protected_endpoints.policies import alarms_topic


class AlarmsTopic(Construct):
    """Define the topic, encrypted with a key of its own, to which only the environment's alarms can publish.

    Subscriptions are not managed: a person has to confirm one by email, and other tools bring their own. Terraform
    refuses to destroy the key, because messages that wait for delivery could not be decrypted.
    """

    def __init__(self, scope: Construct, id_: str, *, names: EnvironmentNames) -> None:
        super().__init__(scope, id_)
        key = KmsKey(
            self,
            "Key",
            description=f"Notifications of alarms of {names.prefix}",
            enable_key_rotation=True,
            rotation_period_in_days=365,
            deletion_window_in_days=30,
            policy=policies.to_json(alarms_topic.key_policy(names)),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        KmsAlias(self, "Alias", name=names.operations_alias, target_key_id=key.key_id)
        topic = SnsTopic(self, "Default", name=names.alarm_topic, kms_master_key_id=key.arn)
        SnsTopicPolicy(self, "Policy", arn=topic.arn, policy=policies.to_json(alarms_topic.topic_policy(names)))
        self.arn = topic.arn
        self.key_arn = key.arn
