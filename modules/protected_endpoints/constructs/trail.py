"""The CloudTrail trail of an environment."""

from cdktf import ITerraformDependable
from constructs import Construct

from protected_endpoints.bindings.cloudtrail import (
    Cloudtrail,
    CloudtrailAdvancedEventSelector,
    CloudtrailAdvancedEventSelectorFieldSelector,
)
from protected_endpoints.deployment import AuditDeployment


class Trail(Cloudtrail):
    """Define a trail that records data events: invocations of endpoints, and requests for captured objects.

    It records no management events, of which CloudTrail keeps 90 days without a trail. Selectors are combined with OR,
    the fields of one with AND (CloudTrail, PutEventSelectors).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        deployment: AuditDeployment,
        key_arn: str,
        depends_on: list[ITerraformDependable],
    ) -> None:
        names = deployment.names
        selectors = [
            _selector("Invocations", "AWS::SageMaker::Endpoint", starts_with=[deployment.endpoint_arn_prefix]),
            # Without this exception, each file of records would be recorded in the next one.
            _selector(
                "CapturedObjects",
                "AWS::S3::Object",
                starts_with=deployment.captured_object_arn_prefixes,
                not_starts_with=[f"{names.bucket_arn(names.audit_bucket)}/"],
            ),
        ]
        if arns := deployment.other_endpoint_arns:
            selectors.insert(1, _selector("InvocationsByOtherNames", "AWS::SageMaker::Endpoint", equal_to=arns))
        super().__init__(
            scope,
            id_,
            name=names.trail,
            s3_bucket_name=names.audit_bucket,
            kms_key_id=key_arn,
            enable_log_file_validation=True,
            is_multi_region_trail=False,
            include_global_service_events=False,
            advanced_event_selector=selectors,
            depends_on=depends_on,
        )


def _selector(name: str, resource_type: str, **arn: list[str]) -> CloudtrailAdvancedEventSelector:
    """Return a selector of the data events of one type of resource, by ARN."""
    fields = CloudtrailAdvancedEventSelectorFieldSelector
    return CloudtrailAdvancedEventSelector(
        name=name,
        field_selector=[
            fields(field="eventCategory", equal_to=["Data"]),
            fields(field="resources.type", equal_to=[resource_type]),
            fields(field="resources.ARN", **arn),
        ],
    )
