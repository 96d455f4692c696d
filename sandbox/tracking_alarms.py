"""The two alarms that Application Auto Scaling creates for a target tracking policy.

One scales out after 3 minutes above the target value, the other one scales in after 15 minutes below 90 percent of it.
AWS does not document these numbers; they are those of alarms in AWS accounts.
"""

import uuid

from moto.cloudwatch.models import CloudWatchBackend

from sandbox.metrics import INVOCATIONS
from sandbox.sagemaker_records import Record
from sandbox.scalable_resources import ScalableResource

_SCALE_IN_SHARE = 0.9
# Metric and statistic of each predefined metric type (SageMaker developer guide, "Define a scaling policy").
_PREDEFINED = {
    "SageMakerVariantInvocationsPerInstance": ("InvocationsPerInstance", "Sum"),
    "SageMakerVariantConcurrentRequestsPerModelHighResolution": ("ConcurrentRequestsPerModel", "Maximum"),
    "SageMakerVariantProvisionedConcurrencyUtilization": ("ServerlessProvisionedConcurrencyUtilization", "Maximum"),
    "SageMakerInferenceComponentInvocationsPerCopy": ("InvocationsPerCopy", "Sum"),
    "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution": ("ConcurrentRequestsPerCopy", "Maximum"),
}


def create_alarms(cloudwatch: CloudWatchBackend, policy: Record, resource: ScalableResource) -> list[Record]:
    """Create the alarms of a policy, and return their names and ARNs."""
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    target, metric = tracking["TargetValue"], _metric(tracking, resource)
    alarms = {"AlarmHigh": ("GreaterThanThreshold", target, 3)}
    if not tracking.get("DisableScaleIn"):
        alarms["AlarmLow"] = ("LessThanThreshold", _SCALE_IN_SHARE * target, 15)
    created = [
        cloudwatch.put_metric_alarm(
            f"TargetTracking-{policy['ResourceId']}-{kind}-{uuid.uuid4()}",
            namespace=metric["Namespace"],
            metric_name=metric["MetricName"],
            comparison_operator=comparison,
            evaluation_periods=periods,
            period=60,
            threshold=threshold,
            statistic=metric["Statistic"],
            description=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy['PolicyARN']}.",
            dimensions=metric["Dimensions"],
            alarm_actions=[policy["PolicyARN"]],
        )
        for kind, (comparison, threshold, periods) in alarms.items()
    ]
    return [{"AlarmName": alarm.name, "AlarmARN": alarm.alarm_arn} for alarm in created]


def _metric(tracking: Record, resource: ScalableResource) -> Record:
    if customized := tracking.get("CustomizedMetricSpecification"):
        return {**customized, "Dimensions": customized.get("Dimensions", [])}
    name, statistic = _PREDEFINED[tracking["PredefinedMetricSpecification"]["PredefinedMetricType"]]
    dimensions = [{"Name": key, "Value": value} for key, value in resource.dimensions.items()]
    return {"Namespace": INVOCATIONS, "MetricName": name, "Statistic": statistic, "Dimensions": dimensions}
