"""The container images that AWS provides for inference: their registries, and the accelerator that they are built for.

`image_registries.json` has the repositories, and the account of their registry in each region. Its source is
`image_uri_config` of the SageMaker Python SDK of August 2026, and the list of AWS Deep Learning Containers for those
that the SDK lacks, such as `vllm`. AWS adds repositories and regions, so what is not in the file may exist.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from protected_endpoints.aws.instance_types import Accelerator, Architecture

# Repositories whose images are for both architectures, and say so in the tag only.
_TAG_NAMES_ARCHITECTURE = frozenset({"sagemaker-scikit-learn", "sagemaker-xgboost"})
_REGISTRIES = Path(__file__).parent / "image_registries.json"
_IMAGE = re.compile(
    r"(?P<account>[0-9]{12})\.dkr\.ecr(?:-fips)?\.(?P<region>[\w-]+)\.[\w.]+/(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?"
)
# Parts of repositories and tags, such as huggingface-pytorch-inference-neuronx, 2.6.0-gpu-py312 and 0.34.0-lmi16-cu128.
_BUILT_FOR: tuple[tuple[re.Pattern[str], Accelerator], ...] = (
    (re.compile(r"neuronx?"), "neuron"),
    (re.compile(r"gpu|cuda|cu[0-9]{2,3}"), "gpu"),
    (re.compile(r"cpu|graviton"), "none"),
)


@dataclass(frozen=True)
class AwsImage:
    """An image with the repository of one that AWS provides, in the registry of AWS or of another account."""

    text: str
    """The image as it is configured."""
    account_id: str
    region: str
    repository: str
    tag: str
    """The tag, or an empty text for a digest."""

    @classmethod
    def parse(cls, image: str) -> Self | None:
        """Return the parts of an image, or None if AWS provides no image with this repository."""
        match = _IMAGE.match(image)
        if not match or match["repository"] not in _accounts():
            return None
        return cls(image, match["account"], match["region"], match["repository"], match["tag"] or "")

    @property
    def account_in_region(self) -> str | None:
        """Return the account of AWS's registry in the region of the image, or None if it is not known."""
        return _accounts()[self.repository].get(self.region)

    @property
    def is_in_registry_of_aws(self) -> bool:
        """Return whether the account is that of AWS's registry in any region."""
        return self.account_id in _accounts()[self.repository].values()

    def from_account(self, account_id: str) -> str:
        """Return the same image in the registry of another account."""
        return f"{account_id}{self.text[len(self.account_id) :]}"

    @property
    def accelerator(self) -> Accelerator | None:
        """Return the accelerator that the image is built for, or None if its name does not say it."""
        parts = f"{self.repository}-{self.tag}".split("-")
        kinds = (kind for pattern, kind in _BUILT_FOR if any(pattern.fullmatch(part) for part in parts))
        return next(kinds, None)

    @property
    def architecture(self) -> Architecture | None:
        """Return the architecture of the processors that the image is built for, or None for a digest that hides it.

        The repository or the tag names arm64; other images are for x86_64 (SageMaker Python SDK, graviton).
        """
        if not {"arm64", "graviton"}.isdisjoint(f"{self.repository}-{self.tag}".split("-")):
            return "arm64"
        return None if self.repository in _TAG_NAMES_ARCHITECTURE and not self.tag else "x86_64"

    @property
    def is_for_ec2(self) -> bool:
        """Return whether the image is for EC2, ECS and EKS: SageMaker requires the one with another end of the tag."""
        return "ec2" in self.tag.split("-")

    @property
    def cuda_version(self) -> tuple[int, int] | None:
        """Return the version of CUDA that the tag names, such as (12, 8) for `cu128`."""
        match = re.search(r"-cu([0-9]{2})([0-9])(?:-|$)", self.tag)
        return (int(match[1]), int(match[2])) if match else None


def unlisted_repository(image: str) -> str | None:
    """Return the repository of an image in a registry of AWS that is not one of its inference images, or None."""
    match = _IMAGE.match(image)
    is_of_aws = match and any(match["account"] in accounts.values() for accounts in _accounts().values())
    return match["repository"] if match and is_of_aws and match["repository"] not in _accounts() else None


@cache
def _accounts() -> dict[str, dict[str, str]]:
    """Return the account of the registry of each repository by region."""
    groups = json.loads(_REGISTRIES.read_text(encoding="utf-8"))
    return {repository: group["accounts"] for group in groups for repository in group["repositories"]}
