"""Rules about the sources of images and model data, and about secrets in container environments."""

import re
from collections.abc import Iterable

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.grant import Grant
from protected_endpoints.review.analysis.grant_text import principal_name
from protected_endpoints.review.analysis.inference_components import component_changes
from protected_endpoints.review.analysis.models import containers
from protected_endpoints.review.analysis.owners import describe_owner, image_source, is_jumpstart_bucket
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.resource_types import MODEL
from protected_endpoints.review.plan.values import Hidden, Json, as_dict, as_list, first_block
from protected_endpoints.review.rules.registry import RuleResult, rule
from protected_endpoints.secret_scan import is_auth_name, redact

_MAX_NAMES = 20  # of sources before


@rule("secret-in-env", "block")
def secret_in_env(context: ReviewContext) -> RuleResult:
    """Plan, state and DescribeModel show the environment of a container in plaintext."""
    for model in context.plan.of_type(MODEL):
        before = {*_secrets(model.before)}
        for name in _secrets(model.after):
            if name not in before or model.is_replaced or model.is_created:
                yield (
                    model.address,
                    f"Environment variable {code(name)} looks like a secret; plan and state show it in plaintext."
                    f"{context.reason_of(f'secret_like_environment.{name}')}",
                )


@rule("artifact-source-changed", "warn")
def artifact_source_changed(context: ReviewContext) -> RuleResult:
    """Code and model data come from a source that was not used before, or for a new model from another account."""
    for model in context.compared(MODEL):
        for artifact, sources in (("Image", _repositories), ("Model data", _buckets), ("Model package", _packages)):
            before = model.previous_values(sources)
            added = sorted(sources(model.after) - before)
            # Of a bucket the permission to read it tells the account: bucket-account-changed.
            owners = {} if sources is _buckets else {item: describe_owner(context.plan.account, item) for item in added}
            named = [f"{code(item)}{f', {owners[item]}' if owners.get(item) else ''}" for item in added]
            if model.is_new:
                outside = [name for item, name in zip(added, named, strict=True) if owners.get(item)]
                yield from ((model.address, f"{artifact} source is {name}.") for name in outside)
            elif added:
                previous = ", ".join(map(code, sorted(before)[:_MAX_NAMES])) or "none"
                yield model.address, f"{artifact} source is {', '.join(named)}; before: {previous}."
    for component in component_changes(context.plan):
        buckets = [uri.removeprefix("s3://").partition("/")[0] for uri in component.artifact if uri]
        if len(set(buckets)) > 1:
            yield component.change.address, f"Adapter source is {code(buckets[1])}; before: {code(buckets[0])}."


@rule("bucket-account-changed", "warn")
def bucket_account_changed(context: ReviewContext) -> RuleResult:
    """A bucket of the same name in another account contains what that account puts there."""
    reason = context.reason_of("model_data_account")
    before: dict[tuple[str, str], set[str]] = {}
    for grant in context.permissions.added:
        if grant.is_all_resources or not grant.is_identity_policy or grant.is_boundary:
            continue
        if not grant.matches_action("s3:getobject", "s3:putobject", "s3:listbucket"):
            continue
        use = (grant.principal, grant.action)
        if use not in before:
            before[use] = _required_accounts(context.permissions.similar_before(grant))
        known, accounts = before[use], _bucket_accounts(grant)
        previous = f"; before: of account {code(', '.join(sorted(known)))}" if known else ""
        # A permission that did not exist is expected to be for the account of the stack.
        is_new = bool(context.endpoints) and not context.permissions.similar_before(grant)
        expected = {context.plan.account} if is_new else known
        if expected and (not accounts or not expected.issuperset(accounts)):
            yield (
                grant.address,
                f"{principal_name(grant)} can perform {code(grant.action)} on {code(grant.resource)} in a bucket of "
                f"{_bucket_owner(grant, accounts)}{previous}.{'' if accounts else reason}",
            )


@rule("image-unpinned", "warn")
def image_unpinned(context: ReviewContext) -> RuleResult:
    """A mutable tag can point to another image without a change that is reviewed."""
    for model in context.plan.of_type(MODEL):
        if model.is_created or model.is_replaced:
            for image in _images(model.after):
                name = redact(image).rpartition("/")[2]
                if "@sha256:" not in image and (":" not in name or name.endswith(":latest")):
                    reason = context.reason_of("image_tag")
                    yield (
                        model.address,
                        f"Image {code(name)} has a mutable tag. Use a digest or a version tag.{reason}",
                    )


def _bucket_owner(grant: Grant, accounts: list[str]) -> str:
    if accounts:
        return f"account {code(', '.join(accounts))}"
    bucket = grant.resource.rpartition(":::")[2].partition("/")[0]
    if is_jumpstart_bucket(bucket):
        return "AWS with models of JumpStart"
    return "any account"


def _required_accounts(grants: Iterable[Grant]) -> set[str]:
    """Return the accounts of which each of the permissions requires one; none if one of them is for any account."""
    accounts = [_bucket_accounts(grant) for grant in grants if not grant.is_boundary]
    return {account for group in accounts for account in group} if all(accounts) else set()


def _bucket_accounts(grant: Grant) -> list[str]:
    """Return the accounts of which a permission requires one of the bucket; none if it is for any account."""
    return grant.required_condition_values.get("aws:resourceaccount", [])


def _secrets(model: Json | None) -> list[str]:
    return [
        str(name)
        for container in containers(model)
        for name, value in as_dict(container.get("environment")).items()
        if isinstance(value, Hidden) and (value.looks_secret or is_auth_name(str(name)))
    ]


def _images(model: Json | None) -> list[str]:
    return [image for container in containers(model) if isinstance(image := container.get("image"), str)]


def _repositories(model: Json | None) -> set[str]:
    return {*map(image_source, _images(model))}


def _buckets(model: Json | None) -> set[str]:
    used = containers(model)
    sources = [
        first_block(as_dict(source).get("s3_data_source"))
        for container in used
        for key in ("model_data_source", "additional_model_data_source")
        for source in as_list(container.get(key))
    ]
    uris = [*(item.get("model_data_url") for item in used), *(item.get("s3_uri") for item in sources)]
    return {uri.removeprefix("s3://").partition("/")[0] for uri in uris if isinstance(uri, str)}


def _packages(model: Json | None) -> set[str]:
    """Return the ARNs of the model packages without their versions."""
    packages = [name for container in containers(model) if isinstance(name := container.get("model_package_name"), str)]
    return {re.sub(r"/\d+$", "", name) for name in packages}
