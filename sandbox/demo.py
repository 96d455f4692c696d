"""Deploy the example to an AWS emulator, without an AWS account: `make demo`.

CDKTF, Terraform and the AWS provider are the real ones. Everything is in a temporary folder, which is deleted unless
the demonstration fails.
"""

import json
import subprocess
import time
from pathlib import Path

from protected_endpoints.commands.registry_mirror import mirrored_version, process_environment
from protected_endpoints.errors import CommandError
from sandbox.demo_support import ACCOUNT, REGION, DemoFailed, expect, prepare_account, progress, run_demo, say
from sandbox.emulator import Emulator
from sandbox.workspace import Workspace

_STACK, _ENDPOINT = "dev-kmeans", "acme-dev-kmeans"
_POINTS = b"1,2\n9,9"
_REQUEST = {"EndpointName": _ENDPOINT, "Body": _POINTS, "ContentType": "text/csv"}


def main() -> None:
    """Run the demonstration. If it fails, exit with 1 and keep its folder."""
    run_demo(_demonstrate)


def _demonstrate(scratch: Path) -> None:
    started = time.monotonic()
    with Emulator(scratch / "aws", account_id=ACCOUNT, region=REGION) as aws:
        say(f"The AWS emulator listens on {aws.urls['secure']} and has the account {ACCOUNT}.")
        prepare_account(aws)
        demo = _Demo(aws, Workspace(scratch / "project", {**process_environment(scratch), **aws.environment}))
        provider = mirrored_version()
        say(f"Terraform uses AWS provider {f'{provider} from a local mirror' if provider else 'from its registry'}.")
        demo.deploy()
        demo.invoke()
        demo.stream()
        demo.plan_again()
        demo.change_instance_count()
        demo.destroy()
    say(f"The demo leaves no process, state or file behind. It took {time.monotonic() - started:.0f} seconds.")
    print(_SUMMARY)


