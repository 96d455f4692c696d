"""Put the nouns of the JSON Schema into sentences, the same ones for messages and for the reference."""

from typing import Any


def with_article(noun: str) -> str:
    """Return a noun after a or an: `an S3 URI`, `a VPC id`."""
    return f"{'an' if noun[0] in 'aeioAEIO' or noun[:2] in ('S3', 'IA') else 'a'} {noun}"


def plural(noun: str) -> str:
    """Return more than one of a noun: `IAM role ARNs or tables of a caller`."""
    head, of, rest = noun.partition(" of ")
    return " or ".join(f"{each}s" for each in head.split(" or ")) + of + rest


def schema_noun(node: dict[str, Any]) -> str:
    """Return what a value is called: by its title, or by what it is made of."""
    return str(node.get("title", "table" if "properties" in node else "value"))


def describe_list(array: dict[str, Any], noun: str) -> str:
    """Return what a list holds, and how much of it where that is limited."""
    least, most = array.get("minItems"), array.get("maxItems")
    count = f"{least} to {most} " if most else "one or more " if least else ""
    return f"list of {count}{plural(noun)}"
