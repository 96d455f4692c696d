"""Print the JSON Schema of endpoints.toml, for editors that complete and check TOML.

Example:
  protected-endpoints schema > endpoints.schema.json

"""

import json
from collections.abc import Sequence

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.loading.described_schema import described_schema


def run(arguments: Sequence[str]) -> None:
    """Print the schema."""
    CommandParser("schema", __doc__).parse_args(arguments)
    print(json.dumps(described_schema(), indent=2, ensure_ascii=False))