class _Demo:
    """The steps of the demonstration, in order."""

    def __init__(self, aws: Emulator, workspace: Workspace) -> None:
        self._aws, self._workspace = aws, workspace
        self._commands = 0

    def deploy(self) -> None:
        self._cdktf("deploy", "Deploying the endpoint (the lifecycle configuration of the bucket takes a minute)")
        outputs = self._workspace.stack(_STACK).run("output").stdout
        say("The endpoint is deployed. Outputs:\n" + "".join(f"    {line}\n" for line in outputs.splitlines()).rstrip())

    def invoke(self) -> None:
        response = self._invoke("checkout-api", tls=True)
        say(f"checkout-api, an invoker, sends {_POINTS.decode()!r} in a signed request and receives {response}")
        for role, tls, caller in (
            ("stranger", True, "stranger, a role without the invoke policy"),
            ("checkout-api", False, "checkout-api without TLS"),
        ):
            response = self._invoke(role, tls=tls)
            expect("AccessDenied" in response, f"{caller} was able to invoke the endpoint: {response}")
            say(f"Denied for {caller}: {response}")
        bucket = self._capture_uri().removeprefix("s3://").split("/")[0]
        captured = self._aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
        expect(len(captured) == 1, f"{len(captured)} captured objects, expected 1")
        say(f"Data capture wrote request and response to s3://{bucket}/{captured[0]['Key']}")

    def stream(self) -> None:
        parts = self._stream("checkout-api")
        expect(len(parts) == len(_POINTS.splitlines()), f"the stream does not have one part per line: {parts}")
        say(
            f"checkout-api requests a response stream and receives {len(parts)} parts, one per line: {', '.join(parts)}"
        )
        parts = self._stream("stranger")
        expect("AccessDenied" in parts[0], f"stranger received a stream: {parts}")
        say(f"Denied for stranger, as a response stream: {parts[0]}")

    def plan_again(self) -> None:
        expect(self._workspace.stack(_STACK).has_no_changes(), "a second plan contains changes")
        say("A second plan contains no changes.")

    def change_instance_count(self) -> None:
        before = len(self._aws.calls())
        self._workspace.edit("initial_instance_count = 1", "initial_instance_count = 2")
        self._cdktf("deploy", "Changing initial_instance_count from 1 to 2 and deploying again")
        changes = ("Create", "Update", "Delete")
        calls = [
            call.action
            for call in self._aws.calls()[before:]
            if call.service == "sagemaker" and call.action.startswith(changes)
        ]
        expect(
            calls == ["CreateEndpointConfig", "UpdateEndpoint", "DeleteEndpointConfig"],
            f"the calls are {calls}",
        )
        sagemaker = self._aws.client("sagemaker")
        name = sagemaker.describe_endpoint(EndpointName=_ENDPOINT)["EndpointConfigName"]
        (variant,) = sagemaker.describe_endpoint_config(EndpointConfigName=name)["ProductionVariants"]
        count = variant["InitialInstanceCount"]
        expect(count == 2, f"the endpoint has {count} instances, expected 2")
        say(f"The endpoint was updated in place and not replaced. Calls to SageMaker: {', '.join(calls)}.")

    def destroy(self) -> None:
        before = len(self._aws.calls())
        self._cdktf("destroy", "Destroying the stack, which has to fail because of the key and the bucket", fails=True)
        # cdktf can exit before it has printed the reason, so the calls to AWS are checked.
        calls = [call.action for call in self._aws.calls()[before:]]
        deletions = [action for action in calls if action.startswith(("Delete", "DELETE", "Schedule"))]
        expect(not deletions, f"resources were deleted: {deletions}")
        try:
            self._workspace.stack(_STACK).run("plan", "-destroy")
        except CommandError as error:
            expect("lifecycle.prevent_destroy" in str(error), f"the plan to destroy failed for another reason: {error}")
        else:
            raise DemoFailed("Terraform would destroy the key and the bucket")
        say("Terraform refused: prevent_destroy protects the key and the bucket, whose data could not be restored.")
        self._workspace.edit(
            "[endpoints.kmeans]\n",
            '[endpoints.kmeans.relax]\nprevent_destroy = "the demonstration is over"\n\n[endpoints.kmeans]\n',
        )
        self._cdktf("deploy", "Deploying with relax.prevent_destroy and a reason")
        self._cdktf("destroy", "Destroying all resources, including captured data")
        state = json.loads(self._workspace.stack(_STACK).run("show", "-json").stdout)
        expect("values" not in state, f"the state still contains {state.get('values')}")
        buckets = [bucket["Name"] for bucket in self._aws.client("s3").list_buckets()["Buckets"]]
        expect(buckets == ["my-bucket"], f"the remaining buckets are {buckets}")
        say("The key deletion can be canceled for 30 days. All other resources are deleted.")

    def _invoke(self, role: str, *, tls: bool) -> str:
        runtime = self._aws.client("sagemaker-runtime", as_role=role, tls=tls)
        try:
            return str(runtime.invoke_endpoint(**_REQUEST)["Body"].read().decode())
        except runtime.exceptions.ClientError as error:
            return str(error.response["Error"]["Code"])

    def _stream(self, role: str) -> list[str]:
        """Return the parts of a response, or only the error code."""
        runtime = self._aws.client("sagemaker-runtime", as_role=role)
        try:
            events = runtime.invoke_endpoint_with_response_stream(**_REQUEST)["Body"]
            return [event["PayloadPart"]["Bytes"].decode().strip() for event in events]
        except runtime.exceptions.ClientError as error:
            return [str(error.response["Error"]["Code"])]

    def _capture_uri(self) -> str:
        return self._workspace.stack(_STACK).run("output", "-raw", "data_capture_s3_uri").stdout

    def _cdktf(self, command: str, step: str, *, fails: bool = False) -> str:
        """Run `cdktf` with a log file and return its output."""
        self._commands += 1
        log = self._workspace.directory.parent / f"{self._commands}-cdktf-{command}.log"
        with progress(step), log.open("w") as output:
            finished = subprocess.run(
                ["cdktf", command, _STACK, "--auto-approve"],
                cwd=self._workspace.directory,
                env={**self._workspace.environment, "CI": "1", "FORCE_COLOR": "0"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        text = log.read_text()
        if (finished.returncode != 0) != fails:
            ending = "\n".join(text.splitlines()[-25:])
            raise DemoFailed(
                f"cdktf {command} ended with exit code {finished.returncode}; the log {log} ends with:\n{ending}"
            )
        return text


_SUMMARY = """
What the demo showed, with the real CDKTF, Terraform and AWS provider:
  - endpoints.toml defines a role, a key, a bucket, a log group, a model, an endpoint and its invokers
  - only an invoker can invoke the endpoint, with a signed request over TLS, for a response or a response stream
  - data capture records request and response
  - a second plan contains no changes, and a change updates the endpoint in place: create first, then delete
  - the key and the bucket can only be destroyed after endpoints.toml relaxes prevent_destroy with a reason

Limits of the emulator: docs/testing.md.
How to deploy your first endpoint to your own account: README.md."""

if __name__ == "__main__":
    main()
