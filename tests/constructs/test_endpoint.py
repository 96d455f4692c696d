"""The SageMaker endpoint and its log group."""

from tests.support import only, synth


def test_a_rollback_by_sagemaker_fails_the_apply() -> None:
    (condition,) = only(synth(), "aws_sagemaker_endpoint")["lifecycle"]["postcondition"]
    expected = "${self.endpoint_config_name == aws_sagemaker_endpoint_configuration.Configuration.name}"
    assert condition["condition"] == expected
    assert "raise revision of [endpoints.kmeans]" in condition["error_message"]


def test_endpoint_and_model_depend_on_the_policies_that_deleting_them_requires() -> None:
    stack = synth()
    needed = {f"aws_iam_role_policy.{id_}" for id_ in stack["resource"]["aws_iam_role_policy"]} | {"aws_iam_role.Role"}
    endpoint, model = only(stack, "aws_sagemaker_endpoint"), only(stack, "aws_sagemaker_model")
    assert needed | {"aws_cloudwatch_log_group.Logs"} == {*endpoint["depends_on"]}
    assert needed == {*model["depends_on"]}


def test_the_log_group_has_the_name_that_sagemaker_writes_to() -> None:
    group = only(synth(logs={"retention_in_days": 30}), "aws_cloudwatch_log_group")
    assert (group["name"], group["retention_in_days"]) == ("/aws/sagemaker/Endpoints/acme-dev-kmeans", 30)
