"""`--set` replaces or adds values of endpoints for one run, and every error about them names the option."""

import re
from pathlib import Path

import pytest

from protected_endpoints.errors import ConfigurationError, format_path
from protected_endpoints.loading.load import Configuration, load
from protected_endpoints.loading.set_option import parse_set_values
from tests.loading.support import EXAMPLE, write_file
from tests.loading.support import PROD as OTHER_ACCOUNT

_IMAGE, _OLD = (f"174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:{tag}" for tag in ("2", "1"))
_DIGEST = f"174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans@sha256:{'0' * 64}"
PROD = OTHER_ACCOUNT.replace("444455556666", "111122223333")
_TOKEN = "ghp_" + "0123456789" * 4
_FORM = "must be a key of an endpoint and a value; write endpoints.<name>.<key>=<value>"
_VARIANTS = """
[endpoints.fraud.models.champion]
image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/fraud:1"
[[endpoints.fraud.variants]]
variant_name = "champion"
model = "champion"
instance_type = "ml.m5.large"
initial_instance_count = 2
"""
_TEXT = f"{EXAMPLE}{PROD}{_VARIANTS}"
_PROD_OWN_IMAGE = f'\n[endpoints.kmeans.environments.prod]\nimage = "{_OLD}0"\n'


def _load(folder: Path, *texts: str, text: str = _TEXT) -> Configuration:
    return load(write_file(folder, text), parse_set_values(texts))


def _messages(folder: Path, *texts: str, text: str = _TEXT) -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        _load(folder, *texts, text=text)
    return [str(problem) for problem in raised.value.problems]


def _endpoints(configuration: Configuration) -> dict[str, object]:
    return {item.names.stack: item.endpoint for item in configuration.deployments}


def test_a_value_is_that_of_the_file_with_the_text_replaced(tmp_path: Path) -> None:
    written = _load(tmp_path, text=_TEXT.replace(_OLD, _IMAGE))
    configuration = _load(tmp_path, f"endpoints.kmeans.image={_IMAGE}")
    assert _endpoints(configuration) == _endpoints(written) != _endpoints(_load(tmp_path))
    assert (tmp_path / "endpoints.toml").read_text() == _TEXT
    assert {item.names.stack: item.set_keys for item in configuration.deployments} == {
        "dev-kmeans": ("endpoints.kmeans.image",),
        "prod-kmeans": ("endpoints.kmeans.image",),
        "dev-fraud": (),
        "prod-fraud": (),
    }
    (value,) = configuration.set_values
    assert value.shown_value == f'"{_IMAGE}" instead of "{_OLD}"'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"endpoints.kmeans.image={_DIGEST}", (f'"{_OLD}"', f'"{_DIGEST}"')),
        (f'endpoints.kmeans.image="{_IMAGE}"', (f'"{_OLD}"', f'"{_IMAGE}"')),
        (f" endpoints.kmeans.image = {_IMAGE} ", (f'"{_OLD}"', f'"{_IMAGE}"')),
        ("endpoints.kmeans.initial_instance_count=3", ("initial_instance_count = 1", "initial_instance_count = 3")),
        (
            'endpoints.kmeans.invokers=["arn:aws:iam::111122223333:role/a"]',
            ("role/checkout-api", "role/a"),
        ),
        ("endpoints.kmeans.invokers[0]=arn:aws:iam::111122223333:role/a", ("role/checkout-api", "role/a")),
        ("endpoints.fraud.models.champion.image=" + _IMAGE, (_VARIANTS.split('"')[1], _IMAGE)),
        ("endpoints.fraud.variants[0].initial_instance_count=3", ("count = 2\n", "count = 3\n")),
        (
            "endpoints.fraud.data_capture.enable_capture=false",
            ("[[endpoints.fraud", "[endpoints.fraud.data_capture]\nenable_capture = false\n[[endpoints.fraud"),
        ),
        (
            "endpoints.fraud.models.champion.environment.VERSION=3",
            ('fraud:1"', 'fraud:1"\nenvironment = { VERSION = "3" }'),
        ),
        (
            "endpoints.fraud.models.champion.environment.LIST=[1, 2]",
            ('fraud:1"', 'fraud:1"\nenvironment = { LIST = "[1, 2]" }'),
        ),
        (
            f"endpoints.kmeans.environments.prod.image={_IMAGE}",
            (PROD, f'{PROD}\n[endpoints.kmeans.environments.prod]\nimage = "{_IMAGE}"\n'),
        ),
    ],
)
def test_the_forms_of_a_value(text: str, written: tuple[str, str], tmp_path: Path) -> None:
    assert _TEXT.count(written[0]) == 1
    assert _endpoints(_load(tmp_path, text)) == _endpoints(_load(tmp_path, text=_TEXT.replace(*written)))


