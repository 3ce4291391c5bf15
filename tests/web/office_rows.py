"""What hangs on the people of an office: check-ins, rota, contacts, a pause and a calendar."""

from datetime import time, timedelta
from io import BytesIO

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.models import ContactPoint, RotaOverride, RotaRow, RotaVersion
from supervision.checkins.models import (
    CalendarFeed,
    Checkin,
    CheckinPause,
    CheckinPlanVersion,
    CheckinSubmission,
)
from supervision.checkins.rules import Method, State
from supervision.checkins.service import NewPlan, Person, add_feed, add_plan
from supervision.checkins.timing import Regular
from supervision.register.models import (
    Officer,
    Supervisee,
    SuperviseePhoto,
)
from tests import factories
from tests.duties import ANSWERS, MOVED, NEWS, a_date


def a_photo(session: Session, supervisee: Supervisee) -> SuperviseePhoto:
    """Of four grey pixels."""
    jpeg = BytesIO()
    Image.new("RGB", (2, 2), "grey").save(jpeg, "JPEG")
    photo = SuperviseePhoto(
        supervisee_id=supervisee.id,
        agency_id=supervisee.agency_id,
        jpeg=jpeg.getvalue(),
        put_by_id=supervisee.supervising_officer_id,
        put_at=factories.NOW,
    )
    session.add(photo)
    session.flush()
    return photo


def a_told_checkin(session: Session, planned: Checkin) -> Checkin:
    """An earlier one of its plan, at which he told something by himself; nobody has looked yet."""
    at = planned.opens_at - timedelta(days=32)
    version = session.get_one(CheckinPlanVersion, planned.checkin_plan_version_id)
    submitted = {"state": State.SUBMITTED, "submitted_at": at}
    one = a_date(session, version, planned.supervisee_id, at, **submitted)
    submission = CheckinSubmission(
        agency_id=one.agency_id,
        checkin_id=one.id,
        submitted_at=at,
        language="es",
        answers=ANSWERS,
        wants_call=False,
        lon=-104.98,
        lat=39.74,
        accuracy_m=12.0,
        located_at=at,
        concerns=[],
        judged_at=at,
    )
    session.add(submission)
    session.flush()
    return one


def a_checkin(session: Session, supervisee: Supervisee) -> Checkin:
    """The only one of its plan: by telephone, today at 18:00 for an hour, and a quarter's grace."""
    person = Person(supervisee.agency_id, supervisee.id, supervisee.time_zone)
    once = NewPlan(
        Method.PHONE,
        Regular("FREQ=DAILY;COUNT=1", time(18)),
        factories.NOW.date(),
        window=timedelta(hours=1),
        grace=timedelta(minutes=15),
        questions=[MOVED, NEWS],
    )
    plan_id = add_plan(session, person, once, supervisee.supervising_officer_id, factories.NOW)
    return session.scalars(select(Checkin).where(Checkin.checkin_plan_id == plan_id)).one()


def a_rota(session: Session, officer: Officer) -> RotaRow:
    """Only this officer is on it, week after week."""
    agency, by = {"agency_id": officer.agency_id}, {"made_by_id": officer.id}
    row = RotaRow(name="Days", made_at=factories.NOW, **agency, **by)
    session.add(row)
    session.flush()
    version = RotaVersion(
        rota_id=row.id,
        version=1,
        officer_ids=[officer.id],
        starts_on=factories.NOW.date(),
        handover=time(8),
        shift_days=7,
        time_zone="UTC",
        written_by_id=officer.id,
        written_at=factories.NOW,
        **agency,
    )
    session.add(version)
    session.flush()
    return row


def a_rota_override(session: Session, rota: RotaRow, officer: Officer) -> RotaOverride:
    """This officer is on call tomorrow, all day."""
    row = RotaOverride(
        agency_id=rota.agency_id,
        rota_id=rota.id,
        officer_id=officer.id,
        begins_at=factories.NOW + timedelta(days=1),
        ends_at=factories.NOW + timedelta(days=2),
        made_by_id=officer.id,
        made_at=factories.NOW,
    )
    session.add(row)
    session.flush()
    return row


def a_contact_point(session: Session, made_by: Officer, officer_id: int | None) -> ContactPoint:
    """An e-mail address: an officer's own or, without one, of a desk outside the agency."""
    row = ContactPoint(
        agency_id=made_by.agency_id,
        officer_id=officer_id,
        name="Duty desk",
        means="email",
        address="desk@example.org",
        severities=["low"],
        made_by_id=made_by.id,
        made_at=factories.NOW,
    )
    session.add(row)
    session.flush()
    return row


def a_pause(session: Session, supervisee: Supervisee) -> CheckinPause:
    """A day in hospital next month."""
    row = CheckinPause(
        agency_id=supervisee.agency_id,
        supervisee_id=supervisee.id,
        begins_at=factories.NOW + timedelta(days=30),
        ends_at=factories.NOW + timedelta(days=31),
        reason="An operation.",
        made_by_id=supervisee.supervising_officer_id,
        made_at=factories.NOW,
    )
    session.add(row)
    session.flush()
    return row


def a_calendar_feed(session: Session, supervisee: Supervisee) -> CalendarFeed:
    """A person's own, made by his officer."""
    whose, by = {"supervisee_id": supervisee.id}, supervisee.supervising_officer_id
    made = add_feed(session, supervisee.agency_id, whose, by, factories.NOW)
    return session.get_one(CalendarFeed, made.id)
