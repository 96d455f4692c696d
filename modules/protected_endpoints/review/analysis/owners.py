"""Who owns the registry of an image, a model package or a bucket, as far as its name tells."""

import json
import re
from functools import cache
from pathlib import Path

from protected_endpoints.review.plan.plan import account_id

# Accounts with images of AWS for SageMaker, of all regions. A test compares them with aws/image_registries.json.
_AWS_REGISTRIES = Path(__file__).with_name("aws_registries.json")
_REGISTRY = re.compile(r"(?P<account>\d{12})\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.(com|com\.cn|eu)(/.*)?")
_JUMPSTART = re.compile(r"jumpstart-(private-)?cache-prod-[a-z0-9-]+")


def describe_owner(account: str, source: str) -> str:
    """Return who owns a source if it is not the account of the stack, and an empty text if it is.

    A source is a repository of images, or the ARN of a model package.
    """
    if registry := _REGISTRY.fullmatch(source):
        owner = registry["account"]
        return "" if owner in (account, *aws_registries()) else f"the registry of another account (`{owner}`)"
    if source.startswith("arn:"):
        owner = account_id(source)
        return "" if owner == account else f"a model package of another account (`{owner or 'AWS'}`)"
    return "a registry outside of Amazon ECR"


def image_source(image: str) -> str:
    """Return the repository of an image, and of an image of AWS for SageMaker the registry, which AWS alone writes."""
    registry, separator, name = image.partition("@")[0].partition("/")
    match = _REGISTRY.fullmatch(registry)
    if match and match["account"] in aws_registries():
        return registry
    path, slash, last = name.rpartition("/")
    return f"{registry}{separator}{path}{slash}{last.partition(':')[0]}"


def is_jumpstart_bucket(name: str) -> bool:
    """Return whether a bucket is one of those in which AWS provides the models of JumpStart, one or two a region."""
    return bool(_JUMPSTART.fullmatch(name))


@cache
def aws_registries() -> frozenset[str]:
    """Return the accounts of the registries with images of AWS for SageMaker."""
    return frozenset(json.loads(_AWS_REGISTRIES.read_text(encoding="utf-8")))
