"""Deployments that fail as they do in AWS, on the sandbox: the errors of Terraform, and the next deployment.

One endpoint goes through all of it, in the order of this file. Data capture is off, because the lifecycle configuration
of its bucket takes a minute. docs/failures.md has to explain every error that Terraform prints here.
"""

import re
from pathlib import Path

import pytest

from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox.emulator import Emulator
from sandbox.faults import Fault
from tests.e2e.deployed import ENDPOINT, Deployed, said
from tests.workspace import Workspace

_ROOT = Path(__file__).parent.parent.parent
_README, _PAGE = _ROOT / "README.md", _ROOT / "docs" / "failures.md"
_NOT_RECORDED = ('initial_sampling_percentage = 100\ncapture_mode = "All"', "enable_capture = false")
_NO_ROLE = (
    "Could not assume role arn:aws:iam::111122223333:role/acme-dev-kmeans-exec-de91fccc. Please ensure that the role "
    "exists and allows principal 'sagemaker.amazonaws.com' to assume the role."
)
_QUOTA = "The account-level service limit 'ml.m4.xlarge for endpoint usage' is 0 Instances."


@pytest.fixture(scope="module")
def deployed(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Deployed:
    """The example, which is not deployed yet."""
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    deployed = Deployed(
        aws, Workspace(tmp_path_factory.mktemp("failures"), {**terraform_environment, **aws.environment})
    )
    deployed.keep(_NOT_RECORDED)
    return deployed


def _failed(terraform: Terraform) -> str:
    """Return the output of a failing apply, all of whose errors the page explains."""
    with pytest.raises(CommandError) as failure:
        terraform.run("apply", "-auto-approve")
    text = said(failure.value)
    for error in text.split("Error: ")[1:]:
        assert any(quoted in error for quoted in _explained()), error
    return text


def _explained() -> list[str]:
    """Return the quoted errors in the first column of the page's first table."""
    table = _PAGE.read_text().partition("| Terraform prints |")[2].partition("\n\n")[0]
    rows = (row.split("|")[1] for row in table.splitlines()[2:])
    return [quoted for row in rows for quoted in re.findall("`([^`]+)`", row)]


def _artifact(name: str) -> tuple[str, str]:
    return ("/model.tar.gz", f"/{name}/model.tar.gz")


def _names(aws: Emulator) -> tuple[list[str], list[str]]:
    """Return the endpoint configurations and models that exist, the newest first."""
    calls = [(call.action, call.parameters) for call in aws.calls() if call.service == "sagemaker"]
    there: dict[str, list[str]] = {"EndpointConfig": [], "Model": []}
    for kind, names in there.items():
        for action, parameters in calls:
            name = str(parameters.get(f"{kind}Name"))
            if action == f"Create{kind}":
                names.insert(0, name)
            elif action == f"Delete{kind}":
                names.remove(name)
    return there["EndpointConfig"], there["Model"]


def test_invisible_resources_and_throttled_calls_are_retried_within_the_apply(
    deployed: Deployed,
) -> None:
    """Other calls fail during the propagation delay of IAM, because the provider does not retry them."""
    aws, terraform = deployed.aws, deployed.with_change()
    principal = "Policy contains a statement with one or more invalid principals."
    with (
        aws.inject(
            Fault("kms:CreateKey", error="MalformedPolicyDocumentException", message=principal, seconds=3)
        ) as key,
        aws.inject(Fault("sagemaker:CreateModel", error="ValidationException", message=_NO_ROLE, seconds=3)) as model,
        aws.inject(Fault("sagemaker:CreateEndpointConfig", error="ValidationException", message=_NO_ROLE)) as later,
        aws.inject(Fault("*", error="ThrottlingException", message="Rate exceeded", share=0.2)) as throttled,
    ):
        text = _failed(terraform)
    assert key.hits > 1
    assert model.hits > 1
    assert throttled.hits > 5
    assert later.hits == 1
    assert len(re.findall("Error: ", text)) == 1
    assert "Error: creating SageMaker AI Endpoint Configuration" in text
    assert "Could not assume role" in text


@pytest.mark.parametrize(
    ("code", "message"),
    [("ValidationException", _NO_ROLE), ("ResourceLimitExceeded", _QUOTA)],
    ids=["the role is not seen yet", "a quota is exceeded"],
)
def test_a_refused_endpoint_leaves_only_resources_that_the_next_apply_uses(
    deployed: Deployed, code: str, message: str
) -> None:
    with deployed.aws.inject(Fault("sagemaker:CreateEndpoint", error=code, message=message)) as fault:
        text = _failed(deployed.with_change())
    assert fault.hits == 1
    assert f"Error: creating SageMaker AI Endpoint ({ENDPOINT})" in text
    assert f"{code}: {message}" in text
    configurations, models = _names(deployed.aws)
    assert (len(configurations), len(models)) == (1, 1)


def test_a_first_endpoint_that_fails_is_tainted_and_says_why(deployed: Deployed) -> None:
    text = _failed(deployed.with_change(_artifact("slowly-unhealthy")))
    assert (
        f"Error: waiting for SageMaker AI Endpoint ({ENDPOINT}) create: unexpected state 'Failed', wanted target "
        "'InService'. last error: The primary container did not pass the ping health check."
    ) in text


def test_the_next_apply_creates_it_again_with_the_same_key(deployed: Deployed) -> None:
    deployed.keep(_artifact("corrected"))
    terraform = deployed.with_change()
    actions = _actions(terraform)
    assert actions["aws_sagemaker_endpoint.Endpoint"] == ["delete", "create"]
    assert actions["aws_kms_key.Key"] == ["no-op"]
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    _only(deployed)
    assert len(deployed.aws.client("kms").list_keys()["Keys"]) == 1


def test_an_update_beyond_a_quota_leaves_the_old_version_and_succeeds_with_the_next_apply(deployed: Deployed) -> None:
    before = deployed.serving
    more = ("initial_instance_count = 1", "initial_instance_count = 2")
    with deployed.aws.inject(Fault("sagemaker:UpdateEndpoint", error="ResourceLimitExceeded", message=_QUOTA)):
        text = _failed(deployed.with_change(more))
    assert "Error: updating SageMaker AI Endpoint (acme-dev-kmeans): " in text
    assert deployed.serving == before
    assert before in _names(deployed.aws)[0]
    deployed.with_change(more).run("apply", "-auto-approve")
    assert deployed.serving != before
    _only(deployed)
    deployed.keep(more)


def test_a_rollback_that_is_seen_on_its_way_keeps_the_old_version_whatever_is_applied_meanwhile(
    deployed: Deployed,
) -> None:
    configuration, model = deployed.serving, deployed.served_model
    bad = deployed.with_change(_artifact("slowly-unhealthy"))
    (shown,) = re.findall("`(.*'RollingBack')`", _README.read_text())
    assert shown in _failed(bad)
    assert "Cannot update in-progress endpoint" in _failed(bad)
    # What the page warns of: the serving model would go, and the endpoint would stay as it is.
    unrefreshed = bad.run("plan", "-refresh=false").stdout
    assert "aws_sagemaker_model.Model (deposed object" in unrefreshed
    assert "aws_sagemaker_endpoint.Endpoint will" not in unrefreshed
    assert (deployed.serving, deployed.served_model) == (configuration, model)
    configurations, models = _names(deployed.aws)
    assert configurations[1:] == [configuration]
    assert models[1:] == [model]


def test_after_it_the_same_change_is_tried_once_more_in_place_and_a_corrected_one_heals(deployed: Deployed) -> None:
    actions = _actions(deployed.with_change(_artifact("slowly-unhealthy")))
    assert actions["aws_sagemaker_endpoint.Endpoint"] == ["update"]
    assert actions["aws_sagemaker_model.Model"] == ["no-op"]
    deployed.with_change(_artifact("better")).run("apply", "-auto-approve")
    _only(deployed)


def test_after_it_an_earlier_content_needs_a_raised_revision(deployed: Deployed) -> None:
    """Without one the model would be created under the name of the one that serves, which SageMaker refuses."""
    configuration, model = deployed.serving, deployed.served_model
    _failed(deployed.with_change(_artifact("slowly-unhealthy")))
    _wait_for_service(deployed.aws)
    earlier = _artifact("better")
    assert _planned_model(deployed.with_change(earlier)) == model
    terraform = deployed.with_change(
        earlier, ("initial_instance_count = 2", "initial_instance_count = 2\nrevision = 1")
    )
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    assert deployed.serving != configuration
    _only(deployed)


def test_a_resource_that_exists_after_a_lost_answer_is_named_and_stops_every_apply(
    aws: Emulator, tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    """The provider repeats the call, and AWS answers that the resource exists. A second key is created instead."""
    workspace = Workspace(tmp_path / "lost", {**terraform_environment, **aws.environment})
    workspace.edit('name = "acme"', 'name = "lost"')
    lost = Deployed(aws, workspace)
    terraform, keys = lost.with_change(_NOT_RECORDED), len(aws.client("kms").list_keys()["Keys"])
    calls = ("iam:CreatePolicy", "kms:CreateKey", "kms:CreateAlias", "logs:CreateLogGroup")
    faults = [aws.inject(Fault(call, lost=True, times=1)) for call in calls]
    for text in (_failed(terraform), _failed(terraform)):
        for name, code in (
            ("IAM Policy (lost-dev-kmeans-", "EntityAlreadyExists"),
            ("KMS Alias (alias/lost-dev-kmeans)", "AlreadyExistsException"),
            ("CloudWatch Logs Log Group (/aws/sagemaker/Endpoints/lost-dev-kmeans)", "ResourceAlreadyExistsException"),
        ):
            assert re.search(rf"Error: creating {re.escape(name)}[^E]*.*?{code}", text), name
    assert [fault.hits for fault in faults] == [1] * len(calls)
    assert len(aws.client("kms").list_keys()["Keys"]) == keys + 2


def _actions(terraform: Terraform) -> dict[str, list[str]]:
    """Return the planned actions of each declared resource."""
    changes = terraform.plan()["resource_changes"]
    return {change["address"]: change["change"]["actions"] for change in changes if "deposed" not in change}


def _planned_model(terraform: Terraform) -> str:
    (name,) = (
        change["change"]["after"]["name"]
        for change in terraform.plan()["resource_changes"]
        if change["address"] == "aws_sagemaker_model.Model" and "deposed" not in change
    )
    return str(name)


def _wait_for_service(aws: Emulator) -> None:
    while aws.client("sagemaker").describe_endpoint(EndpointName=ENDPOINT)["EndpointStatus"] != "InService":
        pass


def _only(deployed: Deployed) -> None:
    """Check that there is one configuration and one model, those that are served."""
    assert _names(deployed.aws) == ([deployed.serving], [deployed.served_model])
