"""An apply whose credentials expire leaves its state in cdktf.out; commands report and save it, on the sandbox.

One endpoint serves all tests of this file, in their order: its first apply is by hand, the next by the workflow.
"""

import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from protected_endpoints.commands.provider_lock import LOCK
from sandbox.emulator import Emulator
from sandbox.workspace import Workspace
from tests.workflows.github import GitHub
from tests.workflows.runner import Finished

_STACK, _ROLE = "dev-kmeans", {"RoleName": "deployer"}
_FOLDER = f"cdktf.out/stacks/{_STACK}"
_BUCKET, _KEY = "acme-tfstate", f"acme/{_STACK}.tfstate"
_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
_INPUTS = {"stack": _STACK, "environment": "dev", "region": "us-west-2"}
_ARN = "arn:aws:iam::111122223333:role/deployer"


@pytest.fixture(scope="module")
def github(aws: Emulator, tmp_path_factory: pytest.TempPathFactory, installing_environment: dict[str, str]) -> GitHub:
    location = {"LocationConstraint": aws.region}
    aws.client("s3").create_bucket(Bucket=_BUCKET, CreateBucketConfiguration=location)
    iam = aws.client("iam")
    for role in ("checkout-api", "deployer"):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument='{"Statement":[]}')
    iam.put_role_policy(**_ROLE, PolicyName="all", PolicyDocument=_ALL)
    github = GitHub(aws, tmp_path_factory.mktemp("github"), {**installing_environment, **aws.environment})
    github.main.edit("[endpoints.kmeans]\n", f'[environments.dev.state]\nbucket = "{_BUCKET}"\n\n[endpoints.kmeans]\n')
    text = (github.main.directory / "endpoints.toml").read_text()
    enabled = "[endpoints.kmeans]\ndata_capture.enable_capture = false\n"
    text = text[: text.index("# Requests and responses")].replace("[endpoints.kmeans]\n", enabled)
    (github.main.directory / "endpoints.toml").write_text(text)
    github.main.synth()
    terraform = github.main.stack(_STACK)
    terraform.init()
    shutil.copy(terraform.directory / LOCK, github.main.directory)
    return github


def test_an_unsaved_state_is_reported_and_no_synth_removes_it(github: GitHub, aws: Emulator) -> None:
    main = github.main
    with _a_session_that_expires_after(aws, "CreateEndpointConfig"):
        applied = _run(main, f"terraform -chdir={_FOLDER} apply -auto-approve -no-color", **aws.credentials("deployer"))
    assert "Failed to save state" in applied.stdout
    left = main.directory / _FOLDER / "errored.tfstate"
    recorded = left.read_text()
    main.edit("[endpoints.kmeans]", "[endpoints.other]")  # cdktf synth removes the folders of other stacks
    for command in ("python main.py", "cdktf synth", "cdktf deploy dev-other --auto-approve", "cdktf diff dev-other"):
        refused = _run(main, command)
        assert refused.returncode != 0
        assert f"{_FOLDER}/errored.tfstate: contains the only record of created resources" in refused.stdout
        assert "Traceback" not in refused.stdout
    by_script = _run(main, f"{main.directory}/.github/scripts/synth.sh .")
    assert (by_script.returncode, f"{_FOLDER}/errored.tfstate: contains the only" in by_script.stdout) == (1, True)
    main.edit("[endpoints.other]", "[endpoints.kmeans]")
    moved = _run(main, f"python -m protected_endpoints move-state {_STACK}")
    assert f"{_FOLDER}/errored.tfstate: contains the only record" in moved.stdout
    assert left.read_text() == recorded


def test_the_printed_commands_save_it_and_nothing_is_created_twice(github: GitHub, aws: Emulator) -> None:
    main = github.main
    message = _run(main, "python main.py").stdout
    (save,) = re.findall(r"with valid credentials: (.+)", message)
    (unlock,) = re.findall(r"release the lock of the failed apply and retry: (terraform .+ force-unlock) ID", message)
    locked = _run(main, save)
    assert locked.returncode != 0
    (id_,) = re.findall(r"ID: +(\S+)", locked.stdout)
    assert _run(main, f"echo yes | TF_INPUT=1 {unlock} {id_}").returncode == 0
    saved = _run(main, save)
    assert saved.returncode == 0, saved.stdout
    assert not (main.directory / _FOLDER / "errored.tfstate").exists()
    main.synth()
    main.stack(_STACK).run("apply", "-auto-approve")
    assert main.stack(_STACK).has_no_changes()
    actions = [call.action for call in aws.calls()]
    assert (actions.count("CreateKey"), actions.count("CreateModel")) == (1, 1)


