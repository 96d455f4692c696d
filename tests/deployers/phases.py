"""The AWS calls of Terraform in the phases of an environment: apply, plan, updates and destroy.

The environment has a network, a state in S3, a topic of alarms, a trail of administrators, a reader, and invokers of
every kind. Its endpoint scales.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from protected_endpoints.errors import CommandError
from protected_endpoints.loading.load import load
from protected_endpoints.policies import Document
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_boundary import environment_boundary
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner_statements
from protected_endpoints.policies.packing import pack
from sandbox.call_log import Call
from sandbox.emulator import Emulator
from tests.deployers.requests import Account
from tests.network import Vpc
from tests.workspace import Workspace

_ROLE = "arn:aws:iam::111122223333:role"
# Removed from the policies of a deployer. Terraform calls it before any change.
MISSING_ACTION = "sagemaker:DescribeEndpoint"
ENDPOINT, OPERATIONS, TRAIL = "dev-kmeans", "dev-operations", "dev-audit"
STACKS = ("dev-network", OPERATIONS, ENDPOINT)  # those that a deployer applies
_TRUST = '{"Statement":[]}'
_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
_INVOKERS = f"""invokers = [
  "{_ROLE}/checkout-api",
  {{ role_arn = "{_ROLE}/tagged", principal_tags = {{ team = "a" }} }},
  {{ name = "partner", principals = ["arn:aws:iam::444455556666:role/gateway"], external_id = "acme-7f3a" }},
]
"""
_SHARED = """create_dashboard = true
alarms = { create_topic = true }
audit = { create_trail = true }
"""
_SCALING = """
[endpoints.kmeans.scaling]
min_capacity = 1
max_capacity = 4
target_value = 70

[[endpoints.kmeans.scaling.scheduled_actions]]
name = "night"
schedule = "cron(0 20 * * ? *)"
max_capacity = 2

