"""Look for resource policies of endpoints: `python -m protected_endpoints.commands.endpoint_policies HEAD STACK...`.

Such a policy lets other accounts send requests through an inference router (SageMaker, PutEndpointPolicy). This project
makes none and Terraform knows nothing of them, so one that is there is drift that no plan shows. HEAD is a folder that
was synthesized; the credentials are those of the environment, and have to allow sagemaker:GetEndpointPolicy.

The exit code is 1 where there is a policy, or where the look fails. Where the role may not look, or SageMaker or
botocore does not know the call, that is a warning, and never taken for "none".
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from botocore import __version__
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

# What SageMaker answers for an endpoint without a policy (GetEndpointPolicy), and for one that is not there.
_NONE = ("ValidationException", "ResourceNotFound")
_UNSEEN = {
    "AccessDeniedException": "the role may not look; give it the policies that make planner-policy prints",
    "UnknownOperationException": "SageMaker does not know GetEndpointPolicy in this region",
}


@dataclass(frozen=True)
class Endpoint:
    """Define an endpoint of a stack."""

    name: str
    region: str


def main() -> None:
    """Say of each endpoint of the stacks whether it has a resource policy."""
    match sys.argv[1:]:
        case [head, *stacks] if stacks:
            looks = [_look(endpoint) for stack in stacks for endpoint in _endpoints(Path(head), stack)]
            sys.exit(0 if all(looks) else 1)
        case _:
            sys.exit("say which: python -m protected_endpoints.commands.endpoint_policies HEAD STACK...")


def _endpoints(head: Path, stack: str) -> Iterator[Endpoint]:
    """Yield the endpoints of a stack; a shared stack has none."""
    file = head / "stacks" / stack / "cdk.tf.json"
    if not file.is_file():
        sys.exit(f"there is no stack {stack} in {head}; synthesize first")
    content = json.loads(file.read_text(encoding="utf-8"))
    (provider,) = content["provider"]["aws"]
    for resource in content["resource"].get("aws_sagemaker_endpoint", {}).values():
        yield Endpoint(resource["name"], provider["region"])


def _look(endpoint: Endpoint) -> bool:
    """Return whether nothing is wrong as far as the look goes, and say what it found."""
    try:
        client = get_session().create_client("sagemaker", region_name=endpoint.region)
        if "GetEndpointPolicy" not in client.meta.service_model.operation_names:
            return _unseen(endpoint, f"botocore {__version__} does not know GetEndpointPolicy; update it")
        client.get_endpoint_policy(EndpointName=endpoint.name)
    except ClientError as error:
        return _refused(endpoint, error.response["Error"])
    except BotoCoreError as error:
        return _wrong(f"could not look for a resource policy of {endpoint.name}: {error}")
    return _wrong(
        f"{endpoint.name} has a resource policy, which can let other accounts in through an inference router; "
        f"remove it, unless it is meant: aws sagemaker delete-endpoint-policy --region {endpoint.region} "
        f"--endpoint-name {endpoint.name}"
    )


def _refused(endpoint: Endpoint, error: Mapping[str, str]) -> bool:
    if error["Code"] in _NONE:
        print(f"{endpoint.name} has no resource policy")
        return True
    if why := _UNSEEN.get(error["Code"]):
        return _unseen(endpoint, why)
    return _wrong(f"could not look for a resource policy of {endpoint.name}: {error['Code']}: {error['Message']}")


def _unseen(endpoint: Endpoint, why: str) -> bool:
    _say("warning", f"cannot tell whether {endpoint.name} has a resource policy: {why}")
    return True


def _wrong(what: str) -> bool:
    _say("error", what)
    return False


def _say(level: str, message: str) -> None:
    """Write a line that GitHub shows beside the result of a run."""
    print(f"::{level}::{message}", file=sys.stderr)


if __name__ == "__main__":
    main()
