"""Addresses of the AWS console, which depend on the partition (AWS general reference, "AWS Management Console")."""

_HOSTS = {
    "aws": "{region}.console.aws.amazon.com",
    "aws-cn": "{region}.console.amazonaws.cn",
    "aws-us-gov": "{region}.console.amazonaws-us-gov.com",
    "aws-eusc": "{region}.console.amazonaws-eusc.eu",
}


def dashboard_url(partition: str, region: str, dashboard: str) -> str | None:
    """Return the address of a CloudWatch dashboard, or None for a partition whose console is not public."""
    return _cloudwatch(partition, region, f"dashboards/dashboard/{dashboard}")


def alarms_url(partition: str, region: str, search: str) -> str | None:
    """Return the address of the CloudWatch alarms with this text in their names, or None as above."""
    return _cloudwatch(partition, region, f"alarmsV2:?search={search}")


def _cloudwatch(partition: str, region: str, page: str) -> str | None:
    host = _HOSTS.get(partition)
    return f"https://{host.format(region=region)}/cloudwatch/home?region={region}#{page}" if host else None
