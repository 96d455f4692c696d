"""Keys that people expect in `endpoints.toml` and that it does not have: what to use instead, or what is unsupported.

Keys are in the form of Terraform; `InstancePools` and `instance-pools` are found as `instance_pools`. A message has the
name of the endpoint or environment instead of `NAME`. `TABLE.KEY` is a key in tables of that name alone.
"""

_NETWORK = "set {} in [environments.NAME.network]"
_KEY = "set key_arn in the kms table of the endpoint, whose key encrypts volumes, captured data and logs"
_MODEL_IN_S3 = "copy the model to S3 and set model_data_source, which needs neither network access nor a token"
_LOGS = "set retention_in_days in the logs table of the endpoint"
_NAMES = "remove it: the name follows from the project, the environment, the endpoint and the content"
_INVOKERS = "list the roles that may invoke the endpoint in invokers"
_DASHBOARD = "set create_dashboard = true; compose another dashboard in Python from the metrics of the endpoint"
_TOPIC = "set topic_arn in the alarms table of the endpoint or of its environment"
_CODE = "put the code into the artifact or the image; environment variables such as SAGEMAKER_PROGRAM select it"
_PROVIDER = "not supported until the Terraform AWS provider can set {}, as AWS::SageMaker::EndpointConfig can"
_SCALING = "set {} in [endpoints.NAME.scaling], or in the scaling table of a variant or of an inference component"
_MONITOR = (
    "not supported: AWS closed SageMaker Model Monitor to new customers on 2026-07-30",
    "remove it, and analyze what data_capture writes to S3",
)
_GATEWAY = (
    "not supported: the project manages no gateway or function in front of an endpoint",
    "remove it, and list the ARN of the role of the API or function in invokers",
)
_RESERVATION = (
    "not supported: reserved capacity requires AWS provider >= 6.69, newer than the bindings of this project",
    "remove it: instances then use on-demand capacity",
)

