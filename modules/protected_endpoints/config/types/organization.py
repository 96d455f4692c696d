"""Types of HCP Terraform and GitHub."""

from typing import Annotated

from pydantic import Field

from protected_endpoints.config.types.patterns import WORD

Repository = Annotated[
    str,
    Field(
        title="GitHub repository as in the sub claim of its tokens: owner/name, or owner@ID/name@ID",
        pattern=r"^[A-Za-z0-9_-]+(@[0-9]+)?/[A-Za-z0-9_.-]+(@[0-9]+)?$",
        max_length=200,
        examples=["acme/endpoints", "acme@123456/endpoints@456789"],
    ),
]
Branch = Annotated[
    str,
    Field(
        title="branch name of letters, digits and _ . / -",
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./-]*$",
        max_length=244,
        examples=["main", "release"],
    ),
]
GithubEnvironment = Annotated[
    str,
    Field(
        title="GitHub environment name of letters, digits and _ . -",
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$",
        max_length=255,
        examples=["prod", "Production"],
    ),
]
WorkflowFile = Annotated[
    str,
    Field(
        title="name of a workflow file in .github/workflows",
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*\.ya?ml$",
        max_length=100,
        examples=["review.yml", "drift.yml"],
    ),
]
HcpOrganization = Annotated[
    str,
    Field(
        title="HCP Terraform organization of 3 to 40 letters, digits and _ -",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$",
        max_length=40,
        examples=["acme", "acme-ml"],
    ),
]
HcpProject = Annotated[
    str,
    Field(
        title="HCP Terraform project of 3 to 40 letters, digits, spaces and _ -",
        pattern=r"^[A-Za-z0-9_-][A-Za-z0-9 _-]{1,38}[A-Za-z0-9_-]$",
        max_length=40,
        examples=["endpoints", "model serving"],
    ),
]
HcpHostname = Annotated[
    str,
    Field(
        title="host name",
        pattern=rf"^{WORD}(\.{WORD})+$",
        max_length=253,
        examples=["app.terraform.io", "terraform.acme.example"],
    ),
]
