"""The changes of arguments that are no attack, each with its reason.

An entry is as narrow as it can be: a type (a pattern), a pattern of the whole argument, the kinds of the change, and
the reason.
"""

import re
from functools import cache

_ANY = ".*"
_ENUMERATED = "AWS refuses any other value"
_HARMLESS: tuple[tuple[str, str, str, str], ...] = (
    (_ANY, r"(.*\.)?(alarm_)?description", _ANY, "text for people"),
    (_ANY, r"(.*\.)?[tT]ags(\..*)?", _ANY, "text for people and for bills"),
    (_ANY, r"lifecycle\.(post|pre)condition\.error_message", _ANY, "text for people"),
    (_ANY, r"depends_on", "removed|emptied", "only the order, in which an apply fails or not"),
    (_ANY, r"lifecycle(\.create_before_destroy)?", "removed|flipped off", "only the order of a later replacement"),
    (_ANY, r"lifecycle\.replace_triggered_by", "removed|emptied", "only whether a later change replaces it as well"),
    (
        _ANY,
        r"name|name_prefix|.*\.(variant_name|id)",
        "string|removed",
        "a name; what has it is new",
    ),
    ("aws_iam_role", r"max_session_duration", "smaller", "a shorter session"),
    ("aws_kms_key", r"deletion_window_in_days", "larger", "more time to cancel the deletion"),
    ("aws_kms_key", r"rotation_period_in_days", "smaller", "rotated more often"),
    ("aws_cloudwatch_log_group", r"retention_in_days", "larger", "logs are kept longer"),
    (
        "aws_s3_bucket_lifecycle_configuration",
        r"rule\.(noncurrent_version_)?expiration\.(noncurrent_)?days",
        "larger",
        "data is kept longer",
    ),
    (
        "aws_s3_bucket_lifecycle_configuration",
        r"rule\.abort_incomplete_multipart_upload\.days_after_initiation",
        "larger|smaller",
        "parts of objects that nobody can read",
    ),
    (
        "aws_security_group",
        r"(in|e)gress(\.(cidr_blocks|security_groups|prefix_list_ids))?",
        "removed|emptied",
        "fewer",
    ),
    (
        "aws_security_group",
        r"(in|e)gress\.from_port",
        "larger",
        "a range that ends before it begins, which AWS refuses",
    ),
    ("aws_security_group", r"(in|e)gress\.to_port", "smaller", "a range that ends before it begins, which AWS refuses"),
    ("aws_iam_role_policies_exclusive", r"policy_names", "removed|emptied|reference", "fewer policies stay"),
    ("aws_iam_role_policy_attachment", r"policy_arn", "reference", "an invoker with the policy of another one"),
    (_ANY, r".*(model_name|ModelName)|desired_state", "reference", "models of one configuration, exchanged"),
    (
        "aws_vpc_endpoint",
        r"(subnet|route_table)_ids",
        "item added|string|removed",
        "other subnets",
    ),
    ("aws_sagemaker_model", r"vpc_config\.subnets", "removed", "fewer subnets"),
    ("aws_sagemaker_model", r"primary_container|container", "removed", "SageMaker refuses a model without containers"),
    ("aws_sagemaker_model", r"enable_network_isolation", "flipped on", "isolated"),
    ("aws_sagemaker_model", r".*\.(repository_access_mode|mode|compression_type|s3_data_type)", "string", _ENUMERATED),
    (_ANY, r"lifecycle\.prevent_destroy", "flipped on", "Terraform refuses to delete it"),
    ("aws_ec2_managed_prefix_list", r"name", "region", "AWS has no list of another Region"),
    ("aws_security_group", r"vpc_id", "string", "AWS refuses a group of another VPC"),
    ("aws_sagemaker_model", r".*\.(model_data_url|image)", "removed", "a container without a model, or none"),
    ("aws_sagemaker_endpoint_configuration", r".*\.model_name", "removed", "a variant without a model"),
    ("aws_vpc_endpoint", r"vpc_endpoint_type", "sister", _ENUMERATED),
    ("aws_vpc_endpoint", r"service_name", "region", "a service of another Region, which AWS refuses"),
    ("aws_sagemaker_model", r".*\.image", "region", "an image of another Region, which SageMaker refuses"),
    ("aws_sagemaker_model", r".*\.(model_data_url|s3_uri)", "wildcard", "another object of the same bucket"),
    (
        "aws_sagemaker_endpoint",
        r"deployment_config\..*(canary|linear_step|maximum_batch)_size\.value",
        "smaller",
        "slower",
    ),
    ("aws_sagemaker_endpoint", r"deployment_config\..*_wait_in_seconds|.*wait_interval_in_seconds", "larger", "slower"),
    (
        "aws_cloudcontrolapi_resource",
        r"schema(\..*)?",
        "removed|emptied|item added",
        "what AWS has, not what is created",
    ),
    (
        "aws_cloudcontrolapi_resource",
        r"desired_state\.(RuntimeConfig\.CopyCount|Specification\.(ComputeResource|StartupParameters).*)",
        "larger|smaller|removed",
        "capacity, of which notes tell",
    ),
    (
        "aws_sagemaker_endpoint_configuration",
        r"(shadow_)?production_variants(\.(initial_\w+|instance_type|volume_size_in_gb|serverless_config\.\w+|"
        r"managed_instance_scaling\.\w+|\w+_timeout_in_seconds))?",
        "larger|smaller|string|removed|item added",
        "capacity, of which notes tell",
    ),
    ("aws_sagemaker_endpoint_configuration", r".*max_concurrent_invocations_per_instance", _ANY, "capacity"),
    (
        "aws_sagemaker_endpoint_configuration",
        r"data_capture_config\.capture_options(\.capture_mode)?",
        "item added|string",
        _ENUMERATED,
    ),
    (
        "aws_sagemaker_endpoint_configuration",
        r"data_capture_config\.initial_sampling_percentage",
        "larger",
        "more is recorded",
    ),
    ("aws_sagemaker_endpoint", r"deployment_config\..*\.type", "string", _ENUMERATED),
    (
        "aws_sagemaker_endpoint",
        r"deployment_config\..*maximum_execution_timeout_in_seconds",
        "smaller|larger|removed",
        "an update that takes longer is rolled back",
    ),
    ("aws_cloudwatch_dashboard", r"dashboard_(name|body(\..*)?)", _ANY, "shows metrics, and protects nothing"),
    ("aws_ssm_parameter", r"type", "string", _ENUMERATED),
    ("aws_cloudwatch_metric_alarm", r"(metric_query\.)?label", _ANY, "text for people"),
    (
        "aws_cloudwatch_metric_alarm",
        r"ok_actions",
        "name|region|wildcard|removed|sister",
        "notifies of recovery",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        r"(metric_query\.metric\.)?(metric_name|period|stat|statistic|extended_statistic)",
        "removed",
        "AWS refuses an alarm without it",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        r"evaluate_low_sample_count_percentiles",
        "removed",
        "CloudWatch evaluates all samples without it as well",
    ),
    ("aws_cloudwatch_metric_alarm", r"evaluation_periods", "smaller|sister", "fewer data points, all of which count"),
    ("aws_cloudwatch_metric_alarm", r"datapoints_to_alarm", "smaller|sister", "fires sooner"),
    ("aws_cloudwatch_metric_alarm", r"threshold", "smaller|sister", "fires sooner; a test has both directions"),
    ("aws_cloudwatch_metric_alarm", r".*(statistic|operator|percentiles|stat)", "string", _ENUMERATED),
    (
        "aws_appautoscaling_policy",
        r".*\.(scaling_adjustment|scale_in_cooldown)",
        "larger",
        "more is added, or less is removed",
    ),
    ("aws_appautoscaling_policy", r".*\.(cooldown|scale_out_cooldown|target_value)", "smaller", "more, or sooner"),
    ("aws_appautoscaling_policy", r".*\.disable_scale_in", "flipped off", "instances are removed again"),
    ("aws_appautoscaling_policy", r"scalable_dimension|service_namespace", "sister|reference", "the same value"),
    ("aws_appautoscaling_target", r"m(in|ax)_capacity", "sister", "capacity, of which notes tell"),
    (
        "aws_(appautoscaling_target|sagemaker_endpoint)",
        r"lifecycle\.ignore_changes",
        "removed",
        "a later plan shows it",
    ),
    (
        "aws_appautoscaling_scheduled_action",
        r"(scalable_target_action\.m(in|ax)_capacity|schedule|timezone|start_time|end_time)",
        "string|sister",
        _ENUMERATED,
    ),
    ("aws_appautoscaling_scheduled_action", r"scalable_target_action", "sister", "capacity, of which notes tell"),
    ("terraform_data", r"input(\..*)?", "larger|smaller|sister", "replaces the target, which has the same bounds"),
    (
        "aws_cloudtrail",
        r"advanced_event_selector\.(name|field_selector(\.(equals|starts_with|not_starts_with))?)",
        "item added|removed|string",
        "records more, or AWS refuses it",
    ),
    ("aws_s3_bucket_server_side_encryption_configuration", r"rule\.bucket_key_enabled", "flipped o.+", "the same key"),
    (
        "aws_sagemaker_model",
        r".*\.environment(\..*)?",
        "unknown argument|removed|string",
        "its own settings",
    ),
)
# Resources without which somebody has fewer permissions, or which AWS does not delete while they are in use.
FEWER_PERMISSIONS = {
    "aws_iam_policy",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_kms_alias",
    "aws_sagemaker_model",
    "aws_security_group",
}
_PATTERNS = [
    (re.compile(type_), re.compile(argument), re.compile(kinds), reason) for type_, argument, kinds, reason in _HARMLESS
]


@cache
def is_harmless(type_: str, argument: str, kind: str) -> bool:
    return any(
        types.fullmatch(type_) and pattern.fullmatch(argument) and kinds.fullmatch(kind)
        for types, pattern, kinds, _ in _PATTERNS
    )
