"""The SageMaker endpoint and its log group."""

from tests.support import only, synth


def test_a_rollback_by_sagemaker_fails_the_apply() -> None:
    (condition,) = only(synth(), "aws_sagemaker_endpoint")["lifecycle"]["postcondition"]
    expected = "${self.endpoint_config_name == aws_sagemaker_endpoint_configuration.Configuration.name}"
    assert condition["condition"] == expected
    assert "raise revision of [endpoints.kmeans]" in condition["error_message"]


def test_the_message_of_a_rollback_tells_what_is_not_scaled_any_more() -> None:
    """Terraform deregisters the target before an update to another instance type, and registers it only after one."""
    scaled = synth(scaling={"min_capacity": 1, "max_capacity": 4, "target_value": 5})
    for stack, expected in ((scaled, True), (synth(), False)):
        (condition,) = only(stack, "aws_sagemaker_endpoint")["lifecycle"]["postcondition"]
        assert ("not scaled until a deployment succeeds" in condition["error_message"]) is expected


def test_endpoint_and_model_depend_on_the_policies_that_deleting_them_requires() -> None:
    stack = synth()
    needed = {f"aws_iam_role_policy.{id_}" for id_ in stack["resource"]["aws_iam_role_policy"]} | {"aws_iam_role.Role"}
    endpoint, model = only(stack, "aws_sagemaker_endpoint"), only(stack, "aws_sagemaker_model")
    alarms = {f"aws_cloudwatch_metric_alarm.{id_}" for id_ in stack["resource"]["aws_cloudwatch_metric_alarm"]}
    assert needed | alarms | {"aws_cloudwatch_log_group.Logs"} == {*endpoint["depends_on"]}
    assert needed == {*model["depends_on"]}


def test_an_endpoint_that_exists_keeps_its_deployment_config_as_long_as_none_is_configured() -> None:
    """Terraform would replace an endpoint that gets rollback alarms or loses them."""
    policy = {"traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}}
    own = only(synth(deployment_config={"blue_green_update_policy": policy}), "aws_sagemaker_endpoint")
    assert own["deployment_config"] == {"blue_green_update_policy": policy}
    assert "ignore_changes" not in own["lifecycle"]
    default = only(synth(), "aws_sagemaker_endpoint")
    assert default["deployment_config"]["auto_rollback_configuration"]["alarms"]
    assert default["lifecycle"]["ignore_changes"] == ["deployment_config"]
    # Inf1 instances have no default. An endpoint that had one must not be replaced either.
    without = only(
        synth(instance_type="ml.inf1.xlarge", data_capture={"enable_capture": False}), "aws_sagemaker_endpoint"
    )
    assert "deployment_config" not in without
    assert without["lifecycle"]["ignore_changes"] == ["deployment_config"]


def test_rollback_alarms_follow_the_endpoint_configuration_under_a_fixed_name() -> None:
    alarms = synth()["resource"]["aws_cloudwatch_metric_alarm"]
    for key in ("errors", "latency"):
        alarm = alarms[f"Rollback-{key}"]
        assert alarm["alarm_name"] == f"acme-dev-kmeans/rollback-{key}"
        configuration = "${aws_sagemaker_endpoint_configuration.Configuration.name}"
        assert alarm["dimensions"]["EndpointConfigName"] == configuration


def test_the_log_group_has_the_name_that_sagemaker_writes_to() -> None:
    group = only(synth(logs={"retention_in_days": 30}), "aws_cloudwatch_log_group")
    assert (group["name"], group["retention_in_days"]) == ("/aws/sagemaker/Endpoints/acme-dev-kmeans", 30)