def test_only_the_environments_that_have_the_value_record_it(tmp_path: Path) -> None:
    text = _TEXT + _PROD_OWN_IMAGE
    configuration = _load(tmp_path, f"endpoints.kmeans.image={_IMAGE}", text=text)
    recorded = {item.names.stack: item.set_keys for item in configuration.deployments if item.set_keys}
    assert recorded == {"dev-kmeans": ("endpoints.kmeans.image",)}
    key = "endpoints.kmeans.environments.prod.image"
    configuration = _load(tmp_path, f"{key}={_IMAGE}", text=text)
    assert {item.names.stack: item.set_keys for item in configuration.deployments if item.set_keys} == {
        "prod-kmeans": (key,)
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"--set: {_FORM}"),
        (_TOKEN, f"--set: {_FORM}"),
        ("endpoints=3", f"--set endpoints: {_FORM}"),
        ("endpoints.kmeans=3", f"--set endpoints.kmeans: {_FORM}"),
        ("endpoints.kmeans.environments.dev=3", f"--set endpoints.kmeans.environments.dev: {_FORM}"),
        ("endpoints[0].image=x", f"--set endpoints[0].image: {_FORM}"),
        (
            "project.name=x",
            "--set project.name: only keys of endpoints can be set; write endpoints.<name>.<key>=<value>, or change it "
            "in endpoints.toml",
        ),
        ("endpoints.kmeans.only=dev", "--set endpoints.kmeans.only: the environments of an endpoint cannot be set; "),
        ("endpoints.kmeans.image=", "--set endpoints.kmeans.image: has no value; write endpoints.kmeans.image=<value>"),
        ("endpoints.kmeans.invokers=[1", "--set endpoints.kmeans.invokers: invalid TOML; write a string, a number, "),
        (f"endpoints.kmeans.image={_TOKEN}", "--set endpoints.kmeans.image: must not be a credential; "),
        ("endpoints.kmeans.kms={key_arn=1}", "--set endpoints.kmeans.kms: must not be a table; set its keys, such as "),
        ("endpoints.fraud.variants=[{model=1}]", "--set endpoints.fraud.variants: must not be a table; "),
        ("endpoints.fraud.models=3", "--set endpoints.fraud.models: must not be a table; set its keys"),
        ("endpoints.kmean.image=x", "--set endpoints.kmean.image: unknown endpoint; did you mean kmeans?"),
        ("endpoints.search.image=x", "--set endpoints.search.image: unknown endpoint; use one of kmeans, fraud"),
        ("endpoints.kmeans.imag=x", '--set endpoints.kmeans.imag: unknown key, got "x"; did you mean image?'),
        ("endpoints.kmeans.image=v2", "--set endpoints.kmeans.image: must be an image URI"),
        (
            "endpoints.kmeans.initial_instance_count=two",
            '--set endpoints.kmeans.initial_instance_count: must be an integer from 1 to 1000, got "two"; ',
        ),
        ("endpoints.kmeans.image.tag=2", "--set endpoints.kmeans.image.tag: endpoints.kmeans.image has no keys; "),
        (
            "endpoints.kmeans.invokers[7]=x",
            "--set endpoints.kmeans.invokers[7]: endpoints.kmeans.invokers has no item 7;",
        ),
        (
            "endpoints.fraud.models.champon.image=x",
            "--set endpoints.fraud.models.champon.image: endpoints.fraud.models.champon does not exist; "
            "did you mean champion?",
        ),
        (
            "endpoints.kmeans.models.a.image=x",
            "--set endpoints.kmeans.models.a.image: endpoints.kmeans.models does not exist; add it to endpoints.toml",
        ),
        (
            "endpoints.kmeans.environments.dve.image=x",
            "--set endpoints.kmeans.environments.dve: unknown environment, got",
        ),
    ],
)
def test_an_error_names_the_option(text: str, message: str, tmp_path: Path) -> None:
    (said,) = _messages(tmp_path, text)
    assert said.startswith(message)
    assert re.search(r"; .+ \[[\w-]+\]$", said)
    assert _TOKEN not in said


