"""Plans for the rule of `moved_protections`."""

from typing import Any

from protected_endpoints.review.rules.moved_protections import REFERENCES
from tests.review.cases.shapes import BUCKET, MANAGED_KEY, Cases
from tests.review.fragments import CAPTURE, KEY, NEW_FIRST, OLD_FIRST, ROLE, Json, change

_OTHER_KEY = KEY.replace("1234abcd", "5678efab")


def _moved(type_: str, argument: str, before: str, after: str | None, **plan: Any) -> dict[str, Any]:
    """Return a resource whose argument changes; None is known only after apply."""
    new: Json = {argument: after} if after else {"tags": {}}
    unknown = {} if after else {argument: True}
    guard = change(f"{type_}.Guard", {argument: before}, new, OLD_FIRST, after_unknown=unknown)
    return {"others": [guard, *plan.pop("others", [])], **plan}


def _bucket(address: str, before: str, after: str | None, actions: tuple[str, ...]) -> Json:
    new = {"bucket": after} if after else None
    return change(address, {"bucket": before, "id": before}, new, actions)


def _created(type_: str, **arguments: Any) -> dict[str, Any]:
    return {"others": [change(f"{type_}.Second", None, arguments, ("create",))]}


_RENAMED = _bucket("aws_s3_bucket.Renamed", "one", "two", NEW_FIRST)
_DELETED = _bucket("aws_s3_bucket.Deleted", "one", None, ("delete",))
# A log group with the name of the bucket is another thing.
_GROUP_RENAMED = change("aws_cloudwatch_log_group.G", {"name": "one"}, {"name": "two"}, NEW_FIRST)
_GROUP_DELETED = change("aws_cloudwatch_log_group.G", {"name": "one"}, None, ("delete",))
_POLICY = "aws_s3_bucket_policy"
_SETTINGS = [type_ for type_, references in REFERENCES.items() if "bucket" in references]

CASES: Cases = [
    # To a bucket of others, or with the bucket itself.
    *(
        (
            "protection-moved",
            _moved(type_, "bucket", "one", "two"),
            _moved(type_, "bucket", "one", "two", others=[guarded]),
        )
        for type_ in _SETTINGS
        for guarded in (_RENAMED, _DELETED)
    ),
    *(
        (
            "protection-moved",
            _moved(_POLICY, "bucket", "one", "two", others=[other]),
            _moved(_POLICY, "bucket", "one", "one"),
        )
        for other in (_GROUP_RENAMED, _GROUP_DELETED)
    ),
    # The managed bucket stays, and a new name is known only if it is replaced.
    (
        "protection-moved",
        _moved(_POLICY, "bucket", CAPTURE, None),
        _moved(_POLICY, "bucket", CAPTURE, None, changed={BUCKET: (NEW_FIRST, {"bucket": None})}),
    ),
    (
        "protection-moved",
        _moved("aws_kms_alias", "target_key_id", KEY, _OTHER_KEY),
        _moved("aws_kms_alias", "target_key_id", KEY, None, changed={MANAGED_KEY: (NEW_FIRST, {"arn": None})}),
    ),
    (
        "protection-moved",
        _moved("aws_kms_alias", "target_key_id", KEY, "${aws_kms_key.Other.key_id}"),
        _moved("aws_kms_alias", "target_key_id", KEY, "${aws_kms_key.Key.key_id}"),
    ),
    *(
        ("protection-moved", _moved(type_, argument, "a", "b"), _moved(type_, argument, "a", "a"))
        for type_, references in REFERENCES.items()
        for argument in references
    ),
    # A second policy of one bucket, by its name; and one of another bucket.
    *(
        ("protection-overridden", _created(type_, bucket=CAPTURE), _created(type_, bucket="other"))
        for type_ in ("aws_s3_bucket_policy", "aws_s3_bucket_public_access_block", "aws_s3_bucket_versioning")
    ),
    (
        "protection-overridden",
        _created("aws_iam_role_policies_exclusive", role_name=ROLE, policy_names=["more"]),
        _created("aws_iam_role_policies_exclusive", role_name="other", policy_names=["more"]),
    ),
    (
        "protection-overridden",
        _created("aws_kms_key_policy", key_id=KEY, policy="{}"),
        _created("aws_kms_key_policy", key_id=_OTHER_KEY, policy="{}"),
    ),
    (
        "protection-overridden",
        _created("aws_vpc_endpoint_policy", vpc_endpoint_id="${aws_vpc_endpoint.New.id}"),
        _created("aws_vpc_endpoint_policy", vpc_endpoint_id="vpce-0a1b2c3d"),
    ),
]
