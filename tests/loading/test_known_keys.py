"""A key that people expect is answered with what to use instead, and any other one with a short list."""

import re

import pytest

from protected_endpoints.loading.known_keys import INSTEAD, NAMED_BY_TABLE, RENAMED, UNSUPPORTED
from protected_endpoints.loading.schema import file_schema, properties, schema_at
from tests.loading.support import Table, example, messages_of

_OF_EGRESS = ("cidr_ipv4", "referenced_security_group_id", "port", "reason")
_OF_SCALING = (
    "min_capacity",
    "max_capacity",
    "target_value",
    "predefined_metric_type",
    "customized_metric_specification",
    "scheduled_actions",
    "step_scaling_policies",
)
_OF_ACTIONS = ("step_adjustments", "timezone")
_OF_ALARMS = (
    *("errors", "client_errors", "latency", "overhead", "silent"),
    *("cpu", "gpu", "gpu_memory", "memory", "disk"),
)
_OTHER_TABLES = (
    "initial_variant_weight",
    "aws_provider_version",
    "subnet_ids",
    *_OF_EGRESS,
    *_OF_SCALING,
    *_OF_ACTIONS,
    *_OF_ALARMS,
)

_LIMITS: Table = {"min_capacity": 1, "max_capacity": 4}
_STEPS: Table = {
    "name": "out",
    "metric_name": "InvocationsPerInstance",
    "statistic": "Sum",
    "threshold": 70,
    "comparison_operator": "GreaterThanOrEqualToThreshold",
    "step_adjustments": [{"metric_interval_lower_bound": 0, "scaling_adjustment": 1}],
}


def _messages(section: str, keys: Table) -> list[str]:
    file = example()
    table = file[section]
    for name in () if section == "project" else ("dev" if section == "environments" else "kmeans",):
        table = table[name]
    table |= keys
    return messages_of(file)


@pytest.mark.parametrize("key", sorted(UNSUPPORTED))
def test_an_unsupported_feature_is_refused_by_name(key: str) -> None:
    what, instead = UNSUPPORTED[key]
    assert _messages("endpoints", {key: {"x": 1}}) == [f"endpoints.kmeans.{key}: {what}; {instead} [unsupported-key]"]


@pytest.mark.parametrize(
    ("section", "key"), [(section, key) for section in INSTEAD if section for key in sorted(INSTEAD[section])]
)
def test_an_expected_key_is_answered_with_what_to_use(section: str, key: str) -> None:
    (message,) = _messages(section, {key: {"x": 1}})
    path = {"project": "project", "environments": "environments.dev", "endpoints": "endpoints.kmeans"}[section]
    instead = INSTEAD[section][key].replace(f"{section}.NAME", path)
    assert message == f"{path}.{key}: unknown key; {instead} [unknown-key]"


@pytest.mark.parametrize("key", sorted(INSTEAD[""]))
def test_an_expected_table_is_answered_with_where_it_is(key: str) -> None:
    (message,) = messages_of({**example(), key: {"x": 1}})
    assert message == f"{key}: unknown key; {INSTEAD[''][key]} [unknown-key]"


def test_every_known_key_is_unknown_to_some_table() -> None:
    models = [*properties(schema_at(file_schema(), ("endpoints", "x")))]
    assert {*UNSUPPORTED} & {*models} == set()
    assert {*INSTEAD["endpoints"]} & {*models} == set()
    others = {"subnets", "instance_pools", "description"}
    of_scaling = {name for name, key in RENAMED.items() if key in _OF_SCALING}
    assert {*RENAMED} & {*models, *INSTEAD["endpoints"], *UNSUPPORTED} - of_scaling == others


def test_instance_pools_stand_for_an_instance_type() -> None:
    file = example()
    del file["endpoints"]["kmeans"]["instance_type"]
    file["endpoints"]["kmeans"]["instance_pools"] = [{"instance_type": "ml.g6.24xlarge", "priority": 1}]
    (message,) = messages_of(file)
    assert message.startswith("endpoints.kmeans.instance_pools: not supported until ")


@pytest.mark.parametrize("name", sorted(name for name, key in RENAMED.items() if key not in _OTHER_TABLES))
def test_another_name_of_a_key_is_answered_with_the_key(name: str) -> None:
    (message,) = [text for text in _messages("endpoints", {name: "x"}) if f".kmeans.{name}: " in text]
    assert name in UNSUPPORTED or message.endswith(f"; did you mean {RENAMED[name]}? [unknown-key]")
    assert RENAMED[name] in file_schema()["$defs"]["Endpoint"]["properties"]


