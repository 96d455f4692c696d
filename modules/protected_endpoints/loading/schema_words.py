"""Descriptions of values in words, from the JSON Schema: the same ones for messages and for the reference."""

import re

from protected_endpoints.loading.schema import Schema, item_schema

_TYPES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "a table",
}
_NOUN = re.compile(r"(?P<head>.*?)(?P<complement>(?: of | without |, ).*)?")
_VOWEL_LETTERS = "AEFHILMNORSX"  # letters whose names begin with a vowel: an SNS topic, an S3 URI


def with_article(noun: str) -> str:
    """Return a noun after `a` or `an`: `an S3 URI`, `a VPC ID`."""
    is_acronym = noun[:2].isupper()
    return f"{'an' if noun[0] in (_VOWEL_LETTERS if is_acronym else 'aeioAEIO') else 'a'} {noun}"


def plural(noun: str) -> str:
    """Return the plural of a noun: `IAM role ARNs or invoker tables`."""
    match = _NOUN.fullmatch(noun)
    head, complement = (match["head"], match["complement"] or "") if match else (noun, "")
    return " or ".join(f"{word}s" for word in head.split(" or ")) + complement


def schema_noun(node: Schema) -> str:
    """Return the noun for a value: its title, or `table` or `value`."""
    return str(node.get("title", "table" if "properties" in node else "value"))


def describe_list(array: Schema) -> str:
    """Return the description of a list with its limits: `list of 1 to 16 subnet IDs`."""
    least, most = array.get("minItems"), array.get("maxItems")
    count = f"{least} to {most} " if least and most else f"up to {most} " if most else "one or more " if least else ""
    return f"list of {count}{plural(schema_noun(item_schema(array)))}"


def describe_expected(node: Schema) -> str:
    """Return the description of the expected value, which follows `must be` in a message."""
    if "title" in node:
        return with_article(node["title"])
    if "minimum" in node:
        kind = _TYPES[node["type"]]
        if "maximum" in node:
            return f"{kind} from {node['minimum']} to {node['maximum']}"
        return f"{kind} greater than or equal to {node['minimum']}"
    if "exclusiveMinimum" in node:
        return f"{_TYPES[node['type']]} greater than {node['exclusiveMinimum']}"
    return f"a {describe_list(node)}" if node.get("type") == "array" else _TYPES[node["type"]]


def describe_mismatch(node: Schema) -> str:
    """Return what is wrong with a value that its schema does not allow, as it follows the key path in a message."""
    is_choice = "enum" in node and "title" not in node
    return "unsupported value" if is_choice else f"must be {describe_expected(node)}"
