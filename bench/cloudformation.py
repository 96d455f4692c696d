"""Define the endpoints of synthesized stacks with AWS CDK: `python cloudformation.py SOURCE TARGET`.

A bucket is seven resources in Terraform and two in CloudFormation, so the templates have fewer resources. What
CloudFormation lacks is left out: an order of resources that do not refer to each other, and conditions after an apply.
"""

import json
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch, aws_iam, aws_kms, aws_logs, aws_s3, aws_sagemaker

Json = dict[str, Any]


class Endpoint(cdk.Stack):
    """Define the endpoint of a synthesized stack."""

    def __init__(self, scope: cdk.App, id_: str, resources: Json) -> None:
        super().__init__(scope, id_)
        self._resources = resources
        kms, log_group, bucket = self._only("kms_key"), self._only("cloudwatch_log_group"), self._only("s3_bucket")
        role = self._only("iam_role")
        self._key = aws_kms.CfnKey(
            self,
            "Key",
            description=kms["description"],
            enable_key_rotation=True,
            rotation_period_in_days=kms["rotation_period_in_days"],
            pending_window_in_days=kms["deletion_window_in_days"],
            key_policy=self._document(kms["policy"]),
        )
        self._key.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        aws_kms.CfnAlias(self, "Alias", alias_name=self._only("kms_alias")["name"], target_key_id=self._key.attr_key_id)
        aws_logs.CfnLogGroup(
            self,
            "Logs",
            log_group_name=log_group["name"],
            kms_key_id=self._key.attr_arn,
            retention_in_days=log_group["retention_in_days"],
        )
        self._bucket(bucket["bucket"])
        policies = self._managed_policies()
        execution = aws_iam.CfnRole(
            self,
            "Role",
            role_name=role["name"],
            assume_role_policy_document=self._document(role["assume_role_policy"]),
            permissions_boundary=policies[role["permissions_boundary"]].ref,
        )
        for name, policy in resources["aws_iam_role_policy"].items():
            aws_iam.CfnRolePolicy(
                self,
                name,
                policy_name=policy.get("name", name),
                role_name=execution.ref,
                policy_document=self._document(policy["policy"]),
            )
        endpoint = self._endpoint(execution)
        for name, value in (
            ("name", endpoint.attr_endpoint_name),
            ("arn", endpoint.ref),
            ("policy", policies["${aws_iam_policy.Invoke.arn}"].ref),
            ("key", self._key.attr_arn),
            ("bucket", bucket["bucket"]),
        ):
            cdk.CfnOutput(self, name, value=value)

    def _managed_policies(self) -> dict[str, aws_iam.CfnManagedPolicy]:
        """Return the managed policies, with the same attachments as in Terraform, by the reference to their ARN."""
        attachments = self._resources["aws_iam_role_policy_attachment"].values()
        return {
            reference: aws_iam.CfnManagedPolicy(
                self,
                name,
                description=policy["description"],
                managed_policy_name=policy["name"],
                policy_document=self._document(policy["policy"]),
                roles=[attachment["role"] for attachment in attachments if attachment["policy_arn"] == reference],
            )
            for name, policy in self._resources["aws_iam_policy"].items()
            for reference in (f"${{aws_iam_policy.{name}.arn}}",)
        }

    def _endpoint(self, role: aws_iam.CfnRole) -> aws_sagemaker.CfnEndpoint:
        model_source, config_source = self._only("sagemaker_model"), self._only("sagemaker_endpoint_configuration")
        container = model_source["primary_container"]
        model = aws_sagemaker.CfnModel(
            self,
            "Model",
            execution_role_arn=role.attr_arn,
            enable_network_isolation=True,
            primary_container=aws_sagemaker.CfnModel.ContainerDefinitionProperty(
                image=container["image"], model_data_url=container["model_data_url"]
            ),
        )
        (variant,), capture = config_source["production_variants"], config_source["data_capture_config"]
        configuration = aws_sagemaker.CfnEndpointConfig(
            self,
            "Configuration",
            kms_key_id=self._key.attr_arn,
            production_variants=[
                aws_sagemaker.CfnEndpointConfig.ProductionVariantProperty(
                    variant_name=variant["variant_name"],
                    model_name=model.attr_model_name,
                    instance_type=variant["instance_type"],
                    initial_instance_count=variant["initial_instance_count"],
                    initial_variant_weight=variant["initial_variant_weight"],
                )
            ],
            data_capture_config=aws_sagemaker.CfnEndpointConfig.DataCaptureConfigProperty(
                enable_capture=True,
                initial_sampling_percentage=capture["initial_sampling_percentage"],
                destination_s3_uri=capture["destination_s3_uri"],
                kms_key_id=self._key.attr_arn,
                capture_options=[
                    aws_sagemaker.CfnEndpointConfig.CaptureOptionProperty(capture_mode=option["capture_mode"])
                    for option in capture["capture_options"]
                ],
            ),
        )
        alarms = self._alarms(configuration)
        endpoint = self._only("sagemaker_endpoint")
        return aws_sagemaker.CfnEndpoint(
            self,
            "Endpoint",
            endpoint_name=endpoint["name"],
            endpoint_config_name=configuration.attr_endpoint_config_name,
            deployment_config=_deployment_config(endpoint["deployment_config"], alarms),
        )

    def _alarms(self, configuration: aws_sagemaker.CfnEndpointConfig) -> dict[str, aws_cloudwatch.CfnAlarm]:
        """Return the alarms by their name."""
        reference = "${aws_sagemaker_endpoint_configuration.Configuration.name}"
        names = {reference: configuration.attr_endpoint_config_name}
        return {
            alarm["alarm_name"]: aws_cloudwatch.CfnAlarm(
                self,
                name,
                alarm_description=alarm["alarm_description"],
                alarm_name=alarm["alarm_name"],
                comparison_operator=alarm["comparison_operator"],
                datapoints_to_alarm=alarm["datapoints_to_alarm"],
                dimensions=[
                    aws_cloudwatch.CfnAlarm.DimensionProperty(name=key, value=names.get(value, value))
                    for key, value in alarm["dimensions"].items()
                ],
                evaluate_low_sample_count_percentile=alarm.get("evaluate_low_sample_count_percentiles"),
                evaluation_periods=alarm["evaluation_periods"],
                extended_statistic=alarm.get("extended_statistic"),
                metric_name=alarm["metric_name"],
                namespace=alarm["namespace"],
                period=alarm["period"],
                statistic=alarm.get("statistic"),
                threshold=alarm["threshold"],
                treat_missing_data=alarm["treat_missing_data"],
            )
            for name, alarm in self._resources["aws_cloudwatch_metric_alarm"].items()
        }

    def _bucket(self, name: str) -> None:
        bucket = aws_s3.CfnBucket(
            self,
            "Capture",
            bucket_name=name,
            public_access_block_configuration=aws_s3.CfnBucket.PublicAccessBlockConfigurationProperty(
                block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
            ),
            ownership_controls=aws_s3.CfnBucket.OwnershipControlsProperty(
                rules=[aws_s3.CfnBucket.OwnershipControlsRuleProperty(object_ownership="BucketOwnerEnforced")]
            ),
            bucket_encryption=aws_s3.CfnBucket.BucketEncryptionProperty(
                server_side_encryption_configuration=[
                    aws_s3.CfnBucket.ServerSideEncryptionRuleProperty(
                        bucket_key_enabled=True,
                        server_side_encryption_by_default=aws_s3.CfnBucket.ServerSideEncryptionByDefaultProperty(
                            sse_algorithm="aws:kms", kms_master_key_id=self._key.attr_arn
                        ),
                    )
                ]
            ),
            versioning_configuration=aws_s3.CfnBucket.VersioningConfigurationProperty(status="Enabled"),
            lifecycle_configuration=aws_s3.CfnBucket.LifecycleConfigurationProperty(
                rules=[
                    aws_s3.CfnBucket.RuleProperty(
                        id="expire",
                        status="Enabled",
                        expiration_in_days=90,
                        abort_incomplete_multipart_upload=aws_s3.CfnBucket.AbortIncompleteMultipartUploadProperty(
                            days_after_initiation=7
                        ),
                        noncurrent_version_expiration=aws_s3.CfnBucket.NoncurrentVersionExpirationProperty(
                            noncurrent_days=30
                        ),
                    )
                ]
            ),
        )
        bucket.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        aws_s3.CfnBucketPolicy(
            self,
            "CapturePolicy",
            bucket=bucket.ref,
            policy_document=self._document(self._only("s3_bucket_policy")["policy"]),
        )

    def _only(self, type_: str) -> Json:
        (resource,) = self._resources[f"aws_{type_}"].values()
        only: Json = resource
        return only

    def _document(self, text: str) -> Json:
        """Return a policy document with the CloudFormation reference to the key instead of the Terraform reference."""
        key = getattr(self, "_key", None)
        document: Json = json.loads(text.replace("${aws_kms_key.Key.arn}", key.attr_arn if key else ""))
        return document


