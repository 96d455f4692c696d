"""Print the reference of the keys of endpoints.toml as Markdown.

Examples:
  protected-endpoints reference
  protected-endpoints reference --update    # of docs/reference.md

"""

from collections.abc import Sequence

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.loading import reference


def run(arguments: Sequence[str]) -> None:
    """Print the reference, or update the page."""
    parser = CommandParser("reference", __doc__)
    parser.add_argument("--update", action="store_true", help="update docs/reference.md instead")
    if parser.parse_args(arguments).update:
        reference.main()
    else:
        print(reference.reference())
