"""Each construct protects what it makes: key, role, bucket, logs, model, configuration, endpoint and invokers."""

import json

import pytest

from tests.examples import ACCOUNT
from tests.support import only, policy, resources, synth

_KEY = "${aws_kms_key.Key.arn}"
_OWN_KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_READER = f"arn:aws:iam::{ACCOUNT}:role/analyst"


def test_the_key_rotates_and_cannot_be_destroyed() -> None:
    key = only(synth(kms={"rotation_period_in_days": 90, "deletion_window_in_days": 7}), "aws_kms_key")
    assert key["enable_key_rotation"] is True
    assert (key["rotation_period_in_days"], key["deletion_window_in_days"]) == (90, 7)
    assert key["lifecycle"] == {"prevent_destroy": True}


def test_the_key_and_the_bucket_may_be_destroyed_when_a_reason_is_given() -> None:
    stack = synth(relax={"prevent_destroy": "the endpoint is retired"})
    assert only(stack, "aws_kms_key")["lifecycle"] == {"prevent_destroy": False}
    assert only(stack, "aws_s3_bucket")["lifecycle"] == {"prevent_destroy": False}
    assert only(stack, "aws_s3_bucket")["force_destroy"] is True


def test_volumes_captured_data_and_logs_are_under_the_key() -> None:
    stack = synth()
    configuration = only(stack, "aws_sagemaker_endpoint_configuration")
    assert configuration["kms_key_arn"] == _KEY
    assert configuration["data_capture_config"]["kms_key_id"] == _KEY
    assert only(stack, "aws_cloudwatch_log_group")["kms_key_id"] == _KEY
    (rule,) = only(stack, "aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule == {
        "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": _KEY},
        "bucket_key_enabled": True,
    }


def test_an_existing_key_takes_the_place_of_the_made_one_everywhere() -> None:
    stack = synth(kms={"key_arn": _OWN_KEY})
    assert only(stack, "aws_kms_key")["count"] == 0
    assert not resources(stack, "aws_kms_alias")
    assert "${aws_kms_key" not in json.dumps(stack["resource"])
    assert only(stack, "aws_sagemaker_endpoint_configuration")["kms_key_arn"] == _OWN_KEY
    assert stack["output"]["kms_key_arn"]["value"] == _OWN_KEY


def test_the_bucket_is_private_owned_versioned_and_forgets() -> None:
    stack = synth(data_capture={"retention_days": 30})
    block = only(stack, "aws_s3_bucket_public_access_block")
    settings = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    assert [block[setting] for setting in settings] == [True] * 4
    assert only(stack, "aws_s3_bucket_ownership_controls")["rule"] == {"object_ownership": "BucketOwnerEnforced"}
    assert only(stack, "aws_s3_bucket_versioning")["versioning_configuration"] == {"status": "Enabled"}
    (rule,) = only(stack, "aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rule["expiration"] == [{"days": 30}]
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 30}]


def test_only_the_execution_role_writes_and_nobody_reads_what_is_captured() -> None:
    statements = policy(only(synth(), "aws_s3_bucket_policy")["policy"])
    writes, reads = statements["OnlyTheExecutionRoleWrites"], statements["OnlyReadersRead"]
    assert writes["Condition"] == {
        "ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/acme-dev-kmeans-exec-de91fccc"}
    }
    assert (reads["Effect"], reads["Principal"]) == ("Deny", "*")
    assert "Condition" not in reads


