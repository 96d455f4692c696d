"""Print the reference of the keys of endpoints.toml as Markdown.

Examples:
  protected-endpoints reference
  protected-endpoints reference --update    # the generated parts of docs/

"""

from collections.abc import Sequence
from pathlib import Path

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.loading import reference, rules_page
from protected_endpoints.review.report import rules_table


def run(arguments: Sequence[str]) -> None:
    """Print the reference, or update the pages that are generated from the code."""
    parser = CommandParser("reference", __doc__)
    parser.add_argument(
        "--update",
        action="store_true",
        help=f"update the generated parts of {reference.PAGE}, {rules_page.PAGE} and {rules_table.PAGE} instead",
    )
    if parser.parse_args(arguments).update:
        update_pages(Path.cwd())
    else:
        print(reference.reference())


def update_pages(folder: Path) -> None:
    """Write the reference, the rules and the rules of the review to the pages of a folder."""
    _replace_between(folder / reference.PAGE, reference.BEGIN, reference.END, reference.reference())
    (folder / rules_page.PAGE).write_text(rules_page.rules_page(), encoding="utf-8")
    _replace_between(folder / rules_table.PAGE, rules_table.BEGIN, rules_table.END, rules_table.rules_table())


def _replace_between(page: Path, begin: str, end: str, text: str) -> None:
    before, _, remainder = page.read_text(encoding="utf-8").partition(begin)
    after = remainder.partition(end)[2]
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
