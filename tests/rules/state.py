"""The Terraform state, its readers and deployers, and the workflows that share it."""

from tests.loading.support import Table
from tests.rules.pair import CHINESE_ROLE, FOREIGN_ROLE, NOT_IN_ACCOUNT, NOT_IN_PARTITION, ROLE, Pair

_BUCKET = "acme-tfstate-dev"
_KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_DEPLOYERS = [f"{ROLE}/platform", f"{ROLE}/ci"]
_GITHUB = {"repository": "acme/endpoints"}
_CHINESE_IMAGE = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1"


def _existing(**changes: object) -> Table:
    return {"in_environment": {"state": {"bucket": _BUCKET, **changes}}}


def _managed(*, deployers: list[str] = _DEPLOYERS, **changes: object) -> Table:
    return {"in_environment": {"deployers": deployers, "state": {"bucket": _BUCKET, "create_bucket": True, **changes}}}


def _planner_workflows(*files: str, region: str = "us-west-2", image: str = "") -> Table:
    github = {**_GITHUB, "planner_workflows": [*files]}
    environment = {"region": region, "github_actions": github, "state": {"bucket": _BUCKET}}
    return {"in_environment": environment, **({"image": image} if image else {})}


PAIRS = [
    Pair(
        "backend-conflict",
        passes={"in_environment": {"cloud": {"organization": "acme"}}},
        fails={"in_environment": {"cloud": {"organization": "acme"}, "state": {"bucket": _BUCKET}}},
        messages=("environments.dev.cloud: conflicts with state; remove one of them",),
    ),
    Pair(
        "state-bucket-setting-unused",
        passes=_existing(region="eu-west-1", kms_key_id=_KEY),
        fails=_managed(region="eu-west-1", kms_key_id=_KEY),
        messages=(
            "environments.dev.state.region: has no effect with create_bucket = true: the managed bucket is "
            'created in the region of its environment, got "eu-west-1"; remove it, or remove create_bucket to '
            "use an existing bucket",
            "environments.dev.state.kms_key_id: has no effect with create_bucket = true: the managed bucket has "
            f'a managed key, got "{_KEY}"; remove it, or remove create_bucket to use an existing bucket',
        ),
    ),
    Pair(
        "state-bucket-without-deployers",
        passes=_managed(),
        fails=_managed(deployers=[]),
        messages=(
            "environments.dev.state.create_bucket: no deployers are configured, and the bucket policy lets only "
            "configured roles write states, got true; set deployers in [environments.dev], and administrators in "
            "[environments.dev.state] to the roles that run make bootstrap",
        ),
    ),
    Pair(
        "state-readers-unused",
        passes=_managed(readers=[f"{ROLE}/auditor"]),
        fails=_existing(readers=[f"{ROLE}/auditor"]),
        messages=(
            f'environments.dev.state.readers: has no effect on an existing bucket, got ["{ROLE}/auditor"]; remove '
            "it, or set create_bucket = true",
        ),
    ),
    Pair(
        "state-administrators-unused",
        passes=_managed(administrators=[f"{ROLE}/admin"]),
        fails=_existing(administrators=[f"{ROLE}/admin"]),
        messages=(
            f'environments.dev.state.administrators: has no effect on an existing bucket, got ["{ROLE}/admin"]; remove '
            "it and name the roles in the policy of the bucket, or set create_bucket = true",
        ),
    ),
    Pair(
        "state-reader-not-in-account",
        passes=_managed(readers=[f"{ROLE}/auditor"], administrators=[f"{ROLE}/admin"]),
        fails=_managed(readers=[FOREIGN_ROLE, CHINESE_ROLE], administrators=[FOREIGN_ROLE]),
        messages=(
            f"environments.dev.state.administrators[0]: {NOT_IN_ACCOUNT.format(FOREIGN_ROLE)}",
            f"environments.dev.state.readers[0]: {NOT_IN_ACCOUNT.format(FOREIGN_ROLE)}",
            f"environments.dev.state.readers[1]: {NOT_IN_PARTITION}",
        ),
    ),
    Pair(
        "state-access-duplicate",
        passes=_managed(readers=[f"{ROLE}/auditor"], administrators=[_DEPLOYERS[0], f"{ROLE}/admin"]),
        fails=_managed(
            deployers=[*_DEPLOYERS, _DEPLOYERS[0]],
            administrators=[f"{ROLE}/admin"],
            readers=[f"{ROLE}/auditor", _DEPLOYERS[1], f"{ROLE}/admin"],
        ),
        messages=(
            f'environments.dev.deployers[2]: duplicate entry, got "{_DEPLOYERS[0]}"; remove it',
            f'environments.dev.state.readers[1]: duplicate entry, got "{_DEPLOYERS[1]}"; remove it',
            f'environments.dev.state.readers[2]: duplicate entry, got "{ROLE}/admin"; remove it',
        ),
    ),
    Pair(
        "github-actions-without-state",
        passes={"in_environment": {"github_actions": _GITHUB, "state": {"bucket": _BUCKET}}},
        fails={"in_environment": {"github_actions": _GITHUB}},
        messages=(
            "environments.dev.github_actions: requires a state in S3 that all workflow runs share; add a table "
            "[environments.dev.state]",
        ),
    ),
    Pair(
        "planner-workflows-outside-aws-partition",
        passes=_planner_workflows("review.yml"),
        fails=_planner_workflows("review.yml", region="cn-north-1", image=_CHINESE_IMAGE),
        messages=(
            "environments.dev.github_actions.planner_workflows: partition aws-cn does not evaluate job_workflow_ref, "
            'so that nobody could plan, got ["review.yml"]; remove it',
        ),
    ),
    Pair(
        "planner-workflow-duplicate",
        passes=_planner_workflows("review.yml", "drift.yml"),
        fails=_planner_workflows("review.yml", "review.yml"),
        messages=(
            'environments.dev.github_actions.planner_workflows[1]: duplicate entry, got "review.yml"; remove it',
        ),
    ),
    Pair(
        "state-stack-name-conflict",
        passes={"name": "states"},
        fails={"name": "state"},
        messages=("endpoints.state: the name is reserved for the state stack of the environment; choose another name",),
    ),
]