def test_a_reader_is_let_in_by_bucket_key_and_a_policy_of_its_own() -> None:
    stack = synth(data_capture={"readers": [_READER]})
    bucket = policy(only(stack, "aws_s3_bucket_policy")["policy"])
    key = policy(only(stack, "aws_kms_key")["policy"])
    reading = stack["resource"]["aws_iam_policy"]
    assert bucket["OnlyReadersRead"]["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [_READER]}}
    assert key["ReadersOfCaptureDecryptThroughS3"]["Condition"]["ArnEquals"] == {"aws:PrincipalArn": [_READER]}
    assert "acme-dev-kmeans-capture-read-de91fccc" in [each["name"] for each in reading.values()]
    assert only(stack, "aws_iam_role_policy_attachment")["role"] == "analyst"


@pytest.mark.parametrize(
    ("mode", "options"), [("All", ["Input", "Output"]), ("Input", ["Input"]), ("Output", ["Output"])]
)
def test_capture_never_asks_for_the_mode_that_aws_refuses(mode: str, options: list[str]) -> None:
    capture = only(synth(data_capture={"capture_mode": mode}), "aws_sagemaker_endpoint_configuration")
    settings = capture["data_capture_config"]
    assert settings["enable_capture"] is True
    assert [each["capture_mode"] for each in settings["capture_options"]] == options


def test_an_existing_destination_makes_no_bucket_and_is_all_that_the_role_may_write() -> None:
    stack = synth(data_capture={"destination_s3_uri": "s3://my-captures/kmeans/"})
    settings = only(stack, "aws_sagemaker_endpoint_configuration")["data_capture_config"]
    assert settings["destination_s3_uri"] == "s3://my-captures/kmeans"
    assert only(stack, "aws_s3_bucket")["count"] == 0
    assert not resources(stack, "aws_s3_bucket_policy")
    (written,) = (
        statement["Resource"]
        for each in resources(stack, "aws_iam_role_policy")
        for id_, statement in policy(each["policy"]).items()
        if id_ == "WriteCapturedData"
    )
    assert written == "arn:aws:s3:::my-captures/kmeans/*"


def test_without_capture_nothing_is_recorded_and_nothing_may_be() -> None:
    stack = synth(data_capture={"enable_capture": False})
    assert "data_capture_config" not in only(stack, "aws_sagemaker_endpoint_configuration")
    assert "s3:PutObject" not in json.dumps(stack["resource"]["aws_iam_role_policy"])
    assert "data_capture_s3_uri" not in stack["output"]


def test_sagemaker_assumes_the_role_for_this_account_and_region_only() -> None:
    (statement,) = json.loads(only(synth(), "aws_iam_role")["assume_role_policy"])["Statement"]
    assert statement["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:us-west-2:111122223333:*"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }


def test_the_role_reads_one_artefact_and_pulls_one_repository() -> None:
    by_id = {
        id_: each for doc in resources(synth(), "aws_iam_role_policy") for id_, each in policy(doc["policy"]).items()
    }
    assert by_id["ReadThisArtefact"]["Resource"] == "arn:aws:s3:::my-bucket/model.tar.gz"
    assert by_id["ReadThisArtefact"]["Condition"] == {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
    assert by_id["PullThisImage"]["Resource"] == "arn:aws:ecr:us-west-2:174872318107:repository/kmeans"
    wild = {id_ for id_, each in by_id.items() if each["Resource"] == "*"}
    assert wild == {"EcrLoginHasNoResource", "PublishEndpointMetrics"}


def test_an_artefact_of_another_account_needs_a_reason() -> None:
    stack = synth(relax={"model_data_account": "the registry is in the tooling account"})
    statements = [policy(each["policy"]) for each in resources(stack, "aws_iam_role_policy")]
    (artefact,) = (each["ReadThisArtefact"] for each in statements if "ReadThisArtefact" in each)
    assert "Condition" not in artefact


def test_the_role_has_the_boundary_of_the_environment_or_one_that_is_made() -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/ml-boundary"
    given, made = synth(in_environment={"permissions_boundary_arn": boundary}), synth()
    assert only(given, "aws_iam_role")["permissions_boundary"] == boundary
    assert [*given["resource"]["aws_iam_policy"]] == ["Invoke"]
    reference = only(made, "aws_iam_role")["permissions_boundary"].removeprefix("${").split(".")[1]
    assert made["resource"]["aws_iam_policy"][reference]["name"] == "acme-dev-kmeans-boundary-de91fccc"


def test_policies_that_differ_between_versions_are_replaced_new_first_under_a_name_of_their_own() -> None:
    before, after = (_version_policies(f"s3://my-bucket/{n}.tar.gz") for n in (1, 2))
    assert len(before) == 2
    assert before[0] != after[0]
    assert before[0].startswith("version-")
    assert before[1] == after[1]
    lifecycles = [each["lifecycle"] for each in resources(synth(), "aws_iam_role_policy") if "name_prefix" in each]
    assert lifecycles == [{"create_before_destroy": True}] * 2


def test_the_model_is_isolated_unless_a_reason_is_given() -> None:
    assert only(synth(), "aws_sagemaker_model")["enable_network_isolation"] is True
    relaxed = synth(relax={"network_isolation": "it calls the feature store"})
    assert only(relaxed, "aws_sagemaker_model")["enable_network_isolation"] is False


@pytest.mark.parametrize(
    "change",
    [
        {"image": "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:2"},
        {"model_data_url": "s3://my-bucket/other.tar.gz"},
        {"environment": {"LOG_LEVEL": "info"}},
        {"revision": 1},
        {"relax": {"network_isolation": "it calls the feature store"}},
    ],
)
def test_a_changed_model_has_a_new_name(change: dict[str, object]) -> None:
    assert only(synth(**change), "aws_sagemaker_model")["name"] != only(synth(), "aws_sagemaker_model")["name"]


def test_an_unchanged_model_keeps_its_name() -> None:
    changed = synth(initial_instance_count=7, instance_type="ml.c5.xlarge", logs={"retention_in_days": 30})
    assert only(changed, "aws_sagemaker_model")["name"] == only(synth(), "aws_sagemaker_model")["name"]


def test_terraform_does_not_read_a_template_in_the_environment() -> None:
    container = only(synth(environment={"FORMAT": "${x} and %{y}"}), "aws_sagemaker_model")["primary_container"]
    assert container["environment"] == {"FORMAT": "$${x} and %%{y}"}


def test_model_and_configuration_are_made_before_the_old_ones_are_destroyed() -> None:
    stack = synth()
    for type_ in ("aws_sagemaker_model", "aws_sagemaker_endpoint_configuration"):
        assert only(stack, type_)["lifecycle"] == {"create_before_destroy": True}
    configuration = only(stack, "aws_sagemaker_endpoint_configuration")
    assert configuration["name_prefix"] == "acme-dev-kmeans-"
    assert "name" not in configuration


def test_the_endpoint_fails_the_apply_when_sagemaker_rolled_it_back() -> None:
    (condition,) = only(synth(), "aws_sagemaker_endpoint")["lifecycle"]["postcondition"]
    expected = "${self.endpoint_config_name == aws_sagemaker_endpoint_configuration.Configuration.name}"
    assert condition["condition"] == expected
    assert "raise revision of [endpoints.kmeans]" in condition["error_message"]


def test_what_sagemaker_needs_to_delete_an_endpoint_outlives_it() -> None:
    stack = synth()
    needed = {f"aws_iam_role_policy.{id_}" for id_ in stack["resource"]["aws_iam_role_policy"]} | {"aws_iam_role.Role"}
    endpoint, model = only(stack, "aws_sagemaker_endpoint"), only(stack, "aws_sagemaker_model")
    assert needed | {"aws_cloudwatch_log_group.Logs"} == {*endpoint["depends_on"]}
    assert needed == {*model["depends_on"]}


def test_nothing_is_captured_before_the_bucket_is_protected() -> None:
    depends_on = only(synth(), "aws_sagemaker_endpoint_configuration")["depends_on"]
    assert {each.split(".")[0] for each in depends_on if each.startswith("aws_s3_")} == {
        "aws_s3_bucket_policy",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
    }


def test_the_log_group_is_the_one_that_sagemaker_writes_to() -> None:
    group = only(synth(logs={"retention_in_days": 30}), "aws_cloudwatch_log_group")
    assert (group["name"], group["retention_in_days"]) == ("/aws/sagemaker/Endpoints/acme-dev-kmeans", 30)


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-west-1", "aws-us-gov", "amazonaws.com")],
)
def test_every_arn_is_of_the_partition_of_the_region(region: str, partition: str, suffix: str) -> None:
    stack = synth(in_environment={"region": region}, image=f"{ACCOUNT}.dkr.ecr.{region}.{suffix}/kmeans:1")
    text = json.dumps(stack["resource"])
    assert f"arn:{partition}:" in text
    assert "arn:aws:" not in text
    assert f"s3.{region}.{suffix}" in text


def _version_policies(model_data_url: str) -> list[str]:
    policies = resources(synth(model_data_url=model_data_url), "aws_iam_role_policy")
    return sorted((each["name_prefix"] for each in policies if "name_prefix" in each), reverse=True)
