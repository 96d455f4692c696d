"""The values that subset.js copies are those that CDKTF resolves, and it leaves tokens to CDKTF."""

import json

from tests.project import Project

_VALUES = (
    "'text ${var.a} with } and $${escapes}'",
    "'1e5 -e- 2.e+ {} e'.format(number)",
    "f'{key.arn} twice {key.arn}'",
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
from cdktf import App, Fn, TerraformOutput, TerraformStack, TerraformVariable, Token
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
_UNCHANGED_CDKTF = (
    "import protected_endpoints.bindings.subset_assembly as s\n"
    "s._main_script = lambda: b'module.exports = require(\"./lazy-index.js\");'"
)


def test_values_are_resolved_as_cdktf_does(project: Project) -> None:
    quickly = _outputs(project, _PRINT_OUTPUTS)
    expected = _outputs(project, _UNCHANGED_CDKTF + _PRINT_OUTPUTS)
    assert dict(zip(_VALUES, quickly, strict=True)) == dict(zip(_VALUES, expected, strict=True))


def test_another_layout_of_cdktf_is_resolved_by_cdktf(project: Project) -> None:
    another_layout = (
        "import protected_endpoints.bindings.subset_assembly as s\n"
        "script = s._main_script().replace(b'private/resolve', b'private/moved')\n"
        "s._main_script = lambda: script\n"
    )
    assert _outputs(project, another_layout + _PRINT_OUTPUTS)[0] == {
        "value": {"value": "text ${var.a} with } and $${escapes}"}
    }


def _outputs(project: Project, code: str) -> list[object]:
    printed, _ = project.run("-c", code)
    return [json.loads(line) for line in printed.splitlines()]
