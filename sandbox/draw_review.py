"""Draw the comment of a review as SVG, from a golden review of the tests, for the README.

The picture has what a reader sees before opening a section, and follows the preference for light or dark.

Example:
  python -m sandbox.draw_review > docs/review.svg

"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

_SCENARIO, _STACK = "isolation-relaxed", "dev-kmeans"
_REVIEW = Path(__file__).parents[1] / "tests" / "plans" / f"{_SCENARIO}.md"
_WIDTH, _MARGIN, _LINE, _PADDING = 900, 16, 18, 6  # pixels
_CHARACTER = {"plain": 6.4, "bold": 6.9, "code": 7.3}  # average width in pixels of a font of 12
_LAST_COLUMN = 340  # least width in pixels of the texts of findings
_INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`]+)`|(?P<plain>[^*`]+)")
_COLORS = """
.page{fill:#fff;stroke:#d1d9e0}.row{fill:#f6f8fa}text{fill:#1f2328;font:12px sans-serif}
.bold,.level2,.level3{font-weight:bold}.code{font-family:monospace}.level2{font-size:17px}.level3{font-size:14px}
@media (prefers-color-scheme:dark){.page{fill:#0d1117;stroke:#3d444d}.row{fill:#151b23}text{fill:#f0f6fc}}
"""


@dataclass(frozen=True)
class _Word:
    text: str  # with the space that follows it
    style: str

    @property
    def width(self) -> float:
        return len(self.text) * _CHARACTER[self.style]


def example() -> str:
    """Return the picture of the README."""
    markdown = _REVIEW.read_text(encoding="utf-8").replace(_SCENARIO, _STACK)
    return draw(markdown.partition("<details>")[0])


def draw(markdown: str) -> str:
    """Return the SVG of the headings, paragraphs and tables of a review."""
    shapes: list[str] = []
    rows: list[list[str]] = []
    y = 2 * _MARGIN
    for line in [*_visible_lines(markdown), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            table, y = _table(rows[:1] + rows[2:], y + _PADDING)
            shapes, rows = [*shapes, table], []
        if line.startswith("#"):
            level, _, heading = line.partition(" ")
            shapes.append(f'<text x="{_MARGIN}" y="{y + 4}" class="level{len(level)}">{escape(heading)}</text>')
            y += _LINE + 2 * _PADDING
        elif line:
            text, y = _text(_words(line), _MARGIN, y, _WIDTH - 2 * _MARGIN)
            shapes.append(text)
    title = escape(f"The comment of a review: the stack {_STACK} is blocked")
    body = "\n".join(shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" height="{y}"'
        ' role="img">\n'
        f"<title>{title}</title>\n<style>{_COLORS}</style>\n"
        f'<rect class="page" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{y - 1}" rx="6"/>\n{body}\n</svg>\n'
    )


def _visible_lines(markdown: str) -> Iterator[str]:
    for line in markdown.splitlines():
        if line and not line.startswith("<!--"):
            yield line.removesuffix("<br>")


def _words(markdown: str) -> list[_Word]:
    """Return the words of a text with their styles; a code span is one word."""
    found: list[_Word] = []
    for match in _INLINE.finditer(markdown):
        style = match.lastgroup or "plain"
        texts = [match[style]] if style == "code" else re.findall(r"\s*\S+\s?", match[style])
        for text in texts:
            if text[0] == " " and found:
                found[-1] = _Word(f"{found[-1].text.rstrip()} ", found[-1].style)
            found.append(_Word(text.lstrip(), style))
    return found


def _text(words: list[_Word], x: float, y: int, width: float) -> tuple[str, int]:
    """Return a wrapped text, and the y of what follows."""
    lines: list[list[_Word]] = [[]]
    for word in words:
        if lines[-1] and sum(item.width for item in [*lines[-1], word]) > width:
            lines.append([])
        lines[-1].append(word)
    texts = []
    for line in lines:
        spans = [f'<tspan class="{word.style}">{escape(word.text)}</tspan>' for word in line]
        texts.append(f'<text x="{x:g}" y="{y}">{"".join(spans)}</text>')
        y += _LINE
    return "\n".join(texts), y


def _table(rows: list[list[str]], y: int) -> tuple[str, int]:
    """Return a table whose last column takes the rest of the width, and the y of what follows."""
    head, *body = rows
    cells = [[_words(f"**{cell}**") for cell in head], *([_words(cell) for cell in row] for row in body)]
    widths = [max(sum(word.width for word in row[column]) for row in cells) + 12 for column in range(len(rows[0]))]
    widths[-1] = max(_WIDTH - 2 * _MARGIN - sum(widths[:-1]), _LAST_COLUMN)
    shapes = []
    for index, row in enumerate(cells):
        x, end, texts = float(_MARGIN), y, []
        for words, width in zip(row, widths, strict=True):
            text, end_of_cell = _text(words, x, y, width)
            texts.append(text)
            x, end = x + width, max(end, end_of_cell)
        height = end - y + 2 * _PADDING
        style = "row" if index else "page"
        shapes += [
            f'<rect class="{style}" x="{_MARGIN - _PADDING}" y="{y - _LINE}" width="{_WIDTH - 2 * _MARGIN + 12}"'
            f' height="{height}"/>',
            *texts,
        ]
        y += height
    return "\n".join(shapes), y + _PADDING


if __name__ == "__main__":
    sys.stdout.write(example())
