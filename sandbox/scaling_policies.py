"""What Application Auto Scaling requires of a scaling policy."""

from sandbox.sagemaker_records import ApiError, Record
from sandbox.scalable_resources import PREDEFINED_METRICS


def check_policy(request: Record) -> None:
    """Check a request of PutScalingPolicy.

    Raises:
        ApiError: the API would refuse it.

    """
    type_ = request.get("PolicyType", "StepScaling")
    configuration = request.get(f"{type_}PolicyConfiguration")
    if configuration is None:
        raise ApiError(f"{type_}PolicyConfiguration is required for a policy of the type {type_}.")
    if type_ == "StepScaling":
        _check_steps(configuration)
    else:
        _check_tracking(configuration, request["ScalableDimension"])


def check_metric(request: Record, policies: list[Record]) -> None:
    """Check that no other policy of a target tracks the same metric.

    Raises:
        ApiError: one does.

    """
    others = [policy for policy in policies if policy["PolicyName"] != request["PolicyName"]]
    metric = _metric(request)
    if metric and metric in [_metric(policy) for policy in others]:
        raise ApiError("Only one TargetTrackingScaling policy for a given metric specification is allowed.")


def _metric(policy: Record) -> Record | None:
    configuration = policy.get("TargetTrackingScalingPolicyConfiguration", {})
    specifications = ("PredefinedMetricSpecification", "CustomizedMetricSpecification")
    return {name: configuration[name] for name in specifications if name in configuration} or None


def _check_steps(configuration: Record) -> None:
    if "AdjustmentType" not in configuration or not configuration.get("StepAdjustments"):
        raise ApiError("A step scaling policy requires AdjustmentType and StepAdjustments.")


def _check_tracking(configuration: Record, dimension: str) -> None:
    predefined = configuration.get("PredefinedMetricSpecification")
    if (predefined is None) == ("CustomizedMetricSpecification" not in configuration):
        raise ApiError("Specify exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification.")
    if configuration["TargetValue"] <= 0:
        raise ApiError("TargetValue must be greater than 0.")
    types = PREDEFINED_METRICS[dimension]
    if predefined and predefined["PredefinedMetricType"] not in types:
        raise ApiError(
            f"Scalable dimension {dimension} only supports the following predefined metric types: {', '.join(types)}"
        )  # as AWS responds
