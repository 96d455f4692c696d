"""The commands of the README for a real account work against the emulator: plan, deploy and destroy."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from protected_endpoints.commands.registry_mirror import mirrored_version
from sandbox.emulator import Emulator
from tests.checkout import checkout
from tests.examples import EXAMPLES


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the project with the example, which may be destroyed."""
    version = mirrored_version()
    project = f'[project]\naws_provider_version = "{version}"\n' if version else "[project]\n"
    relax = '[endpoints.kmeans.relax]\nprevent_destroy = "it is a test"\n\n[endpoints.kmeans]\n'
    text = EXAMPLES["example"].read_text()
    return checkout(tmp_path, text.replace("[project]\n", project).replace("[endpoints.kmeans]\n", relax))


def _with_serverless_inference(
    project: Path, run: Callable[[], subprocess.CompletedProcess[str]]
) -> subprocess.CompletedProcess[str]:
    """Return a run of a command while the endpoint of the example is configured without instances."""
    file = project / "endpoints.toml"
    text = file.read_text()
    instances = re.compile(r"^instance_type = .*$", re.MULTILINE)
    serverless = "serverless_config = { memory_size_in_mb = 2048, max_concurrency = 5 }"
    changed = re.sub(r"^initial_instance_count = .*\n", "", instances.sub(serverless, text), flags=re.MULTILINE)
    relax = "[endpoints.kmeans.relax]\n"
    file.write_text(changed.replace(relax, f'{relax}network_isolation = "serverless inference has none"\n'))
    try:
        return run()
    finally:
        file.write_text(text)


def test_plan_deploy_and_destroy_work_as_the_readme_says(
    example: Path, aws: Emulator, terraform_environment: dict[str, str]
) -> None:
    def make(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", *arguments],
            cwd=example,
            env={**terraform_environment, **aws.environment, "CI": "1", "FORCE_COLOR": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    planned = make("plan")
    assert planned.returncode == 0, planned.stdout
    assert "Plan: 30 to add, 0 to change, 0 to destroy." in planned.stdout
    assert "this protection is relaxed" in planned.stdout
    deployed = make("deploy", "STACK=dev-kmeans", "ARGS=--auto-approve")
    assert deployed.returncode == 0, deployed.stdout
    assert (example / "terraform.dev-kmeans.tfstate").exists()
    assert aws.client("sagemaker").describe_endpoint(EndpointName="acme-dev-kmeans")["EndpointStatus"] == "InService"
    refused = _with_serverless_inference(example, lambda: make("plan", "STACK=dev-kmeans"))
    assert "cannot be updated from real-time inference to serverless inference" in refused.stdout
    assert refused.returncode != 0
    unnamed = make("destroy")
    assert "STACK: required; run: make destroy STACK=dev-kmeans" in unnamed.stdout
    assert unnamed.returncode != 0
    destroyed = make("destroy", "STACK=dev-kmeans", "ARGS=--auto-approve")
    assert destroyed.returncode == 0, destroyed.stdout
    assert aws.client("s3").list_buckets()["Buckets"] == []
