"""What must be told of a clause: a gap is one alert, raised, cleared at its end, never repeated."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from alerts.catalogue import AlertKind
from alerts.rules import Change, dedup_key
from supervision.core.clock import to_us
from supervision.corridor.covers import Duty
from supervision.register.clauses import Span

# When the alert of each gap was cleared, by its dedup key; None: not yet.
Told = Mapping[str, datetime | None]


class Step(NamedTuple):
    """What becomes of one alert: raised for a gap, cleared at its end, or active again."""

    duty: Duty
    change: Change
    key: str
    at: datetime


def steps(
    duty: Duty, told: Told, since: datetime, now: datetime, grace: timedelta
) -> Iterator[Step]:
    """What must be told of a clause that has not been told.

    Args:
        duty: The clause and all that ever covered it.
        told: Its alerts so far.
        since: A gap that ended by then is not told any more.
        now: Aware UTC.
        grace: A shorter gap is none.
    """
    found = {_key(duty, gap): gap for gap in duty.gaps(now)}
    due = [key for key, gap in found.items() if key not in told and _is_due(gap, since, now, grace)]
    for key in due:
        yield Step(duty, Change.RAISED, key, found[key].begins_at)
    for key, cleared_at in {**told, **dict.fromkeys(due)}.items():
        ended_at = found[key].ends_at if key in found else now
        if ended_at is None and cleared_at is not None:
            yield Step(duty, Change.ACTIVE_AGAIN, key, now)
        elif ended_at is not None and cleared_at is None:
            yield Step(duty, Change.CLEARED, key, ended_at)


def _key(duty: Duty, gap: Span) -> str:
    return dedup_key(AlertKind.CLAUSE_UNCOVERED, "clause", duty.clause_id, to_us(gap.begins_at))


def _is_due(gap: Span, since: datetime, now: datetime, grace: timedelta) -> bool:
    is_news = gap.ends_at is None or gap.ends_at > since
    return is_news and (gap.ends_at or now) - gap.begins_at >= grace
