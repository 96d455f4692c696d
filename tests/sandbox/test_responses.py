"""Errors have the form of the protocol of their request."""

import pytest
from werkzeug.test import create_environ
from werkzeug.wrappers import Request

from sandbox.responses import error_response

_FORM = "application/x-www-form-urlencoded; charset=utf-8"


def _request(service: str, content_type: str) -> Request:
    credential = f"AWS4-HMAC-SHA256 Credential=AKIA/20300101/us-west-2/{service}/aws4_request"
    return Request(create_environ(headers={"Authorization": credential, "Content-Type": content_type}))


@pytest.mark.parametrize(
    ("service", "content_type", "document"),
    [
        # CloudWatch: forms of the AWS provider, JSON of boto3.
        ("monitoring", _FORM, "<ErrorResponse><Error><Code>Denied</Code><Message>a &lt; b</Message></Error></ErrorRes"),
        ("monitoring", "application/x-amz-json-1.0", '{"__type": "Denied", "message": "a < b"'),
        ("sns", _FORM, "<ErrorResponse><Error><Code>Denied"),
        ("ec2", _FORM, "<Response><Errors><Error><Code>Denied"),
        ("s3", "", "<Error><Code>Denied"),
        ("cloudtrail", "application/x-amz-json-1.1", '{"__type": "Denied"'),
    ],
)
def test_an_error_in_the_protocol_of_the_request(service: str, content_type: str, document: str) -> None:
    response = error_response(_request(service, content_type), 400, "Denied", "a < b")
    assert response.get_data(as_text=True).startswith(document)
    assert response.status_code == 400
