"""The simulator of IAM decides with the quicker comparison of texts as without it."""

import subprocess
from pathlib import Path

_COMPARE_ALL = """
const slow = String.prototype.localeCompare;
require(process.argv[1]);
const characters = [...Array(95).keys()].map((index) => String.fromCharCode(32 + index));
const options = { sensitivity: "accent" };
const differ = (first, second) =>
  (slow.call(first, second, undefined, options) === 0) !== (first.localeCompare(second, undefined, options) === 0);
const pairs = characters.flatMap((first) => characters.map((second) => [first, second]));
const words = ["sagemaker:InvokeEndpoint", "SageMaker:invokeendpoint", "co-op", "coop", "", "stra\\u00dfe", "strasse"];
pairs.push(...words.flatMap((first) => words.map((second) => [first, second])));
console.log(slow === String.prototype.localeCompare, pairs.length, pairs.filter((pair) => differ(...pair)).join());
"""


def test_texts_are_equal_without_case_as_by_the_rules_of_a_language() -> None:
    script = Path(__file__).with_name("simulator.js")
    finished = subprocess.run(
        ["node", "-e", _COMPARE_ALL, script], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    assert finished.stdout.split() == ["false", "9074"]
