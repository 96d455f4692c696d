"""Attacks on a synthesized stack: its blocks, arguments and policies, and files beside it."""

import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any

from tests.review.attacks.attack import (
    DOCUMENT,
    REMOVED,
    Attack,
    Json,
    Path,
    parsed_document,
    replaced,
    text,
    walk,
)
from tests.review.attacks.harmless import FEWER_PERMISSIONS, is_harmless
from tests.review.attacks.statements import policy_attacks
from tests.review.attacks.values import expressions, other_values

_UNSWAPPED = {"//", "lifecycle", "depends_on", "name", "name_prefix"}
_COMMAND = {"local-exec": [{"command": "id"}]}
_BLOCKS: Json = {
    "module": {"x": {"source": "./x"}},
    "check": {
        "x": {
            "assert": [{"condition": "${true}", "error_message": "x"}],
            "data": {"http": {"x": {"url": "https://example.com"}}},
        }
    },
    "action": {"aws_lambda_invoke": {"x": {"config": {"function_name": "x", "payload": "{}"}}}},
    "ephemeral": {"aws_secretsmanager_secret_version": {"x": {"secret_id": "x"}}},
    "removed": [{"from": "aws_s3_bucket.Other", "provisioner": _COMMAND, "lifecycle": {"destroy": False}}],
    "moved": [{"from": "aws_kms_key.Other", "to": "aws_kms_key.Key"}],
    "import": [{"id": "x", "to": "aws_kms_key.Key"}],
    "locals": {"x": '${file("/etc/hostname")}'},
    "variable": {"x": {"default": "x"}},
    "provisioner": _COMMAND,
    "unknown_block": {"x": {}},
}
_TERRAFORM: Json = {
    "backend": {"http": {"address": "https://example.com/state"}},
    "cloud": {"organization": "others", "workspaces": {"name": "x"}},
    "experiments": ["x"],
    "provider_meta": {"aws": {"user_agent": ["x"]}},
    "required_version": "< 1.0",
    "unknown": "x",
}
_PROVIDERS: Json = {
    "source of another": {"aws": {"source": "others/aws", "version": ">= 5.100, < 7"}},
    "host of another": {"aws": {"source": "example.com/hashicorp/aws", "version": ">= 5.100, < 7"}},
    "version": {"aws": {"source": "aws", "version": ">= 0"}},
    "another provider": {"aws": {"source": "aws", "version": ">= 5.100, < 7"}, "null": {"source": "hashicorp/null"}},
    "configuration alias": {
        "aws": {"source": "aws", "version": ">= 5.100, < 7", "configuration_aliases": ["${aws.x}"]}
    },
}
PROVIDER_ARGUMENTS: Json = {
    "endpoints": [{"sts": "https://example.com", "s3": "https://example.com"}],
    "assume_role": [{"role_arn": "arn:aws:iam::999988887777:role/x"}],
    "assume_role_with_web_identity": [{"role_arn": "arn:aws:iam::999988887777:role/x", "web_identity_token": "x"}],
    "alias": "x",
    "profile": "others",
    "access_key": "AKIAIOSFODNN7EXAMPLE",
    "secret_key": "x",
    "shared_credentials_files": ["./x"],
    "shared_config_files": ["./x"],
    "custom_ca_bundle": "./x.pem",
    "http_proxy": "http://example.com",
    "https_proxy": "http://example.com",
    "insecure": True,
    "skip_requesting_account_id": True,
    "skip_credentials_validation": True,
    "skip_region_validation": True,
    "ec2_metadata_service_endpoint": "http://example.com",
    "sts_region": "ap-south-1",
    "s3_use_path_style": True,
    "use_fips_endpoint": False,
    "forbidden_account_ids": [],
    "ignore_tags": [{"keys": ["endpoint"]}],
    "region": "ap-south-1",
    "allowed_account_ids": ["999988887777"],
    "allowed_account_ids ": REMOVED,
    "unknown": "x",
}
_META: Json = {
    "provisioner": [_COMMAND],
    "connection": {"host": "example.com"},
    "provider": "aws.x",
    "count": '${length(file("/etc/hostname"))}',
    "count ": 2,
    "for_each": {"a": "b"},
    "dynamic": {"ingress": [{"for_each": ["x"], "content": {}}]},
    "unknown": "x",
}
_LIFECYCLE: Json = {
    "ignore_changes": "all",
    "ignore_changes ": ["policy"],
    "precondition": [{"condition": '${file("/etc/hostname") == ""}', "error_message": "x"}],
    "action_trigger": [{"events": ["after_update"], "actions": ["${action.aws_lambda_invoke.x}"]}],
    "replace_triggered_by": ["aws_kms_key.Other"],
    "unknown": "x",
}
RESOURCES: Json = {
    "aws_lambda_function": {"function_name": "x", "role": "arn:aws:iam::111122223333:role/x", "filename": "x.zip"},
    "aws_lambda_permission": {"function_name": "x", "action": "lambda:InvokeFunction", "principal": "*"},
    "aws_iam_user": {"name": "x"},
    "aws_iam_access_key": {"user": "x"},
    "aws_iam_group_policy": {"group": "x", "policy": '{"Statement": []}'},
    "aws_kms_grant": {"key_id": "x", "grantee_principal": "x", "operations": ["Decrypt"]},
    "aws_s3_bucket_acl": {"bucket": "x", "acl": "public-read"},
    "aws_s3_bucket_replication_configuration": {"bucket": "x", "role": "x", "rule": []},
    "aws_cloudformation_stack": {"name": "x", "template_body": "{}"},
    "aws_instance": {"ami": "ami-0", "instance_type": "t3.micro", "user_data": "curl example.com"},
    "aws_vpc_security_group_egress_rule": {"security_group_id": "sg-0", "cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1"},
    "aws_ram_resource_share": {"name": "x", "allow_external_principals": True},
    "aws_sns_topic_policy": {"arn": "x", "policy": "{}"},
    "aws_ssm_document": {"name": "x", "content": "{}", "document_type": "Command"},
    "null_resource": {"provisioner": [_COMMAND]},
    "terraform_data": {"input": "x"},
    "azurerm_role_assignment": {"role_definition_name": "Owner", "scope": "/"},
    "google_project_iam_member": {"role": "roles/owner", "member": "allUsers"},
    "aws_iam_role_policy_attachment": {"role": "analyst", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    "aws_iam_role_policy": {
        "role": "analyst",
        "policy": '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::pay/*"}]}',
    },
    "aws_iam_role": {
        "name": "x",
        "assume_role_policy": '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "999988887777"},'
        ' "Action": "sts:AssumeRole"}]}',
    },
}
SOURCES: Json = {
    "external": {"program": ["id"]},
    "http": {"url": "https://example.com"},
    "terraform_remote_state": {"backend": "s3", "config": {"bucket": "x"}},
    "aws_secretsmanager_secret_version": {"secret_id": "x"},
    "aws_lambda_invocation": {"function_name": "x", "input": "{}"},
    "aws_ssm_parameter": {"name": "x"},
    "aws_kms_secrets": {"secret": []},
    "local_file": {"filename": "/etc/hostname"},
    "aws_iam_policy_document": {"statement": [{"actions": ["*"]}]},
}
_REFERENCE = re.compile(r"\$\{([a-z0-9_]+)\.([\w-]+)\.")
_META_ARGUMENTS = {"lifecycle", "depends_on", "count", "provider"}


def attacks(source: str, stack: Json) -> Iterator[Attack]:
    """Yield every attack on a stack; each makes the stack as it is after it."""

    def attack(kind: str, path: Path, new: Any, place: str = "") -> Attack:
        return Attack(kind, source, f"{text(path)} {place}".strip(), partial(replaced, stack, path, new))

    yield from (attack(f"block {name}", (name,), block) for name, block in _BLOCKS.items())
    yield from (attack("terraform argument", ("terraform", name), value) for name, value in _TERRAFORM.items())
    yield from (
        attack("required providers", ("terraform", "required_providers"), value, name)
        for name, value in _PROVIDERS.items()
    )
    (backend,) = stack["terraform"]["backend"]
    for path, value in walk(stack["terraform"]["backend"][backend]):
        for kind, new in other_values(value):
            yield attack("backend", ("terraform", "backend", backend, *path), new, kind)
    yield attack("backend", ("terraform", "backend", backend, "unknown"), "x", "unknown")
    yield from (
        attack("provider argument", ("provider", "aws", 0, name.strip()), value)
        for name, value in PROVIDER_ARGUMENTS.items()
    )
    yield attack("second provider", ("provider", "aws"), [*stack["provider"]["aws"], {"alias": "x"}])
    for mode, added in (("resource", RESOURCES), ("data", SOURCES)):
        for type_, arguments in added.items():
            yield attack(f"{mode} added", (mode, type_), {**stack.get(mode, {}).get(type_, {}), "X": arguments})
        for type_, by_id in stack.get(mode, {}).items():
            for id_, resource in by_id.items():
                path = (mode, type_, id_)
                if type_ not in FEWER_PERMISSIONS:
                    yield attack(f"{mode} removed", path, REMOVED)
                yield from (attack("meta argument", (*path, name.strip()), value) for name, value in _META.items())
                yield from (
                    attack("lifecycle", (*path, "lifecycle", name.strip()), value) for name, value in _LIFECYCLE.items()
                )
                yield from _argument_attacks(attack, stack, path, type_, resource)
    yield from _swaps(attack, stack)


def _argument_attacks(attack: Any, stack: Json, path: Path, type_: str, resource: Json) -> Iterator[Attack]:
    # Terraform ignores a change of these arguments.
    ignored = resource.get("lifecycle", {}).get("ignore_changes", ())
    policies = set()
    for inner, value in walk(resource):
        if inner[0] in ignored:
            continue
        argument = text(inner)
        if DOCUMENT in inner and inner[: inner.index(DOCUMENT)] in policies:
            continue
        policy = parsed_document(value)
        if policy and "Statement" in policy:
            policies.add(inner)
            for kind, place, after in policy_attacks(policy):
                yield attack(f"policy {kind}", (*path, *inner), json.dumps(after), place)
        group = "lifecycle" if inner[0] == "lifecycle" else inner[0] if inner[0] in _META_ARGUMENTS else "argument"
        for kind, new in other_values(value):
            if not is_harmless(type_, argument, kind):
                yield attack(f"{group} {kind}", (*path, *inner), new)
        for kind, new in expressions(value):
            yield attack(f"expression {kind}", (*path, *inner), new)


def _swaps(attack: Any, stack: Json) -> Iterator[Attack]:
    """Write the value of a sister, or refer to it, instead of a resource."""
    for type_, by_id in stack["resource"].items():
        for first, second in pairwise(by_id):
            for name in sorted({*by_id[first]} & {*by_id[second]} - _UNSWAPPED):
                if by_id[first][name] != by_id[second][name] and not is_harmless(type_, name, "sister"):
                    yield attack("value of a sister", ("resource", type_, first, name), by_id[second][name], second)
    for path, value in walk(stack["resource"]):
        if (
            isinstance(value, str)
            and "depends_on" not in path
            and not is_harmless(path[0], text(path[2:]), "reference")
        ):
            for type_, id_ in _REFERENCE.findall(value):
                for other in sorted({*stack["resource"].get(type_, {})} - {id_}):
                    new = value.replace(f"${{{type_}.{id_}.", f"${{{type_}.{other}.")
                    yield attack("reference to a sister", ("resource", *path), new, other)
