"""Shows what a zone would have done, before it is drawn: reads, and leaves a look on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geofence.service import Rehearsal, Replayed, ZoneTerms, rehearse_zone
from ingest.store import StoredPositions
from supervision.core import audit
from supervision.core.errors import NotFound
from supervision.register.models import Supervisee


@dataclass(frozen=True, slots=True)
class Draft:
    """A zone that is thought of: whose, its outline and terms, and how far back to look."""

    supervisee_id: int
    geojson: Mapping[str, Any]
    terms: ZoneTerms
    days: int


def preview_zone(session: Session, draft: Draft, by: str, now: datetime) -> Rehearsal:
    """Replay a person's last days as if the draft had been armed at their beginning.

    Args:
        session: Open transaction; only the look is written, the caller commits.
        draft: The zone, and how many days.
        by: Who looks, as the audit trail names them.
        now: Aware UTC.

    Raises:
        NotFound: No such person.
        ZoneInvalid: The drawing cannot be used.
        Invalid: The terms cannot be. In each case nothing was written.
    """
    person = session.get(Supervisee, draft.supervisee_id)
    if person is None:
        raise NotFound
    replayed = Replayed(person.id, now - timedelta(days=draft.days), now, person.time_zone)
    found = rehearse_zone(session, draft.geojson, draft.terms, replayed, StoredPositions())
    audit.record(
        session,
        person.agency_id,
        now,
        by,
        audit.Tag.ZONE_PREVIEWED,
        f"supervisee:{person.id}",
        days=draft.days,
    )
    return found


def find_person(session: Session, name: str) -> int:
    """The supervisee of this case number, or else of this id.

    Raises:
        NotFound: There is none, or several agencies have such a case.
    """
    wanted = [Supervisee.case_number == name]
    if name.isdecimal() and len(name) < len(str(2**63)):
        wanted.append(Supervisee.id == int(name))
    found = session.scalars(select(Supervisee.id).where(or_(*wanted))).all()
    if len(found) != 1:
        raise NotFound
    return found[0]
