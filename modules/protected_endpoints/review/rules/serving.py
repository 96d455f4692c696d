"""Rules about what endpoints serve, and whether they go on serving."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import View
from protected_endpoints.review.analysis.endpoints import (
    CONFIGURATION,
    MODEL,
    capacity,
    endpoint_name,
    shown_capacity,
    variants,
)
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.values import Json, listed, table
from protected_endpoints.review.report.markdown import code, plain

_UNIQUE = {
    MODEL: "name",
    CONFIGURATION: "name",
    "aws_iam_role": "name",
    "aws_iam_policy": "name",
    "aws_kms_alias": "name",
    "aws_s3_bucket": "bucket",
    "aws_cloudwatch_log_group": "name",
}
_ENOUGH = 2


def endpoint_down(view: View) -> Iterator[tuple[str, str]]:
    """An endpoint that is destroyed, or replaced old first, answers nobody meanwhile."""
    for each in view.endpoints:
        if each.way == "goes":
            yield each.change.address, "The endpoint is destroyed. Callers get errors from then on."
        if each.way == "interrupted":
            because = f", because {code(each.change.replace_paths[0])} changes" if each.change.replace_paths else ""
            yield (
                each.change.address,
                f"The old endpoint is destroyed before the new one exists{because}. Callers get errors until the new "
                "one is in service. Keep what forces it, or add another endpoint first and remove this one afterwards.",
            )


def stale_serving(view: View) -> Iterator[tuple[str, str]]:
    """SageMaker is never told of a change under an unchanged name, and the apply succeeds."""
    for each in view.endpoints:
        if each.way == "stale":
            yield (
                each.change.address,
                f"The endpoint {each.says.replace('silently ', '')}. The apply succeeds, and nothing of the change is "
                "served. Give what is replaced another name.",
            )


def serving_destroyed_first(view: View) -> Iterator[tuple[str, str]]:
    """An endpoint whose configuration or model is gone can neither be updated nor scaled until it has another."""
    served = [each.change.becomes("endpoint_config_name") for each in view.endpoints]
    served += [
        variant.get("model_name") for each in view.plan.of_type(CONFIGURATION) for variant in variants(each.after)
    ]
    if any(each.way in ("stays", "updated", "settings", "tags") for each in view.endpoints):
        for each in (*view.plan.of_type(CONFIGURATION), *view.plan.of_type(MODEL)):
            if each.goes and each.was("name") in served:
                yield each.address, "It is destroyed, and goes on being used: nothing can be updated or started anew."
            if each.is_old_first:
                yield (
                    each.address,
                    "It is destroyed before the endpoint has moved to the new one: the update fails, or AWS cannot "
                    "patch the endpoint meanwhile. Make the new one first (create_before_destroy).",
                )


def name_collision(view: View) -> Iterator[tuple[str, str]]:
    """Two of one name cannot be there at once, so the apply fails half-way."""
    left = [(each.type, each.was(key)) for each in view.plan.deposed if (key := _UNIQUE.get(each.type))]
    for each in view.plan.changes:
        if "create" in each.actions and (each.type, each.becomes(_UNIQUE.get(each.type, ""))) in left:
            yield (
                each.address,
                "An earlier apply has left one of this name behind, so AWS refuses it. Raise `revision`.",
            )
    for each in view.plan.changes:
        key = _UNIQUE.get(each.type, "name" if each.type == "aws_sagemaker_endpoint" else "")
        new_first = each.is_replaced and not each.is_old_first and not each.is_tainted
        if key and new_first and isinstance(each.was(key), str) and each.was(key) == each.becomes(key):
            yield (
                each.address,
                f"Made anew before the old one goes, under the same {code(key)}: AWS refuses the second, and the apply "
                "fails half-way. Change the name with the content.",
            )


def capacity_low(view: View) -> Iterator[tuple[str, str]]:
    """One instance is in one availability zone, and has no other to take over."""
    for each in view.plan.of_type(CONFIGURATION):
        before, after = (capacity(_answering(side)) for side in (each.before, each.after))
        if before and after and min(after.values()) < _ENOUGH <= min(before.values()):
            sides = (plain(shown_capacity(side)) for side in (each.before, each.after))
            yield each.address, f"{' → '.join(sides)}: nothing takes over for one."


def capacity_changed(view: View) -> Iterator[tuple[str, str]]:
    """What is paid for and what can be answered changes."""
    for each in view.plan.of_type(CONFIGURATION):
        if each.before and each.after and capacity(each.before) != capacity(each.after):
            more = sum(capacity(each.after).values()) - sum(capacity(each.before).values())
            hours = f", {more:+d} instance-hours an hour" if more else ""
            yield each.address, f"{plain(shown_capacity(each.before))} → {plain(shown_capacity(each.after))}{hours}."


def traffic_changed(view: View) -> Iterator[tuple[str, str]]:
    """Which version answers how many of the requests changes."""
    for each in view.plan.of_type(CONFIGURATION):
        before, after = _shares(each.before), _shares(each.after)
        if before and after and before != after:
            yield each.address, f"{_shown_shares(before)} → {_shown_shares(after)}."


def cost(view: View) -> Iterator[tuple[str, str]]:
    """What is paid for an hour changes, by the prices that somebody keeps."""
    hourly = view.prices.hourly
    for each in view.plan.of_type(CONFIGURATION):
        sides = [capacity(side) for side in (each.before, None if each.goes else each.after)]
        if hourly and sides[0] != sides[1] and all(kind in hourly for side in sides for _, kind in side):
            before, after = (sum(hourly[kind] * count for (_, kind), count in side.items()) for side in sides)
            yield (
                each.address,
                f"{after - before:+.2f} USD an hour ({before:.2f} → {after:.2f}), by prices of {view.prices.of}.",
            )


def scale_reset(view: View) -> Iterator[tuple[str, str]]:
    """UpdateEndpoint sets each variant to `initial_instance_count`, whatever it was scaled to."""
    targets = {
        str(each.becomes("resource_id")) for each in view.plan.of_type("aws_appautoscaling_target") if each.after
    }
    for each in view.endpoints:
        name = endpoint_name(each.change)
        if each.way == "updated" and any(target.startswith(f"endpoint/{name}/") for target in targets):
            yield (
                each.change.address,
                "The endpoint is scaled, and an update sets its instances back to `initial_instance_count`. Update it "
                "when few requests come, or raise that first.",
            )


def rollback_unseen(view: View) -> Iterator[tuple[str, str]]:
    """SageMaker answers an update that it rolled back as a success, and no postcondition compares what it serves."""
    conditions = dict(view.plan.conditions)
    for each in view.endpoints:
        if each.way == "updated" and not _is_compared(each.change, conditions.get(each.change.address)):
            yield (
                each.change.address,
                "If SageMaker rolls the update back, the apply succeeds all the same. Add a postcondition that "
                "compares `endpoint_config_name`, and until then plan again after the apply.",
            )


def _is_compared(endpoint: Change, status: str | None) -> bool:
    """Return whether a condition of an endpoint compares the configuration that it serves.

    A plan has the status of conditions and not their text. One that compares a name which is known only after the apply
    is not decided before, so that one which is decided compares something else.
    """
    name = endpoint.becomes("endpoint_config_name")
    return status == "unknown" or (status is not None and isinstance(name, str) and "${" not in name)


def _answering(configuration: Json | None) -> Json:
    """Return a configuration without the shadows, which answer nobody."""
    return {"production_variants": table(configuration).get("production_variants")}


def _shares(configuration: Json | None) -> dict[str, float]:
    """Return the part of the requests that each variant answers."""
    weights = {
        str(each.get("variant_name")): weight
        for each in map(table, listed(table(configuration).get("production_variants")))
        if isinstance(weight := each.get("initial_variant_weight"), int | float)
    }
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()} if total > 0 else {}


def _shown_shares(shares: dict[str, float]) -> str:
    return " + ".join(f"{code(name)} {100 * share:.3g} %" for name, share in shares.items())
