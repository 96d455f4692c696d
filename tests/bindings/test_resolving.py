"""The values that subset.js copies or resolves are those that CDKTF resolves, and it leaves other tokens to CDKTF."""

import json
from pathlib import Path

import pytest

from tests.project import Project

_VALUES = (
    "'text ${var.a} with } and $${escapes}'",
    "'1e5 -e- 2.e+ {} e'.format(number)",
    "f'{key.arn} twice {key.arn}'",
    "json.dumps([{'Resource': key.arn}, {'a': {'b': key.key_id}}])",
    "key.arn + ' ${var.a} ' + key.arn",
    "'${lower(' + key.arn + ')}'",
    "key.arn + '$${' + key.arn + '}'",
    "'2e5 ' + key.arn",
    "key.arn + Fn.upper(key.arn)",
    "key.fqn",
    "KmsKey(stack, 'Key-1e5').arn",
    "KmsKey(stack, 'Each', for_each=TerraformIterator.from_list(['a'])).arn",
    "[key.arn, *names]",
    "[key.arn, 'a', [key.key_id], number]",
    "'${TfToken[TOKEN.99999]}'",
    "[key.arn, 1, True, 'a', [], {}, {'a': []}, None, [None], ['1e5']]",
    "[number, 1]",
    "names",
    "[*names, 'more']",
    "{'list': names, 'nested': {'number': number, 'half': 0.5, 'huge': 1e300, 'negative': -1.5}}",
    "{key.arn: 'a key', '1e5': {'-e-': None}, 'none': None}",
    "table",
    "{'table': table}",
    "{'value': -123456789}",
    "{'value': 'String Map Token Value'}",
    "Fn.join('-', [key.arn, Fn.element(names, 0), 'a'])",
    "Token.as_number(key.arn)",
    "reduce(lambda inner, _: {'deep': inner}, range(120), key.arn)",
)
_PRINT_OUTPUTS = f"""
import protected_endpoints.bindings, json
from functools import reduce
from cdktf import App, Fn, TerraformIterator, TerraformOutput, TerraformStack, TerraformVariable, Token
from protected_endpoints.bindings import AwsProvider, KmsKey
for expression in {_VALUES}:
    app = App(outdir="out")
    stack = TerraformStack(app, "values")
    AwsProvider(stack, "Aws", region="us-west-2")
    key = KmsKey(stack, "Key")
    number = TerraformVariable(stack, "number", type="number").number_value
    names = TerraformVariable(stack, "names", type="list(string)").list_value
    table = Token.as_string_map(Fn.merge([{{"a": key.arn}}]))
    TerraformOutput(stack, "value", value=eval(expression))
    try:
        app.synth()
        printed = json.load(open("out/stacks/values/cdk.tf.json"))["output"]
    except Exception as error:
        printed = str(error).splitlines()[0]
    print(json.dumps(printed))
"""
_PRINT_STACKS = """
import protected_endpoints.bindings, jsii, json
from cdktf import App, DefaultTokenResolver, StringConcat, TerraformOutput, TerraformStack, Tokenization
from cdktf import ITerraformDependable, TerraformResourceLifecycle
from protected_endpoints.bindings import AwsProvider, KmsAlias, KmsKey
app = App(outdir="out")
one, two = TerraformStack(app, "one"), TerraformStack(app, "two")
for stack in one, two:
    AwsProvider(stack, "Aws", region="us-west-2")
key = KmsKey(one, "Key")
alias = KmsAlias(one, "Alias", target_key_id=key.key_id, depends_on=[key])

@jsii.implements(ITerraformDependable)
class Dependency:
    fqn = property(lambda self: alias.depends_on[0])

KmsAlias(one, "Nested", target_key_id=key.key_id, depends_on=[Dependency(), key])
renamed = KmsKey(two, "Renamed", depends_on=[key], description=json.dumps({"Key": [key.arn, alias.arn]}))
renamed.override_logical_id("another")
KmsAlias(two, "Alias", target_key_id=renamed.key_id, depends_on=[renamed, key],
    lifecycle=TerraformResourceLifecycle(replace_triggered_by=[renamed, alias.arn]))
TerraformOutput(two, "both", value=[key.arn, renamed.arn, {key.arn: renamed.arn}])

class Resolver(DefaultTokenResolver):
    def resolve_string(self, fragments, context):
        return "resolved in Python"

class Concat(StringConcat):
    def join(self, left=None, right=None):
        return f"{left}+{right}"

for stack in one, two:
    for resolver in DefaultTokenResolver(StringConcat()), Resolver(StringConcat()), DefaultTokenResolver(Concat()):
        texts = [key.arn, "a " + key.arn]
        print(json.dumps(Tokenization.resolve(texts, preparing=False, scope=stack, resolver=resolver)))
app.synth()
for stack in "one", "two":
    print(json.dumps(json.load(open(f"out/stacks/{stack}/cdk.tf.json"))))
"""
# Builds another form of the subset from the first one, because the complete assembly takes a second to read.
_FROM_FIRST = """
import pathlib, protected_endpoints.bindings.subset_assembly as s
build, script = s._build, s._main_script()
s._build = lambda _complete, submodules: build(pathlib.Path({first!r}), submodules)
s._main_script = lambda: {script}
"""
_UNCHANGED_CDKTF = """b'module.exports = require("./lazy-index.js");'"""