def test_a_rule_about_the_value_names_the_option_and_one_about_the_file_does_not(tmp_path: Path) -> None:
    image = _IMAGE.replace(":2", ":latest")
    in_file, said = _messages(
        tmp_path, f"endpoints.kmeans.image={image}", text=_TEXT.replace('model = "champion"', 'model = "champ"')
    )
    assert said.startswith("endpoints.fraud.") or in_file.startswith("endpoints.fraud.")
    assert any(text.startswith('--set endpoints.kmeans.image: tag "latest" is mutable') for text in (in_file, said))


def test_a_secret_of_a_container_is_refused_and_not_shown(tmp_path: Path) -> None:
    (said,) = _messages(tmp_path, f"endpoints.kmeans.environment.API_TOKEN={_TOKEN}")
    assert said.startswith("--set endpoints.kmeans.environment.API_TOKEN: looks like a secret")
    assert _TOKEN not in said
    (value,) = _load(tmp_path, "endpoints.kmeans.environment.LOG_LEVEL=info").set_values
    assert (format_path(value.path), value.shown_value) == ("endpoints.kmeans.environment.LOG_LEVEL", "(hidden)")


def test_a_value_without_effect_is_an_error(tmp_path: Path) -> None:
    overridden = f'{_TEXT}{_PROD_OWN_IMAGE}[endpoints.kmeans.environments.dev]\nimage = "{_OLD}1"\n'
    assert _messages(tmp_path, f"endpoints.kmeans.image={_IMAGE}", text=overridden) == [
        "--set endpoints.kmeans.image: has no effect, because every environment overrides it; "
        "set endpoints.kmeans.environments.<environment>.image [set-value]"
    ]
    only = _TEXT.replace("[endpoints.kmeans]\n", '[endpoints.kmeans]\nonly = ["dev"]\n')
    (said,) = _messages(tmp_path, f"endpoints.kmeans.environments.prod.image={_IMAGE}", text=only)
    assert said.startswith("--set endpoints.kmeans.environments.prod.image: the endpoint does not exist in this env")


def test_all_errors_of_the_option_are_reported_at_once(tmp_path: Path) -> None:
    said = _messages(tmp_path, "foo", "endpoints.kmeans.image=", f"endpoints.kmeans.image={_IMAGE}")
    assert len(said) == 2
    (duplicate,) = _messages(tmp_path, f"endpoints.kmeans.image={_IMAGE}", f"endpoints.kmeans.image={_OLD}")
    assert duplicate == "--set endpoints.kmeans.image: duplicate entry; set the key once [set-value]"
    said = _messages(tmp_path, "endpoints.a.image=x", "endpoints.b.image=x")
    assert [text.partition(": ")[0] for text in said] == ["--set endpoints.a.image", "--set endpoints.b.image"]
