"""The command `invoke` sends a request, and says why AWS refuses it.

The emulator checks signatures and policies. Its other errors are injected with the codes of the API models: what AWS
writes in their messages is not shown here, nor when it returns which of them. The status of an endpoint that is not in
service and the details of a ModelError come from Stubber of botocore.
"""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session, get_session
from botocore.stub import Stubber

from protected_endpoints.commands.cli import main
from protected_endpoints.commands.invoke.refusal import Refusal
from protected_endpoints.loading.load import load
from protected_endpoints.policies.invoke import invoke_policy
from sandbox.emulator import Emulator
from sandbox.faults import Fault
from sandbox.workspace import EXAMPLE
from tests.examples import ACCOUNT, MODES
from tests.sandbox.hosted import create_endpoint, create_execution_role
from tests.support import deployment

_NAME = "acme-dev-kmeans"
_POINTS = b"1,2\n9,9"
_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"}]}
_DESCRIBED = {
    "EndpointName": _NAME,
    "EndpointArn": f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/{_NAME}",
    "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
    "LastModifiedTime": datetime(2026, 1, 1, tzinfo=UTC),
}
_INVOKE = ("invoke", "dev-kmeans", "--content-type", "text/csv", "--body")
_CALL = f"sagemaker:POST /endpoints/{_NAME}/invocations"


@pytest.fixture(scope="module", autouse=True)
def account(aws: Emulator) -> None:
    """An account with an endpoint, and three roles: an invoker, one without permissions and an administrator."""
    create_execution_role(aws)
    create_endpoint(aws, _NAME)
    policies = {"checkout-api": invoke_policy(deployment(), invoker=None), "stranger": None, "operator": _ALL}
    iam = aws.client("iam")
    for role, policy in policies.items():
        iam.create_role(RoleName=role, AssumeRolePolicyDocument='{"Statement":[]}')
        if policy:
            iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=json.dumps(policy))


@pytest.fixture
def as_role(aws: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Use the credentials of a role in a folder with the example."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "endpoints.toml").write_text(EXAMPLE.read_text())
    (tmp_path / "points.csv").write_bytes(_POINTS)

    def use(role: str) -> None:
        for name, value in {**aws.environment, **aws.credentials(role)}.items():
            monkeypatch.setenv(name, value)

    return use


def _refused(*arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*_INVOKE, "points.csv", *arguments])
    assert isinstance(ended.value.code, str), "a message, which Python prints before it exits with 1"
    return ended.value.code


def _edit(old: str, new: str) -> None:
    file = Path("endpoints.toml")
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_the_response_is_the_output(as_role: Callable[[str], None], capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    as_role("checkout-api")
    assert main([*_INVOKE, "points.csv"]) == 0
    output, errors = capsysbinary.readouterr()
    assert [point["closest_cluster"] for point in json.loads(output)["predictions"]] == [0, 1]
    assert errors == b"the endpoint responds: content type application/json\n"


def test_a_stream_of_standard_input(
    as_role: Callable[[str], None], capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    as_role("checkout-api")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(_POINTS)))
    assert main([*_INVOKE, "-", "--stream"]) == 0
    assert [json.loads(line)["closest_cluster"] for line in capsysbinary.readouterr().out.splitlines()] == [0, 1]


def test_a_stranger_reads_who_may_invoke(as_role: Callable[[str], None]) -> None:
    as_role("stranger")
    assert _refused().splitlines() == [
        f"dev-kmeans: access is denied to arn:aws:sts::{ACCOUNT}:assumed-role/stranger/sandbox; assume the role of an "
        "invoker, or add a role to endpoints.kmeans.invokers and deploy",
        "  AWS: User: role/stranger is not authorized to perform: sagemaker:InvokeEndpoint on resource: "
        f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/{_NAME}",
        "  invokers of endpoints.toml:",
        f"    arn:aws:iam::{ACCOUNT}:role/checkout-api: aws:SecureTransport true",
    ]


