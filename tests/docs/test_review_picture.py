"""docs/review.svg, the picture of a review in the README, is up to date, well-formed, and nothing leaves the page."""

from xml.etree import ElementTree

from sandbox.draw_review import draw, example
from tests.examples import ROOT

_PICTURE = ROOT / "docs" / "review.svg"
_SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_up_to_date() -> None:
    assert _PICTURE.read_text(encoding="utf-8") == example(), "run: python -m sandbox.draw_review > docs/review.svg"


def test_the_picture_says_what_the_review_says() -> None:
    texts = ["".join(text.itertext()) for text in ElementTree.fromstring(example()).iter(f"{_SVG}text")]  # noqa: S314
    assert texts[0] == "dev-kmeans: blocked: 1 finding"
    assert "isolation-off" in texts
    assert texts[-4:] == ["network isolation", "aws_sagemaker_model.Model", "on", "off"]


def test_every_text_is_inside_the_page() -> None:
    picture = ElementTree.fromstring(draw("A sentence of `code` and words. " * 20))  # noqa: S314
    lines = [*picture.iter(f"{_SVG}text")]
    assert len(lines) > 3
    assert float(lines[-1].attrib["y"]) < float(picture.attrib["height"])
    assert all(len("".join(line.itertext())) < 150 for line in lines)