@pytest.mark.parametrize("name", sorted(name for name, key in RENAMED.items() if key in _OF_SCALING))
def test_another_name_of_a_key_of_scaling_is_answered_with_the_key(name: str) -> None:
    table = {"min_capacity": 1, "max_capacity": 2, "target_value": 70, name: "x"}
    (message,) = [text for text in _messages("endpoints", {"scaling": table}) if f".scaling.{name}: " in text]
    assert message.endswith(f"; did you mean {RENAMED[name]}? [unknown-key]")


@pytest.mark.parametrize("section", ["endpoints", "environments"])
def test_a_name_is_the_key_of_its_table(section: str) -> None:
    (message,) = _messages(section, {"name": "x"})
    assert message.endswith(f'unknown key, got "x"; {NAMED_BY_TABLE[section]} [unknown-key]')


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"InstanceType": "ml.m5.xlarge"},
            'InstanceType: unknown key, got "ml.m5.xlarge"; did you mean instance_type?',
        ),
        ({"VpcConfig": {}}, "VpcConfig: unknown key; set vpc_id and subnet_ids in [environments.NAME.network], and"),
        (
            {"instance-pools": []},
            "instance-pools: not supported until the Terraform AWS provider can set instance pools",
        ),
        (
            {"data_capture": {"kms_key_id": "x"}},
            'data_capture.kms_key_id: unknown key, got "x"; set key_arn in the kms',
        ),
        ({"kms": {"kms_key_arn": "x"}}, 'kms.kms_key_arn: unknown key, got "x"; did you mean key_arn?'),
        (
            {"execution_role": {"policy_arns": []}},
            "execution_role: unknown key; set execution_role_arn to an existing ",
        ),
        (
            {"policy": "x"},
            'policy: unknown key, got "x"; allow actions of the execution role with [[endpoints.kmeans.permissions]]',
        ),
        ({"bearer_tokens": True}, "bearer_tokens: unknown key, got true; did you mean relax.bearer_tokens?"),
        ({"CaptureMode": "All"}, 'CaptureMode: unknown key, got "All"; did you mean data_capture.capture_mode?'),
        ({"hf_token": "hf_abc"}, "hf_token: unknown key; copy the model to S3 and set model_data_source"),
        (
            {"scaling": {"min_capacity": 1, "max_capacity": 4, "target_value": 70, "policy_type": "StepScaling"}},
            'scaling.policy_type: unknown key, got "StepScaling"; remove it: it follows from the endpoint and from',
        ),
        (
            {"scaling": {**_LIMITS, "step_scaling_policies": [{**_STEPS, "treat_missing_data": "ignore"}]}},
            'scaling.step_scaling_policies[0].treat_missing_data: unknown key, got "ignore"; remove it: without data, ',
        ),
    ],
)
def test_the_form_of_the_key_and_the_table_around_it_matter(keys: Table, message: str) -> None:
    (actual,) = _messages("endpoints", keys)
    assert actual.startswith(f"endpoints.kmeans.{message}")


def test_a_key_in_a_model_or_a_variant_is_answered_as_in_the_endpoint() -> None:
    file = example()
    endpoint = file["endpoints"]["kmeans"]
    model = {key: endpoint.pop(key) for key in ("image", "model_data_url")}
    hosting = {key: endpoint.pop(key) for key in ("instance_type", "initial_instance_count")}
    endpoint["models"] = {"a": {**model, "artifact": "s3://b/c", "security_group_ids": []}}
    endpoint["variants"] = [{"variant_name": "one", "model": "a", **hosting, "model_name": "a", "name": "b"}]
    assert [message.partition(".kmeans.")[2].partition(";")[0] for message in messages_of(file)] == [
        'models.a.artifact: unknown key, got "s3://b/c"',
        "models.a.security_group_ids: unknown key",
        'variants[0].model_name: unknown key, got "a"',
        'variants[0].name: unknown key, got "b"',
    ]
    assert messages_of(file)[1].endswith("; move it to [endpoints.kmeans] [unknown-key]")
    assert messages_of(file)[3].endswith("; did you mean variant_name? [unknown-key]")


def test_a_text_for_a_key_of_one_table_goes_before_a_similar_key() -> None:
    file = example()
    file["environments"]["dev"]["network"] = {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d"]}
    file["environments"]["dev"]["network"] |= {"private_endpoints": False, "security_group_ids": ["sg-0a1b2c3d"]}
    (message, *_) = messages_of(file)
    assert message.startswith(
        "environments.dev.network.security_group_ids: unknown key; set security_group_ids in the "
    )


@pytest.mark.parametrize("key", ["color", "x", "contianer_modus", "probes", "retention", "a_b_c"])
def test_any_other_key_is_answered_with_a_few_keys_at_most(key: str) -> None:
    (message,) = _messages("endpoints", {key: 1})
    suggestion = message.partition("; ")[2]
    assert len(re.findall(r"\w+_\w+", suggestion)) <= 3
    assert len(suggestion) < 200
    assert "docs/reference.md" in suggestion or "did you mean" in suggestion