def test_an_invoker_reads_its_conditions(aws: Emulator, as_role: Callable[[str], None]) -> None:
    as_role("checkout-api")
    role = f"arn:aws:iam::{ACCOUNT}:role/checkout-api"
    table = {"role_arn": role, "source_vpc": "vpc-0a1b2c3d4e5f60718", "principal_tags": {"team": "risk"}}
    toml = '{ role_arn = "%s", source_vpc = "vpc-0a1b2c3d4e5f60718", principal_tags = { team = "risk" } }'
    _edit(f'"{role}"', toml % role)
    changed = deployment(invokers=[table])
    iam, before = aws.client("iam"), json.dumps(invoke_policy(deployment(), invoker=None))
    policy = json.dumps(invoke_policy(changed, invoker=changed.endpoint.invokers[0]))
    iam.put_role_policy(RoleName="checkout-api", PolicyName="all", PolicyDocument=policy)
    try:
        message = _refused()
    finally:
        iam.put_role_policy(RoleName="checkout-api", PolicyName="all", PolicyDocument=before)
    assert "; check the conditions below, deploy if the invoker is new" in message
    assert message.splitlines()[-1] == (
        f"    {role} (the caller): aws:SecureTransport true, aws:SourceVpc vpc-0a1b2c3d4e5f60718, "
        "aws:PrincipalTag/team risk"
    )


def test_credentials_of_another_account(as_role: Callable[[str], None]) -> None:
    as_role("stranger")
    _edit(f'account_id = "{ACCOUNT}"', 'account_id = "444455556666"')
    _edit(f"{ACCOUNT}:role", "444455556666:role")
    assert _refused().startswith(
        "dev-kmeans: the credentials must be of account 444455556666, got "
        f"arn:aws:sts::{ACCOUNT}:assumed-role/stranger/sandbox; use credentials of that account"
    )


def test_an_endpoint_that_does_not_exist(as_role: Callable[[str], None]) -> None:
    as_role("operator")
    _edit("[endpoints.kmeans]\n", '[endpoints.kmeans]\nendpoint_name = "Not-Deployed"\n')
    assert _refused() == (
        f"dev-kmeans: endpoint Not-Deployed does not exist in account {ACCOUNT} and region us-west-2; "
        "deploy it: make deploy STACK=dev-kmeans"
    )


def test_the_endpoint_is_the_one_of_set_values(as_role: Callable[[str], None]) -> None:
    as_role("operator")
    message = _refused("--set", "endpoints.kmeans.endpoint_name=Not-Deployed")
    assert message.startswith("dev-kmeans: endpoint Not-Deployed does not exist")


def test_an_invoker_cannot_look_up_the_endpoint(aws: Emulator, as_role: Callable[[str], None]) -> None:
    as_role("checkout-api")
    with aws.inject(Fault(_CALL, error="ValidationError", message="Endpoint not found.")):
        message = _refused()
    assert message.startswith("dev-kmeans: Endpoint not found; correct the request, or check as a planner that")
    assert message.endswith(f"aws sagemaker describe-endpoint --region us-west-2 --endpoint-name {_NAME}")


def test_a_container_that_fails(aws: Emulator, as_role: Callable[[str], None]) -> None:
    as_role("checkout-api")
    with aws.inject(Fault(_CALL, error="ModelError", message="the model is faulty.", status=424)):
        assert _refused() == (
            "dev-kmeans: the container responds with an error: the model is faulty; read its log: "
            f"aws logs tail /aws/sagemaker/Endpoints/{_NAME} --region us-west-2 --since 15m"
        )


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("ThrottlingException", "wait and retry; if it persists, raise the quota"),
        ("ExpiredTokenException", "sign in again"),
        ("ServiceUnavailable", "wait and retry"),
        ("SomethingNew", "correct the request, or retry"),
    ],
)
def test_other_errors_are_sent_once(aws: Emulator, as_role: Callable[[str], None], code: str, advice: str) -> None:
    as_role("checkout-api")
    with aws.inject(Fault(_CALL, error=code, times=1)):
        assert f"({code})" in (message := _refused())
    assert f"; {advice}" in message


def test_a_lost_connection(aws: Emulator, as_role: Callable[[str], None]) -> None:
    as_role("checkout-api")
    with aws.inject(Fault(_CALL, lost=True)):
        assert "; check the network, the proxy, and DNS in a VPC" in _refused()


