"""The tables of docs/speed.md."""

from collections.abc import Iterable, Mapping

from bench.fleet import Parts
from bench.measure import Costs
from bench.pull_request import CORES, INSTALLATION, JOBS, SYNTHS, pull_request_seconds
from bench.results import Results
from bench.reviews import REVIEW
from bench.synths import PROJECT
from bench.targets import targets

_COSTS = ("CPU s", "median", "wall s", "MB")


def tables(results: Results) -> dict[str, str]:
    """Return the tables by the name of their place in the page."""
    return {
        "targets": _targets(results),
        "synths": _synths(results.synths),
        "special synths": _special_synths(results),
        "reviews": _reviews(results.reviews),
        "fleet": f"{_parts(results.fleet)}\n\n{_pull_requests(results.fleet)}",
    }


def _targets(results: Results) -> str:
    rows = (
        (
            target.name,
            f"{target.limit:g} {target.unit}",
            f"{target.measured:.{2 if target.measured < 10 else 0}f}",
            "met" if target.is_met else "missed",
        )
        for target in targets(results)
    )
    return _table(("target", "at most", "measured", ""), "l--l", rows)


def _synths(synths: Mapping[int, Mapping[str, Costs]]) -> str:
    rows = (
        (str(endpoints), name, *_cells(costs), _ratio(costs, tools[PROJECT]))
        for endpoints, tools in synths.items()
        for name, costs in tools.items()
    )
    return _table(("endpoints", "tool", *_COSTS, "ratio"), "rl-----", rows)


def _special_synths(results: Results) -> str:
    rows = (("first run", *_cells(results.first_run)), ("a mistake", *_cells(results.mistake)))
    return _table(("this project, 1 endpoint", *_COSTS), "l----", rows)


def _reviews(reviews: Mapping[str, Costs]) -> str:
    rows = ((name, *_cells(costs), _ratio(costs, reviews[REVIEW])) for name, costs in reviews.items())
    return _table(("tool", *_COSTS, "ratio"), "l-----", rows)


def _parts(parts: Parts) -> str:
    synths = JOBS * SYNTHS
    rows = {
        f"synthesize {parts.endpoints} endpoints; a review does it {synths} times": parts.synth,
        f"admit their stacks; a review does it {JOBS} times": parts.admit,
        "find the stacks that differ": parts.changed,
        "`terraform init` of one stack, without a backend": parts.init,
        "plan and show one stack, offline, `GOGC=400`": parts.plan + parts.show,
        "the same with the default of Go": parts.default_plan + parts.default_show,
        "review the plan of one stack": parts.review,
        f"review the plans of all {parts.endpoints}": parts.review_all,
    }
    return _table(("part", "CPU s"), "l-", ((name, f"{seconds:.1f}") for name, seconds in rows.items()))


def _pull_requests(parts: Parts) -> str:
    rows = []
    for name, stacks in (("one endpoint", 1), (f"all {parts.endpoints}", parts.endpoints)):
        total = pull_request_seconds(parts, stacks)
        rows.append((name, _minutes(total - JOBS * INSTALLATION), _minutes(total)))
    columns = ("the pull request changes", f"on {CORES} cores, minutes", "with starting and installing")
    return _table(columns, "l--", rows)


def _cells(costs: Costs) -> tuple[str, ...]:
    return f"{costs.cpu:.2f}", f"{costs.median_cpu:.2f}", f"{costs.wall:.2f}", f"{costs.memory:.0f}"


def _ratio(costs: Costs, base: Costs) -> str:
    return f"{costs.cpu / base.cpu:.2f}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f}"


def _table(columns: Iterable[str], alignment: str, rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown. In `alignment`, `l` is a column of text, and any other character one of numbers."""
    marks = ("---" if letter == "l" else "---:" for letter in alignment)
    return "\n".join([_row(columns), f"|{'|'.join(marks)}|", *(_row(cell.strip() for cell in cells) for cells in rows)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
