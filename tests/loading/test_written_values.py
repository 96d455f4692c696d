"""A value in the text of endpoints.toml is replaced, and nothing else; or the text stays and an error says so."""

import tomllib

import pytest

from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading.set_option import parse_set_values
from protected_endpoints.loading.written_values import write_values
from tests.examples import EXAMPLES

_TEXT = """\
# image = "in a comment"
[project]
name = "acme"   # endpoints.a.image = "x"

[endpoints.a]
image="a:1"# the image
  model_data_url   =   's3://bucket/#1'   # see #2
invokers = ["arn:#1", "b"] # two
kms.key_arn = "k"
initial_instance_count = 1
notes = '''
image = "in a string"
[endpoints.b]
'''
environment = { A = "1", B = "2" }
tags = [
  "several",
]

[endpoints."a".relax]
network_isolation = "reason"

[endpoints.b.models.x]\t# a table
image = "b:1"
[[endpoints.b.variants]]
model = "x"
[[ endpoints.b.variants ]]
model = "y"
[endpoints.b.variants.routing_config]
strategy = "LEAST"
[endpoints.b.environments.dev]
models.x.image = "b:2"
"""


@pytest.mark.parametrize(
    ("value", "old", "new"),
    [
        ("endpoints.a.image=a:2", 'image="a:1"# the image', 'image="a:2"# the image'),
        ("endpoints.a.model_data_url=s3://b/2", "'s3://bucket/#1'   # see #2", '"s3://b/2"   # see #2'),
        ('endpoints.a.invokers=["c#"]', '["arn:#1", "b"] # two', '["c#"] # two'),
        ("endpoints.a.kms.key_arn=l", 'key_arn = "k"', 'key_arn = "l"'),
        ("endpoints.a.initial_instance_count=2", "count = 1", "count = 2"),
        ("endpoints.a.relax.network_isolation=other", '"reason"', '"other"'),
        ("endpoints.b.models.x.image=b:3", 'image = "b:1"', 'image = "b:3"'),
        ("endpoints.b.variants[0].model=z", 'model = "x"', 'model = "z"'),
        ("endpoints.b.variants[1].model=z", 'model = "y"', 'model = "z"'),
        ("endpoints.b.variants[1].routing_config.strategy=RANDOM", '"LEAST"', '"RANDOM"'),
        ("endpoints.b.environments.dev.models.x.image=b:3", '"b:2"', '"b:3"'),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_one_value_changes(value: str, old: str, new: str, end: str) -> None:
    assert _TEXT.count(old) == 1
    text, expected = (toml.replace("\n", end) for toml in (_TEXT, _TEXT.replace(old, new)))
    assert write_values(text, parse_set_values([value])) == expected


_NOT_ALONE = "is not on a line of its own in endpoints.toml; change it by hand"
_MISSING = "is not in endpoints.toml; add it by hand"


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        ("endpoints.a.environment.A=2", _NOT_ALONE),  # in a table on one line
        ("endpoints.a.tags=[1]", _NOT_ALONE),  # on several lines
        ("endpoints.a.invokers[0]=x", _NOT_ALONE),  # in a list
        ("endpoints.a.notes=x", _NOT_ALONE),
        ("endpoints.a.instance_type=ml.m5.large", _MISSING),
        ("endpoints.b.image=x", _MISSING),  # only in a string, a comment and another table
    ],
)
def test_a_value_that_is_not_on_a_line_of_its_own_is_refused(value: str, refusal: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        write_values(_TEXT, parse_set_values(["endpoints.a.image=a:2", value]))
    (problem,) = raised.value.problems
    assert str(problem) == f"{value.partition('=')[0]}: {refusal} [set-value]"


@pytest.mark.parametrize("name", ["example", "everything"])
def test_every_string_of_an_example_that_is_on_a_line_is_found(name: str) -> None:
    text = EXAMPLES[name].read_text(encoding="utf-8")
    changed = 0
    for endpoint, table in tomllib.loads(text)["endpoints"].items():
        for key, value in table.items():
            if isinstance(value, str):
                written = write_values(text, parse_set_values([f'endpoints.{endpoint}.{key}="other"']))
                assert tomllib.loads(written)["endpoints"][endpoint][key] == "other"
                lines = [pair for pair in zip(text.splitlines(), written.splitlines(), strict=True) if len({*pair}) > 1]
                assert len(lines) == 1
                changed += 1
    assert changed
