"""The permissions of the execution role that differ between versions of an endpoint."""

from collections.abc import Sequence

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.data_flows import MODEL_DATA, DataFlow, by_existing_key
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.policies.document import Condition, Document, Statement, allow, document
from protected_endpoints.policies.execution_role_base import PULL
from protected_endpoints.policies.permissions import permission_statements
from protected_endpoints.policies.s3_data import (
    account_condition,
    by_account,
    encryption_contexts,
    key_condition,
    list_condition,
    object_arns,
)


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
    if alarms := [names.alarm_arn(name) for name in deployment.rollback_alarms]:
        statements.append(
            allow("ReadRollbackAlarms", Action="cloudwatch:DescribeAlarms", Resource=_scalar_or_list(alarms))
        )
    if providers := deployment.credentials_providers:
        statements.append(
            allow("AskForRegistryCredentials", Action="lambda:InvokeFunction", Resource=_scalar_or_list(providers))
        )
    return document(*statements, *permission_statements(deployment))


def _s3_statements(names: EndpointNames, deployment: Deployment) -> list[Statement]:
    in_this_account = account_condition(names.account_id)
    statements = _model_data_statements(names, deployment.model_data)
    for kind, flows in deployment.data_flows.items():
        if kind is not MODEL_DATA:
            resources = _scalar_or_list(object_arns(names, flows))
            statements.append(allow(kind.sid, Action=kind.action, Resource=resources, Condition=in_this_account))
    return statements


def _model_data_statements(names: EndpointNames, flows: Sequence[DataFlow]) -> list[Statement]:
    """Return the permissions to read objects, and to read and list prefixes, for the buckets of each account."""
    statements: list[Statement] = []
    lists: list[Statement] = []
    for number, (account, owned) in enumerate(by_account(names, flows).items()):
        condition = account_condition(account)
        objects = object_arns(names, [flow for flow in owned if not flow.is_prefix])
        prefixes = [*dict.fromkeys(flow.location for flow in owned if flow.is_prefix)]
        arns_by_sid = {"ReadThisArtefact": objects, "ReadTheseModels": [*map(names.objects_arn, prefixes)]}
        for sid, arns in arns_by_sid.items():
            if arns:
                statements.append(_read_statement(_numbered(sid, number), "s3:GetObject", arns, condition))
        for prefix in prefixes:
            sid, bucket = f"ListTheseModels{len(lists) + 1}", names.bucket_arn(prefix.bucket)
            lists.append(_read_statement(sid, "s3:ListBucket", [bucket], {**condition, **list_condition(prefix)}))
    return [*statements, *lists]


def _read_statement(sid: str, action: str, arns: Sequence[str], condition: Condition) -> Statement:
    conditions = {"Condition": condition} if condition else {}
    return allow(sid, Action=action, Resource=_scalar_or_list(arns), **conditions)


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
