"""Shows what a zone would have done, before it is drawn: reads, and leaves the look on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geofence.service import AT_ALL_TIMES, Rehearsal, Replayed, ZoneTerms, rehearse_zone
from ingest.store import StoredPositions
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Invalid, NotFound
from supervision.register.models import Supervisee

LONGEST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Draft:
    """A zone that is thought of: whose, its outline and terms, and how far back to look."""

    supervisee_id: int
    geojson: Mapping[str, Any]
    terms: ZoneTerms = AT_ALL_TIMES
    days: int = 30


def preview_zone(session: Session, actor: Actor | None, draft: Draft, now: datetime) -> Rehearsal:
    """Replay a person's last days as if the draft had been armed at their beginning.

    When its order begins is not looked at. Nobody is locked: the draft changes nothing.

    Args:
        session: Open transaction; only the look is written, the caller commits.
        actor: Who looks, and must be allowed to draw zones; None for the system.
        draft: The zone, and how many days.
        now: Aware UTC.

    Raises:
        NotAllowed: The actor's role draws no zones.
        NotFound: No such person, or not on the actor's caseload.
        ZoneInvalid: The drawing cannot be used.
        Invalid: The terms cannot be, or the days. In each case nothing was written.
    """
    if actor is not None:
        actor.require(Permission.WRITE_ZONES)
    if not 1 <= draft.days <= LONGEST_DAYS:
        message = f"From 1 to {LONGEST_DAYS} days can be replayed."
        raise Invalid(message)
    person = _person(session, actor, draft.supervisee_id)
    replayed = Replayed(person.id, now - timedelta(days=draft.days), now, person.time_zone)
    found = rehearse_zone(session, draft.geojson, draft.terms, replayed, StoredPositions())
    _record(session, actor, person, found, now)
    return found


def find_person(session: Session, name: str) -> int:
    """The supervisee of this case number, or else of this id.

    Raises:
        NotFound: There is none.
        Invalid: Several agencies have such a case.
    """
    query = select(Supervisee.id).where(Supervisee.case_number == name)
    found = session.scalars(query).all()
    if len(found) > 1:
        raise Invalid("More than one agency has this case number; give the person's id.")
    if found:
        return found[0]
    is_id = name.isdecimal() and len(name) < len(str(2**63))
    if not is_id or session.get(Supervisee, int(name)) is None:
        raise NotFound("There is nobody of this case number or id.")
    return int(name)


def _person(session: Session, actor: Actor | None, supervisee_id: int) -> Supervisee:
    person = session.get(Supervisee, supervisee_id)
    if person is None:
        raise NotFound
    if actor is not None and (
        person.agency_id != actor.agency_id
        or actor.caseload_officer_id not in {None, person.supervising_officer_id}
    ):
        raise NotFound
    return person


def _record(
    session: Session, actor: Actor | None, person: Supervisee, found: Rehearsal, now: datetime
) -> None:
    """Put on the trail that a draft was tried, and that for it the person's ways were looked at."""
    by = audit.SYSTEM if actor is None else audit.officer(actor.officer_id)
    times = {"begins_at": found.begins_at.isoformat(), "ends_at": found.ends_at.isoformat()}
    for tag in (audit.Tag.ZONE_PREVIEWED, audit.Tag.POSITIONS_VIEWED):
        audit.record(session, person.agency_id, now, by, tag, f"supervisee:{person.id}", **times)
