"""Define the rules that need more than one field to be judged: one function a rule.

A rule yields a `Problem` for each place that breaks it, with its path from the top of the file. Its docstring says
what AWS or Terraform would do, and who says so (`rule N` counts as in the documentation of the rules).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from modules.problems import Problem
from modules.rules import (
    access,
    asynchronous,
    callers,
    capture,
    components,
    container,
    data,
    encryption,
    fleet,
    form,
    length,
    model,
    naming,
    network,
    rollout,
    serverless,
    shadow,
    state,
    variant,
)
from modules.rules.network import policies_fit_their_endpoints
from modules.rules.state import policies_fit_their_roles

if TYPE_CHECKING:
    from modules.config import Deployment, NetworkDeployment, StateDeployment

Rule = Callable[["Deployment"], Iterator[Problem]]

ERRORS: tuple[Rule, ...] = (
    naming.base_name_fits_every_resource,
    naming.base_name_begins_as_names_may,
    naming.the_provider_takes_the_region,
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
    state.the_state_is_in_one_place,
    state.a_made_bucket_brings_its_place_and_key,
    state.a_made_bucket_is_for_named_deployers,
    state.readers_of_the_state_need_a_made_bucket,
    state.readers_of_the_state_are_roles_of_the_account,
    state.those_who_read_and_write_the_state_are_named_once,
    state.workflows_share_a_state,
    state.the_name_state_is_taken,
    access.readers_are_roles_of_the_account,
    access.readers_are_named_once,
    access.those_who_deploy_are_roles_of_the_account,
    access.admins_let_the_deployers_deploy,
    access.boundary_is_of_the_account,
    encryption.key_is_in_the_region,
    encryption.settings_of_a_made_key_need_one,
    capture.settings_of_a_made_bucket_need_one,
    capture.relaxed_account_needs_an_artefact,
    capture.content_types_are_listed_once,
    form.model_keys_stand_where_models_do,
    form.hosting_keys_stand_where_variants_do,
    form.several_models_need_variants,
    form.variants_name_models_that_are_there,
    form.variant_names_differ,
    form.somebody_gets_the_requests,
    model.a_container_has_an_image_or_a_package,
    model.a_package_brings_its_image,
    model.settings_of_a_package_need_one,
    model.containers_stand_alone,
    model.several_containers_are_two_or_more,
    model.ways_to_run_containers_need_several,
    model.containers_have_host_names,
    model.host_names_differ,
    model.many_models_have_a_container_of_their_own,
    model.settings_of_many_models_need_the_mode,
    model.private_registries_are_in_the_network,
    model.registry_credentials_come_from_the_account,
    model.the_provider_knows_more_model_data,
    data.model_data_has_the_form_of_its_mode,
    data.many_models_have_a_place,
    data.model_data_has_one_source,
    data.a_source_of_model_data_is_one_model,
    data.sources_have_the_form_of_their_type,
    data.licences_are_accepted,
    data.channels_differ,
    data.a_key_of_model_data_has_some,
    variant.a_variant_has_instances_or_is_serverless,
    variant.a_volume_is_not_beside_local_storage,
    variant.a_shell_has_a_reason,
    variant.a_reason_for_a_shell_needs_one,
    components.the_provider_takes_variants_without_models,
    components.components_get_requests_by_name,
    components.scaling_of_instances_is_for_components,
    components.scaling_begins_between_its_bounds,
    serverless.serverless_has_no_instances,
    serverless.serverless_is_alone,
    serverless.warm_workers_are_among_all,
    serverless.serverless_takes_requests_at_once,
    serverless.a_shadow_is_not_serverless,
    serverless.serverless_runs_one_container_of_one_model,
    serverless.serverless_is_not_isolated,
    serverless.serverless_records_nothing,
    serverless.serverless_is_updated_all_at_once,
    asynchronous.a_key_of_requests_has_places,
    asynchronous.topics_are_in_the_region,
    asynchronous.topics_are_of_the_account,
    asynchronous.somebody_hears_of_answers,
    asynchronous.answers_are_in_messages_that_are_sent,
    asynchronous.asynchronous_endpoints_have_no_shadow,
    asynchronous.asynchronous_endpoints_avoid_inferentia_1,
    shadow.a_shadow_is_of_one_variant,
    shadow.shadows_have_one_container_of_one_model,
    shadow.shadows_have_a_model,
    shadow.shadows_avoid_inferentia_1,
    length.the_execution_role_holds_its_policies,
    length.policies_of_callers_and_readers_are_short,
    length.trust_policies_are_short,
    length.policies_of_key_and_bucket_are_short,
    rollout.updates_go_one_way,
    rollout.a_way_to_move_has_its_size,
    rollout.parts_of_the_capacity_are_within_bounds,
    rollout.counted_parts_are_of_the_instances,
    rollout.updates_have_time_for_their_waits,
    rollout.alarms_are_named_once,
    rollout.rolling_updates_are_of_one_variant,
    rollout.guarded_updates_avoid_inferentia_1,
)
WARNINGS: tuple[Rule, ...] = (
    access.relaxed_protections_are_shown,
    naming.the_provider_lets_a_bucket_settle,
    callers.target_models_need_a_multi_model_endpoint,
    network.a_model_is_in_two_zones,
    encryption.local_storage_is_not_under_the_key,
    capture.something_is_recorded,
    capture.destination_is_apart_from_the_artefact,
    form.every_model_is_served,
    model.packages_say_which_image_they_bring,
    model.packages_of_the_marketplace_are_isolated,
    variant.the_provider_knows_the_instance_type,
    variant.drivers_are_those_of_the_instance,
    components.no_instances_at_all_is_not_had_everywhere,
    asynchronous.somebody_reads_the_answers,
    asynchronous.what_is_recorded_is_for_answers_at_once,
    asynchronous.asynchronous_requests_name_nobody,
    shadow.a_shadow_gets_copies,
    rollout.terraform_waits_an_hour,
)
# Somebody has given a reason for what these show, so that strictness leaves them as they are.
_WITH_REASON: tuple[Rule, ...] = (access.relaxed_protections_are_shown,)
_WITHOUT_REASON = tuple(rule for rule in WARNINGS if rule not in _WITH_REASON)


def errors(deployment: Deployment) -> list[Problem]:
    """Return everything that must not be deployed; where the project is strict, what is probably not meant as well."""
    applied = [*ERRORS, *_WITHOUT_REASON] if deployment.project.strict else ERRORS
    return [problem for rule in applied for problem in rule(deployment)]


def warnings(deployment: Deployment) -> list[Problem]:
    """Return everything that is allowed but probably not meant."""
    applied = _WITH_REASON if deployment.project.strict else WARNINGS
    return [replace(problem, severity="warning") for rule in applied for problem in rule(deployment)]


def fleet_warnings(deployments: Sequence[Deployment]) -> list[fleet.Finding]:
    """Return what is wrong with endpoints beside each other, and with which; an error where the project is strict."""
    return [
        (deployment, problem if rule in fleet.QUOTAS else replace(problem, severity=_severity(deployment)))
        for rule in fleet.RULES
        for deployment, problem in rule(deployments)
    ]


def _severity(deployment: Deployment) -> Literal["error", "warning"]:
    return "error" if deployment.project.strict else "warning"


def network_errors(network: NetworkDeployment) -> list[Problem]:
    """Return everything about the private endpoints of an environment that must not be deployed."""
    return [*policies_fit_their_endpoints(network)]


def state_errors(state: StateDeployment) -> list[Problem]:
    """Return everything about what an environment shares before its endpoints that must not be deployed."""
    return [*policies_fit_their_roles(state)]
