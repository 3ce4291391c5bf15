"""The web application on a real database, with two agencies that must never meet."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.models import Alert, ContactPoint, DispatchLink, RotaRow, ShelfRow
from geofence.models import Zone, ZoneException, ZoneSet, ZoneSetMember
from ingest.models import RejectedMessage
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
from supervision.core.access import Role
from supervision.core.db import make_engine, transaction
from supervision.monitor import Monitor
from supervision.register.models import (
    Agency,
    ClauseWaiver,
    CourtOrder,
    Device,
    DeviceAssignment,
    Officer,
    OrderClause,
    PublicHoliday,
    Supervisee,
)
from supervision.stack.postgres import DatabaseUrls, PrivatePostgres
from supervision.web.app import create_app
from supervision.web.attempts import Strangers
from supervision.web.auth import SignInDesk
from supervision.web.runtime import WebRuntime
from tests import factories
from tests.duties import ANSWERS, MOVED, NEWS, a_date
from tests.harness import FakeClock, settings_for


@dataclass(frozen=True)
class Web:
    """The application, and the database behind its back."""

    app: FastAPI
    runtime: WebRuntime
    clock: FakeClock
    engine: Engine
    loop: BlockingPortal | None = None

    def behind(self) -> AbstractContextManager[Session]:
        """A transaction under the engine role, to arrange and to look."""
        return transaction(self.engine)

    def anybody(self, **options: Any) -> TestClient:
        client = TestClient(self.app, base_url="http://testserver", **options)
        client.portal = self.loop
        return client

    def signed_in(self, officer: Officer) -> TestClient:
        """A program that signed in as this officer."""
        client = self.anybody()
        token = self.sign_in(officer).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    def sign_in(self, officer: Officer, password: str = factories.PASSWORD) -> Response:
        body = {"email": officer.email, "password": password}
        return self.anybody().post("/api/v1/session", json=body)

    def audited(self, office: "Office", tag: str) -> list[str]:
        """The subjects on an agency's audit trail under a tag, in order."""
        with self.behind() as session:
            rows = session.execute(
                text(
                    "SELECT subject FROM audit_entry"
                    " WHERE agency_id = :agency AND tag = :tag ORDER BY seq"
                ),
                {"agency": office.agency.id, "tag": tag},
            )
            return [row.subject for row in rows]


@dataclass(frozen=True)
class Office:
    """An agency with someone in every role and one case with everything."""

    agency: Agency
    officer: Officer
    colleague: Officer
    supervisor: Officer
    pretrial: Officer
    administrator: Officer
    supervisee: Supervisee
    order: CourtOrder
    clause: OrderClause
    waiver: ClauseWaiver
    zone: Zone
    zone_exception: ZoneException
    zone_set: ZoneSet
    zone_set_member: ZoneSetMember
    device: Device
    assignment: DeviceAssignment
    alert: Alert
    rejected: RejectedMessage
    checkin: Checkin
    rota: RotaRow
    calendar_feed: CalendarFeed
    pause: CheckinPause
    holiday: PublicHoliday
    told: Checkin
    outside_point: ContactPoint
    dispatch_link: DispatchLink
    shelf: ShelfRow

    def who(self, role: Role) -> Officer:
        """The one in this role who has the case, where a role has cases."""
        found: Officer = getattr(self, role.value)
        return found


