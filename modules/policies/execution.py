"""What the model may do: the execution role, which SageMaker assumes for the endpoint."""

from modules.names import Names, S3Location
from modules.policies import Document, allow, document


def trust(names: Names) -> Document:
    """Return who may assume the role: SageMaker, on behalf of this account in this region.

    The source ARN ends with a literal asterisk that SageMaker really sends; the ARN of a model or an endpoint in its
    place makes CreateModel fail.
    """
    return document(
        allow(
            "SageMakerInThisAccountAndRegionOnly",
            Principal={"Service": "sagemaker.amazonaws.com"},
            Action="sts:AssumeRole",
            Condition={
                "StringEquals": {"aws:SourceAccount": names.account_id},
                "ArnLike": {"aws:SourceArn": names.any_sagemaker_arn},
            },
        )
    )


def running(names: Names) -> Document:
    """Return what every version of the endpoint needs: to log in to ECR, to write its logs and its metrics.

    The log group is declared, so the role cannot create one (it would be unencrypted and kept for ever).
    """
    return document(
        allow("EcrLoginHasNoResource", Action="ecr:GetAuthorizationToken", Resource="*"),
        allow(
            "WriteEndpointLogs",
            Action=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource=[names.log_group_arn, f"{names.log_group_arn}:log-stream:*"],
        ),
        allow(
            "PublishEndpointMetrics",
            Action="cloudwatch:PutMetricData",
            Resource="*",
            Condition={"StringEquals": {"cloudwatch:namespace": ["/aws/sagemaker/Endpoints", "AWS/SageMaker"]}},
        ),
    )


def version(
    names: Names,
    *,
    image: str,
    model_data_url: str | None,
    model_data_of_any_account: bool,
    capture: S3Location | None,
) -> Document:
    """Return what one version of the endpoint needs: its image, its artefact, its place for captured data.

    `aws:ResourceAccount` keeps out a bucket of the same name that somebody else made after ours was deleted.
    """
    in_this_account = {"StringEquals": {"aws:ResourceAccount": names.account_id}}
    statements = [
        allow(
            "PullThisImage",
            Action=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Resource=_repository_arn(names, image),
        )
    ]
    if model_data_url:
        artefact = S3Location.of(model_data_url)
        statements.append(
            allow(
                "ReadThisArtefact",
                Action="s3:GetObject",
                Resource=f"{names.bucket_arn(artefact.bucket)}/{artefact.key}",
                **({} if model_data_of_any_account else {"Condition": in_this_account}),
            )
        )
    if capture:
        statements.append(
            allow(
                "WriteCapturedData",
                Action="s3:PutObject",
                Resource=names.objects_arn(capture),
                Condition=in_this_account,
            )
        )
    return document(*statements)


def key_use(names: Names, *, key_arn: str, capture: S3Location | None) -> Document:
    """Return how the role may use the key: for captured data through S3, and to let SageMaker encrypt volumes."""
    statements = [
        allow(
            "LetSageMakerEncryptVolumes",
            Action="kms:CreateGrant",
            Resource=key_arn,
            Condition={
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"kms:ViaService": names.via("sagemaker")},
            },
        ),
        allow("DescribeKey", Action="kms:DescribeKey", Resource=key_arn),
    ]
    if capture:
        statements.append(
            allow(
                "UseKeyThroughS3ForCapture",
                Action=["kms:Decrypt", "kms:GenerateDataKey"],
                Resource=key_arn,
                Condition={
                    "StringEquals": {"kms:ViaService": names.via("s3")},
                    "StringLike": {"kms:EncryptionContext:aws:s3:arn": capture_context(names, capture)},
                },
            )
        )
    return document(*statements)


def capture_context(names: Names, capture: S3Location) -> list[str]:
    """Return the encryption contexts that S3 uses: the bucket's with a bucket key, else each object's."""
    return [names.bucket_arn(capture.bucket), names.objects_arn(capture)]


def _repository_arn(names: Names, image: str) -> str:
    registry, _, rest = image.partition("/")
    repository = rest.partition("@")[0].partition(":")[0]
    return f"arn:{names.partition}:ecr:{names.region}:{registry.partition('.')[0]}:repository/{repository}"
