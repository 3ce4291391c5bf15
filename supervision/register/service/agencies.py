"""Agencies: each is a world of its own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.errors import NotFound
from supervision.core.recurrence import read_time_zone
from supervision.register.models import Agency
from supervision.register.service.checks import conflict_if_refused


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """An agency; `time_zone` is where its officers work."""

    id: int
    name: str
    time_zone: str
    created_at: datetime


def add_agency(
    session: Session, name: str, time_zone: str, at: datetime, by: str = audit.SYSTEM
) -> AgencyRecord:
    """Found an agency, with the counters its alert feed, audit trail and zones need.

    Args:
        session: Open transaction under the engine role, the only one that may; caller commits.
        name: Unique among all agencies.
        time_zone: IANA name.
        at: Now, aware UTC.
        by: Who did it, as the audit trail names them.

    Raises:
        Invalid: The time zone is unknown.
        Conflict: The name is taken.
    """
    read_time_zone(time_zone)
    agency = Agency(name=name, time_zone=time_zone, created_at=at)
    session.add(agency)
    with conflict_if_refused("An agency of this name exists already."):
        session.flush()
    values = {"agency": agency.id}
    session.execute(text("INSERT INTO agency_ledger (agency_id) VALUES (:agency)"), values)
    session.execute(text("INSERT INTO zone_epoch (agency_id, epoch) VALUES (:agency, 0)"), values)
    audit.record(session, agency.id, at, by, audit.Tag.AGENCY_ADDED, f"agency:{agency.id}")
    return _record(agency)


def get_agency(session: Session, agency_id: int) -> AgencyRecord:
    """The agency.

    Raises:
        NotFound: There is none, or the transaction is bound to another.
    """
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFound
    return _record(agency)


def _record(row: Agency) -> AgencyRecord:
    return AgencyRecord(row.id, row.name, row.time_zone, row.created_at)
