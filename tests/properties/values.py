"""Values of every type, of minimum, usual and maximum length.

Each strategy is built once, because Hypothesis examines a new one at its first draw, which takes longer than the draw.
Those of an AWS account and Region, which are drawn for a file, are only kept for as long as that is likely.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import IPv4Network

from hypothesis import strategies as st

from protected_endpoints.aws.instance_types import hosting_instance_types
from protected_endpoints.aws.provider_versions import instance_types_unknown_to_provider_5, supports_region
from protected_endpoints.aws.service_models import regions

Strings = st.SearchStrategy[str]

_LETTERS = string.ascii_letters + string.digits
# AWS reserves names that start with sthree, sg or amzn.
_WORD = st.from_regex(r"[b-r0-9][a-z0-9]{0,5}(-[a-z0-9]{1,3})?", fullmatch=True)
_TAG = "aZ0 é中_.:/=+@-\u00a0\u2028"
_IAM = f"{_LETTERS}_+=,.@-"
_S3_KEY = f"{_LETTERS}!_.'()/=@:+,&-"
# Templates of Terraform, characters that JSON and HCL escape, and characters of several bytes.
_ANYTHING = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
    st.text('${}%"\\\n\t a', max_size=8),
    st.sampled_from(
        ["${x}", "$${x}", "$$${x}", "%{if x}", "%%{x}", "$", "%", "${", "\u0001", "a" * 1024, "é" * 512, "𝄞" * 256]
    ),
)


@dataclass(frozen=True)
class AwsTarget:
    """The account and Region of an endpoint, and the major version of the AWS provider."""

    account: str
    region: str
    provider: int

    @property
    def partition(self) -> str:
        return regions()[self.region].id

    @property
    def registry(self) -> str:
        return f"dkr.ecr.{self.region}.{regions()[self.region].dns_suffix}"

    @property
    def instance_types(self) -> list[str]:
        instance_types = hosting_instance_types()
        return [
            instance_type
            for instance_type in instance_types
            if self.provider > 5 or instance_type not in instance_types_unknown_to_provider_5()
        ]

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def iam(self, resource: str, account: str | None = None) -> str:
        return f"arn:{self.partition}:iam::{account or self.account}:{resource}"


@cache
def bounded(least: int, most: int) -> st.SearchStrategy[int]:
    """Generate numbers, every other one at a bound."""
    return st.one_of(st.sampled_from([least, most]), st.integers(least, most))


@cache
def of(alphabet: str, most: int, least: int = 1) -> Strings:
    """Generate texts, some of the maximum length."""
    short = st.text(alphabet, min_size=least, max_size=min(most, max(least, 8)))
    return st.one_of(short, short, short, short.map(lambda text: (text * most)[:most] if text else text))


@cache
def words(most: int) -> Strings:
    """Generate names of lowercase letters, digits and single hyphens."""
    longest = _WORD.map(lambda word: word.ljust(most, "a"))
    return st.one_of(_WORD, _WORD, longest).map(lambda word: word[:most].strip("-"))


@cache
def labels(most: int = 63) -> Strings:
    """Generate names of letters, digits and hyphens, without a hyphen at either end."""
    return of(f"{_LETTERS}-", most).map(lambda text: f"a{text}"[:most].strip("-"))


@cache
def ids(kind: str) -> Strings:
    """Generate EC2 resource IDs with 8 or 17 hexadecimal digits."""
    digits = st.sampled_from([8, 17]).flatmap(
        lambda length: st.integers(0, 16**length - 1).map(f"{{:0{length}x}}".format)
    )
    return digits.map(lambda text: f"{kind}-{text}")


@cache
def cidr_blocks() -> Strings:
    """Generate IPv4 blocks of every size, without bits after the prefix."""
    blocks = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32))
    return blocks.map(lambda block: str(IPv4Network(block, strict=False)))


accounts: Strings = st.integers(0, 10**12 - 1).map("{:012d}".format)
reasons: Strings = of("aZ9 é中,.'\"\\-", 200, 10).map(lambda text: text if text.strip() else f"{text[1:]}a")
rule_descriptions: Strings = of("aZ9 ._:/()#,@[]+=&;!*-", 190, 9).map(lambda text: f"a{text}")
variables = st.dictionaries(of(f"{string.ascii_letters}_", 1024), _ANYTHING, max_size=4)
role_names: Strings = of(_IAM, 64)
paths: Strings = st.sampled_from(["", "", "team/", "service-role/", "a/b=c,d.e@f/"])
alarms: Strings = of("aZ9 é中/_.()[]'\"\\-", 255).map(lambda text: f"a{text}"[:255].strip())
content_types: Strings = st.one_of(
    st.sampled_from(["text/csv", "application/json", "application/x.custom", "a/b"]),
    st.tuples(labels(100), labels(100)).map("/".join),
)
tags = st.dictionaries(of(_TAG, 128).map(lambda key: f"t{key}"[:128]), of(_TAG, 256, 0), max_size=3)
target_models = st.lists(of(f"{_LETTERS}_./*-", 1024).map(lambda text: f"t{text}"[:1024]), min_size=1, max_size=3)
channels: Strings = of(f"{_LETTERS}._-", 64)
organizations: Strings = of("a9", 32, 10).map(lambda text: f"o-{text}")
external_ids: Strings = of(f"{_LETTERS}_+=,.@:/-", 1224, 2)
buckets: Strings = of("ab1.-", 61).map(lambda text: f"b{text}0")
# Every constraint also allows provider 6, because either may be installed.
versions: Strings = st.sampled_from([">= 5.100, < 7", ">=5, <7", ">= 5.0, != 6.0.0", "> 5.99.0, != 5.99.1"])
versions_6: Strings = st.sampled_from([">= 6.40, < 7", "~> 6.40"])


@cache
def prefixes(most: int = 512) -> Strings:
    """Generate S3 URIs that end with a letter or a slash."""
    key = of(_S3_KEY, most - 72)  # s3://, the longest bucket, a slash before and after, and one letter
    return st.tuples(buckets, key, st.sampled_from(["", "/"])).map(
        lambda parts: f"s3://{parts[0]}/{parts[1]}a{parts[2]}"
    )


@cache
def folders() -> Strings:
    return prefixes(1000).map(lambda uri: f"{uri.rstrip('/')}/")


@cache
def archives() -> Strings:
    return prefixes(1000).map(lambda uri: f"{uri.rstrip('/')}.tar.gz")


@lru_cache
def images(target: AwsTarget, mutable_tags: bool = False) -> Strings:
    repository = st.sampled_from(["a", "team/fraud", "a.b_c-d/e/f", "x" * 120])
    reference = st.sampled_from(
        [":1", ":v1.2_3-x", f":{'t' * 60}", f"@sha256:{'0a' * 32}", *[":latest"] * mutable_tags]
    )
    fips = st.sampled_from([target.registry, target.registry.replace(".ecr.", ".ecr-fips.")])
    return st.tuples(accounts, fips, repository, reference).map(lambda segments: "{}.{}/{}{}".format(*segments))


@lru_cache
def keys(target: AwsTarget) -> Strings:
    return of(f"{_LETTERS}-", 36).map(lambda text: target.arn("kms", f"key/{text}"))


@lru_cache
def roles(target: AwsTarget) -> Strings:
    return st.tuples(paths, role_names).map(lambda segments: target.iam(f"role/{segments[0]}{segments[1]}"))


@lru_cache
def role_lists(target: AwsTarget, most: int = 3) -> st.SearchStrategy[list[str]]:
    """Generate roles with different names. IAM compares names without regard to case."""
    return st.lists(roles(target), min_size=1, max_size=most, unique_by=lambda arn: arn.rsplit("/", 1)[1].lower())


@cache
def region_names(provider: int) -> Strings:
    """Generate Regions that a major version of the AWS provider supports."""
    return some_of([region for region in regions() if supports_region(region, f"~> {provider}.0")])


def some_of(names: Sequence[str]) -> Strings:
    return st.sampled_from(sorted(names))
