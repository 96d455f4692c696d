"""One thing that is wrong is one message, however many environments and rules could tell of it."""

import pytest

from protected_endpoints.errors import group_by_message
from tests.loading.support import Table, example, load_parsed, messages_of
from tests.rules.pair import FOREIGN_ROLE, IMAGE, NO_HOSTING, NO_MODEL, PACKAGE, REASON, containers, variant, variants

_ENVIRONMENTS = ("dev", "staging", "prod")
_MANY = {"mode": "MultiModel"}
_ASYNC = {"output_config": {"s3_output_path": "s3://my-bucket/answers"}}
_SERVERLESS = {"serverless_config": {"memory_size_in_mb": 1024, "max_concurrency": 5}}
_TOLD = {"relax": {"network_isolation": REASON}, "data_capture": {"enable_capture": False}}
_ALL = {"traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}}
_COMPONENTS: Table = {"variant_name": "one", "instance_type": "ml.m5.xlarge"}


def _everywhere(**changes: object) -> Table:
    """Return the example with three environments of one account, without the keys that are None."""
    file = example()
    dev = file["environments"]["dev"]
    file["environments"] = {name: {**dev} for name in _ENVIRONMENTS}
    endpoint = file["endpoints"]["kmeans"] | changes
    file["endpoints"]["kmeans"] = {key: value for key, value in endpoint.items() if value is not None}
    return file


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"invokers": [FOREIGN_ROLE]}, "invokers[0]"),
        ({"data_capture": {"readers": [FOREIGN_ROLE]}}, "data_capture.readers[0]"),
        ({"image": IMAGE.replace("us-west-2", "us-east-1")}, "image"),
        ({"kms": {"key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1"}}, "kms.key_arn"),
        (
            {"invokers": [{"principals": ["arn:aws-cn:iam::111122223333:root"], "name": "partner"}]},
            "invokers[0].principals[0]",
        ),
    ],
)
def test_what_is_wrong_in_three_environments_alike_is_told_once(changes: Table, path: str) -> None:
    (message,) = messages_of(_everywhere(**changes))
    assert message.startswith(f"endpoints.kmeans.{path}: ")
    assert "prod" not in message  # the first environment stands for all of them


def test_what_three_accounts_ask_for_is_told_for_each() -> None:
    file = _everywhere()
    for name, account in (("staging", "444455556666"), ("prod", "777788889999")):
        file["environments"][name]["account_id"] = account
    assert [message.partition(", got")[0] for message in messages_of(file)] == [
        "endpoints.kmeans.invokers[0]: the role is not in account 444455556666",
        "endpoints.kmeans.invokers[0]: the role is not in account 777788889999",
    ]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        # Neither a shell nor a weight is to be had: that it would need a reason, or be above 0, is beside the point.
        ({**NO_MODEL, **variants({**_COMPONENTS, "enable_ssm_access": True})}, "variants[0].enable_ssm_access"),
        (
            {**NO_MODEL, **variants({**_COMPONENTS, "initial_variant_weight": 0})},
            "variants[0].initial_variant_weight",
        ),
        ({**NO_MODEL, **variants(_COMPONENTS), "shadow_variants": [variant("two")]}, "shadow_variants"),
        # A package has its own model data.
        ({**NO_MODEL, **_MANY, "model_package_name": PACKAGE, "model_package_image": IMAGE}, "mode"),
    ],
)
def test_what_cannot_be_had_is_not_judged_any_further(changes: Table, path: str) -> None:
    (message,) = messages_of(_everywhere(**changes))
    assert message.startswith(f"endpoints.kmeans.{path}: ")


def test_a_shadow_beside_a_queue_and_without_servers_is_told_once() -> None:
    wanted: Table = {"shadow_variants": [variant("two")], "async_inference_config": _ASYNC, **_SERVERLESS, **_TOLD}
    paths = [message.partition(": ")[0] for message in messages_of(_everywhere(**NO_HOSTING, **wanted))]
    assert sorted(paths) == ["endpoints.kmeans.async_inference_config", "endpoints.kmeans.shadow_variants"]


@pytest.mark.parametrize(
    "changes",
    [
        {"instance_type": "ml.g5.xlarge"},
        {"data_capture": {"initial_sampling_percentage": 0}},
        {"invokers": [{"role_arn": "arn:aws:iam::111122223333:role/a", "target_models": ["a"]}]},
        {**containers({}, {}), "instance_type": "ml.g5.xlarge"},
        {**NO_MODEL, "model_package_name": PACKAGE},
    ],
)
def test_a_warning_of_three_environments_is_printed_once(changes: Table) -> None:
    (warning,) = group_by_message(load_parsed(_everywhere(**changes)).warnings)
    assert len(warning.splitlines()) == 1
    assert warning.startswith("endpoints.kmeans.")


