"""Look for resource policies of the endpoints of synthesized stacks.

A resource policy (SageMaker, PutEndpointPolicy) can allow other accounts to invoke an endpoint through an inference
router. This project creates none and Terraform does not know them, so a policy is drift that no plan shows. HEAD is a
synthesized folder. The AWS credentials must allow sagemaker:GetEndpointPolicy.

Example:
  protected-endpoints endpoint-policies cdktf.out dev-kmeans

Exit code: 1 if an endpoint has a policy, or a look-up fails. A look-up that is denied, or that SageMaker or botocore
does not support, is a warning.

"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from botocore import __version__
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from protected_endpoints.commands.annotations import annotate
from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.errors import CommandError

# The answers of SageMaker for an endpoint without a policy (GetEndpointPolicy), and for one that does not exist.
_NONE = ("ValidationException", "ResourceNotFound")
_UNKNOWN = {
    "AccessDeniedException": "access is denied; attach the policies that make planner-policy prints",
    "UnknownOperationException": "SageMaker does not support GetEndpointPolicy in this region",
}


@dataclass(frozen=True)
class Endpoint:
    """An endpoint of a stack."""

    name: str
    region: str


def run(arguments: Sequence[str]) -> int:
    """Report for each endpoint of the stacks whether it has a resource policy."""
    parser = CommandParser("endpoint-policies", __doc__)
    parser.add_argument("head", type=Path, metavar="HEAD", help="cdktf.out of a checkout")
    parser.add_argument("stacks", nargs="+", metavar="STACK", help="a synthesized stack, such as dev-kmeans")
    options = parser.parse_args(arguments)
    results = [_passes(endpoint) for stack in options.stacks for endpoint in _endpoints(options.head, stack)]
    return 0 if all(results) else 1


def _endpoints(head: Path, stack: str) -> Iterator[Endpoint]:
    """Yield the endpoints of a stack; a shared stack has none."""
    file = head / "stacks" / stack / "cdk.tf.json"
    if not file.is_file():
        raise CommandError(f"{stack}: not synthesized in {head}; run make synth there")
    content = json.loads(file.read_text(encoding="utf-8"))
    (provider,) = content["provider"]["aws"]
    for resource in content["resource"].get("aws_sagemaker_endpoint", {}).values():
        yield Endpoint(resource["name"], provider["region"])


def _passes(endpoint: Endpoint) -> bool:
    """Report the result for an endpoint; return False if it has a policy or the look-up fails."""
    try:
        client = get_session().create_client("sagemaker", region_name=endpoint.region)
        if "GetEndpointPolicy" not in client.meta.service_model.operation_names:
            return _warn(endpoint, f"botocore {__version__} does not support GetEndpointPolicy; upgrade it")
        client.get_endpoint_policy(EndpointName=endpoint.name)
    except ClientError as error:
        return _passes_refused(endpoint, error.response["Error"])
    except BotoCoreError as error:
        return _fail(f"cannot read the resource policy of {endpoint.name}: {error}")
    return _fail(
        f"{endpoint.name} has a resource policy, which can allow other accounts to invoke it through an inference "
        f"router; delete it unless it is intended: aws sagemaker delete-endpoint-policy --region {endpoint.region} "
        f"--endpoint-name {endpoint.name}"
    )


def _passes_refused(endpoint: Endpoint, error: Mapping[str, str]) -> bool:
    if error["Code"] in _NONE:
        print(f"{endpoint.name} has no resource policy")
        return True
    if reason := _UNKNOWN.get(error["Code"]):
        return _warn(endpoint, reason)
    return _fail(f"cannot read the resource policy of {endpoint.name}: {error['Code']}: {error['Message']}")


def _warn(endpoint: Endpoint, reason: str) -> bool:
    annotate("warning", f"cannot determine whether {endpoint.name} has a resource policy: {reason}")
    return True


def _fail(message: str) -> bool:
    annotate("error", message)
    return False