def test_a_workflow_saves_the_state_of_a_failed_apply_with_new_credentials(github: GitHub, aws: Emulator) -> None:
    head = github.branch(("initial_instance_count = 1", "initial_instance_count = 3"))
    reviewed = _review(github, head)
    assert reviewed.failed == [], reviewed.printed
    with _a_session_that_expires_after(aws, "UpdateEndpoint"):
        applied = _apply(github, head, reviewed)
    assert applied.failed == ["Apply the reviewed plan"], applied.printed
    assert applied.ran[-1] == "Save the state if the apply failed to"
    assert f"the state of {_STACK} was saved now; run the workflow again" in applied.printed
    assert [*github.machines.rglob("errored.tfstate")] == []
    held = aws.client("s3").list_objects_v2(Bucket=_BUCKET)["Contents"]
    assert [item["Key"] for item in held] == [_KEY]
    # While SageMaker updates the endpoint, it has its configuration of before, which would be in the plan.
    waiter = aws.client("sagemaker").get_waiter("endpoint_in_service")
    waiter.wait(EndpointName="acme-dev-kmeans", WaiterConfig={"Delay": 1})
    again = _review(github, head)
    finished = _apply(github, head, again)
    assert finished.failed == [], finished.printed


def test_a_workflow_that_cannot_save_says_so_and_leaves_the_lock_of_others(github: GitHub, aws: Emulator) -> None:
    s3, lock = aws.client("s3"), {"ID": "4c8d0f3e", "Who": "ann@laptop", "Operation": "OperationTypeApply"}
    s3.put_object(Bucket=_BUCKET, Key=f"{_KEY}.tflock", Body=json.dumps(lock))
    main = github.main
    left = main.directory / _FOLDER / "errored.tfstate"
    left.write_text(s3.get_object(Bucket=_BUCKET, Key=_KEY)["Body"].read().decode())
    failed = _run(main, f".github/scripts/save_state.sh cdktf.out {_STACK}")
    assert failed.returncode == 1
    assert f"::error::the state of {_STACK} could not be saved" in failed.stdout
    assert "ann@laptop" in failed.stdout
    assert left.exists()
    assert json.loads(s3.get_object(Bucket=_BUCKET, Key=f"{_KEY}.tflock")["Body"].read()) == lock


@contextmanager
def _a_session_that_expires_after(aws: Emulator, action: str) -> Iterator[None]:
    """Remove all permissions of the deployer role after a call, until the role is assumed again."""
    iam, assume = aws.client("iam"), aws.credentials
    before = aws.count_calls(action)

    def expire() -> None:
        deadline = time.monotonic() + 300
        # Before the apply ends, which soon follows.
        while aws.count_calls(action) == before and time.monotonic() < deadline:
            time.sleep(0.02)
        iam.delete_role_policy(**_ROLE, PolicyName="all")

    def renew(role: str) -> dict[str, str]:
        iam.put_role_policy(**_ROLE, PolicyName="all", PolicyDocument=_ALL)
        return assume(role)

    expiring = threading.Thread(target=expire)
    with patch.object(aws, "credentials", renew):
        expiring.start()
        yield
        expiring.join()
    renew("deployer")


def _run(workspace: Workspace, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", command],
        cwd=workspace.directory,
        env={**workspace.environment, "CI": "1", "FORCE_COLOR": "0", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _review(github: GitHub, head: Workspace) -> Finished:
    return github.run("stack", "review", {"inputs": {**_INPUTS, "plan_role": _ARN}}, head=head)


def _apply(github: GitHub, head: Workspace, reviewed: Finished) -> Finished:
    contexts = {
        "inputs": _INPUTS,
        "needs": {"review": {"outputs": reviewed.outputs}},
        "vars": {"AWS_APPLY_ROLE_ARN": _ARN},
    }
    return github.run("stack", "apply", contexts, head=head)
