"""The example app, whose own stacks contain a protected endpoint: planned, deployed, invoked and destroyed."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import ClientError

from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform
from sandbox.emulator import Emulator
from tests.examples import ROOT

_PREVENT_DESTROY = ("            Endpoint(\n", "            Endpoint(\n                relax=_RELAX,\n")
_RELAX = 'from protected_endpoints import Relax\n\n_RELAX = Relax(prevent_destroy="the test destroys it")\n'


class App:
    """A copy of the app with the AWS provider of a local mirror, if any."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        shutil.copytree(ROOT / "examples" / "app", directory, ignore=shutil.ignore_patterns("__pycache__", "cdktf.out"))
        self.directory, self._environment = directory, environment
        self._edit("class Stack(", f"{_RELAX}\n\nclass Stack(")
        self._edit(*_PREVENT_DESTROY)
        if version := mirrored_version():
            self._edit('Project(name="acme")', f'Project(name="acme", aws_provider_version="{version}")')

    def stack(self, name: str) -> Terraform:
        """Return Terraform for a stack, initialized."""
        stack = Terraform(self.directory / "cdktf.out" / "stacks" / name, self._environment)
        stack.init()
        return stack

    def synth(self) -> None:
        subprocess.run([sys.executable, "main.py"], cwd=self.directory, env=self._environment, check=True)

    def _edit(self, old: str, new: str) -> None:
        file = self.directory / "main.py"
        text = file.read_text()
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def app(aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> App:
    app = App(tmp_path_factory.mktemp("app") / "app", {**os.environ, **terraform_environment, **aws.environment})
    app.synth()
    platform = app.stack("platform")
    platform.plan()
    platform.run("apply", "-auto-approve", "plan.bin")
    aws.client("s3").put_object(Bucket="acme-dev-models", Key="model.tar.gz", Body=b"a model")
    serving = app.stack("serving")
    serving.plan()
    serving.run("apply", "-auto-approve", "plan.bin")
    return app


def test_a_second_plan_of_each_stack_is_empty(app: App) -> None:
    assert [app.stack(name).has_no_changes() for name in ("platform", "serving")] == [True, True]


def test_the_model_is_in_the_vpc_of_the_app(aws: Emulator, app: App) -> None:
    sagemaker, ec2 = aws.client("sagemaker"), aws.client("ec2")
    name = sagemaker.describe_endpoint(EndpointName="acme-dev-kmeans")["EndpointConfigName"]
    (variant,) = sagemaker.describe_endpoint_config(EndpointConfigName=name)["ProductionVariants"]
    described = sagemaker.describe_model(ModelName=variant["ModelName"])
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [_vpc(aws)]}])["Subnets"]
    assert sorted(described["VpcConfig"]["Subnets"]) == sorted(subnet["SubnetId"] for subnet in subnets)


def test_every_resource_of_the_endpoint_has_its_tags(aws: Emulator, app: App) -> None:
    sagemaker = aws.client("sagemaker")
    arn = sagemaker.describe_endpoint(EndpointName="acme-dev-kmeans")["EndpointArn"]
    tags = {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=arn)["Tags"]}
    assert tags == {"project": "acme", "environment": "dev", "endpoint": "kmeans"}


def test_the_function_invokes_the_endpoint_from_the_vpc_only(
    aws: Emulator, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs the code of the function with the credentials of its role. The emulator runs no functions."""
    function = aws.client("lambda").get_function_configuration(FunctionName="acme-dev-caller")
    for name, value in {**function["Environment"]["Variables"], "AWS_DEFAULT_REGION": aws.region}.items():
        monkeypatch.setenv(name, value)
    module: Any = _module(app.directory / "caller" / "handler.py")
    role = function["Role"].rpartition("/")[2]
    module.runtime = aws.client("sagemaker-runtime", as_role=role, from_vpc=_vpc(aws))
    assert "closest_cluster" in module.handle({"features": "1,2"}, None)["prediction"]
    module.runtime = aws.client("sagemaker-runtime", as_role=role)
    with pytest.raises(ClientError, match="AccessDenied"):
        module.handle({"features": "1,2"}, None)


def test_destroying_both_stacks_leaves_nothing(aws: Emulator, app: App) -> None:
    s3 = aws.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for version in s3.list_object_versions(Bucket=bucket["Name"]).get("Versions", []):
            s3.delete_object(Bucket=bucket["Name"], Key=version["Key"], VersionId=version["VersionId"])
    for name in ("serving", "platform"):
        app.stack(name).run("destroy", "-auto-approve")
        assert app.stack(name).run("state", "list").stdout == ""
    assert aws.client("sagemaker").list_endpoints()["Endpoints"] == []
    assert aws.client("iam").list_roles()["Roles"] == []
    assert s3.list_buckets()["Buckets"] == []
    assert _vpcs(aws) == []


def _vpcs(aws: Emulator) -> list[str]:
    """Return the VPCs that the account did not have before."""
    return [vpc["VpcId"] for vpc in aws.client("ec2").describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]


def _vpc(aws: Emulator) -> str:
    (vpc,) = _vpcs(aws)
    return vpc


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
