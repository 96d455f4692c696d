"""Time zones of scheduled actions: those of the IANA database that name a place, UTC, and fixed offsets.

Application Auto Scaling takes canonical names only (PutScheduledAction, Timezone). A list of this project's own gives
the same result on a machine without a time zone database.
"""

import json
from functools import cache
from importlib.resources import files


@cache
def time_zones() -> frozenset[str]:
    """Return the names (IANA zone.tab 2025b, `UTC`, and `Etc/GMT` with an offset)."""
    return frozenset(json.loads(files(__package__).joinpath("time_zones.json").read_text(encoding="utf-8")))
