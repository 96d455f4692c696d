"""Define the rules that need more than one field to be judged: one function a rule.

A rule yields a `Problem` for each place that breaks it, with its path from the top of the file. Its docstring says
what AWS or Terraform would do, and who says so (`rule N` counts as in the documentation of the rules).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from modules.problems import Problem
from modules.rules import access, callers, capture, container, encryption, naming, network
from modules.rules.network import policies_fit_their_endpoints

if TYPE_CHECKING:
    from modules.config import Deployment, NetworkDeployment

Rule = Callable[["Deployment"], Iterator[Problem]]

ERRORS: tuple[Rule, ...] = (
    naming.base_name_fits_every_resource,
    naming.base_name_begins_as_names_may,
    naming.tags_leave_room_for_ours,
    naming.tags_leave_ours_alone,
    container.image_is_in_the_region,
    container.image_tag_does_not_move,
    container.environment_is_small_enough,
    container.environment_holds_no_secret,
    callers.a_caller_is_a_role_or_principals,
    callers.invokers_are_roles_of_the_account,
    callers.invokers_can_take_a_policy,
    callers.invokers_are_named_once,
    callers.what_is_asked_of_principals_needs_some,
    callers.a_second_factor_is_asked_of_people,
    callers.strangers_prove_who_they_are,
    callers.principals_are_of_the_partition,
    network.private_s3_needs_route_tables,
    network.settings_of_private_endpoints_need_them,
    network.network_is_listed_once,
    network.the_name_network_is_taken,
    access.readers_are_roles_of_the_account,
    access.readers_are_named_once,
    access.those_who_deploy_are_roles_of_the_account,
    access.admins_let_the_deployers_deploy,
    access.boundary_is_of_the_account,
    encryption.key_is_in_the_region,
    encryption.settings_of_a_made_key_need_one,
    capture.settings_of_a_made_bucket_need_one,
    capture.relaxed_account_needs_an_artefact,
)
WARNINGS: tuple[Rule, ...] = (
    access.relaxed_protections_are_shown,
    callers.target_models_need_a_multi_model_endpoint,
    network.a_model_is_in_two_zones,
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


def network_errors(network: NetworkDeployment) -> list[Problem]:
    """Return everything about the private endpoints of an environment that must not be deployed."""
    return [*policies_fit_their_endpoints(network)]
