"""An error is one message, even if several environments or rules could report it."""

import pytest

from protected_endpoints.errors import group_by_message
from tests.loading.support import Table, example, load_parsed, messages_of
from tests.rules.pair import FOREIGN_ROLE, IMAGE, NO_HOSTING, NO_MODEL, PACKAGE, REASON, containers, variant, variants

_ENVIRONMENTS = ("dev", "staging", "prod")
_MULTI_MODEL = {"mode": "MultiModel"}
_DATA = {"model_data_url": "s3://acme-models/fraud/model.tar.gz"}
_ASYNC = {"output_config": {"s3_output_path": "s3://my-bucket/answers"}}
_SERVERLESS = {"serverless_config": {"memory_size_in_mb": 1024, "max_concurrency": 5}}
_ALLOW_SERVERLESS = {"relax": {"network_isolation": REASON}, "data_capture": {"enable_capture": False}}
_ALL_AT_ONCE = {"traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}}
_COMPONENTS: Table = {"variant_name": "one", "instance_type": "ml.m5.xlarge"}


def _in_all_environments(**changes: object) -> Table:
    """Return the example in three environments of one account, without the keys that are None."""
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
def test_the_same_error_in_three_environments_is_reported_once(changes: Table, path: str) -> None:
    (message,) = messages_of(_in_all_environments(**changes))
    assert message.startswith(f"endpoints.kmeans.{path}: ")
    assert "prod" not in message  # only the message of the first environment is reported


def test_an_error_that_depends_on_the_account_is_reported_for_each_account() -> None:
    file = _in_all_environments()
    for name, account in (("staging", "444455556666"), ("prod", "777788889999")):
        file["environments"][name]["account_id"] = account
    assert [message.partition(", got")[0] for message in messages_of(file)] == [
        "endpoints.kmeans.invokers[0]: the role is not in account 444455556666",
        "endpoints.kmeans.invokers[0]: the role is not in account 777788889999",
    ]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        # Neither setting is supported, so that it would require a reason, or a value above 0, is not reported.
        ({**NO_MODEL, **variants({**_COMPONENTS, "enable_ssm_access": True})}, "variants[0].enable_ssm_access"),
        (
            {**NO_MODEL, **variants({**_COMPONENTS, "initial_variant_weight": 0})},
            "variants[0].initial_variant_weight",
        ),
        ({**NO_MODEL, **variants(_COMPONENTS), "shadow_variants": [variant("two")]}, "shadow_variants"),
        # A model package has its own model data.
        ({**NO_MODEL, **_MULTI_MODEL, "model_package_name": PACKAGE, "model_package_image": IMAGE}, "mode"),
    ],
)
def test_an_unsupported_setting_has_one_error_and_no_further_ones(changes: Table, path: str) -> None:
    (message,) = messages_of(_in_all_environments(**changes))
    assert message.startswith(f"endpoints.kmeans.{path}: ")


def test_a_shadow_variant_with_serverless_and_async_inference_is_reported_once() -> None:
    settings: Table = {
        "shadow_variants": [variant("two")],
        "async_inference_config": _ASYNC,
        **_SERVERLESS,
        **_ALLOW_SERVERLESS,
    }
    paths = [message.partition(": ")[0] for message in messages_of(_in_all_environments(**NO_HOSTING, **settings))]
    assert sorted(paths) == ["endpoints.kmeans.async_inference_config", "endpoints.kmeans.shadow_variants"]


@pytest.mark.parametrize(
    "changes",
    [
        {"instance_type": "ml.g5.xlarge"},
        {"data_capture": {"initial_sampling_percentage": 0}},
        {"invokers": [{"role_arn": "arn:aws:iam::111122223333:role/a", "target_models": ["a"]}]},
        {**containers(_DATA, _DATA), "instance_type": "ml.g5.xlarge"},
    ],
)
def test_the_same_warning_in_three_environments_is_printed_once(changes: Table) -> None:
    (warning,) = group_by_message(load_parsed(_in_all_environments(**changes)).warnings)
    assert len(warning.splitlines()) == 1
    assert warning.startswith("endpoints.kmeans.")


def test_a_model_that_requests_cannot_select_is_reported_once_and_not_for_each_invoker() -> None:
    invoker = {"role_arn": "arn:aws:iam::111122223333:role/a", "target_models": ["a"]}
    changes: Table = {**_MULTI_MODEL, "model_data_url": "s3://my-bucket/models/", "invokers": [invoker]}
    warnings = load_parsed(_in_all_environments(**changes, async_inference_config=_ASYNC)).warnings
    assert [warning.path[-1] for warning in warnings if "name" in warning.message and "model" in warning.message] == [
        "mode"
    ]


def test_a_warning_about_the_network_is_printed_once_for_each_environment_and_not_for_each_endpoint() -> None:
    file = _in_all_environments()
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


def test_an_alarm_of_two_endpoints_is_reported_once() -> None:
    alarms = {"alarms": [{"alarm_name": "errors"}]}
    policy = {"blue_green_update_policy": _ALL_AT_ONCE, "auto_rollback_configuration": alarms}
    file = _in_all_environments(deployment_config=policy)
    file["endpoints"]["second"] = file["endpoints"]["kmeans"]
    (warning,) = group_by_message(load_parsed(file).warnings)
    assert warning.startswith("endpoints.second.deployment_config.auto_rollback_configuration.alarms[0].alarm_name: ")


@pytest.mark.parametrize(
    ("table", "override", "path"),
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
def test_an_empty_table_of_an_override_that_has_no_effect_is_an_error(table: Table, override: Table, path: str) -> None:
    (message,) = messages_of(_in_all_environments(**table, environments={"prod": override}))
    assert message == (
        f"endpoints.kmeans.environments.prod.{path}: an empty table has no effect, because it is merged with "
        f"{path.rsplit('.', maxsplit=1)[-1]} of the endpoint; add the keys that differ, or remove the table "
        "[override-without-effect]"
    )


def test_an_override_in_an_override_is_only_an_unknown_key() -> None:
    (message,) = messages_of(_in_all_environments(environments={"prod": {"environments": {}}}))
    assert message == "endpoints.kmeans.environments.prod.environments: unknown key; remove it [unknown-key]"


def test_an_empty_table_of_defaults_is_valid() -> None:
    empty: Table = {key: {} for key in ("environment", "data_capture", "kms", "logs", "relax")}
    assert messages_of(_in_all_environments(**empty, environments={"prod": empty})) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"async_inference_config": {}}, "async_inference_config.output_config"),
        ({"deployment_config": {}}, "deployment_config.blue_green_update_policy"),
        (
            {"deployment_config": {"blue_green_update_policy": _ALL_AT_ONCE, "auto_rollback_configuration": {}}},
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
def test_an_empty_table_that_terraform_rejects_is_one_error(changes: Table, path: str) -> None:
    (message,) = messages_of(_in_all_environments(**changes))
    assert message.startswith(f"endpoints.kmeans.{path}")


def test_a_missing_table_below_a_list_is_suggested_as_an_inline_table() -> None:
    (message,) = messages_of(_in_all_environments(additional_model_data_source=[{"channel_name": "adapters"}]))
    assert message == (
        "endpoints.kmeans.additional_model_data_source[0].s3_data_source: required; "
        'add s3_data_source = { s3_uri = "s3://my-bucket/model/", s3_data_type = "S3Prefix" } [required-key]'
    )
