"""The S3 bucket for captured data, and endpoints without one."""

import json

from tests.examples import ACCOUNT
from tests.support import only, policy, resources, synth


def test_the_bucket_is_private_and_versioned_and_its_objects_expire() -> None:
    stack = synth(data_capture={"retention_days": 30})
    block = only(stack, "aws_s3_bucket_public_access_block")
    settings = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    assert [block[setting] for setting in settings] == [True] * 4
    assert only(stack, "aws_s3_bucket_ownership_controls")["rule"] == {"object_ownership": "BucketOwnerEnforced"}
    assert only(stack, "aws_s3_bucket_versioning")["versioning_configuration"] == {"status": "Enabled"}
    (rule,) = only(stack, "aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rule["expiration"] == [{"days": 30}]
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 30}]


def test_only_the_execution_role_writes_and_by_default_no_principal_reads() -> None:
    statements = policy(only(synth(), "aws_s3_bucket_policy")["policy"])
    writes, reads = statements["OnlyTheExecutionRoleWrites"], statements["OnlyReadersRead"]
    assert writes["Condition"] == {
        "ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/acme-dev-kmeans-exec-de91fccc"}
    }
    assert (reads["Effect"], reads["Principal"]) == ("Deny", "*")
    assert "Condition" not in reads


def test_events_are_sent_to_eventbridge_only_if_configured() -> None:
    assert not resources(synth(), "aws_s3_bucket_notification")
    notification = only(synth(data_capture={"eventbridge": True}), "aws_s3_bucket_notification")
    assert (notification["bucket"], notification["eventbridge"]) == ("${aws_s3_bucket.Capture.bucket}", True)


def test_the_endpoint_configuration_depends_on_the_protection_of_the_bucket() -> None:
    depends_on = only(synth(), "aws_sagemaker_endpoint_configuration")["depends_on"]
    assert {address.split(".")[0] for address in depends_on if address.startswith("aws_s3_")} == {
        "aws_s3_bucket_policy",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
    }


def test_with_an_existing_destination_there_is_no_bucket_and_the_role_writes_only_there() -> None:
    stack = synth(data_capture={"destination_s3_uri": "s3://my-captures/kmeans/"})
    settings = only(stack, "aws_sagemaker_endpoint_configuration")["data_capture_config"]
    assert settings["destination_s3_uri"] == "s3://my-captures/kmeans"
    assert only(stack, "aws_s3_bucket")["count"] == 0
    assert not resources(stack, "aws_s3_bucket_policy")
    (writable,) = (
        statement["Resource"]
        for inline in resources(stack, "aws_iam_role_policy")
        for id_, statement in policy(inline["policy"]).items()
        if id_ == "WriteCapturedData"
    )
    assert writable == "arn:aws:s3:::my-captures/kmeans/*"


def test_disabled_capture_has_no_configuration_no_permission_and_no_output() -> None:
    stack = synth(data_capture={"enable_capture": False})
    assert "data_capture_config" not in only(stack, "aws_sagemaker_endpoint_configuration")
    assert "s3:PutObject" not in json.dumps(stack["resource"]["aws_iam_role_policy"])
    assert "data_capture_s3_uri" not in stack["output"]
