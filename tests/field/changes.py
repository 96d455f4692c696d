"""Changes of `endpoints.toml` that people reported, and what their review has to find.

The stacks of `base.toml` are deployed, or none if `base` is None.
"""

from dataclasses import dataclass, field

from tests.field.cases import FOLDER

_MODEL, _MODEL_ONE = "aws_sagemaker_model.Model", "aws_sagemaker_model.Model-one"
_ENDPOINT, _KEY, _BUCKET = "aws_sagemaker_endpoint.Endpoint", "aws_kms_key.Key", "aws_s3_bucket.Capture"
_CONFIGURATION = "aws_sagemaker_endpoint_configuration.Configuration"
_VERSION, _LOGS = "aws_iam_role_policy.Role_Version_27BD97D6", "aws_cloudwatch_log_group.Logs"

Findings = set[tuple[str, str, str]]  # stack, rule and address


@dataclass(frozen=True)
class ReportedChange:
    """A change, and the findings that block or warn in its review."""

    base: str | None = None
    blocks: Findings = field(default_factory=set)
    warns: Findings = field(default_factory=set)


CHANGES: dict[str, ReportedChange] = {
    "base": ReportedChange(),
    "cmk": ReportedChange(warns={("dev-scoring", "key-changed", _LOGS)}),
    "iso-new": ReportedChange(
        base="base",
        blocks={("dev-fresh", "isolation-off", _MODEL)},
        warns={
            ("dev-fresh", "deletion-allowed", _KEY),
            ("dev-fresh", "bucket-account-changed", _VERSION),
            ("dev-fresh", "capture-off", _CONFIGURATION),
        },
    ),
    "jumpstart": ReportedChange(warns={("dev-scoring", "bucket-account-changed", _VERSION)}),
    "many-endpoints-one-caller": ReportedChange(),
    "mme-root": ReportedChange(),
    "net": ReportedChange(
        warns={
            ("dev-network", "iam-added", "aws_vpc_endpoint.S3"),
            ("dev-network", "iam-added", "aws_vpc_endpoint.Runtime"),
        }
    ),
    "opened-variants": ReportedChange(base="base", blocks={("dev-old", "isolation-off", _MODEL_ONE)}),
    "to-serverless": ReportedChange(
        base="base",
        blocks={
            ("dev-old", "inference-option-changed", _ENDPOINT),
            ("dev-old", "encryption-removed", _CONFIGURATION),
            ("dev-old", "isolation-off", _MODEL),
            ("dev-old", "stateful-destroyed", _BUCKET),
            # Serverless inference has no deployment guardrails.
            ("dev-old", "rollback-removed", "aws_cloudwatch_metric_alarm.Rollback-errors"),
            ("dev-old", "rollback-removed", "aws_cloudwatch_metric_alarm.Rollback-latency"),
        },
        warns={
            ("dev-old", "deletion-allowed", _KEY),
            ("dev-old", "capture-off", _CONFIGURATION),
            # It publishes none of these metrics.
            ("dev-old", "alarms-removed", "aws_cloudwatch_metric_alarm.Alarms_cpu_2762DCE8"),
            ("dev-old", "alarms-removed", "aws_cloudwatch_metric_alarm.Alarms_disk_109A0789"),
            ("dev-old", "alarms-removed", "aws_cloudwatch_metric_alarm.Alarms_overhead_646DFBBE"),
        },
    ),
    "vc": ReportedChange(
        base="base",
        blocks={("dev-old", "isolation-off", _MODEL_ONE)},
        warns={("dev-old", "artifact-source-changed", _MODEL_ONE)},
    ),
}
# Configurations that are refused, with the errors.
REFUSED = {
    "env-int": [
        'endpoints.scoring.environment.SM_NUM_GPUS: must be a string, got 1; write "1" [invalid-value]',
        'endpoints.scoring.environment.DEBUG: must be a string, got true; write "true" [invalid-value]',
        "endpoints.scoring.environment.RATIO: must be a string, got 0.5; put the value in quotes [invalid-value]",
    ],
    "hf-hub": [
        "endpoints.llm.environment.HF_MODEL_ID: the container downloads this model when it starts, but network "
        'isolation blocks its connections, got "mistralai/Mistral-7B-v0.1"; copy the model to S3 as model_data_source '
        'and set HF_MODEL_ID = "/opt/ml/model" (docs/models.md), or set relax.network_isolation to the reason why the '
        "container may open connections [hub-model-not-reachable]"
    ],
}
FILES = {file.stem: file for file in sorted((FOLDER / "changes").glob("*.toml"))}
