"""Write a review as GitHub's Markdown: the verdict first, and never longer than GitHub takes."""

import json
from collections.abc import Sequence

from protected_endpoints.review.analysis.endpoints import count
from protected_endpoints.review.plan.fingerprint import fingerprint
from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.report.markdown import plain, table
from protected_endpoints.review.report.sections import Section, counted, sections
from protected_endpoints.review.review import Review

LONGEST = 60_000  # characters; GitHub takes 65,536
_MOST_NAMED = 8


def comment(reviews: Sequence[Review], *, source: str) -> str:
    """Return the Markdown of a review; the same for the same plans."""
    marker = json.dumps({"stacks": [each.plan.stack for each in reviews], "fingerprint": fingerprint(_plans(reviews))})
    # A hyphen pair would end the comment, in a stack's name as well.
    head = [f"<!-- endpoint-review {marker.replace('--', '- -')} -->", *_heads(reviews)]
    parts = [part for each in reviews for part in sections(each, several=len(reviews) > 1)]
    foot = _foot(reviews, source)
    return _within_budget(head, parts, foot)


def _plans(reviews: Sequence[Review]) -> list[Plan]:
    return [each.plan for each in reviews]


def _heads(reviews: Sequence[Review]) -> list[str]:
    if len(reviews) == 1:
        (only,) = reviews
        return [f"## {plain(only.plan.stack)}: {only.verdict}"]
    blocked = sum(each.blocks for each in reviews)
    as_they_are = "as it is" if blocked == 1 else "as they are"
    said = f"{count(blocked, 'stack')} must not be applied {as_they_are}" if blocked else "no stack is blocked"
    rows = [[plain(each.plan.stack), each.verdict, counted(each)] for each in reviews]
    return [f"## {count(len(reviews), 'stack')}: {said}", "", table(["stack", "verdict", "changes"], rows)]


def _foot(reviews: Sequence[Review], source: str) -> str:
    versions = sorted({each.plan.terraform_version for each in reviews if each.plan.terraform_version})
    by = f" by Terraform {plain(', '.join(versions))}" if versions else ""
    said = f"{source}{by}. Fingerprint `{fingerprint(_plans(reviews))[:16]}`."
    return f"<sub>{said} A clean review means that these rules found nothing; it is not proof of safety.</sub>"


def _within_budget(head: Sequence[str], sections: Sequence[Section], foot: str) -> str:
    """Return the comment without the parts of the lowest rank, until it is short enough; and which these are."""
    kept, dropped = list(sections), list[str]()
    while len(whole := _joined(head, kept, dropped, foot)) > LONGEST and kept:
        least = min(kept, key=lambda each: (each.rank, -len(each.text)))
        kept.remove(least)
        dropped.append(least.name)
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 40]}\n\n(cut, because it would be too long)\n"


def _joined(head: Sequence[str], kept: Sequence[Section], dropped: Sequence[str], foot: str) -> str:
    more = f", and {len(dropped) - 8} more" if len(dropped) > 8 else ""
    said = (
        [f"Left out, because the comment would be too long: {', '.join(map(plain, dropped[:8]))}{more}."]
        if dropped
        else []
    )
    return "\n\n".join(["\n".join(head), *(each.text for each in kept), *said, foot]) + "\n"