def an_office(session: Session) -> Office:
    agency = factories.a_agency(session)
    officer = factories.an_officer(session, agency)
    supervisee = factories.a_supervisee(session, officer)
    order = factories.an_order(session, supervisee)
    clause = factories.a_clause(session, order)
    pretrial = factories.an_officer(session, agency, role=Role.PRETRIAL)
    zone = factories.a_zone(session, order, order_clause_id=clause.id)
    zone_set = factories.a_zone_set(session, agency.id)
    checkin = a_checkin(session, supervisee)
    supervisor = factories.an_officer(session, agency, role=Role.SUPERVISOR)
    a_contact_point(session, supervisor, supervisor.id)
    device = factories.a_device(session, agency.id)
    factories.a_position(session, device, supervisee)
    alert = factories.an_alert(session, supervisee)
    return Office(
        agency=agency,
        officer=officer,
        colleague=factories.an_officer(session, agency),
        supervisor=supervisor,
        pretrial=pretrial,
        administrator=factories.an_officer(session, agency, role=Role.ADMINISTRATOR),
        supervisee=supervisee,
        order=order,
        clause=clause,
        waiver=factories.a_waiver(session, clause, pretrial),
        zone=zone,
        zone_exception=factories.an_exception(
            session,
            zone,
            supervisee,
            pretrial,
            begins_at=factories.NOW + timedelta(days=1),
            ends_at=factories.NOW + timedelta(days=2),
        ),
        zone_set=zone_set,
        zone_set_member=factories.a_set_member(session, zone_set, clause),
        device=device,
        assignment=factories.an_assignment(session, device, supervisee),
        alert=alert,
        rejected=factories.a_rejected_message(session, agency.id, device_uid=device.uid),
        checkin=checkin,
        rota=a_rota(session, officer),
        calendar_feed=a_calendar_feed(session, supervisee),
        pause=a_pause(session, supervisee),
        holiday=factories.a_holiday(session, officer),
        told=a_told_checkin(session, checkin),
        outside_point=a_contact_point(session, supervisor, None),
        dispatch_link=factories.a_dispatch_link(session, alert)[0],
        shelf=factories.a_shelf(session, supervisee, kind=AlertKind.SHIELDING),
    )


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
    row = RotaRow(
        agency_id=officer.agency_id,
        name="Days",
        officer_ids=[officer.id],
        starts_on=factories.NOW.date(),
        handover=time(8),
        shift_days=7,
        time_zone="UTC",
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


@pytest.fixture(scope="session")
def shared_database(postgres: PrivatePostgres, template_database: str) -> Iterator[DatabaseUrls]:
    """One database for all tests of the API: each has agencies of its own, which is the point."""
    postgres.create_database("web", template=template_database)
    yield postgres.urls("web")
    postgres.drop_database("web")


@pytest.fixture(scope="session")
def shared_web(shared_database: DatabaseUrls) -> Iterator[Web]:
    """One application for all tests of a run: hundreds of them would fill the memory."""
    clock = FakeClock(factories.NOW)
    settings = settings_for(shared_database)
    web_engine = make_engine(shared_database.web_url)
    engine = make_engine(shared_database.engine_url)
    monitor = Monitor(web_engine, clock, timedelta(minutes=5))
    runtime = WebRuntime(settings, web_engine, clock, monitor)
    # One event loop for all requests, as a server has; a client alone would start one for each.
    with start_blocking_portal() as loop:
        yield Web(create_app(runtime), runtime, clock, engine, loop)
    web_engine.dispose()
    engine.dispose()


@pytest.fixture
def web(shared_web: Web) -> Web:
    """The application as it is when it has just been started."""
    shared_web.clock.now = factories.NOW
    shared_web.app.state.sign_in_desk = SignInDesk(shared_web.runtime)
    shared_web.app.state.dispatch_strangers = Strangers()
    return shared_web


@pytest.fixture
def office(web: Web) -> Office:
    with web.behind() as session:
        return an_office(session)


@pytest.fixture
def other_office(web: Web) -> Office:
    with web.behind() as session:
        return an_office(session)


@pytest.fixture
def told_is_reviewed(web: Web, office: Office) -> None:
    """Somebody has looked at what was told a month ago: it is on no list that waits."""
    with web.behind() as session:
        session.execute(
            text(
                "UPDATE checkin SET state = 'reviewed', reviewed_at = :now, reviewed_by_id = :by"
                " WHERE id = :id"
            ),
            {"now": factories.NOW, "by": office.officer.id, "id": office.told.id},
        )
