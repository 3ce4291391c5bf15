"""Says what the alerts of one message have in common: so a storm reads as the incident that it is.

Of many trackers that fall silent or are jammed at once the cause is one, and it is not the people.
The software names what they share and leaves the cause to whoever reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil

from alerts.catalogue import SEVERITY_ORDER, Severity

# Further apart they are no moment.
AT_ONCE = timedelta(minutes=10)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One of the alerts that a message tells of.

    Attributes:
        severity: As the alert stands.
        kind: What was found.
        supervisee_id: About whom.
        model: Of the tracker that found it, where one did and the agency has several models.
        occurred_at: By the device's own time.
    """

    severity: str
    kind: str
    supervisee_id: int
    model: str | None
    occurred_at: datetime


def incidents(alerts: Sequence[Told]) -> list[str]:
    """A line for each severity and kind, worst first: how many, and what they share."""
    in_line = sorted(alerts, key=_rank)
    groups = [list(group) for _, group in groupby(in_line, key=_rank)]
    return [_line(group) for group in groups]


def _rank(one: Told) -> tuple[int, str]:
    return SEVERITY_ORDER.index(Severity(one.severity)), one.kind


def _line(group: Sequence[Told]) -> str:
    first = group[0]
    shared = _shared(group) if len(group) > 1 else []
    said = f" ({', '.join(shared)})" if shared else ""
    return f"{len(group)} {first.severity}: {first.kind.replace('_', ' ')}{said}"


def _shared(group: Sequence[Told]) -> list[str]:
    people = len({one.supervisee_id for one in group})
    models = {one.model for one in group}
    lasted = max(one.occurred_at for one in group) - min(one.occurred_at for one in group)
    shared = ["all about one person" if people == 1 else f"about {people} people"]
    if len(models) == 1 and None not in models:
        shared.append(f"all by trackers of the model {models.pop()}")
    if lasted <= AT_ONCE:
        minutes = max(1, ceil(lasted / _MINUTE))
        shared.append(f"all within {minutes} min" if minutes > 1 else "all within a minute")
    return shared
