"""Writes the demonstration's agency, people, orders, zones and devices into the register."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from supervision.core.access import Actor, Role
from supervision.core.db import transaction
from supervision.demo.plan import (
    AGENCY,
    OFFICERS,
    PEOPLE,
    TIME_ZONE,
    DemoPerson,
    drawn,
    terms_of,
    zone_of,
)
from supervision.monitor import Monitor
from supervision.register import service as register
from supervision.register.clauses import ConditionCode
from supervision.register.contacts import Contact

# Orders and assignments begin before anything a replayed or simulated device can say.
BEGAN_BEFORE = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class _Seeding:
    session: Session
    monitor: Monitor
    agency_id: int
    now: datetime

    @property
    def began_at(self) -> datetime:
        return self.now - BEGAN_BEFORE


def is_seeded(engine: Engine) -> bool:
    """Whether the database holds the demonstration already."""
    with transaction(engine) as session:
        found = session.execute(text("SELECT 1 FROM agency WHERE name = :name"), {"name": AGENCY})
        return found.one_or_none() is not None


def seed(engine: Engine, monitor: Monitor, password: str) -> None:
    """Write the whole demonstration in one transaction.

    Args:
        engine: Under the engine role, which may found agencies.
        monitor: Draws the zones.
        password: For every demonstration officer; only its hash is kept.

    Raises:
        Conflict: It is there already. Nothing was written.
    """
    now = monitor.clock()
    with transaction(engine) as session:
        agency = register.add_agency(session, AGENCY, TIME_ZONE, now)
        seeding = _Seeding(session, monitor, agency.id, now)
        officers = [
            register.add_officer(
                session,
                agency.id,
                register.NewOfficer(officer.email, officer.name, Role(officer.role), password),
                now,
            )
            for officer in OFFICERS
        ]
        pretrial = next(officer for officer in officers if officer.role is Role.PRETRIAL)
        actor = Actor(pretrial.id, agency.id, pretrial.role, pretrial.display_name)
        for place, person in enumerate(PEOPLE):
            _add_person(seeding, actor, officers[person.officer].id, place, person)


def _add_person(
    seeding: _Seeding, actor: Actor, officer_id: int, place: int, person: DemoPerson
) -> None:
    supervisee_id, protected_id = _add_people(seeding, officer_id, place, person)
    _add_zone(seeding, actor, (supervisee_id, protected_id), place, person)
    tracker_id = _add_device(seeding, f"sim-{place + 1:04d}", "simulated")
    seeding.monitor.assign_device(
        seeding.session, actor, tracker_id, supervisee_id, seeding.began_at
    )
    if person.alarm_uid is not None:
        button_id = _add_device(seeding, person.alarm_uid, "simulated button")
        seeding.monitor.entrust_device(
            seeding.session, actor, button_id, protected_id, seeding.began_at
        )


def _add_people(
    seeding: _Seeding, officer_id: int, place: int, person: DemoPerson
) -> tuple[int, int]:
    """The supervisee, and whom the order will protect."""
    session, agency_id, now = seeding.session, seeding.agency_id, seeding.now
    supervisee = register.enrol_supervisee(
        session,
        agency_id,
        register.NewSupervisee(
            f"26-CR-{1001 + place}",
            person.name,
            TIME_ZONE,
            officer_id,
            Contact(email=person.email, language=person.language),
        ),
        now,
    )
    protected = register.add_protected_person(
        session,
        agency_id,
        register.NewProtectedPerson(person.protected, "by text message, mornings"),
        now,
    )
    return supervisee.id, protected.id


def _add_zone(
    seeding: _Seeding, actor: Actor, people: tuple[int, int], place: int, person: DemoPerson
) -> None:
    """The order, its clause, and the zone that carries it out."""
    session, agency_id, now = seeding.session, seeding.agency_id, seeding.now
    order = register.add_order(
        session,
        agency_id,
        register.NewOrder(
            *people,
            "Prairie County District Court",
            f"26-PO-{2001 + place}",
            seeding.began_at,
            None,
        ),
        now,
    )
    new = register.NewClause(ConditionCode.STAY_AWAY, f"Stay away from: {person.zone_name}.")
    clause = register.add_clause(session, agency_id, order.id, new, now)
    zone = (person.zone_name, drawn(zone_of(place), place), seeding.began_at, terms_of(place))
    seeding.monitor.zoning(session, actor).arm(clause.id, *zone)


def _add_device(seeding: _Seeding, uid: str, model: str) -> int:
    new = register.NewDevice(uid, model)
    return register.add_device(seeding.session, seeding.agency_id, new, seeding.now).id
