"""Deploy the example to an AWS emulator, without an AWS account: `make demo`.

CDKTF, Terraform and the AWS provider are the real ones. Everything is in a temporary folder, which is deleted unless
the demonstration fails.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

from protected_endpoints.commands.registry_mirror import mirrored_version, process_environment
from protected_endpoints.errors import CommandError
from sandbox.demo_support import ACCOUNT, REGION, DemoFailed, expect, prepare_account, progress, run_demo, say
from sandbox.emulator import Emulator
from sandbox.workspace import Workspace

_STACK, _ENDPOINT = "dev-kmeans", "acme-dev-kmeans"
_POINTS = b"1,2\n9,9"
_REQUEST = {"EndpointName": _ENDPOINT, "Body": _POINTS, "ContentType": "text/csv"}
_SCALING = "scaling = { min_capacity = 2, max_capacity = 4, target_value = 70 }"
_LOAD = 280  # requests per minute


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
        demo.plan_again()
        demo.roll_back()
        demo.update()
        demo.destroy()
    say(f"The demo leaves no process, state or file behind. It took {time.monotonic() - started:.0f} seconds.")
    print(_SUMMARY)


class _Demo:
    """The steps of the demonstration, in order."""

    def __init__(self, aws: Emulator, workspace: Workspace) -> None:
        self._aws, self._workspace = aws, workspace
        self._commands = 0

    def deploy(self) -> None:
        self._workspace.edit("initial_instance_count = 1", _SCALING)
        say("endpoints.toml contains the endpoint of the README, which scales: " + _SCALING)
        step = "Deploying the endpoint (the lifecycle configuration of the bucket takes a minute)"
        with self._running("deploy", step) as process:
            if self._is_in_service_before_the_end_of(process):
                say("Terraform waits for the bucket, and the endpoint is in service already.")
                self.invoke()
                self.stream()
                self.scale()
        outputs = self._workspace.stack(_STACK).run("output").stdout
        say("The endpoint is deployed. Outputs:\n" + "".join(f"    {line}\n" for line in outputs.splitlines()).rstrip())
        bucket = self._capture_uri().removeprefix("s3://").split("/")[0]
        captured = self._aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
        expect(len(captured) == 1, f"{len(captured)} captured objects, expected 1")
        say(f"Data capture wrote request and response to s3://{bucket}/{captured[0]['Key']}")

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

    def stream(self) -> None:
        parts = self._stream("checkout-api")
        expect(len(parts) == len(_POINTS.splitlines()), f"the stream does not have one part per line: {parts}")
        say(
            f"checkout-api requests a response stream and receives {len(parts)} parts, one per line: {', '.join(parts)}"
        )
        parts = self._stream("stranger")
        expect("AccessDenied" in parts[0], f"stranger received a stream: {parts}")
        say(f"Denied for stranger, as a response stream: {parts[0]}")

    def scale(self) -> None:
        expect(self._instances() == 2, f"the endpoint has {self._instances()} instances, expected 2")
        say(f"Simulated load of {_LOAD} requests per minute: {_LOAD // 2} for each of 2 instances, the target is 70.")
        with self._aws.traffic(_ENDPOINT, requests_per_minute=_LOAD):
            self._aws.pass_minutes(3)
            expect(self._instances() == 4, f"the endpoint has {self._instances()} instances, expected 4")
            say("After 3 simulated minutes, the scaling policy has started 2 more: 4 instances, 70 requests for each.")
        self._aws.pass_minutes(15)
        expect(self._instances() == 2, f"the endpoint has {self._instances()} instances, expected 2")
        say("After 15 simulated minutes without load, it has stopped them: 2 instances.")

    def plan_again(self) -> None:
        expect(self._workspace.stack(_STACK).has_no_changes(), "a second plan contains changes")
        say("A second plan contains no changes, although the endpoint was scaled.")

    def roll_back(self) -> None:
        before = self._serving()
        self._workspace.edit('kmeans:1"', 'kmeans:2-faulty"')
        step = "Deploying image kmeans:2-faulty, whose container starts and then fails every request"
        try:
            self._apply_under_load(step)
        except CommandError as error:
            failure = _first_error(str(error))
        else:
            raise DemoFailed("an image that fails every request was deployed")
        alarm = f"{_ENDPOINT}/rollback-errors"
        history = self._aws.client("cloudwatch").describe_alarm_history(AlarmName=alarm)["AlarmHistoryItems"]
        expect(any("to ALARM" in item["HistorySummary"] for item in history), f"{alarm} did not fire: {history}")
        say("SageMaker sent a part of the requests to one new instance, as a canary. It failed them, and the alarm")
        say(f"{alarm}, which watches the new instances alone, rolled the update back. Terraform printed:")
        say(f"  {failure}")
        say("docs/failures.md explains this error. The way on is a corrected change.")
        expect(self._serving() == before, f"the endpoint serves {self._serving()}, expected {before}")
        say(f"The previous instances serve all requests: {self._invoke('checkout-api', tls=True)}")

    def update(self) -> None:
        before = len(self._aws.calls())
        self._workspace.edit('kmeans:2-faulty"', 'kmeans:3"')
        self._apply_under_load("Deploying image kmeans:3, which is correct")
        calls = [
            call.action
            for call in self._aws.calls()[before:]
            if call.service == "sagemaker" and call.action.startswith(("Create", "Update", "Delete"))
        ]
        expect(calls.index("CreateModel") < calls.index("UpdateEndpoint"), f"the calls are {calls}")
        expect("DeleteEndpoint" not in calls, f"the endpoint was replaced: {calls}")
        say(f"The endpoint was updated in place and not replaced. Calls to SageMaker: {', '.join(calls)}.")

    def destroy(self) -> None:
        before = len(self._aws.calls())
        try:
            with progress("Destroying the stack, which has to fail because of the key and the bucket"):
                self._workspace.stack(_STACK).run("destroy", "-auto-approve")
        except CommandError as error:
            expect("lifecycle.prevent_destroy" in str(error), f"the destruction failed for another reason: {error}")
        else:
            raise DemoFailed("Terraform destroyed the key and the bucket")
        calls = [call.action for call in self._aws.calls()[before:]]
        deletions = [action for action in calls if action.startswith(("Delete", "DELETE", "Schedule"))]
        expect(not deletions, f"resources were deleted: {deletions}")
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
        alarms = self._aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
        expect(not alarms, f"the remaining alarms are {alarms}")
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

    def _apply_under_load(self, step: str) -> None:
        """Apply endpoints.toml with Terraform alone, which is faster than `cdktf deploy` and prints the same errors."""
        with progress(step), self._aws.traffic(_ENDPOINT, requests_per_minute=_LOAD):
            self._workspace.synth()
            self._workspace.stack(_STACK).run("apply", "-auto-approve")

    def _is_in_service_before_the_end_of(self, process: "subprocess.Popen[bytes]") -> bool:
        """Return when the endpoint has its scaling policy, which is its last resource, or when a deployment fails."""
        autoscaling = self._aws.client("application-autoscaling")
        while not autoscaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]:
            if process.poll() is not None:
                return False
            time.sleep(0.5)
        return True

    def _instances(self) -> int:
        (variant,) = self._aws.client("sagemaker").describe_endpoint(EndpointName=_ENDPOINT)["ProductionVariants"]
        return int(variant["DesiredInstanceCount"])

    def _serving(self) -> str:
        return str(self._aws.client("sagemaker").describe_endpoint(EndpointName=_ENDPOINT)["EndpointConfigName"])

    def _cdktf(self, command: str, step: str) -> None:
        with self._running(command, step):
            pass

    @contextmanager
    def _running(self, command: str, step: str) -> "Iterator[subprocess.Popen[bytes]]":
        """Run `cdktf` with a log file during the `with` block, and wait for it."""
        self._commands += 1
        log = self._workspace.directory.parent / f"{self._commands}-cdktf-{command}.log"
        with progress(step), log.open("w") as output:
            process = subprocess.Popen(
                ["cdktf", command, _STACK, "--auto-approve"],
                cwd=self._workspace.directory,
                env={**self._workspace.environment, "CI": "1", "FORCE_COLOR": "0"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                yield process
            finally:
                process.wait()
        if process.returncode:
            ending = "\n".join(log.read_text().splitlines()[-25:])
            raise DemoFailed(
                f"cdktf {command} ended with exit code {process.returncode}; the log {log} ends with:\n{ending}"
            )


def _first_error(log: str) -> str:
    """Return the first error of Terraform in one line, without the frame around it."""
    lines = (line.lstrip("│").strip() for line in log.partition("Error: ")[2].splitlines())
    return f"Error: {' '.join(takewhile(bool, lines))}"


_SUMMARY = """
What the demo showed, with the real CDKTF, Terraform and AWS provider:
  - endpoints.toml defines a role, a key, a bucket, a log group, a model, an endpoint and its invokers
  - only an invoker can invoke the endpoint, with a signed request over TLS, for a response or a response stream
  - data capture records request and response
  - a second plan contains no changes, and a change updates the endpoint in place: create first, then delete
  - load scales the endpoint out and back in, in simulated minutes
  - an image that fails requests is rolled back by an alarm about the new instances, and the previous ones keep serving
  - the key and the bucket can only be destroyed after endpoints.toml relaxes prevent_destroy with a reason

Limits of the emulator: docs/testing.md.
How to deploy your first endpoint to your own account: README.md."""

if __name__ == "__main__":
    main()
