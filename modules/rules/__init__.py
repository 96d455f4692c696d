"""Define the rules that need more than one field to be judged: one function a rule.

A rule yields a `Problem` for each place that breaks it, with its path from the top of the file. Its docstring says
what AWS or Terraform would do, and who says so (`rule N` counts as in the documentation of the rules).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from modules.problems import Problem
from modules.rules import access, capture, container, encryption, naming

if TYPE_CHECKING:
    from modules.config import Deployment

Rule = Callable[["Deployment"], Iterator[Problem]]

ERRORS: tuple[Rule, ...] = (
    naming.base_name_fits_every_resource,
    naming.base_name_may_start_a_bucket_name,
    naming.tags_leave_room_for_ours,
    naming.tags_leave_ours_alone,
    container.image_is_in_the_region,
    container.image_tag_does_not_move,
    container.environment_is_small_enough,
    container.environment_holds_no_secret,
    access.invokers_are_roles_of_the_account,
    access.invokers_can_take_a_policy,
    access.readers_are_roles_of_the_account,
    access.roles_are_named_once,
    access.boundary_is_of_the_account,
    encryption.key_is_in_the_region,
    encryption.settings_of_a_made_key_need_one,
    capture.settings_of_a_made_bucket_need_one,
    capture.relaxed_account_needs_an_artefact,
)
WARNINGS: tuple[Rule, ...] = (
    access.relaxed_protections_are_shown,
    encryption.local_storage_is_not_under_the_key,
    capture.something_is_recorded,
    capture.destination_is_apart_from_the_artefact,
)


def errors(deployment: Deployment) -> list[Problem]:
    """Return everything that must not be deployed."""
    return [problem for rule in ERRORS for problem in rule(deployment)]


def warnings(deployment: Deployment) -> list[Problem]:
    """Return everything that is allowed but probably not meant."""
    return [replace(problem, severity="warning") for rule in WARNINGS for problem in rule(deployment)]