def test_a_model_that_no_request_can_name_is_told_once_and_not_for_each_caller_as_well() -> None:
    caller = {"role_arn": "arn:aws:iam::111122223333:role/a", "target_models": ["a"]}
    many: Table = {**_MANY, "model_data_url": "s3://my-bucket/models/", "invokers": [caller]}
    warnings = load_parsed(_everywhere(**many, async_inference_config=_ASYNC)).warnings
    assert [each.path[-1] for each in warnings if "name" in each.message and "model" in each.message] == ["mode"]


def test_a_warning_about_the_network_is_printed_once_for_each_environment_and_not_for_each_endpoint() -> None:
    file = _everywhere()
    file["endpoints"]["second"] = file["endpoints"]["kmeans"]
    for name in _ENVIRONMENTS:
        file["environments"][name]["network"] = {
            "vpc_id": "vpc-0a1b2c3d",
            "subnet_ids": ["subnet-0a1b2c3d"],
            "route_table_ids": ["rtb-0a1b2c3d"],
        }
    (warning,) = group_by_message(load_parsed(file).warnings)
    assert [line.split(",")[0].strip() for line in warning.splitlines()[1:]] == [
        f"environments.{name}.network.subnet_ids" for name in _ENVIRONMENTS
    ]


def test_an_alarm_of_two_endpoints_is_told_once() -> None:
    alarms = {"alarms": [{"alarm_name": "errors"}]}
    policy = {"blue_green_update_policy": _ALL, "auto_rollback_configuration": alarms}
    file = _everywhere(deployment_config=policy)
    file["endpoints"]["second"] = file["endpoints"]["kmeans"]
    (warning,) = group_by_message(load_parsed(file).warnings)
    assert warning.startswith("endpoints.second.deployment_config.auto_rollback_configuration.alarms[0].alarm_name: ")


@pytest.mark.parametrize(
    ("own", "override", "path"),
    [
        ({"environment": {"LOG_LEVEL": "info"}}, {"environment": {}}, "environment"),
        ({"kms": {"rotation_period_in_days": 90}}, {"kms": {}}, "kms"),
        (
            {"data_capture": {"capture_content_type_header": {"csv_content_types": ["text/csv"]}}},
            {"data_capture": {"capture_content_type_header": {}}},
            "data_capture.capture_content_type_header",
        ),
    ],
)
def test_an_empty_table_of_an_override_does_not_pretend_to_empty_the_endpoints_own(
    own: Table, override: Table, path: str
) -> None:
    (message,) = messages_of(_everywhere(**own, environments={"prod": override}))
    assert message == (
        f"endpoints.kmeans.environments.prod.{path}: an empty table changes nothing, because it is merged with the "
        f"endpoint's own {path.rsplit('.', maxsplit=1)[-1]}; write what differs here, or leave it out"
    )


def test_an_override_in_an_override_is_an_unknown_key_and_nothing_else() -> None:
    (message,) = messages_of(_everywhere(environments={"prod": {"environments": {}}}))
    assert message == "endpoints.kmeans.environments.prod.environments: unknown key; leave it out"


def test_an_empty_table_that_says_what_is_so_anyway_is_right() -> None:
    empty: Table = {key: {} for key in ("environment", "data_capture", "kms", "logs", "relax")}
    assert messages_of(_everywhere(**empty, environments={"prod": empty})) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"async_inference_config": {}}, "async_inference_config.output_config"),
        ({"deployment_config": {}}, "deployment_config.blue_green_update_policy"),
        (
            {"deployment_config": {"blue_green_update_policy": _ALL, "auto_rollback_configuration": {}}},
            "deployment_config.auto_rollback_configuration",
        ),
        ({"deployment_config": {"blue_green_update_policy": {}}}, "deployment_config.blue_green_update_policy"),
        ({"data_capture": {"capture_content_type_header": {}}}, "data_capture.capture_content_type_header"),
        ({"routing_config": {}}, "routing_config"),
        ({"multi_model_config": {}}, "multi_model_config"),
        ({"image_config": {}}, "image_config"),
        ({"invokers": [{}]}, "invokers[0]"),
        (
            {"async_inference_config": {"output_config": {**_ASYNC["output_config"], "notification_config": {}}}},
            "async_inference_config.output_config.notification_config",
        ),
        (
            {"async_inference_config": {**_ASYNC, "client_config": {}}},
            "async_inference_config.client_config",
        ),
    ],
)
def test_an_empty_table_that_terraform_would_refuse_is_one_message(changes: Table, path: str) -> None:
    (message,) = messages_of(_everywhere(**changes))
    assert message.startswith(f"endpoints.kmeans.{path}")


def test_what_is_missing_below_a_list_is_shown_as_it_can_be_written() -> None:
    (message,) = messages_of(_everywhere(additional_model_data_source=[{"channel_name": "adapters"}]))
    assert message == (
        "endpoints.kmeans.additional_model_data_source[0].s3_data_source: required, and missing; "
        'add s3_data_source = { s3_uri = "s3://my-bucket/model/", s3_data_type = "S3Prefix" }'
    )
