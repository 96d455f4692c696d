"""The permissions of operators for the trail of an environment, which administrators manage like its state stack.

A trail records what operators do, so none of them may stop it, change what it records, or delete its records.
"""

from protected_endpoints.policies.document import Statement, allow, deny
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.state_bucket import CHANGE_ALIAS, CHANGE_BUCKET, WRITE_OBJECTS

_READ = ["cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus", "cloudtrail:ListTags"]
_CHANGE = [
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventConfiguration",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:PutInsightSelectors",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
]


def read_audit_statements(scope: EnvironmentScope, *, bucket_actions: list[str]) -> list[Statement]:
    """Return the permissions to plan the stack of the trail, without those to read its records."""
    if not scope.has_trail:
        return []
    names = scope.names
    return [
        allow("TrailsHaveNoResource", Action="cloudtrail:DescribeTrails", Resource="*"),
        allow("ReadTrail", Action=_READ, Resource=names.trail_arn),
        allow("ReadBucketOfTrail", Action=bucket_actions, Resource=names.bucket_arn(names.audit_bucket)),
    ]


def audit_denies(scope: EnvironmentScope) -> list[Statement]:
    """Deny changing the trail, its bucket, its records, the alias of its key, and the state of its stack.

    Its key has no tag `endpoint`, without which deployers cannot change a key.
    """
    if not scope.has_trail:
        return []
    names, state = scope.names, scope.environment.state
    bucket = names.bucket_arn(names.audit_bucket)
    delete_records = ["s3:DeleteObjectVersion", *WRITE_OBJECTS]
    alias = names.arn("kms", names.audit_alias)
    statements = [
        deny("NeverTheTrail", Action=_CHANGE, Resource=names.trail_arn),
        deny("NeverTheBucketOfTheTrail", Action=CHANGE_BUCKET, Resource=bucket),
        deny("NeverTheRecords", Action=delete_records, Resource=f"{bucket}/*"),
        deny("NeverTheAliasOfTheTrail", Action=CHANGE_ALIAS, Resource=alias),
    ]
    if state:
        states = f"{names.bucket_arn(state.bucket)}/{names.audit_stack_key}"
        statements.append(deny("NeverTheStateOfTheTrail", Action=delete_records, Resource=states))
    return statements
