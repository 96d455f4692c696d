"""Compute how long the workflow *review* takes for a pull request, from its parts.

Two jobs each install the tools, synthesize both sides and admit one of them. The first lists the stacks that differ;
the second plans these, as many at a time as there are cores, and reviews the plans.
"""

from bench.fleet import Parts

CORES = 4
JOBS, SYNTHS = 2, 2
INSTALLATION = 40.0
"""Seconds in which a job starts and installs the tools, an estimate: only GitHub shows it."""


def pull_request_seconds(parts: Parts, stacks: int) -> float:
    """Return the seconds for a pull request that changes this number of stacks: either one, or the whole fleet.

    CPU time of Terraform counts as wall time of a core, so waiting for AWS is not in it.
    """
    jobs = JOBS * (INSTALLATION + SYNTHS * parts.synth + parts.admit)
    planning = stacks / min(stacks, CORES) * (parts.init + parts.plan + parts.show)
    return jobs + parts.changed + planning + (parts.review if stacks == 1 else parts.review_all)
