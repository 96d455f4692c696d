"""Deploy the example for real, without an AWS account: `make demo`.

The real CDKTF, the real Terraform and the real AWS provider, against an AWS emulator in a process of its own. All of
it happens in a temporary folder, which is kept only when something fails.
"""

import json
import subprocess
import time
from pathlib import Path

from protected_endpoints.commands.registry_mirror import mirrored_version, process_environment
from protected_endpoints.errors import CommandError
from sandbox.demo_support import ACCOUNT, REGION, ShowingFailed, expect, prepare_account, say, show, signs_of_life
from sandbox.emulator import Emulator
from sandbox.workspace import Workspace

_STACK, _ENDPOINT = "dev-kmeans", "acme-dev-kmeans"
_POINTS = b"1,2\n9,9"
_REQUEST = {"EndpointName": _ENDPOINT, "Body": _POINTS, "ContentType": "text/csv"}


def main() -> None:
    """Run the demonstration; exit with 1 and keep its folder if it fails."""
    show(_demonstrate)


def _demonstrate(scratch: Path) -> None:
    started = time.monotonic()
    with Emulator(scratch / "aws", account_id=ACCOUNT, region=REGION) as aws:
        say(f"An AWS emulator is listening on {aws.urls['secure']}, as account {ACCOUNT}.")
        prepare_account(aws)
        demo = _Demo(aws, Workspace(scratch / "project", {**process_environment(scratch), **aws.environment}))
        provider = mirrored_version()
        say(f"Terraform uses the AWS provider {f'{provider} of a mirror' if provider else 'that it downloads'}.")
        demo.deploy()
        demo.invoke()
        demo.stream()
        demo.plan_again()
        demo.change_instance_count()
        demo.destroy()
    say(f"Nothing is left behind: no process, no state, no file. {time.monotonic() - started:.0f} seconds.")
    print(_SHOWN)


