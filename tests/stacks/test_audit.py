"""The audit stack: what the trail records, and who can write, read and delete its records."""

from typing import Any

from tests.examples import ACCOUNT, REGION
from tests.support import Json, deployment, only, policy, resources, synth_stacks

_ROLE = f"arn:aws:iam::{ACCOUNT}:role"
_BUCKET = "arn:aws:s3:::acme-dev-audit-de91fccc"
_TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/acme-dev-audit"
_ENDPOINT = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint"


def _audit(*endpoints: Json, **settings: Any) -> Json:
    """Return the audit stack of an environment with these endpoints."""
    environment = {"audit": {"create_trail": True, **settings}}
    members = [
        deployment(in_environment=environment, **{"name": f"e{number}", **endpoint})
        for number, endpoint in enumerate(endpoints or ({},))
    ]
    return synth_stacks(members)["dev-audit"]


def _recorded(stack: Json) -> dict[str, Json]:
    """Return the type and the ARNs of the resources whose data events the trail records, by selector."""
    recorded = {}
    for selector in only(stack, "aws_cloudtrail")["advanced_event_selector"]:
        category, type_, arns = selector["field_selector"]
        assert category == {"field": "eventCategory", "equals": ["Data"]}
        assert (type_.pop("field"), arns.pop("field")) == ("resources.type", "resources.ARN")
        recorded[selector["name"]] = {"type": type_["equals"], **arns}
    return recorded


def test_without_create_trail_there_is_no_audit_stack() -> None:
    assert {*synth_stacks([deployment(in_environment={"audit": {"create_trail": False}})])} == {"dev-kmeans"}


def test_the_trail_records_invocations_and_captured_objects_of_all_endpoints_and_not_its_own_files() -> None:
    assert _recorded(_audit()) == {
        "Invocations": {"type": ["AWS::SageMaker::Endpoint"], "starts_with": [f"{_ENDPOINT}/acme-dev-"]},
        "CapturedObjects": {
            "type": ["AWS::S3::Object"],
            "starts_with": ["arn:aws:s3:::acme-dev-"],
            "not_starts_with": [f"{_BUCKET}/"],
        },
    }


def test_it_also_records_endpoints_and_buckets_with_other_names() -> None:
    captures: list[Json] = [
        {"data_capture": {"destination_s3_uri": uri}} for uri in ("s3://theirs/captured/", "s3://acme-dev-captures/a")
    ]
    stack = _audit({"endpoint_name": "Fraud"}, {"endpoint_name": "acme-dev-other"}, *captures)
    recorded = _recorded(stack)
    # SageMaker writes ARNs in lower case, and CloudTrail may do so as well.
    assert recorded["InvocationsByOtherNames"] == {
        "type": ["AWS::SageMaker::Endpoint"],
        "equals": [f"{_ENDPOINT}/Fraud", f"{_ENDPOINT}/fraud"],
    }
    assert recorded["CapturedObjects"]["starts_with"] == ["arn:aws:s3:::acme-dev-", "arn:aws:s3:::theirs/captured/"]


def test_the_trail_validates_and_encrypts_its_files_and_waits_for_the_protection_of_the_bucket() -> None:
    stack = _audit()
    trail, key = only(stack, "aws_cloudtrail"), only(stack, "aws_kms_key")
    assert (trail["name"], trail["s3_bucket_name"]) == ("acme-dev-audit", _BUCKET.rpartition(":")[2])
    assert (trail["enable_log_file_validation"], trail["kms_key_id"]) == (True, "${aws_kms_key.Key.arn}")
    assert {address.split(".")[0] for address in trail["depends_on"]} == {
        "aws_s3_bucket_policy",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
    }
    assert key["enable_key_rotation"] is True
    assert only(stack, "aws_kms_alias")["name"] == "alias/acme-dev-audit"
    assert [only(stack, type_)["lifecycle"] for type_ in ("aws_kms_key", "aws_s3_bucket")] == [
        {"prevent_destroy": True}
    ] * 2
    (rule,) = only(_audit(retention_in_days=30), "aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rule["expiration"] == [{"days": 30}]


def test_only_this_trail_writes_and_no_principal_deletes() -> None:
    statements = policy(only(_audit(), "aws_s3_bucket_policy")["policy"])
    for sid in ("TrailReadsTheAcl", "TrailWrites"):
        assert statements[sid]["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
        assert statements[sid]["Condition"]["ArnEquals"] == {"aws:SourceArn": _TRAIL}
    assert statements["TrailWrites"]["Resource"] == f"{_BUCKET}/AWSLogs/{ACCOUNT}/*"
    assert statements["OnlyCloudTrailWrites"]["Condition"] == {
        "StringNotEquals": {"aws:PrincipalServiceName": "cloudtrail.amazonaws.com"}
    }
    assert "Condition" not in statements["NobodyDeletes"]
    assert {"s3:DeleteObject", "s3:DeleteObjectVersion"} <= {*statements["NobodyDeletes"]["Action"]}


def test_readers_read_and_decrypt_and_by_default_there_are_none() -> None:
    stack = _audit()
    assert "Condition" not in policy(only(stack, "aws_s3_bucket_policy")["policy"])["OnlyReadersRead"]
    assert not resources(stack, "aws_iam_policy")
    auditor = f"{_ROLE}/team/auditor"
    stack = _audit(readers=[auditor])
    key, bucket = policy(only(stack, "aws_kms_key")["policy"]), policy(only(stack, "aws_s3_bucket_policy")["policy"])
    assert bucket["OnlyReadersRead"]["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [auditor]}}
    assert key["ReadersDecryptThroughS3"]["Condition"]["ArnEquals"] == {"aws:PrincipalArn": [auditor]}
    identity = policy(only(stack, "aws_iam_policy")["policy"])
    assert identity["Read"]["Resource"] == f"{_BUCKET}/AWSLogs/*"
    attachment = only(stack, "aws_iam_role_policy_attachment")
    assert (attachment["role"], attachment["policy_arn"]) == ("auditor", "${aws_iam_policy.ReadPolicy.arn}")


def test_cloudtrail_encrypts_for_this_trail_only() -> None:
    statements = policy(only(_audit(), "aws_kms_key")["policy"])
    assert statements["TrailEncrypts"]["Condition"] == {
        "ArnEquals": {"aws:SourceArn": _TRAIL},
        "StringEquals": {"kms:EncryptionContext:aws:cloudtrail:arn": _TRAIL},
    }
    assert statements["TrailSeesTheKey"]["Condition"] == {"ArnEquals": {"aws:SourceArn": _TRAIL}}
