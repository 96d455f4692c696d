"""Rules about the account that owns the buckets of model data."""

from collections.abc import Iterator

from protected_endpoints.aws.jumpstart import JumpStartBucket
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.registry import endpoint_rule

_ESCROW = "customer-escrow-"  # the bucket in which SageMaker stores customized models of Amazon Nova


@endpoint_rule("model-data-of-amazon-nova", "warning")
def model_data_of_amazon_nova(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker stores customized models in a bucket that Amazon manages, of an undocumented account (Nova guide)."""
    for flow in deployment.model_data:
        if (
            flow.path
            and flow.location.bucket.startswith(_ESCROW)
            and flow.has_account_condition
            and not flow.account_id
        ):
            yield Problem(
                deployment.path(*flow.path),
                f"is in a bucket that Amazon manages, but the execution role requires that it belongs to account "
                f"{deployment.environment.account_id}",
                "set model_data_account_id to the account of the bucket, or relax.model_data_account to a reason",
                value=flow.uri,
            )


@endpoint_rule("model-data-account-unused")
def model_data_account_unused(deployment: Deployment) -> Iterator[Problem]:
    """The account is required of the buckets of the container's model data, except for those of JumpStart."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        flows = [flow for flow in deployment.model_data if (flow.path or ())[: len(keys)] == keys]
        if container.model_data_account_id and not any(flow.account_id for flow in flows):
            yield Problem(
                deployment.path(*keys, "model_data_account_id"),
                "has no effect on the buckets of JumpStart" if flows else "has no effect without model data",
                "remove it" if flows else "remove it, or set model_data_url, model_data_source or model_package_data",
                value=container.model_data_account_id,
            )


@endpoint_rule("relax-model-data-account-unused")
def relax_model_data_account_unused(deployment: Deployment) -> Iterator[Problem]:
    """A relaxation without effect misleads those who review the configuration."""
    reason = deployment.endpoint.relax.model_data_account
    relaxed = [
        flow
        for flow in deployment.model_data
        if not flow.has_account_condition and not JumpStartBucket.parse(flow.location.bucket)
    ]
    if reason and not relaxed:
        yield Problem(
            deployment.path("relax", "model_data_account"),
            "has no effect on buckets of JumpStart and of a model_data_account_id"
            if deployment.model_data
            else "has no effect without model data",
            "remove it",
            value=reason,
        )