class _Demo:
    """The steps, in order."""

    def __init__(self, aws: Emulator, workspace: Workspace) -> None:
        self._aws, self._workspace = aws, workspace
        self._commands = 0

    def deploy(self) -> None:
        self._cdktf("deploy", "Deploying the endpoint (the bucket's lifecycle alone takes a minute)")
        outputs = self._workspace.stack(_STACK).run("output").stdout
        say("It is deployed. Its outputs:\n" + "".join(f"    {line}\n" for line in outputs.splitlines()).rstrip())

    def invoke(self) -> None:
        answer = self._invoked("checkout-api", tls=True)
        say(f"checkout-api, an invoker, sends {_POINTS.decode()!r} in a signed request and gets {answer}")
        for role, tls, who in (
            ("stranger", True, "stranger, a role without the policy,"),
            ("checkout-api", False, "checkout-api without TLS"),
        ):
            answer = self._invoked(role, tls=tls)
            expect("AccessDenied" in answer, f"{who} was let in: {answer}")
            say(f"{who} is refused: {answer}")
        bucket = f"{self._capture_uri().removeprefix('s3://').split('/')[0]}"
        recorded = self._aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
        expect(len(recorded) == 1, f"{len(recorded)} objects were recorded instead of one")
        say(f"What was sent and answered at once is recorded as s3://{bucket}/{recorded[0]['Key']}")

    def stream(self) -> None:
        parts = self._streamed("checkout-api")
        expect(len(parts) == len(_POINTS.splitlines()), f"the stream came in other parts than one for a line: {parts}")
        say(f"checkout-api asks for a stream and gets {len(parts)} parts, one for each line: {', '.join(parts)}")
        answer = self._streamed("stranger")
        expect("AccessDenied" in answer[0], f"stranger got a stream: {answer}")
        say(f"stranger is refused a stream: {answer[0]}")

    def plan_again(self) -> None:
        expect(self._workspace.stack(_STACK).has_no_changes(), "a second plan is not empty")
        say("A second plan is empty.")

    def change_instance_count(self) -> None:
        before = len(self._aws.calls())
        self._workspace.edit("initial_instance_count = 1", "initial_instance_count = 2")
        self._cdktf("deploy", "Changing initial_instance_count from 1 to 2 and deploying again")
        made = ("Create", "Update", "Delete")
        calls = [c.action for c in self._aws.calls()[before:] if c.service == "sagemaker" and c.action.startswith(made)]
        expect(calls == ["CreateEndpointConfig", "UpdateEndpoint", "DeleteEndpointConfig"], f"SageMaker saw {calls}")
        sagemaker = self._aws.client("sagemaker")
        name = sagemaker.describe_endpoint(EndpointName=_ENDPOINT)["EndpointConfigName"]
        count = sagemaker.describe_endpoint_config(EndpointConfigName=name)["ProductionVariants"][0][
            "InitialInstanceCount"
        ]
        expect(count == 2, f"the endpoint has {count} instances")
        say(f"The endpoint was updated in place, with nothing recreated under it. SageMaker saw {', '.join(calls)}.")

    def destroy(self) -> None:
        before = len(self._aws.calls())
        self._cdktf("destroy", "Destroying, which the key and the bucket have to prevent", fails=True)
        # The command line may end before it has printed why, so what counts is what AWS was asked for.
        deleted = [
            c.action for c in self._aws.calls()[before:] if c.action.startswith(("Delete", "DELETE", "Schedule"))
        ]
        expect(not deleted, f"something was deleted: {deleted}")
        try:
            self._workspace.stack(_STACK).run("plan", "-destroy")
        except CommandError as refusal:
            expect("lifecycle.prevent_destroy" in str(refusal), f"destroying fails for another reason: {refusal}")
        else:
            raise ShowingFailed("the key and the bucket could be destroyed")
        say("Terraform refused, because the key and the bucket hold what cannot be had again.")
        self._workspace.edit(
            "[endpoints.kmeans]\n",
            '[endpoints.kmeans.relax]\nprevent_destroy = "the demonstration is over"\n\n[endpoints.kmeans]\n',
        )
        self._cdktf("deploy", "Relaxing prevent_destroy with a reason, and deploying that")
        self._cdktf("destroy", "Destroying everything, what was recorded included")
        state = json.loads(self._workspace.stack(_STACK).run("show", "-json").stdout)
        expect("values" not in state, f"Terraform still has {state.get('values')}")
        buckets = [each["Name"] for each in self._aws.client("s3").list_buckets()["Buckets"]]
        expect(buckets == ["my-bucket"], f"there are the buckets {buckets}")
        say("The key can still be saved for 30 days; everything else is gone.")

    def _invoked(self, role: str, *, tls: bool) -> str:
        runtime = self._aws.client("sagemaker-runtime", as_role=role, tls=tls)
        try:
            return str(runtime.invoke_endpoint(**_REQUEST)["Body"].read().decode())
        except runtime.exceptions.ClientError as error:
            return str(error.response["Error"]["Code"])

    def _streamed(self, role: str) -> list[str]:
        """Return the parts of an answer, or the code of the refusal alone."""
        runtime = self._aws.client("sagemaker-runtime", as_role=role)
        try:
            events = runtime.invoke_endpoint_with_response_stream(**_REQUEST)["Body"]
            return [event["PayloadPart"]["Bytes"].decode().strip() for event in events]
        except runtime.exceptions.ClientError as error:
            return [str(error.response["Error"]["Code"])]

    def _capture_uri(self) -> str:
        return self._workspace.stack(_STACK).run("output", "-raw", "data_capture_s3_uri").stdout

    def _cdktf(self, command: str, what: str, *, fails: bool = False) -> str:
        """Run `cdktf` and return what it printed, which is also kept in a log."""
        self._commands += 1
        log = self._workspace.directory.parent / f"{self._commands}-cdktf-{command}.log"
        with signs_of_life(what), log.open("w") as output:
            finished = subprocess.run(
                ["cdktf", command, _STACK, "--auto-approve"],
                cwd=self._workspace.directory,
                env={**self._workspace.environment, "CI": "1", "FORCE_COLOR": "0"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        printed = log.read_text()
        if (finished.returncode != 0) != fails:
            ending = "\n".join(printed.splitlines()[-25:])
            raise ShowingFailed(f"cdktf {command} ended with {finished.returncode}; its log {log} ends with:\n{ending}")
        return printed


_SHOWN = """
What was shown, with the real cdktf, Terraform and AWS provider:
  - endpoints.toml becomes a role, a key, a bucket, a log group, a model, an endpoint and who may call it
  - only the named role gets in, with a signed request over TLS, for an answer at once or as a stream
  - what it sends for an answer at once is recorded
  - a second plan is empty, and a change reaches the endpoint in place, new before old
  - the key and the bucket cannot be destroyed until endpoints.toml says so and why

What an emulator cannot show: see "What the sandbox does not prove" in README.md.
Your first endpoint in your own account: see README.md."""

if __name__ == "__main__":
    main()
