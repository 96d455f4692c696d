"""The permissions of the execution role that differ between versions of an endpoint."""

from collections.abc import Sequence

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.data_flows import MODEL_DATA, DataFlow, by_existing_key
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.policies.document import Document, Statement, allow, document
from protected_endpoints.policies.execution_role_base import PULL
from protected_endpoints.policies.permissions import permission_statements
from protected_endpoints.policies.s3_data import encryption_contexts, key_condition, object_arns


def version_permissions(names: EndpointNames, deployment: Deployment) -> Document:
    """Return the permissions for the images, S3 data, SNS topics, alarms and registry credentials of one version.

    The last statements are those of `permissions`, for the container itself.

    SageMaker reads the state of rollback alarms as the execution role (deployment guardrails, prerequisites).
    `aws:ResourceAccount` excludes a bucket of the same name that another account creates after this one is deleted.
    """
    statements = []
    if repositories := sorted({_repository_arn(names, image) for image in deployment.images}):
        statements.append(allow("PullThisImage", Action=PULL, Resource=_scalar_or_list(repositories)))
    statements += _s3_statements(names, deployment)
    if topics := deployment.notification_topics:
        statements.append(allow("TellOfAnswers", Action="sns:Publish", Resource=_scalar_or_list(topics)))
    if alarms := [names.alarm_arn(name) for name in deployment.alarms]:
        statements.append(
            allow("ReadRollbackAlarms", Action="cloudwatch:DescribeAlarms", Resource=_scalar_or_list(alarms))
        )
    if providers := deployment.credentials_providers:
        statements.append(
            allow("AskForRegistryCredentials", Action="lambda:InvokeFunction", Resource=_scalar_or_list(providers))
        )
    return document(*statements, *permission_statements(deployment))


def _s3_statements(names: EndpointNames, deployment: Deployment) -> list[Statement]:
    in_this_account = {"StringEquals": {"aws:ResourceAccount": names.account_id}}
    statements = _model_data_statements(
        names, deployment.model_data, {} if deployment.endpoint.relax.model_data_account else in_this_account
    )
    for kind, flows in deployment.data_flows.items():
        if kind is not MODEL_DATA:
            resources = _scalar_or_list(object_arns(names, flows))
            statements.append(allow(kind.sid, Action=kind.action, Resource=resources, Condition=in_this_account))
    return statements


def _model_data_statements(
    names: EndpointNames, flows: Sequence[DataFlow], account: dict[str, dict[str, str]]
) -> list[Statement]:
    """Return the permissions to read objects, and to read and list prefixes, in buckets of the account if any."""
    condition = {"Condition": account} if account else {}
    objects = object_arns(names, [flow for flow in flows if not flow.is_prefix])
    prefixes = [*dict.fromkeys(flow.location for flow in flows if flow.is_prefix)]
    statements = []
    if objects:
        resources = _scalar_or_list(objects)
        statements.append(allow("ReadThisArtefact", Action="s3:GetObject", Resource=resources, **condition))
    if prefixes:
        resources = _scalar_or_list([names.objects_arn(prefix) for prefix in prefixes])
        statements.append(allow("ReadTheseModels", Action="s3:GetObject", Resource=resources, **condition))
    for number, prefix in enumerate(prefixes, 1):
        statements.append(
            allow(
                f"ListTheseModels{number}",
                Action="s3:ListBucket",
                Resource=names.bucket_arn(prefix.bucket),
                Condition={**account, "StringLike": {"s3:prefix": f"{prefix.key}/*"}},
            )
        )
    return statements


def key_permissions(names: EndpointNames, deployment: Deployment, *, key_arn: str) -> Document:
    """Return the permissions for KMS keys: the endpoint's for volumes, and every key of S3 data and SNS topics."""
    statements = []
    if not deployment.endpoint.is_serverless:
        statements.append(
            allow(
                "LetSageMakerEncryptVolumes",
                Action="kms:CreateGrant",
                Resource=key_arn,
                Condition={
                    "Bool": {"kms:GrantIsForAWSResource": "true"},
                    "StringEquals": {"kms:ViaService": names.kms_via_service("sagemaker")},
                },
            )
        )
    statements.append(allow("DescribeKey", Action="kms:DescribeKey", Resource=key_arn))
    for number, (key, flows) in enumerate(deployment.written_data_by_key.items()):
        statements.append(
            allow(
                _numbered("UseKeyThroughS3", number),
                Action=["kms:Decrypt", "kms:GenerateDataKey"],
                Resource=key or key_arn,
                Condition=key_condition(names, encryption_contexts(names, flows)),
            )
        )
    return document(*statements, *_external_key_statements(names, deployment))


def _external_key_statements(names: EndpointNames, deployment: Deployment) -> list[Statement]:
    """Return the permissions for the existing keys of data that the endpoint reads, and of SNS topics."""
    statements = [
        allow(
            _numbered(f"Decrypt{kind.title}", number),
            Action="kms:Decrypt",
            Resource=key,
            Condition=key_condition(names, encryption_contexts(names, encrypted)),
        )
        for kind, flows in deployment.read_data.items()
        for number, (key, encrypted) in enumerate(by_existing_key(flows).items())
    ]
    if key := deployment.topics_key:
        statements.append(
            allow(
                "UseKeyThroughSns",
                Action=["kms:Decrypt", "kms:GenerateDataKey"],
                Resource=key,
                Condition={
                    "StringEquals": {
                        "kms:ViaService": names.kms_via_service("sns"),
                        "kms:EncryptionContext:aws:sns:topicArn": [*deployment.notification_topics],
                    }
                },
            )
        )
    return statements


def _repository_arn(names: EndpointNames, image: str) -> str:
    """Return the ARN of the ECR repository of an image."""
    registry, _, path = image.partition("/")
    repository = path.partition("@")[0].partition(":")[0]
    return names.arn("ecr", f"repository/{repository}", registry.partition(".")[0])


def _numbered(sid: str, number: int) -> str:
    """Return a Sid that is unique among the statements of one kind: the first has no number."""
    return f"{sid}Of{number}" if number else sid


def _scalar_or_list(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else [*values]