[[endpoints.kmeans.scaling.step_scaling_policies]]
name = "peak"
metric_name = "CPUUtilization"
statistic = "Average"
threshold = 300
comparison_operator = "GreaterThanThreshold"
step_adjustments = [{ metric_interval_lower_bound = 0, scaling_adjustment = 2 }]
"""
_SETTINGS = """[endpoints.kmeans.logs]
retention_in_days = 30
[endpoints.kmeans.kms]
rotation_period_in_days = 180
[endpoints.kmeans.data_capture]
retention_days = 30
"""
_EGRESS = """[endpoints.kmeans.relax]
network_isolation = "the container calls the feature store"
[[endpoints.kmeans.egress]]
cidr_ipv4 = "10.0.0.0/24"
port = 8443
reason = "mirror of the model hub"
"""
_UPDATE = [('"ml.m4.xlarge"', '"ml.c5.xlarge"'), ('kmeans:1"', 'kmeans:2"')]
_CHANGE = [
    ('name = "acme"', 'name = "acme"\ntags = { cost-center = "ml" }'),
    ("role/auditor", "role/other-auditor"),
    ('"acme-7f3a"', '"acme-7f3b"'),
    ('team = "a"', 'team = "b"'),
    ("max_capacity = 4", "max_capacity = 5"),
    ("target_value = 70", "target_value = 60"),
    ("cron(0 20", "cron(0 21"),
    (f'  "{_ROLE}/checkout-api",\n', ""),
    ("[endpoints.kmeans.data_capture]\n", f"{_EGRESS}{_SETTINGS}"),
]
# The state stack, whose boundary the roles get instead of their own. An administrator creates both.
_BOOTSTRAP = [
    (
        "[environments.dev]\n",
        f'[environments.dev]\ndeployers = ["{_ROLE}/deployer"]\ngithub_actions = {{ repository = "acme/endpoints", '
        "create_openid_connect_provider = false }\n",
    )
]
_BOUNDARY = 'permissions_boundary_arn = "arn:aws:iam::111122223333:policy/boundary"'
_REASON = 'prevent_destroy = "the endpoint is retired"'
_PARTNER = '{ name = "partner", principals = ["arn:aws:iam::444455556666:role/gateway"], external_id = "acme-7f3b" }'
_RETIRE = [
    ('\ntags = { cost-center = "ml" }', ""),
    ("[environments.dev]\n", f"[environments.dev]\n{_BOUNDARY}\n"),
    (f"  {_PARTNER},\n", ""),
    (_EGRESS, f"[endpoints.kmeans.relax]\n{_REASON}\n"),
]

# The last scaling, dashboards and events of the environment.
_REMOVE = [
    (_SCALING, ""),
    ("eventbridge = true\n", ""),
    ("[endpoints.kmeans]\ncreate_dashboard = true\ncreate_ssm_parameters = true\n", "[endpoints.kmeans]\n"),
    ("create_dashboard = true\n", ""),
]

_TOPIC_KEY = "aws_kms_key.Alarms_Key_66918E0D"
_STACKS_OF_PHASES = {"plan": (*STACKS, TRAIL), "destroy": (*reversed(STACKS),)}


@dataclass(frozen=True)
class Phase:
    """The calls of Terraform in one phase, and the policies that were printed for it."""

    name: str
    calls: list[Call]
    deployer: list[Document]
    planner: list[Document]


class Environment:
    """An environment whose phases run as deployer and planner, with their printed policies."""

    def __init__(self, aws: Emulator, workspace: Workspace, account: Account) -> None:
        self._aws, self._workspace, self._account = aws, workspace, account
        self._vpc = _prepare(aws, workspace)
        self.errors: dict[str, str] = {}

    def phases(self) -> Iterator[Phase]:
        """Run and yield the phases in order; a phase begins with the resources of the previous one."""
        self._apply_trail()
        yield self._phase("apply", "apply", "-auto-approve")
        runtime = self._aws.client("sagemaker-runtime", as_role="checkout-api", from_vpc=self._vpc.vpc_id)
        runtime.invoke_endpoint(EndpointName="acme-dev-kmeans", Body=b"1,2")  # so that the bucket is not empty
        yield self._phase("plan", "plan", "-lock=false")
        self.edit(_UPDATE)
        self.errors = {role: self._error_of(role) for role in ("planner", "incomplete")}
        self.edit(_BOOTSTRAP)
        self._create_boundary()
        yield self._phase("update", "apply", "-auto-approve")
        self._aws.client("ec2").associate_vpc_cidr_block(VpcId=self._vpc.vpc_id, CidrBlock="10.1.0.0/16")
        self.edit(_CHANGE)
        yield self._phase("settings", "apply", "-auto-approve")
        self.edit(_RETIRE)
        yield self._phase("retire", "apply", "-auto-approve")
        yield self._phase("destroy", "destroy", "-auto-approve")

    def removal(self) -> Iterator[Phase]:
        """Run and yield a first apply, then a plan and an apply after the last scaling and others were removed."""
        self._apply_trail()
        yield self._phase("apply", "apply", "-auto-approve")
        self.edit(_REMOVE)
        yield self._phase("plan", "plan", "-lock=false")
        yield self._phase("removal", "apply", "-auto-approve")

    def _apply_trail(self) -> None:
        """Apply the stack of the trail as an administrator."""
        self._workspace.synth()
        self._run(TRAIL, "apply", "-auto-approve")
        for call in self._aws.calls():
            self._account.remember(call)
        self._account.read_tags(self._aws)

    def _create_boundary(self) -> None:
        """Create the permissions boundary of the environment as the state stack does."""
        scope = EnvironmentScope(load(self._workspace.directory / "endpoints.toml").deployments)
        boundary = json.dumps(environment_boundary(scope))
        self._aws.client("iam").create_policy(PolicyName=scope.names.environment_boundary, PolicyDocument=boundary)

    def edit(self, edits: list[tuple[str, str]]) -> None:
        for old, new in edits:
            self._workspace.edit(old, new)

    def _phase(self, name: str, *arguments: str) -> Phase:
        self._workspace.synth()
        deployer, planner = self._printed()
        self._become("planner" if name == "plan" else "deployer", planner if name == "plan" else deployer)
        before = len(self._aws.calls())
        for stack in _STACKS_OF_PHASES.get(name, STACKS):
            if (name, stack) == ("destroy", OPERATIONS):
                self._run(stack, "state", "rm", _TOPIC_KEY)  # which Terraform refuses to destroy
            self._run(stack, *arguments)
        calls = self._aws.calls()[before:]
        self._account.read_tags(self._aws)
        return Phase(name, calls, deployer, planner)

    def _error_of(self, role: str) -> str:
        """Return the error of Terraform when a planner, or a deployer without one action, applies."""
        self._workspace.synth()
        deployer, planner = self._printed()
        self._become(role, planner if role == "planner" else _without(MISSING_ACTION, deployer))
        with pytest.raises(CommandError) as failure:
            self._run(ENDPOINT, "apply", "-auto-approve", "-lock=false")
        # A planner cannot save the state. Nothing was created, so nothing is lost.
        (self._workspace.stack(ENDPOINT).directory / "errored.tfstate").unlink(missing_ok=True)
        return str(failure.value)

    def _run(self, stack: str, *arguments: str) -> None:
        terraform = self._workspace.stack(stack)
        terraform.init()
        terraform.run(*arguments)

    def _printed(self) -> tuple[list[Document], list[Document]]:
        """Return the policies of deployer and planner, as they are printed."""
        scope = EnvironmentScope(load(self._workspace.directory / "endpoints.toml").deployments)
        return pack(deployer_statements(scope)), pack(planner_statements(scope))

    def _become(self, role: str, policies: list[Document]) -> None:
        """Replace the policies of a role, and run Terraform with its credentials."""
        iam = self._aws.client("iam")
        for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=role, PolicyArn=attached["PolicyArn"])
            iam.delete_policy(PolicyArn=attached["PolicyArn"])
        for number, document in enumerate(policies):
            policy = iam.create_policy(PolicyName=f"{role}-{number}", PolicyDocument=json.dumps(document))
            iam.attach_role_policy(RoleName=role, PolicyArn=policy["Policy"]["Arn"])
        self._workspace.environment |= self._aws.credentials(role)


def _without(action: str, policies: list[Document]) -> list[Document]:
    text = json.dumps(policies)
    assert text.count(f'"{action}"') == 1
    weak: list[Document] = json.loads(text.replace(f'"{action}"', '"sts:GetCallerIdentity"'))
    return weak


def _prepare(aws: Emulator, workspace: Workspace) -> Vpc:
    """Create the existing resources of the environment, and configure it to use them."""
    vpc = Vpc.create(aws)
    location = {"LocationConstraint": aws.region}
    aws.client("s3").create_bucket(Bucket="acme-tfstate", CreateBucketConfiguration=location)
    iam = aws.client("iam")
    for name in ("checkout-api", "tagged", "auditor", "other-auditor", "deployer", "planner", "incomplete"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=_TRUST)
    iam.create_policy(PolicyName="boundary", PolicyDocument=_ALL)
    state = f'[environments.dev.state]\nbucket = "acme-tfstate"\n\n{vpc.table("dev")}\n'
    workspace.edit("[endpoints.kmeans]\n", f"{state}[endpoints.kmeans]\n")
    workspace.edit(f'invokers = ["{_ROLE}/checkout-api"]\n', _INVOKERS)
    capture = f'capture_mode = "All"\neventbridge = true\nreaders = ["{_ROLE}/auditor"]\n'
    workspace.edit('capture_mode = "All"\n', f"{capture}{_SCALING}")
    workspace.edit("[environments.dev]\n", f"[environments.dev]\n{_SHARED}")
    shown = "create_dashboard = true\ncreate_ssm_parameters = true\n"
    workspace.edit("[endpoints.kmeans]\n", f"[endpoints.kmeans]\n{shown}")
    return vpc


def resource_policies(aws: Emulator) -> dict[str, Document]:
    """Return the policies of the managed keys and buckets, by the last part of their ARNs."""
    s3, kms = aws.client("s3"), aws.client("kms")
    policies = {}
    for key in kms.list_keys()["Keys"]:
        policies[f"key/{key['KeyId']}"] = json.loads(
            kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
        )
    for bucket in s3.list_buckets()["Buckets"]:
        if "capture" in bucket["Name"] or "audit" in bucket["Name"]:
            policies[bucket["Name"]] = json.loads(s3.get_bucket_policy(Bucket=bucket["Name"])["Policy"])
    return policies
