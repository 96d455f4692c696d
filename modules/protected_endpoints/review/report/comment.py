"""Write reviews as one comment in GitHub's Markdown: the verdict first, and within GitHub's limit of length."""

import json
from collections.abc import Sequence

from protected_endpoints.review.markdown import escape, pluralize, table
from protected_endpoints.review.plan.fingerprint import fingerprint
from protected_endpoints.review.report.sections import Section, counts, sections
from protected_endpoints.review.review import Review

MAX_LENGTH = 60_000  # characters; GitHub accepts 65,536
_MAX_OMITTED_NAMES = 8
_SEPARATOR = "\n\n"


def comment(reviews: Sequence[Review], *, source: str) -> str:
    """Return the Markdown of reviews; the same for the same plans."""
    hashed = fingerprint(review.plan for review in reviews)
    marker = json.dumps({"stacks": [review.plan.stack for review in reviews], "fingerprint": hashed})
    # Two hyphens would end the HTML comment, also in the name of a stack.
    heads = [f"<!-- endpoint-review {marker.replace('--', '- -')} -->", *_heads(reviews)]
    parts = [part for review in reviews for part in sections(review, has_title=len(reviews) > 1)]
    return _within_limit(heads, parts, _footer(reviews, source, hashed))


def _heads(reviews: Sequence[Review]) -> list[str]:
    if len(reviews) == 1:
        (review,) = reviews
        return [f"## {escape(review.plan.stack)}: {review.verdict}"]
    blocked = sum(review.is_blocked for review in reviews)
    rows = [[escape(review.plan.stack), review.verdict, counts(review)] for review in reviews]
    return [
        f"## {pluralize(len(reviews), 'stack')}: {blocked or 'none'} blocked",
        "",
        table(["stack", "verdict", "changes"], rows),
    ]


def _footer(reviews: Sequence[Review], source: str, hashed: str) -> str:
    versions = sorted({review.plan.terraform_version for review in reviews if review.plan.terraform_version})
    terraform = f" of Terraform {escape(', '.join(versions))}" if versions else ""
    origin = f"{source}{terraform}. Fingerprint `{hashed[:16]}`."
    caveat = "A review without findings is no proof of safety: it covers only the rules of this project."
    return f"<sub>{origin} {caveat}</sub>"


def _within_limit(heads: Sequence[str], parts: Sequence[Section], footer: str) -> str:
    """Return the comment without the parts of the lowest rank, until it is short enough."""
    by_rank = sorted(range(len(parts)), key=lambda index: (parts[index].rank, -len(parts[index].text)))
    length, omitted = len(_join(heads, parts, [], footer)), set[int]()
    names: list[str] = []
    for index in by_rank:
        if length + (len(_SEPARATOR) + len(_notice(names)) if names else 0) <= MAX_LENGTH:
            break
        omitted.add(index)
        names.append(parts[index].name)
        length -= len(_SEPARATOR) + len(parts[index].text)
    text = _join(heads, [part for index, part in enumerate(parts) if index not in omitted], names, footer)
    return text if len(text) <= MAX_LENGTH else f"{text[: MAX_LENGTH - 40]}\n\n(truncated)\n"


def _join(heads: Sequence[str], parts: Sequence[Section], omitted: Sequence[str], footer: str) -> str:
    notice = [_notice(omitted)] if omitted else []
    return _SEPARATOR.join(["\n".join(heads), *(part.text for part in parts), *notice, footer]) + "\n"


def _notice(omitted: Sequence[str]) -> str:
    if not omitted:
        return ""
    names = ", ".join(map(escape, omitted[:_MAX_OMITTED_NAMES]))
    unnamed = len(omitted) - _MAX_OMITTED_NAMES
    more = f", and {unnamed} more" if unnamed > 0 else ""
    return f"Omitted because the comment would be too long: {names}{more}."
