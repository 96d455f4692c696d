"""Rules about the trail of an environment."""

from collections import Counter
from collections.abc import Iterator, Sequence

from protected_endpoints.deployment import AuditDeployment, Deployment, by_environment
from protected_endpoints.errors import Problem
from protected_endpoints.policies.audit import bucket_policy
from protected_endpoints.policies.packing import size
from protected_endpoints.rules.helpers import environment_path
from protected_endpoints.rules.registry import audit_rule, cross_environment_rule, endpoint_rule

MAX_SELECTOR_VALUES, MAX_TRAILS = 500, 5
_FIXED_VALUES = 9  # of the selectors of the trail: categories, types, names, the managed prefixes, the exception
_MAX_BUCKET_POLICY = 20480


@endpoint_rule("audit-setting-unused")
def audit_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """Without a trail there are no records to read or to delete."""
    audit = deployment.environment.audit
    if audit.create_trail:
        return
    for key in ("readers", "retention_in_days"):
        if key in audit.model_fields_set and (value := getattr(audit, key)):
            yield Problem(
                environment_path(deployment.environment, "audit", key),
                "has no effect without a trail",
                "set create_trail = true, or remove it",
                value=[*value] if isinstance(value, tuple) else value,
            )


@endpoint_rule("audit-stack-name-conflict")
def audit_stack_name_conflict(deployment: Deployment) -> Iterator[Problem]:
    """The audit stack of an environment is named `<environment>-audit`, as is the alias of its key."""
    if deployment.endpoint.name == "audit" and deployment.environment.audit.create_trail:
        yield Problem(
            deployment.path(),
            f"the name is that of the audit stack of environment {deployment.environment.name}",
            "rename the endpoint, or remove create_trail",
        )


@endpoint_rule("audit-counts-requests", "warning")
def audit_counts_requests(deployment: Deployment) -> Iterator[Problem]:
    """Data events cost 0.10 USD per 100,000 in each trail, also in the first (CloudTrail pricing, November 2026)."""
    if deployment.environment.audit.create_trail:
        yield Problem(
            environment_path(deployment.environment, "audit", "create_trail"),
            "CloudTrail charges 0.10 USD per 100,000 events, which are invocations and requests for captured objects: "
            "about 260 USD a month for 100 invocations a second",
            "give a reason in acknowledge.audit-counts-requests of each endpoint, or remove it",
            value=True,
        )


@audit_rule("audit-selector-values")
def audit_selector_values(audit: AuditDeployment) -> Iterator[Problem]:
    """The event selectors of a trail have at most 500 values (CloudTrail, PutEventSelectors)."""
    values = _FIXED_VALUES + len(audit.other_endpoint_arns) + len(audit.captured_object_arn_prefixes) - 1
    if values > MAX_SELECTOR_VALUES:
        yield Problem(
            environment_path(audit.environment, "audit", "create_trail"),
            f"the trail would need {values} values for endpoint_name and destination_s3_uri of "
            f"{len(audit.deployments)} endpoints, but CloudTrail accepts {MAX_SELECTOR_VALUES}",
            "split the endpoints into several environments",
            value=True,
        )


@audit_rule("audit-bucket-policy-size")
def audit_bucket_policy_size(audit: AuditDeployment) -> Iterator[Problem]:
    """A bucket policy has at most 20,480 characters (S3, PutBucketPolicy)."""
    if (characters := size(bucket_policy(audit))) > _MAX_BUCKET_POLICY:
        yield Problem(
            environment_path(audit.environment, "audit", "readers"),
            f"the policy of the bucket would have {characters} characters, but AWS accepts {_MAX_BUCKET_POLICY}",
            "list fewer roles",
        )


@cross_environment_rule("audit-trail-count")
def audit_trail_count(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """An account can have five trails in a region, and it cannot be raised (CloudTrail, quotas)."""
    trails = [
        members[0].environment
        for members in by_environment(deployments).values()
        if members[0].environment.audit.create_trail
    ]
    counts = Counter((environment.account_id, environment.region) for environment in trails)
    for environment in trails:
        if (count := counts[environment.account_id, environment.region]) > MAX_TRAILS:
            yield Problem(
                environment_path(environment, "audit", "create_trail"),
                f"account {environment.account_id} would have {count} trails in region {environment.region}, "
                f"but CloudTrail accepts {MAX_TRAILS}",
                "remove create_trail in some of these environments",
                value=True,
            )
