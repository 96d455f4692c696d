"""The size of policies."""

from tests.loading.support import Table
from tests.rules.pair import IMAGE, NO_MODEL, REASON, ROLE, Pair, adapter, component, components

_PRINCIPAL = "arn:aws:iam::999988887777:role/gateway-of-a-partner-with-a-long-name-{}"


def _containers(count: int) -> Table:
    """Return the example with several containers with different images and model data."""
    return {
        **NO_MODEL,
        "container": [
            {"image": IMAGE.replace("kmeans:", f"a-repository-of-its-own-{number}:"), "model_data_url": _data(number)}
            for number in range(count)
        ],
    }


def _data(number: int) -> str:
    return f"s3://a-bucket-with-a-long-name-of-its-own/{'a-folder-below/' * 14}{number}/model.tar.gz"


def _target_models(models: int) -> Table:
    names = [f"a-tenant-with-a-long-name-of-its-own-{number}/*" for number in range(models)]
    return {
        "mode": "MultiModel",
        "model_data_url": "s3://my-bucket/models/",
        "invokers": [{"role_arn": f"{ROLE}/tenants", "target_models": names}],
    }


def _principals(count: int) -> Table:
    principals = [_PRINCIPAL.format(number) for number in range(count)]
    return {"invokers": [{"name": "partner", "principals": principals, "external_id": "acme-7f3a"}]}


def _planner_workflows(count: int) -> Table:
    github = {"repository": "acme/endpoints", "planner_workflows": [f"review-{number}.yml" for number in range(count)]}
    return {"in_environment": {"github_actions": github, "state": {"bucket": "acme-tfstate-dev"}}}


def _permissions(count: int) -> Table:
    table = "arn:aws:dynamodb:us-west-2:111122223333:table/a-table-with-a-long-name"
    resources = [f"{table}-{number}" for number in range(count)]
    permission = {"actions": ["dynamodb:GetItem"], "resources": resources, "reason": REASON}
    return {"permissions": [permission], "relax": {"network_isolation": REASON}}


def _readers(count: int) -> Table:
    return {"data_capture": {"readers": [f"{ROLE}/an-analyst-with-a-long-name-{number}" for number in range(count)]}}


def _adapters(count: int, **changes: object) -> Table:
    return components({"one": component(), **{f"adapter-{i:02}": adapter() for i in range(count)}}, **changes)


PAIRS = [
    Pair(
        "execution-role-policy-size",
        passes=_containers(8),
        fails=_containers(13),
        messages=(
            "endpoints.kmeans: the policies of the execution role, including those of the previous version, "
            "would have 13240 characters, but AWS accepts 10240; use fewer images, locations, keys and "
            "permissions, or split the endpoint",
        ),
    ),
    Pair(
        "execution-role-policy-size",
        passes=_permissions(38),
        fails=_permissions(45),
        messages=(
            "endpoints.kmeans: the policies of the execution role, including those of the previous version, "
            "would have 11264 characters, but AWS accepts 10240; use fewer images, locations, keys and "
            "permissions, or split the endpoint",
        ),
    ),
    Pair(
        "managed-policy-size",
        passes=_target_models(40),
        fails=_target_models(70),
        messages=(
            "endpoints.kmeans.invokers[0]: the policy of this invoker would have 6963 characters, but AWS "
            "accepts 6144; list fewer target models, tags or VPC endpoints, or split the invoker",
        ),
    ),
    Pair(
        "managed-policy-size",
        passes=_adapters(25),
        fails=_adapters(30),
        messages=(
            "endpoints.kmeans.invokers[0]: the policy of this invoker would have 6179 characters, but AWS accepts "
            "6144; move inference components to another endpoint, or list fewer target models, tags or VPC endpoints, "
            "or split the invoker",
        ),
    ),
    Pair(
        "managed-policy-size",
        passes=_adapters(25, invokers=[]),
        fails=_adapters(30, invokers=[]),
        messages=(
            "endpoints.kmeans.inference_components: the policy of invokers, which lists every component, would have "
            "6179 characters, but AWS accepts 6144; move inference components to another endpoint",
        ),
    ),
    Pair(
        "trust-policy-size",
        passes={**_principals(15), **_planner_workflows(3)},
        fails={**_principals(25), **_planner_workflows(30)},
        messages=(
            "endpoints.kmeans.invokers[0].principals: the trust policy of the managed role would have 2097 "
            "characters, but AWS accepts 2048; list fewer principals, list their account with principal_tags, or "
            "split the invoker",
            "environments.dev.github_actions.planner_workflows: the trust policy of the planner role would have 2431 "
            "characters, but AWS accepts 2048; list fewer workflows",
        ),
    ),
    Pair(
        "resource-policy-size",
        passes=_readers(200),
        fails=_readers(320),
        messages=(
            "endpoints.kmeans.data_capture.readers: the policy of the bucket would have 22906 characters, but "
            "AWS accepts 20480; list fewer roles and locations",
        ),
    ),
]