def test_no_credentials(as_role: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    as_role("checkout-api")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert _refused() == (
        "dev-kmeans: Unable to locate credentials; sign in (aws sso login, or aws configure), or add --profile NAME"
    )
    assert "; use one that this command prints: aws configure list-profiles" in _refused("--profile", "missing")


@pytest.mark.parametrize(
    ("example", "stack", "arguments", "message"),
    [
        ("asynchronous", "dev-scoring", (), "aws sagemaker-runtime invoke-endpoint-async --region "),
        ("serverless", "dev-scoring", ("--stream",), "--stream: not supported by serverless and multi-model endpoints"),
        ("multi-model", "dev-scoring", (), "--target-model: required for a multi-model endpoint"),
        ("inference-components", "dev-shared", (), "--inference-component: required for this endpoint; use one of "),
    ],
)
def test_requests_that_the_type_of_endpoint_does_not_support(
    example: str, stack: str, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["invoke", stack, "--body", "unread", *arguments, "--file", str(MODES[example])])
    assert message in str(ended.value.code)


@pytest.mark.parametrize(
    ("described", "message"),
    [
        (
            {"EndpointStatus": "Creating"},
            f"endpoint {_NAME} is Creating and not in service; wait for it: aws sagemaker wait endpoint-in-service "
            f"--region us-west-2 --endpoint-name {_NAME}",
        ),
        (
            {"EndpointStatus": "Failed", "FailureReason": "No capacity."},
            f"endpoint {_NAME} is Failed (No capacity); see docs/failures.md, and deploy a correction",
        ),
        (
            {"EndpointStatus": "UpdateRollbackFailed"},
            f"endpoint {_NAME} is UpdateRollbackFailed; see docs/failures.md, and deploy a correction",
        ),
        ({"EndpointStatus": "InService"}, "not valid; correct the request"),
        ({"EndpointStatus": "Updating"}, "not valid; correct the request"),
    ],
)
def test_the_status_of_the_endpoint(described: dict[str, str], message: str) -> None:
    error = ClientError({"Error": {"Code": "ValidationError", "Message": "not valid."}}, "InvokeEndpoint")
    assert _explain(error, described) == f"dev-kmeans: {message}"


def test_the_status_of_a_container() -> None:
    response = {"Error": {"Code": "ModelError", "Message": "see the log."}, "OriginalStatusCode": 500}
    message = _explain(ClientError(response, "InvokeEndpoint"), {})
    assert message.startswith(
        "dev-kmeans: the container responds with status 500: see the log; read its log: aws logs "
    )


@pytest.mark.parametrize(
    ("component", "served_by"),
    [
        ("acme-dev-shared-llama", "acme-dev-shared-llama"),
        ("acme-dev-shared-legal", "acme-dev-shared-llama"),
        ("of-another-tool", "of-another-tool"),
    ],
)
def test_the_log_of_an_inference_component(component: str, served_by: str) -> None:
    (shared,) = load(MODES["inference-components"]).deployments
    error = ClientError({"Error": {"Code": "ModelError", "Message": "failed"}}, "InvokeEndpoint")
    message = Refusal(Session(), shared, component).explain(error)
    assert f"aws logs tail /aws/sagemaker/InferenceComponents/{served_by} --region" in message


def _explain(error: ClientError, described: dict[str, str]) -> str:
    """Explain an error with answers of AWS that the emulator does not give."""
    answers = {
        "sts": ("get_caller_identity", {"Arn": f"arn:aws:iam::{ACCOUNT}:user/ana"}),
        "sagemaker": ("describe_endpoint", described),
    }

    class StubbedSession:
        def create_client(self, service_name: str, **_: object) -> object:
            settings = {"aws_access_key_id": "stub", "aws_secret_access_key": "stub"}
            client = get_session().create_client(service_name, region_name="us-west-2", **settings)
            stubber = Stubber(client)
            operation, answer = answers[service_name]
            required = {} if service_name == "sts" else _DESCRIBED
            stubber.add_response(operation, {**required, **answer})
            stubber.activate()
            return client

    return Refusal(StubbedSession(), deployment(), None).explain(error)


def test_an_asynchronous_endpoint_without_input_locations(as_role: Callable[[str], None]) -> None:
    as_role("checkout-api")
    config = 'async_inference_config = { output_config = { s3_output_path = "s3://my-bucket/responses/" } }'
    text = Path("endpoints.toml").read_text().split("[endpoints.kmeans.data_capture]")[0]
    Path("endpoints.toml").write_text(text.replace("[endpoints.kmeans]\n", f"[endpoints.kmeans]\n{config}\n"))
    assert _refused() == (
        "dev-kmeans: asynchronous, so that the response is an object in S3; run: aws sagemaker-runtime "
        f"invoke-endpoint-async --region us-west-2 --endpoint-name {_NAME} --content-type text/csv "
        "--body fileb://points.csv"
    )


def test_a_body_that_cannot_be_read(as_role: Callable[[str], None]) -> None:
    as_role("checkout-api")
    Path("points.csv").unlink()
    assert _refused() == "--body points.csv: cannot be read (No such file or directory); name a file, or - for input"
