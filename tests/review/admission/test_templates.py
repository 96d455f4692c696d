"""Strings are parsed as Terraform's templates; the outcomes are those of `terraform apply` with Terraform 1.11."""

import time

import pytest

from protected_endpoints.review.admission.templates import Template, is_reference, normalize, parse


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("", Template(has_text=True, expressions=())),
        ("a$b%{", Template(has_text=True, expressions=(), is_valid=False)),
        ("$${local.x}", Template(has_text=True, expressions=())),
        ("$$${local.x}", Template(has_text=True, expressions=())),
        ("%%{if true}", Template(has_text=True, expressions=())),
        ("%%%{if true}", Template(has_text=True, expressions=())),
        ("%${local.x}", Template(has_text=True, expressions=("local.x",))),
        ("${a}${b}", Template(has_text=False, expressions=("a", "b"))),
        ('${f("}")}', Template(has_text=False, expressions=('f("}")',))),
        ("%{ if true }a%{ endif }", Template(has_text=False, expressions=(), is_valid=False)),
        ("${a", Template(has_text=False, expressions=(), is_valid=False)),
        ('${{ a = "b" }}', Template(has_text=False, expressions=(), is_valid=False)),
    ],
)
def test_a_string_is_parsed_as_terraform_does(text: str, template: Template) -> None:
    assert parse(text) == template


@pytest.mark.parametrize(
    ("expression", "normalized"),
    [
        ("aws_kms_key.Key.arn", "aws_kms_key.*.arn"),
        ("data.aws_vpc.Vpc.id", "data.aws_vpc.*.id"),
        (
            'self.name == aws_kms_key.a-b.arn && "aws_kms_key.Key"',
            'self.name == aws_kms_key.*.arn && "aws_kms_key.Key"',
        ),
        ('f("s3://bucket/key")', 'f("s3://*")'),
        ('f("s3://${file(path.root)}")', 'f("s3://${file(path.root)}")'),
    ],
)
def test_names_and_locations_are_normalized(expression: str, normalized: str) -> None:
    assert normalize(expression) == normalized


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("aws_kms_key.Key.arn", True),
        ("data.aws_vpc.Vpc.cidr_block_associations[*].cidr_block", True),
        ("aws_subnet.a[0].id", True),
        ("aws_kms_key.Key", False),
        ("var.aws_kms_key.arn", False),
        ("path.module", False),
        ('file("x")', False),
        (" aws_kms_key.Key.arn", False),
        ("~ aws_kms_key.Key.arn", False),
    ],
)
def test_only_attributes_of_resources_are_references(expression: str, expected: bool) -> None:
    assert is_reference(expression) is expected


def test_a_hostile_string_takes_linear_time() -> None:
    start = time.process_time()
    for text in ("${" * 300_000, '${"' * 300_000, "$" * 600_000, "a_" * 300_000, '${"\\' * 200_000):
        parse(text)
        normalize(text)
    assert time.process_time() - start < 5