# Features: what is wrong, and what to do.
_FEATURES = {
    "instance_pools": (_PROVIDER.format("instance pools"), "set one instance_type"),
    "variant_instance_provision_timeout_in_seconds": (_PROVIDER.format("this timeout"), "remove it"),
    "metrics_config enable_enhanced_metrics enhanced_metrics": (
        _PROVIDER.format("enhanced metrics"),
        "remove it: SageMaker publishes its standard metrics without it",
    ),
    "explainer_config explainer clarify clarify_explainer_config": (
        _PROVIDER.format("explainers"),
        "remove it, and let the container return explanations",
    ),
    "capacity_reservation_config capacity_reservation ml_reservation_arn reserved_capacity training_plan "
    "training_plan_arn": _RESERVATION,
    "monitoring_schedule monitoring model_monitor model_monitoring monitor data_quality data_quality_job_definition "
    "model_quality drift_detection bias_monitor": _MONITOR,
    "api_gateway apigateway gateway api rest_api http_api lambda lambda_function function function_url "
    "custom_domain domain_name cors load_balancer alb": _GATEWAY,
    "accelerator_type elastic_inference": (
        "not supported: AWS closed Amazon Elastic Inference",
        "remove it, and set instance_type to a type with accelerators",
    ),
}
# Other names of keys.
_NAMES_OF = {
    "environment": "env env_vars env_variables environment_variables environ vars variables",
    "image": "image_uri ecr_image container_image docker_image",
    "model_package_name": "model_package model_package_arn package",
    "model_data_url": "model_data model_artifact model_artifacts artifact artifacts artifact_url model_uri model_url "
    "model_s3_uri model_path model_location",
    "instance_type": "type machine_type instance instance_pools",
    "initial_instance_count": "count instances replicas desired_count desired_instance_count",
    "initial_variant_weight": "weight",
    "container_startup_health_check_timeout_in_seconds": "container_startup_timeout startup_timeout "
    "health_check_timeout container_startup_health_check_timeout",
    "serverless_config": "serverless",
    "variants": "production_variants",
    "shadow_variants": "shadow_production_variants",
    "container": "containers",
    "data_capture": "data_capture_config capture",
    "security_group_ids": "security_groups security_group",
    "aws_provider_version": "provider_version aws_version provider",
    "subnet_ids": "subnets",
    "cidr_ipv4": "cidr cidr_block cidr_blocks",
    "referenced_security_group_id": "security_group_id source_security_group_id destination_security_group_id",
    "port": "to_port from_port ports",
    "reason": "description",
    "scaling": "autoscaling auto_scaling autoscaling_policy autoscaling_config auto_scaling_policy scaling_policy "
    "scaling_policies scaling_config application_autoscaling appautoscaling appautoscaling_target "
    "appautoscaling_policy target_tracking scalable_target autoscale",
    "min_capacity": "min minimum min_instances min_instance_count min_count min_size min_replicas min_copies "
    "minimum_capacity",
    "max_capacity": "max maximum max_instances max_instance_count max_count max_size max_replicas max_copies "
    "maximum_capacity",
    "target_value": "target target_invocations scaling_target_invocations invocations_per_instance target_utilization "
    "target_backlog target_invocations_per_instance",
    "predefined_metric_type": "predefined_metric predefined_metric_specification metric metric_type",
    "customized_metric_specification": "customized_metric custom_metric custom_metric_specification",
    "scheduled_actions": "scheduled_action schedules scheduled_scaling schedule",
    "step_scaling_policies": "step_scaling step_scaling_policy step_policies step_scaling_policy_configuration",
    "step_adjustments": "step_adjustment steps adjustments",
    "timezone": "time_zone tz",
    "errors": "server_errors error_rate invocation5xx_errors invocation_5xx_errors errors_5xx 5xx_errors 5xx",
    "client_errors": "invocation4xx_errors invocation_4xx_errors errors_4xx 4xx_errors 4xx",
    "latency": "model_latency response_time",
    "overhead": "overhead_latency",
    "cpu": "cpu_utilization",
    "gpu": "gpu_utilization",
    "gpu_memory": "gpu_memory_utilization",
    "memory": "memory_utilization",
    "disk": "disk_utilization disk_usage",
    "silent": "idle no_invocations no_requests invocations low_invocations low_traffic",
    "create_dashboard": "dashboard dashboards cloudwatch_dashboard enable_dashboard",
    "create_ssm_parameters": "ssm ssm_parameter ssm_parameters parameter_store create_ssm_parameter",
}
# Keys of the tables below `endpoints`: what to use instead.
_OF_ENDPOINTS = {
    "execution_role role iam_role role_arn iam_role_arn sagemaker_role sagemaker_role_arn": "set execution_role_arn "
    "to an existing role, or allow actions of the managed role with [[endpoints.NAME.permissions]]",
    "policy policies policy_arns managed_policy_arns inline_policy inline_policies iam_policy statement statements": (
        "allow actions of the execution role with [[endpoints.NAME.permissions]]"
    ),
    "vpc_config vpc network": "set vpc_id and subnet_ids in [environments.NAME.network], and existing security groups "
    "in security_group_ids of the endpoint",
    "vpc_id": _NETWORK.format("vpc_id"),
    "subnets subnet_ids": _NETWORK.format("subnet_ids"),
    "network_isolation enable_network_isolation": "remove it, because isolation is the default; to disable it, give "
    "the reason in relax.network_isolation",
    "kms_key_id kms_key_arn kms_key kms_arn key_id encryption_key": _KEY,
    "model_name": "in a variant, set model to the name of a table in models; the project names models in AWS",
    "variant_name": "remove it: without variants, the only variant is AllTraffic",
    "initial_variant_weight": "remove it: without variants, the only one receives all requests",
    "endpoint_config_name endpoint_configuration_name config_name name_prefix": _NAMES,
    "primary_container": "write its keys into the table of the endpoint, or of a model",
    "alarm alarm_names cloudwatch_alarms metric_alarms alerts alerting": "alarms are on by default; change them in "
    "[endpoints.NAME.alarms], and list those that roll updates back in "
    "deployment_config.auto_rollback_configuration.alarms",
    "sns_topic sns_topic_arn topic topic_arn alarm_topic alarm_topic_arn alarm_actions ok_actions notification "
    "notifications": _TOPIC,
    "alarms.treat_missing_data alarms.comparison_operator alarms.statistic alarms.metric_name alarms.namespace "
    "alarms.dimensions alarms.unit": "remove it: each alarm has its metric, and tables such as errors and cpu set the "
    "threshold and the periods",
    "alarms.enabled alarms.enable alarms.disabled": "set enable_alarms to true or false",
    "alarms.create_topic": "set it in [environments.NAME.alarms]: the endpoints of an environment share the topic",
    "alarms.threshold alarms.period alarms.evaluation_periods alarms.datapoints_to_alarm": "set it in the table of one "
    "alarm, such as [endpoints.NAME.alarms.errors]",
    "dashboard_name dashboard_body widgets": _DASHBOARD,
    "log_retention log_retention_in_days retention_in_days log_group log_group_name": _LOGS,
    "public public_access publicly_accessible": "remove it: requests need the signature of an invoker; list their "
    "roles in invokers",
    "principals principal allowed_principals allowed_roles users callers resource_policy": _INVOKERS,
    "hf_token hugging_face_token huggingface_token hugging_face_hub_token": _MODEL_IN_S3,
    "model_id hf_model_id hub_model_id huggingface_model": _MODEL_IN_S3,
    "secrets secret": "store the secret in AWS Secrets Manager, and set its ARN as an environment variable",
    "source_dir entry_point entrypoint inference_script code_location framework_version py_version": _CODE,
    "gpu gpus num_gpus accelerators cpu memory": "remove it: instance_type determines it; for an inference component, "
    "set compute_resource_requirements",
    "timeout timeouts": "set container_startup_health_check_timeout_in_seconds or "
    "model_data_download_timeout_in_seconds",
    "region account_id account": "set it in [environments.NAME]",
    "protocol ip_protocol": "remove it: egress is over TCP",
    "description comment": "remove it, or use tags: an endpoint has no description",
    "min_instances min_instance_count min_replicas min_size": _SCALING.format("min_capacity"),
    "max_instances max_instance_count max_replicas max_size": _SCALING.format("max_capacity"),
    "scale_to_zero": "set min_capacity = 0 in [endpoints.NAME.scaling] of an asynchronous endpoint, or in the scaling "
    "table of an inference component",
    "sampling sampling_percentage sampling_rate": "set initial_sampling_percentage in the data_capture table",
    "cooldown cooldown_seconds": "set scale_in_cooldown and scale_out_cooldown in the scaling table",
    "scaling.policy_type scaling.policy_name scaling.service_namespace scaling.resource_id "
    "scaling.scalable_dimension": "remove it: it follows from the endpoint and from the keys of its scaling table",
    "scaling.target_tracking_scaling_policy_configuration scaling.target_tracking_configuration": "set its keys, such "
    "as target_value, in the scaling table",
    "scaling.role_arn": "remove it: Application Auto Scaling uses its service-linked role",
    "step_scaling_policies.treat_missing_data": "remove it: without data, the policy does not act",
    "step_scaling_policies.datapoints_to_alarm": "remove it, and set evaluation_periods: all of them have to be beyond "
    "the threshold",
    "scheduled_actions.scalable_target_action": "set min_capacity and max_capacity in the action",
    "scheduled_scaling schedule scheduled_actions": "use tables [[endpoints.NAME.scaling.scheduled_actions]]",
    "step_scaling step_scaling_policy step_scaling_policies": "use tables "
    "[[endpoints.NAME.scaling.step_scaling_policies]]",
    "enabled enable disabled": 'remove it; only = ["dev"] limits the environments of an endpoint',
}
_OF_ENVIRONMENTS = {
    "vpc_id vpc vpc_config": _NETWORK.format("vpc_id"),
    "subnets subnet_ids": _NETWORK.format("subnet_ids"),
    "security_group_ids security_groups": "set security_group_ids in the endpoint, [endpoints.NAME]",
    "network.security_group_ids network.security_groups": "set security_group_ids in the endpoint, [endpoints.NAME], "
    "for its containers; endpoint_security_group_ids names those of existing VPC endpoints",
    "profile aws_profile access_key secret_key role_arn assume_role credentials": "remove it: credentials come from "
    "the environment, such as AWS_PROFILE; list the roles that deploy in deployers",
    "backend bucket s3 remote_state": "set bucket in [environments.NAME.state]",
    "tags default_tags": "set tags in [project] or in an endpoint",
    "sns_topic sns_topic_arn topic topic_arn alarm_topic alarm_topic_arn notifications": _TOPIC,
    "dashboard_name dashboard_body widgets": _DASHBOARD,
    "alarms.subscriptions alarms.emails alarms.email alarms.subscribers alarms.endpoint alarms.protocol": "remove it: "
    "subscribe to the topic with aws sns subscribe; the stack of the topic prints its ARN as alarms_topic_arn",
    "kms_key_id kms_key_arn kms": _KEY,
    "execution_role execution_role_arn": "set execution_role_arn in the endpoint, [endpoints.NAME]",
}
_OF_PROJECT = {
    "region account_id": "set it in [environments.NAME]",
}
_OF_FILE = {
    "models model": "use tables [endpoints.NAME.models.NAME], or the keys of one model in [endpoints.NAME]",
    "variants variant": "use tables [[endpoints.NAME.variants]]",
    "region account_id": "set it in [environments.NAME]",
    "network vpc": "use the table [environments.NAME.network]",
    "state backend": "use the table [environments.NAME.state]",
    "name": "set name in [project]",
    "tags": "set tags in [project]",
    "terraform provider variable locals": "remove it: the project writes the Terraform configuration",
}


def _by_key(table: dict[str, str]) -> dict[str, str]:
    return {key: text for keys, text in table.items() for key in keys.split()}


RENAMED = {name: key for key, names in _NAMES_OF.items() for name in names.split()}
"""The keys of other names, where the table has such a key."""
UNSUPPORTED = {key: texts for keys, texts in _FEATURES.items() for key in keys.split()}
"""What is wrong with a key, and what to do, by key."""
INSTEAD = {
    "endpoints": _by_key(_OF_ENDPOINTS),
    "environments": _by_key(_OF_ENVIRONMENTS),
    "project": _by_key(_OF_PROJECT),
    "": _by_key(_OF_FILE),
}
"""What to do instead, by section and key; the keys of the file itself are in the section without a name."""
NAMED_BY_TABLE = {
    "endpoints": "remove it: the key of the table is the name; endpoint_name sets the name in AWS",
    "environments": "remove it: the key of the table is the name",
}
"""What to do instead of `name`, by section."""
