"""What one version of an endpoint needs of its execution role, by the way in which it serves."""

from collections.abc import Iterable, Sequence

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.data_flows import ModelData
from protected_endpoints.deployment.names import EnvironmentNames, Names
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.policies import Condition, Document, Statement, allow, document
from protected_endpoints.policies.execution_role import PULL


def version(names: Names, deployment: Deployment) -> Document:
    """Return what one version of the endpoint needs: its images, what it loads, where it writes, whom it tells.

    Where alarms roll updates back, SageMaker looks at their state as the role (deployment-guardrails, prerequisites).
    `aws:ResourceAccount` keeps out a bucket of the same name that somebody else made after ours was deleted.
    """
    in_this_account = {"StringEquals": {"aws:ResourceAccount": names.account_id}}
    statements = []
    if repositories := sorted({repository_arn(names, each) for each in deployment.images}):
        statements.append(allow("PullThisImage", Action=PULL, Resource=_one_or_all(repositories)))
    statements += _reading(names, deployment)
    if requests := deployment.input_locations:
        resources = [names.objects_arn(each) for each in requests]
        statements.append(
            allow("ReadRequests", Action="s3:GetObject", Resource=_one_or_all(resources), Condition=in_this_account)
        )
    for sid, places in deployment.write_locations_by_sid.items():
        resources = [names.objects_arn(each) for each in places]
        statements.append(allow(sid, Action="s3:PutObject", Resource=_one_or_all(resources), Condition=in_this_account))
    if topics := deployment.notification_topics:
        statements.append(allow("TellOfAnswers", Action="sns:Publish", Resource=_one_or_all(topics)))
    if alarms := deployment.alarms:
        arns = [names.alarm_arn(each) for each in alarms]
        statements.append(allow("ReadRollbackAlarms", Action="cloudwatch:DescribeAlarms", Resource=_one_or_all(arns)))
    if providers := deployment.credentials_providers:
        statements.append(
            allow("AskForRegistryCredentials", Action="lambda:InvokeFunction", Resource=_one_or_all(providers))
        )
    return document(*statements)


def _reading(names: Names, deployment: Deployment) -> list[Statement]:
    """Return what loads model data: an object is read, below a prefix it is also looked what there is."""
    loaded = deployment.model_data
    in_this_account = {"StringEquals": {"aws:ResourceAccount": names.account_id}}
    where = {} if deployment.endpoint.relax.model_data_account else in_this_account
    condition = {"Condition": where} if where else {}
    objects = [names.object_arn(each.place) for each in loaded if not each.is_prefix]
    prefixes = [each.place for each in loaded if each.is_prefix]
    statements = []
    if objects:
        statements.append(allow("ReadThisArtefact", Action="s3:GetObject", Resource=_one_or_all(objects), **condition))
    if prefixes:
        below = [names.objects_arn(each) for each in prefixes]
        statements.append(allow("ReadTheseModels", Action="s3:GetObject", Resource=_one_or_all(below), **condition))
    for number, prefix in enumerate(prefixes, 1):
        statements.append(
            allow(
                f"ListTheseModels{number}",
                Action="s3:ListBucket",
                Resource=names.bucket_arn(prefix.bucket),
                Condition={**where, "StringLike": {"s3:prefix": f"{prefix.key}/*"}},
            )
        )
    return statements


def key_use(names: Names, deployment: Deployment, *, key_arn: str) -> Document:
    """Return how the role may use keys: the endpoint's for volumes, and each for what is written to S3 under it."""
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
    for number, (key, places) in enumerate(deployment.write_locations_by_key.items()):
        statements.append(
            allow(
                f"UseKeyThroughS3{f'Of{number}' if number else ''}",
                Action=["kms:Decrypt", "kms:GenerateDataKey"],
                Resource=key or key_arn,
                Condition=s3_key_condition(names, s3_contexts(names, places)),
            )
        )
    return document(*statements, *_keys_of_others(names, deployment))


def _keys_of_others(names: Names, deployment: Deployment) -> list[Statement]:
    """Return the use of the keys that model data, asynchronous requests and topics are under."""
    statements = [
        allow(
            f"DecryptModelData{f'Of{number}' if number else ''}",
            Action="kms:Decrypt",
            Resource=key,
            Condition=s3_key_condition(names, model_data_contexts(names, loaded)),
        )
        for number, (key, loaded) in enumerate(deployment.model_data_by_key.items())
    ]
    if key := deployment.requests_key:
        statements.append(
            allow(
                "DecryptRequests",
                Action="kms:Decrypt",
                Resource=key,
                Condition=s3_key_condition(names, s3_contexts(names, deployment.input_locations)),
            )
        )
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


def s3_key_condition(names: EnvironmentNames, contexts: Sequence[str]) -> Condition:
    """Return that S3 uses a key for somebody, and for data of these encryption contexts alone."""
    return {
        "StringEquals": {"kms:ViaService": names.kms_via_service("s3")},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [*contexts]},
    }


def s3_contexts(names: EnvironmentNames, places: Iterable[S3Location]) -> list[str]:
    """Return the encryption contexts that S3 uses: the bucket's with a bucket key, else each object's."""
    found = [each for place in places for each in (names.bucket_arn(place.bucket), names.objects_arn(place))]
    return [*dict.fromkeys(found)]


def model_data_contexts(names: EnvironmentNames, loaded: Iterable[ModelData]) -> list[str]:
    """Return the encryption contexts of what is loaded, which may be single objects."""
    found = [each for data in loaded for each in (names.bucket_arn(data.place.bucket), model_data_arn(names, data))]
    return [*dict.fromkeys(found)]


def model_data_arn(names: EnvironmentNames, loaded: ModelData) -> str:
    """Return the ARN of the object that is loaded, or of all below the prefix."""
    return names.objects_arn(loaded.place) if loaded.is_prefix else names.object_arn(loaded.place)


def repository_arn(names: Names, image: str) -> str:
    """Return the ECR repository of an image."""
    registry, _, rest = image.partition("/")
    repository = rest.partition("@")[0].partition(":")[0]
    return f"arn:{names.partition}:ecr:{names.region}:{registry.partition('.')[0]}:repository/{repository}"


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else [*values]
