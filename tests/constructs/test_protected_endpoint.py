"""A protected endpoint in a stack of the user's own, and the tokens that it takes from other resources of the app."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cdktf import App, TerraformStack

from protected_endpoints import policies
from protected_endpoints.bindings import AwsProvider, IamRole, KmsKey, S3Bucket, SecurityGroup
from protected_endpoints.constructs.protected_endpoint import ProtectedEndpoint
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.policies.kms_key import existing_key_statements
from protected_endpoints.stacks.endpoint import EndpointStack
from tests.examples import ACCOUNT, REGION
from tests.support import Json, deployment, only, policy, resources, synth

_ROLE = f"arn:aws:iam::{ACCOUNT}:role"


class OwnApp:
    """An app with a stack whose resources AWS names: their IDs are tokens."""

    def __init__(self, outdir: Path, *, earlier_buckets: int = 0, **provider: Any) -> None:
        self.app = App(outdir=str(outdir))
        self.stack = TerraformStack(self.app, "own")
        for number in range(earlier_buckets):
            _ = S3Bucket(self.stack, f"Earlier-{number}").arn
        limits = {"region": REGION, "allowed_account_ids": [ACCOUNT], **provider}
        AwsProvider(self.stack, "Aws", **limits)
        self.group = SecurityGroup(self.stack, "Group", name="existing")
        self.key = KmsKey(self.stack, "Shared")
        # Any attribute is a token. A security group is among the bindings that are loaded anyway.
        self.network = {
            "network": {
                "vpc_id": SecurityGroup(self.stack, "Vpc", name="vpc").id,
                "subnet_ids": [SecurityGroup(self.stack, f"Subnet{zone}", name=zone).id for zone in "ab"],
                "private_endpoints": False,
            }
        }

    def add(self, id_: str = "Kmeans", **changes: Any) -> ProtectedEndpoint:
        return ProtectedEndpoint(self.stack, id_, deployment=deployment(**changes))

    def synth(self) -> Json:
        self.app.synth()
        return self.read("own")

    def read(self, stack: str) -> Json:
        stacks: Json = json.loads((Path(self.app.outdir) / "stacks" / stack / "cdk.tf.json").read_text())
        return stacks

    def warnings(self, stack: str = "own") -> list[tuple[str, str]]:
        """Return the path and the text of each annotation, of which CDKTF prints the warnings."""
        manifest = json.loads((Path(self.app.outdir) / "manifest.json").read_text())
        found = manifest["stacks"][stack]["annotations"]
        assert {annotation["level"] for annotation in found} <= {"@cdktf/warn"}
        return [(annotation["constructPath"], annotation["message"]) for annotation in found]


@pytest.fixture
def own(tmp_path: Path) -> OwnApp:
    return OwnApp(tmp_path)


def test_it_defines_the_resources_of_an_endpoint_stack(own: OwnApp) -> None:
    own.add()
    types = Counter({type_: len(by_id) for type_, by_id in own.synth()["resource"].items()})
    types.subtract({"aws_security_group": 4, "aws_kms_key": 1})
    assert +types == Counter({type_: len(by_id) for type_, by_id in synth()["resource"].items()})


def test_endpoints_of_a_stack_have_one_provider_version(own: OwnApp) -> None:
    own.add()
    own.add("Other", name="other", project={"aws_provider_version": ">= 5.100, < 6"})
    with pytest.raises(RuntimeError, match=r'aws_provider_version: endpoint own/Other .* has ">= 5\.100, < 6", got'):
        own.synth()


def test_endpoints_of_a_stack_have_different_names(own: OwnApp) -> None:
    own.add()
    own.add("Again")
    with pytest.raises(RuntimeError, match=r'endpoints.kmeans: endpoint own/Kmeans .* has the names "acme-dev-kmeans"'):
        own.synth()


def test_one_stack_can_have_several(own: OwnApp) -> None:
    partner = {"name": "partner", "principals": ["arn:aws:iam::999988887777:role/gateway"], "external_id": "acme-7f3a"}
    for name in ("kmeans", "fraud"):
        own.add(name.title(), name=name, invokers=[partner])
    stack = own.synth()
    names = {endpoint["name"] for endpoint in resources(stack, "aws_sagemaker_endpoint")}
    assert names == {"acme-dev-kmeans", "acme-dev-fraud"}
    assert len([name for name in stack["output"] if "invoker_role_arn_partner" in name]) == 2


def test_each_resource_with_tags_has_those_of_the_endpoint_and_others_of_the_stack_have_none(own: OwnApp) -> None:
    own.add(tags={"team": "ml"})
    stack = own.synth()
    tags = {"project": "acme", "environment": "dev", "endpoint": "kmeans", "team": "ml"}
    for type_ in ("aws_sagemaker_endpoint", "aws_sagemaker_model", "aws_iam_role", "aws_s3_bucket"):
        assert only(stack, type_)["tags"] == tags
    assert "tags" not in stack["resource"]["aws_kms_key"]["Shared"]


def test_the_provider_version_is_that_of_the_project(own: OwnApp) -> None:
    own.add(project={"aws_provider_version": "5.100.0"})
    assert own.synth()["terraform"]["required_providers"]["aws"]["version"] == "5.100.0"


@pytest.mark.parametrize("limits", [{"region": "eu-west-1"}, {"allowed_account_ids": None}, {"alias": "second"}])
def test_a_provider_of_another_account_or_region_fails_the_synth(tmp_path: Path, limits: Json) -> None:
    own = OwnApp(tmp_path, **limits)
    own.add()
    fix = r"set AwsProvider\(..., region=\"us-west-2\", allowed_account_ids=\[\"111122223333\"\]\)"
    with pytest.raises(RuntimeError, match=rf"environments\.dev: the AWS provider of stack own .*{fix}"):
        own.synth()


def test_it_checks_the_rules(own: OwnApp) -> None:
    with pytest.raises(ConfigurationError, match=r"\[name-too-long\]"):
        own.add(name="a-name-that-is-too-long-in-all")


def test_the_destroy_guard_has_the_address_of_the_bucket(tmp_path: Path) -> None:
    addresses = []
    for capture in (True, False):
        own = OwnApp(tmp_path / str(capture))
        own.add(data_capture={"enable_capture": capture})
        addresses.append([*own.synth()["resource"]["aws_s3_bucket"]])
    assert addresses[0] == addresses[1]


def test_tokens_of_a_network_are_references(own: OwnApp) -> None:
    own.add(in_environment=own.network, security_group_ids=[own.group.id], relax={"prevent_destroy": "it is a test"})
    stack = own.synth()
    subnets = ["${aws_security_group.Subneta.id}", "${aws_security_group.Subnetb.id}"]
    vpc_config = only(stack, "aws_sagemaker_model")["vpc_config"]
    assert vpc_config["subnets"] == subnets
    assert "${aws_security_group.Group.id}" in vpc_config["security_group_ids"]
    (invoke,) = (item for item in resources(stack, "aws_iam_policy") if "-invoke" in item["name"])
    condition = policy(invoke["policy"])["InvokeThisEndpoint"]["Condition"]["StringEquals"]
    assert condition["aws:SourceVpc"] == ["${aws_security_group.Vpc.id}"]


def test_names_do_not_depend_on_other_tokens_of_the_app(tmp_path: Path) -> None:
    """The text of a token is a number, which counts all tokens of the app."""
    names = []
    for earlier in (0, 20):
        own = OwnApp(tmp_path / str(earlier), earlier_buckets=earlier)
        own.add(in_environment=own.network, kms={"key_arn": own.key.arn})
        stack = own.synth()
        inline = sorted(
            str(resource.get("name_prefix", resource.get("name")))
            for resource in resources(stack, "aws_iam_role_policy")
        )
        names.append([only(stack, "aws_sagemaker_model")["name"], *inline])
    assert names[0] == names[1]


def test_a_key_of_the_app_encrypts_and_is_the_only_one_in_the_policies(own: OwnApp) -> None:
    own.add(kms={"key_arn": own.key.arn})
    stack = own.synth()
    assert only(stack, "aws_sagemaker_endpoint_configuration")["kms_key_arn"] == "${aws_kms_key.Shared.arn}"
    (key_use,) = (
        item for item in resources(stack, "aws_iam_role_policy") if item.get("name_prefix", "").startswith("key")
    )
    assert {statement["Resource"] for statement in policy(key_use["policy"]).values()} == {"${aws_kms_key.Shared.arn}"}


def test_the_policy_of_a_key_of_the_app_can_contain_what_the_endpoint_needs(own: OwnApp) -> None:
    encrypted = deployment(kms={"key_arn": own.key.arn})
    statements = existing_key_statements(encrypted.names, encrypted)[encrypted.endpoint.kms.key_arn]
    own.key.policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    ProtectedEndpoint(own.stack, "Kmeans", deployment=encrypted)
    shared = policy(own.synth()["resource"]["aws_kms_key"]["Shared"]["policy"])
    assert {"VolumeGrantsForSageMakerOnly", "CloudWatchLogsEncryptsThisLogGroup"} <= shared.keys()


def test_two_tokens_of_the_same_value_are_a_duplicate(own: OwnApp) -> None:
    """Each access to an attribute returns another token."""
    with pytest.raises(
        ConfigurationError, match=r"security_group_ids\[1\]: .*aws_security_group\.Group\.id.*-group-duplicate\]"
    ):
        own.add(in_environment=own.network, security_group_ids=[own.group.id, own.group.id])


def test_each_token_is_a_warning_of_the_construct(own: OwnApp) -> None:
    own.add(in_environment=own.network, kms={"key_arn": own.key.arn}, acknowledge={})
    own.synth()
    ((path, text),) = [warning for warning in own.warnings() if "token" in warning[1]]
    assert path == "own/Kmeans"
    assert text.startswith("the value is a token, which no rule can check; ")
    assert [line.strip() for line in text.splitlines()[1:]] == [
        "environments.dev.network.vpc_id",
        "environments.dev.network.subnet_ids[0]",
        "environments.dev.network.subnet_ids[1]",
        "endpoints.kmeans.kms.key_arn",
    ]


def test_a_warning_of_a_rule_is_an_annotation_unless_it_is_accepted(own: OwnApp) -> None:
    own.add(instance_type="ml.g5.xlarge")
    accepted = {"local-storage-not-under-key": "accepted, RISK-884"}
    own.add("Accepted", name="accepted", instance_type="ml.g5.xlarge", acknowledge=accepted)
    own.synth()
    found = [(path, text) for path, text in own.warnings() if "[local-storage-not-under-key]" in text]
    assert [path for path, _ in found] == ["own/Kmeans"]


def test_an_endpoint_stack_of_an_app_has_the_same_warnings_and_takes_tokens_of_another_stack(own: OwnApp) -> None:
    EndpointStack(
        own.app, "dev-kmeans", deployment=deployment(instance_type="ml.g5.xlarge", in_environment=own.network)
    )
    own.app.synth()
    ids = [text.rpartition("[")[2] for _, text in own.warnings("dev-kmeans")]
    assert "local-storage-not-under-key]" in ids
    subnets = only(own.read("dev-kmeans"), "aws_sagemaker_model")["vpc_config"]["subnets"]
    assert [subnet.split(".")[:2] for subnet in subnets] == [["${data", "terraform_remote_state"]] * 2
    outputs = {subnet.rpartition(".")[2].removesuffix("}") for subnet in subnets}
    assert outputs <= own.read("own")["output"].keys()


def test_warnings_of_a_loaded_configuration_are_printed_by_the_command_alone(own: OwnApp) -> None:
    loaded = deployment(instance_type="ml.g5.xlarge")
    EndpointStack(own.app, "dev-kmeans", deployment=loaded, warn=False)
    own.app.synth()
    assert own.warnings("dev-kmeans") == []


def test_a_role_of_the_app_can_invoke_and_is_created_first(own: OwnApp) -> None:
    role = IamRole(own.stack, "Caller", name="caller", path="/apps/", assume_role_policy=policies.to_json({}))
    own.add().access.grant_invoke(role)
    attachment = only(own.synth(), "aws_iam_role_policy_attachment")
    assert attachment["role"] == "${aws_iam_role.Caller.name}"


def test_a_role_of_the_app_is_checked_like_an_arn(own: OwnApp) -> None:
    kmeans = own.add(invokers=[f"{_ROLE}/apps/caller"])
    role = IamRole(own.stack, "Caller", name="caller", path="/apps/", assume_role_policy="{}")
    with pytest.raises(ConfigurationError, match=r"kmeans\.invokers\[1\].* \[invoker-duplicate\]"):
        kmeans.access.grant_invoke(role)


@pytest.mark.parametrize("name", [{}, {"name_prefix": "caller-"}])
def test_a_role_without_a_name_cannot_be_named_in_policies(own: OwnApp, name: Json) -> None:
    role = IamRole(own.stack, "Caller", assume_role_policy="{}", **name)
    with pytest.raises(ConfigurationError, match=r"\.kmeans\.invokers\[0\]: the name of the role own/Caller "):
        own.add().access.grant_invoke(role)