def _deployment_config(
    source: Json, alarms: dict[str, aws_cloudwatch.CfnAlarm]
) -> aws_sagemaker.CfnEndpoint.DeploymentConfigProperty:
    update = source["blue_green_update_policy"]
    routing = update["traffic_routing_configuration"]
    return aws_sagemaker.CfnEndpoint.DeploymentConfigProperty(
        auto_rollback_configuration=aws_sagemaker.CfnEndpoint.AutoRollbackConfigProperty(
            alarms=[
                aws_sagemaker.CfnEndpoint.AlarmProperty(alarm_name=alarms[alarm["alarm_name"]].ref)
                for alarm in source["auto_rollback_configuration"]["alarms"]
            ]
        ),
        blue_green_update_policy=aws_sagemaker.CfnEndpoint.BlueGreenUpdatePolicyProperty(
            termination_wait_in_seconds=update["termination_wait_in_seconds"],
            traffic_routing_configuration=aws_sagemaker.CfnEndpoint.TrafficRoutingConfigProperty(
                type=routing["type"],
                canary_size=aws_sagemaker.CfnEndpoint.CapacitySizeProperty(**routing["canary_size"]),
                wait_interval_in_seconds=routing["wait_interval_in_seconds"],
            ),
        ),
    )


def main() -> None:
    """Write a template for every stack."""
    source, target = sys.argv[1:]
    app = cdk.App(outdir=target)
    for file in sorted(Path(source).glob("stacks/*/cdk.tf.json")):
        Endpoint(app, file.parent.name, json.loads(file.read_text())["resource"])
    app.synth()


if __name__ == "__main__":
    main()
