"""The officer's three lists of check-ins: what needs attention, is awaited, and was reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.rules import Attention, Need
from supervision.checkins.service.needs import FOUND
from supervision.core.access import Actor
from supervision.core.clock import from_us
from supervision.core.recurrence import instants_us
from supervision.web.console.checkin_rows import MINE, OF_PERSON, CheckinRow, read, select

MOST_ROWS = 500
REVIEWED_ROWS = 100
REVIEWED_DAYS = 7
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list, and what of it.

    Attributes:
        need: The list.
        person: Only of this supervisee.
        on: What is awaited on this date of the agency's; None: what is open now and due later
            today, or all that is ahead where one person is asked for.
        since: What was reviewed from this date of the agency's on; None: `REVIEWED_DAYS` ago.
        before: Only what opened before this place of the reviewed, by its time and id.
    """

    need: Need = Need.ATTENTION
    person: int | None = None
    on: date | None = None
    since: date | None = None
    before: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class CheckinList:
    """One list, how long each of the three is, and whether more of this one lies behind."""

    rows: Sequence[CheckinRow]
    counts: dict[Need, int]
    has_more: bool

    @property
    def count(self) -> int:
        """How many check-ins need attention: what the page's title says."""
        return self.counts[Need.ATTENTION]


_ON_LIST = {
    Need.ATTENTION: f"{FOUND[Need.ATTENTION]} AND {OF_PERSON}",
    Need.AWAITING: (
        f"{FOUND[Need.AWAITING]} AND {OF_PERSON}"
        " AND (CAST(:from_at AS timestamptz) IS NULL OR c.opens_at >= :from_at)"
        " AND (CAST(:until_at AS timestamptz) IS NULL OR c.opens_at < :until_at)"
    ),
    Need.REVIEWED: f"{FOUND[Need.REVIEWED]} AND {OF_PERSON} AND c.opens_at >= :since_at",
}
_URGENCY = ", ".join(f"'{why}'" for why in Attention)
_ORDERED = {
    # What can still be saved first, then what waits longest.
    Need.ATTENTION: (
        f"SELECT * FROM ({select(_ON_LIST[Need.ATTENTION])}) l"
        f" ORDER BY array_position(ARRAY[{_URGENCY}], l.why), CASE l.why"
        f" WHEN '{Attention.CLOSING}' THEN l.closes_at"
        f" WHEN '{Attention.CALL_ASKED}' THEN l.call_asked_at"
        f" WHEN '{Attention.MISSED}' THEN l.missed_at ELSE l.submitted_at END, l.id LIMIT :most"
    ),
    Need.AWAITING: (
        f"{select(_ON_LIST[Need.AWAITING])} ORDER BY c.opens_at > :now,"
        " CASE WHEN c.opens_at > :now THEN c.opens_at ELSE c.closes_at END, c.id LIMIT :most"
    ),
    Need.REVIEWED: (
        f"{select(_ON_LIST[Need.REVIEWED])} AND (CAST(:before_at AS timestamptz) IS NULL"
        " OR (c.opens_at, c.id) < (:before_at, :before_id))"
        " ORDER BY c.opens_at DESC, c.id DESC LIMIT :most"
    ),
}
_COUNTS = "SELECT " + ", ".join(
    "(SELECT count(*) FROM checkin c JOIN supervisee s ON s.id = c.supervisee_id"
    f" WHERE {MINE} AND {_ON_LIST[need]}) AS {need}"
    for need in Need
)


def list_checkins(
    session: Session, actor: Actor, wanted: Wanted, now: datetime, zone: ZoneInfo
) -> CheckinList:
    """One of the three lists of the actor's caseload, and the length of each.

    Args:
        session: Open transaction bound to the actor's agency, only read.
        actor: Whose caseload.
        wanted: Which list.
        now: Aware UTC.
        zone: The agency's, by which days begin.
    """
    most = REVIEWED_ROWS if wanted.need is Need.REVIEWED else MOST_ROWS
    before_at, before_id = wanted.before or (None, 0)
    values = _bounds(wanted, now, zone) | {"person": wanted.person}
    page = {"before_at": before_at, "before_id": before_id, "most": most + 1}
    rows = read(session, _ORDERED[wanted.need], actor, now, **values, **page)
    known = {"now": now, "caseload": actor.caseload_officer_id, **values}
    counts = session.execute(text(_COUNTS), known).mappings().one()
    lengths = {need: int(counts[need]) for need in Need}
    return CheckinList(rows[:most], lengths, len(rows) > most)


def today_in(zone: ZoneInfo, now: datetime) -> date:
    """The date that clocks in a zone show."""
    return now.astimezone(zone).date()


def _bounds(wanted: Wanted, now: datetime, zone: ZoneInfo) -> dict[str, datetime | None]:
    """From when until before when a check-in opens that is on each list."""
    today = today_in(zone, now)
    is_of_one = wanted.person is not None and wanted.on is None
    since = wanted.since or today - REVIEWED_DAYS * DAY
    return {
        "from_at": _begin(wanted.on, zone) if wanted.on else None,
        "until_at": None if is_of_one else _begin((wanted.on or today) + DAY, zone),
        "since_at": _begin(since, zone),
    }


def _begin(day: date, zone: ZoneInfo) -> datetime:
    first_us, _ = instants_us(datetime.combine(day, time()), zone)
    return from_us(first_us)
