"""Judges what is known of people anew after their zones changed, and tells what was found."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geofence.service import judge_again
from geofence.zones import Pair, ZoneBook
from ingest.store import StoredPositions
from supervision.corridor.stay_alerts import tell_of_stays


def judge_anew(
    session: Session,
    book: ZoneBook,
    since: dict[Pair, int],
    now: datetime,
    late_after: timedelta,
) -> None:
    """Judge pairs from a moment on, each from its own, and tell of what changed.

    Args:
        session: Open transaction in which the change is written and the people are locked; the
            caller commits.
        book: Knows the change.
        since: For each pair from when, microseconds; a state, not an edge: the last fix before
            it counts at that moment.
        now: Aware UTC.
        late_after: A finding older than this is marked late.
    """
    findings = judge_again(session, book, since, StoredPositions(), now)
    tell_of_stays(session, findings, now, late_after)
