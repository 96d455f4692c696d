"""Rules about what runs: images, model data, and what stands in their environment."""

import re
from collections.abc import Iterator

from protected_endpoints.review.analysis.context import View
from protected_endpoints.review.analysis.endpoints import MODEL
from protected_endpoints.review.plan.values import Hidden, Json, first, listed, table
from protected_endpoints.review.report.markdown import code

# Names of variables that hold secrets, in whole words.
_SECRET = re.compile(
    r"(^|_)(API_?KEY|AUTH|CREDENTIALS?|PASSWD|PASSWORD|PRIVATE_?KEY|SECRET|TOKEN)(_|$)|SECRET_ACCESS_KEY", re.IGNORECASE
)


def secret_in_env(view: View) -> Iterator[tuple[str, str]]:
    """The environment stands in clear in plan and state."""
    for each in view.plan.of_type(MODEL):
        known = {*_secrets(each.before)}
        for name in _secrets(each.after):
            if name not in known or each.is_replaced or each.comes:
                yield (
                    each.address,
                    f"The variable {code(name)} looks like a secret, and stands in clear in plan and state.",
                )


def image_unpinned(view: View) -> Iterator[tuple[str, str]]:
    """What runs can change without a change that anybody reviews."""
    for each in view.plan.of_type(MODEL):
        if each.comes or each.is_replaced:
            for image in _images(each.after):
                name = image.rpartition("/")[2]
                if "@sha256:" not in image and (":" not in name or name.endswith(":latest")):
                    yield each.address, f"The image {code(name)} is named by a tag that moves. Use its digest."


def artifact_moved(view: View) -> Iterator[tuple[str, str]]:
    """What runs comes from somebody else, or from where others may put it."""
    for each in view.plan.of_type(MODEL):
        for what, side in (("The image", _registries), ("The model data", _buckets), ("The package", _packages)):
            before, after = side(each.before), side(None if each.goes else each.after)
            if before and (more := sorted(after - before)):
                names = [", ".join(map(code, part)) for part in (more, sorted(before))]
                yield each.address, f"{what} comes from {names[0]}, and came from {names[1]}."


def _containers(model: Json | None) -> list[Json]:
    return [table(each) for key in ("primary_container", "container") for each in listed(table(model).get(key))]


def _secrets(model: Json | None) -> list[str]:
    return [
        str(name)
        for container in _containers(model)
        for name, value in table(container.get("environment")).items()
        if _SECRET.search(str(name)) and isinstance(value, Hidden)
    ]


def _images(model: Json | None) -> list[str]:
    return [image for each in _containers(model) if isinstance(image := each.get("image"), str)]


def _registries(model: Json | None) -> set[str]:
    return {image.partition("/")[0] for image in _images(model)}


def _buckets(model: Json | None) -> set[str]:
    containers = _containers(model)
    sources = [
        first(table(source).get("s3_data_source"))
        for each in containers
        for key in ("model_data_source", "additional_model_data_source")
        for source in listed(each.get(key))
    ]
    uris = [*(each.get("model_data_url") for each in containers), *(each.get("s3_uri") for each in sources)]
    return {uri.removeprefix("s3://").partition("/")[0] for uri in uris if isinstance(uri, str)}


def _packages(model: Json | None) -> set[str]:
    """Return the packages of the registry that a model is made of, without their versions."""
    packages = [package for each in _containers(model) if isinstance(package := each.get("model_package_name"), str)]
    return {re.sub(r"/\d+$", "", each) for each in packages}
