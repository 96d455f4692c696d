"""The features of a policy: what each statement of it has, without the names that a configuration chooses.

A feature is `Sid: element value`, such as `ReadArtefacts: Action s3:GetObject`. In values, `<account>`, `<region>` and
`<partition>` are those of the stack, `<type.attribute>` is the name of one of its resources, `<used>` a name that its
other arguments have as well, and `<name>` every other one. So two stacks that one
program synthesizes have the same features, and a policy of another program, or a weakened one, does not.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from protected_endpoints.review.plan.plan import resource_type
from protected_endpoints.review.plan.values import Json, as_dict, as_list, as_strings

# Sids of the permissions that a configuration chooses: other rules judge them.
_CHOSEN_SID = re.compile(r"Permission\d+")
_COLONS = 5  # before the resource in an ARN
_NAMES = {
    "aws_cloudwatch_log_group": "name",
    "aws_iam_policy": "name",
    "aws_iam_role": "name",
    "aws_s3_bucket": "bucket",
    "aws_sagemaker_endpoint": "name",
    "aws_vpc_endpoint": "id",
}
# ARNs that AWS chooses, and how a policy writes those that follow from a name.
_KEY = "aws_kms_key"
_ARNS = {
    "aws_iam_policy.arn": "arn:<partition>:iam::<account>:policy/<aws_iam_policy.name>",
    "aws_iam_role.arn": "arn:<partition>:iam::<account>:role/<aws_iam_role.name>",
    "aws_s3_bucket.arn": "arn:<partition>:s3:::<aws_s3_bucket.bucket>",
    "aws_s3_bucket.id": "<aws_s3_bucket.bucket>",
}
_REFERENCE = re.compile(r"\$\{((?:data\.)?[a-z0-9_]+)\.[\w-]+\.([a-z0-9_]+)\}")
_ACCOUNT = re.compile(r"(?<![\w-])\d{12}(?![\w-])")
_REGION = re.compile(r"(?<![\w-])[a-z]{2,4}(?:-[a-z]+)+-\d(?![\w-])")
_PARTITION = re.compile(r"^arn:aws[a-z-]*:")
_PIECE = re.compile(r"[^:/]+")
_NAME_IN_URI = re.compile(r"[^:/@]+")
_UNCHOSEN = re.compile(r"(?:^[:/]+)?(?:<used>|<name>)(?:[:/]+(?:<used>|<name>))*(?:[:/]+$)?")
_WILDCARDS = re.compile(r"[^*?]+")
# Names of services, as principals or in conditions, end so in the partitions of AWS.
_SERVICE = re.compile(
    r"([a-z0-9-]+(?:\.<region>)?)\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov"
    r"|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)"
)
# Condition keys whose values a configuration chooses freely.
_TEXT_KEYS = re.compile(
    r"aws:(principaltag|requesttag|resourcetag)/.*|sts:externalid|s3:prefix|sagemaker:targetmodel|.*:sub|.*:ref"
)
# Operators and condition keys whose values are not names.
_EXACT_OPERATORS = ("Bool", "Null", "Numeric")
_EXACT_KEYS = re.compile(
    r"aws:(securetransport|principalisawsservice|viaawsservice|requestedregion)|kms:(viaservice|grantis.*|bypass.*)"
    r"|s3:(tlsversion|x-amz-server-side-encryption)|iam:(passedtoservice|awsservicename)|cloudwatch:namespace"
    r"|sagemaker:networkisolation|.*:aud"
)
_TAG_KEY = re.compile(r"(aws:(?:Principal|Request|Resource)Tag)/.*", re.IGNORECASE)


class Stack:
    """The names of the resources of one stack, by which its policies are read."""

    def __init__(self, resources: Mapping[str, Json], account: str, region: str) -> None:
        self._resources, self._account, self._region = resources, account, region
        self._shapes: dict[str, str] = {}  # many statements have the same resource

    def features(self, document: Json) -> Iterator[str]:
        """Yield the features of a policy; of permissions that the configuration chooses, only that it has them."""
        for key, value in document.items():
            if key != "Statement":
                yield f"{key} {value}"
        statements = document.get("Statement")
        for statement in statements if isinstance(statements, list) else [statements]:
            sid = str(as_dict(statement).get("Sid", ""))
            name = re.sub(r"\d+$", "#", sid)
            yield name
            if not _CHOSEN_SID.fullmatch(sid):
                yield from (f"{name}: {feature}" for feature in self._statement(as_dict(statement)))

    def _statement(self, statement: Json) -> Iterator[str]:
        for element, value in statement.items():
            if element == "Condition":
                yield from self._conditions(as_dict(value))
            elif element in ("Principal", "NotPrincipal") and isinstance(value, dict):
                yield from (f"{element} {principal}" for principal in self._principals(value))
            elif element in ("Resource", "NotResource"):
                yield from (f"{element} {self.shape(item)}" for item in as_strings(value))
            elif element != "Sid":
                yield from (f"{element} {item}" for item in as_strings(value) or [json.dumps(value)])

    def _principals(self, by_type: Json) -> Iterator[str]:
        for type_, names in by_type.items():
            for name in as_strings(names):
                yield f"{type_} {self._exact(name) if type_ == 'Service' else self.shape(name)}"

    def _conditions(self, condition: Json) -> Iterator[str]:
        for operator, by_key in condition.items():
            for key, values in as_dict(by_key).items():
                name = " ".join(("Condition", operator, _TAG_KEY.sub(r"\1/*", key)))
                yield name
                for value in as_list(values) or [values]:
                    yield f"{name} {self._condition_value(operator, key.lower(), value)}"

    def _condition_value(self, operator: str, key: str, value: Any) -> str:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if operator.startswith(_EXACT_OPERATORS) or _EXACT_KEYS.fullmatch(key):
            return self._exact(text)
        if _TEXT_KEYS.fullmatch(key) and (text.strip("*?") or not text):
            return "<pattern>" if "*" in text or "?" in text else "<text>"
        return self.shape(text)

    def _exact(self, text: str) -> str:
        text = _REGION.sub(self._region_token, text)
        return f"{match[1]}.<suffix>" if (match := _SERVICE.fullmatch(text)) else text

    def shape(self, text: str) -> str:
        """Return a value of a policy without the names that a configuration chooses."""
        if text not in self._shapes:
            self._shapes[text] = self._shape_of(text)
        return self._shapes[text]

    def _shape_of(self, text: str) -> str:
        text = _REFERENCE.sub(_reference_token, text)
        if self._known:
            text = self._known.sub(lambda match: self._tokens[match[0]], text)
        text = _ACCOUNT.sub(self._account_token, _PARTITION.sub("arn:<partition>:", text))
        if not text.startswith("arn:") or text.count(":") < _COLONS:
            return self._names(text)
        *prefix, resource = text.split(":", _COLONS)
        prefix[3] = _REGION.sub(self._region_token, prefix[3])
        return ":".join([*prefix, self._resource(prefix[2], resource)])

    def _resource(self, service: str, resource: str) -> str:
        """Return the last part of an ARN without names."""
        if service == "s3":
            bucket, slash, key = resource.partition("/")
            return f"{self._names(bucket)}{slash}{_key(key)}"
        type_, separator, name = _typed(resource)
        # The path of a role is no part of its name.
        return f"{type_}{separator}{self._names(name.rpartition('/')[2] if type_ == 'role' else name)}"

    def _names(self, text: str) -> str:
        """Return a name, or several with separators between them, as one token and the wildcards in it."""
        tokens = _PIECE.sub(lambda match: self._name(match[0]), text)
        return _UNCHOSEN.sub(lambda match: "<name>" if "<name>" in match[0] else "<used>", tokens)

    def _name(self, piece: str) -> str:
        if piece.startswith("<") or not _WILDCARDS.search(piece):
            return piece
        if "*" in piece or "?" in piece:
            return re.sub(r"\?+", "?", _WILDCARDS.sub("x", piece))
        return "<used>" if piece in self._used else "<name>"

    def _account_token(self, match: re.Match[str]) -> str:
        if match[0] == self._account:
            return "<account>"
        return "<account in use>" if match[0] in self._used else "<other account>"

    def _region_token(self, match: re.Match[str]) -> str:
        return "<region>" if match[0] == self._region else "<other region>"

    @cached_property
    def _tokens(self) -> dict[str, str]:
        tokens: dict[str, str] = {}
        for address, attributes in self._resources.items():
            type_ = resource_type(address)
            if isinstance(name := attributes.get(_NAMES.get(type_, "")), str) and "${" not in name:
                # The ARN of an endpoint has its name in lower case.
                tokens |= dict.fromkeys((name, name.lower()), f"<{type_}.{_NAMES[type_]}>")
            if type_ == _KEY and isinstance(arn := attributes.get("arn"), str):
                tokens[arn] = f"<{_KEY}.arn>"
        return tokens

    @cached_property
    def _known(self) -> re.Pattern[str] | None:
        names = sorted(self._tokens, key=len, reverse=True)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])") if names else None

    @cached_property
    def _used(self) -> set[str]:
        """Return the names in the arguments of all resources, except for policies."""
        texts = {text for attributes in self._resources.values() for text in _texts(attributes)}
        return {piece for text in texts for piece in (*_PIECE.findall(text), *_NAME_IN_URI.findall(text))}


def _key(key: str) -> str:
    """Return the key of objects in S3 without names."""
    if not key.strip("*?/"):
        return key
    return "<pattern>" if "*" in key or "?" in key else "<key>"


def _typed(resource: str) -> tuple[str, str, str]:
    """Return the type of an ARN's resource, its separator and the name."""
    match = re.match(r"([a-z-]+)([:/])(.*)", resource, re.DOTALL)
    return (match[1], match[2], match[3]) if match else ("", "", resource)


def _reference_token(match: re.Match[str]) -> str:
    attribute = f"{match[1]}.{match[2]}"
    return _ARNS.get(attribute, f"<{attribute}>")


def _texts(value: Any) -> Iterator[str]:
    """Yield the strings in the arguments of a resource, except for policies."""
    if isinstance(value, str):
        if '"Statement"' not in value:
            yield from re.split(r'["\s.]', value) if value.startswith("{") else _split_image(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _split_image(text: str) -> Iterable[str]:
    """Return a string, and the account and the repository in the URI of an image."""
    account, separator, _ = text.partition(".dkr.ecr.")
    return (text, account) if separator else (text,)
