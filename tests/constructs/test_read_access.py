"""The access of readers to the output of an endpoint."""

from tests.examples import ACCOUNT
from tests.support import only, policy, resources, synth

_READER = f"arn:aws:iam::{ACCOUNT}:role/analyst"


def test_the_bucket_policy_the_key_policy_and_an_iam_policy_allow_a_reader() -> None:
    stack = synth(data_capture={"readers": [_READER]})
    bucket = policy(only(stack, "aws_s3_bucket_policy")["policy"])
    key = policy(only(stack, "aws_kms_key")["policy"])
    names = [resource["name"] for resource in resources(stack, "aws_iam_policy")]
    assert bucket["OnlyReadersRead"]["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [_READER]}}
    assert key["ReadersOfCaptureDecryptThroughS3"]["Condition"]["ArnEquals"] == {"aws:PrincipalArn": [_READER]}
    assert "acme-dev-kmeans-capture-read-de91fccc" in names
    assert only(stack, "aws_iam_role_policy_attachment")["role"] == "analyst"
