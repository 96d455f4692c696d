"""Plans for the rules of `provider`."""

from typing import Any

from tests.review.cases.shapes import LOGS, Cases
from tests.review.fragments import Json, change

_PROVIDER = {"allowed_account_ids": ["111122223333"], "region": "us-west-2", "version": ">= 6.40, < 7"}


def _provider(**changes: Any) -> dict[str, Any]:
    return {"providers": (_PROVIDER, {**_PROVIDER, **changes})}


def _deleted(arn: str) -> Json:
    return {"resource_drift": [change(LOGS, {"arn": arn, "name": "logs"}, None, ("delete",))]}


def _logs(account: str, region: str) -> str:
    return f"arn:aws:logs:{region}:{account}:log-group:logs"


CASES: Cases = [
    ("account-or-region-changed", _provider(allowed_account_ids=["444455556666"]), _provider()),
    ("account-or-region-changed", _provider(region="eu-west-1"), {"providers": ({}, _PROVIDER)}),
    (
        "account-or-region-changed",
        _deleted(_logs("444455556666", "us-west-2")),
        _deleted(_logs("111122223333", "us-west-2")),
    ),
    (
        "account-or-region-changed",
        _deleted(_logs("111122223333", "eu-west-1")),
        _deleted("arn:aws:s3:::acme-dev-kmeans-capture"),
    ),
    ("provider-changed", _provider(version="6.40.0"), _provider(region="eu-west-1")),
    ("provider-changed", _provider(default_tags=[{"tags": {"team": "fraud"}}]), {"providers": (_PROVIDER, {})}),
]