class Runs:
    """Runs of programs with the forms of the subset, in one home directory, in which each is prepared once."""

    def __init__(self, folder: Path) -> None:
        self._project = Project(folder)
        self.values = self.outputs(_PRINT_OUTPUTS)
        (self._first,) = self._project.cached_subsets

    def outputs(self, code: str) -> list[object]:
        """Return what a program prints, with the subset as it is."""
        printed, _ = self._project.run("-c", code)
        return [json.loads(line) for line in printed.splitlines()]

    def outputs_with(self, script: str, code: str) -> list[object]:
        """Return what it prints if the subset has another main file: an expression, of `script` for the real one."""
        other_form = _FROM_FIRST.format(first=str(self._first), script=script)
        return self.outputs(other_form + code)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(tmp_path_factory.mktemp("project"))


def test_values_are_resolved_as_cdktf_does(runs: Runs) -> None:
    expected = runs.outputs_with(_UNCHANGED_CDKTF, _PRINT_OUTPUTS)
    assert dict(zip(_VALUES, runs.values, strict=True)) == dict(zip(_VALUES, expected, strict=True))


def test_references_between_stacks_and_in_other_resolvers_are_resolved_as_cdktf_does(runs: Runs) -> None:
    quickly = runs.outputs(_PRINT_STACKS)
    assert quickly == runs.outputs_with(_UNCHANGED_CDKTF, _PRINT_STACKS)
    of_one, in_python, joined, *_, one, two = quickly
    assert of_one == ["${aws_kms_key.Key.arn}", "a ${aws_kms_key.Key.arn}"]
    assert in_python == ["resolved in Python"] * 2
    assert joined != of_one
    assert isinstance(one, dict)
    assert isinstance(two, dict)
    aliases = one["resource"]["aws_kms_alias"]
    assert [alias["depends_on"] for alias in aliases.values()] == [["aws_kms_key.Key"], ["aws_kms_key.Key"] * 2]
    assert "terraform_remote_state" in json.dumps(two["resource"]["aws_kms_key"]["another"]["description"])


@pytest.mark.parametrize("file", ["private/resolve", "private/token-map", "tfExpression"])
def test_another_layout_of_cdktf_is_resolved_by_cdktf(runs: Runs, file: str) -> None:
    outputs = runs.outputs_with(f"script.replace(b'{file}', b'moved')", _PRINT_OUTPUTS)
    assert outputs[0] == {"value": {"value": "text ${var.a} with } and $${escapes}"}}
