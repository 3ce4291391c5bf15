"""Plans: what somebody must do. A change is a new version; what was asked stays."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.checkins.asking import NewPlan
from supervision.checkins.models import CheckinPlan, CheckinPlanVersion
from supervision.checkins.rules import Change
from supervision.checkins.sense import require_sense
from supervision.checkins.service.agenda import make_ahead
from supervision.checkins.service.history import move
from supervision.checkins.service.remaking import rows_ahead
from supervision.checkins.service.versions import columns_of
from supervision.core.errors import Conflict, NotFound
from supervision.core.recurrence import read_time_zone


@dataclass(frozen=True, slots=True)
class Person:
    """Whose plan it is, and by which clocks he lives."""

    agency_id: int
    supervisee_id: int
    time_zone: str


def add_plan(session: Session, person: Person, new: NewPlan, officer_id: int, now: datetime) -> int:
    """Make a plan and its check-ins of the next weeks; the caller commits.

    Returns:
        The plan's id.

    Raises:
        Invalid: It makes no duty (`checkins.sense`), or there is no such time zone. Nothing was
            written.
    """
    read_time_zone(person.time_zone)
    require_sense(new)
    plan = CheckinPlan(
        agency_id=person.agency_id,
        supervisee_id=person.supervisee_id,
        made_by_id=officer_id,
        made_at=now,
    )
    session.add(plan)
    session.flush()
    _write(session, plan, person, new, (1, officer_id, now))
    return plan.id


def change_plan(
    session: Session, plan_id: int, person: Person, new: NewPlan, officer_id: int, now: datetime
) -> int:
    """Ask for something else from now on; what has begun stays as it was. The caller commits.

    Check-ins that have not opened are replaced by those of the new version; a date that an officer
    has cancelled stays so.

    Returns:
        The new version's number.

    Raises:
        NotFound: No such plan of this person.
        Conflict: The plan has ended.
        Invalid: As for `add_plan`. In each case nothing was written.
    """
    plan = _held(session, plan_id, person)
    read_time_zone(person.time_zone)
    require_sense(new)
    current = session.scalars(
        select(CheckinPlanVersion).where(
            CheckinPlanVersion.checkin_plan_id == plan.id, CheckinPlanVersion.is_current
        )
    ).one()
    current.is_current = False
    session.flush()
    _drop_ahead(session, plan, Change.REPLACED, officer_id, now)
    _write(session, plan, person, new, (current.version + 1, officer_id, now))
    return current.version + 1


def end_plan(
    session: Session, plan_id: int, person: Person, officer_id: int, now: datetime
) -> None:
    """Ask for nothing more; what has opened must still be done. The caller commits.

    Raises:
        NotFound: No such plan of this person.
        Conflict: The plan has ended. In each case nothing was written.
    """
    plan = _held(session, plan_id, person)
    plan.ended_at, plan.ended_by_id = now, officer_id
    session.flush()
    _drop_ahead(session, plan, Change.CANCELLED, officer_id, now)


def _held(session: Session, plan_id: int, person: Person) -> CheckinPlan:
    plan = session.get(CheckinPlan, plan_id, with_for_update=True)
    if plan is None or plan.supervisee_id != person.supervisee_id:
        raise NotFound
    if plan.ended_at is not None:
        raise Conflict("This plan has ended.")
    return plan


def _write(
    session: Session,
    plan: CheckinPlan,
    person: Person,
    new: NewPlan,
    written: tuple[int, int, datetime],
) -> None:
    number, officer_id, now = written
    version = CheckinPlanVersion(
        agency_id=person.agency_id,
        checkin_plan_id=plan.id,
        version=number,
        is_current=True,
        time_zone=person.time_zone,
        written_by_id=officer_id,
        written_at=now,
        **columns_of(new),
    )
    session.add(version)
    session.flush()
    make_ahead(session, version, person.supervisee_id, now)


def _drop_ahead(
    session: Session, plan: CheckinPlan, change: Change, officer_id: int, now: datetime
) -> None:
    for row in rows_ahead(session, plan.id, now):
        move(session, row, change, now, officer_id, by="plan")
