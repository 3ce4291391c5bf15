"""The register's rows: people, their orders with clauses and waivers, and devices."""

from datetime import date
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from supervision.core.access import Role
from supervision.register.models import (
    Agency,
    ClauseWaiver,
    CourtOrder,
    Device,
    DeviceAssignment,
    Officer,
    OrderClause,
    ProtectedPerson,
    PublicHoliday,
    Supervisee,
)
from supervision.register.service import add_agency
from tests.factories.rows import LONG_AGO, NOW, numbers, saved

PASSWORD = "a long and good sentence"  # noqa: S105 -- opens nothing but the tests' own database

# Cheap on purpose: what a hash costs is read from the hash itself.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def a_agency(session: Session, **values: object) -> Agency:
    """With its ledger and zone epoch, as the register founds them."""
    chosen: dict[str, Any] = {
        "name": f"Agency {next(numbers)}",
        "time_zone": "UTC",
        "at": NOW,
    } | values
    return session.get_one(Agency, add_agency(session, **chosen).id)


def an_officer(session: Session, agency: Agency, **values: object) -> Officer:
    number = next(numbers)
    chosen: dict[str, Any] = {
        "email": f"officer{number}@example.org",
        "display_name": f"Officer {number}",
        "role": Role.OFFICER,
        "password_hash": _HASH,
        "created_at": NOW,
    } | values
    chosen["role"] = str(chosen["role"])
    return saved(session, Officer(agency_id=agency.id, **chosen))


def a_holiday(session: Session, officer: Officer, **values: object) -> PublicHoliday:
    """Of the officer's agency."""
    chosen: dict[str, Any] = {
        "on_date": date(2026, 11, 26),
        "name": "Thanksgiving",
        "added_by_id": officer.id,
        "added_at": NOW,
    } | values
    return saved(session, PublicHoliday(agency_id=officer.agency_id, **chosen))


def a_supervisee(session: Session, officer: Officer, **values: object) -> Supervisee:
    """In this officer's caseload."""
    number = next(numbers)
    chosen: dict[str, Any] = {
        "case_number": f"CASE-{number}",
        "full_name": f"Supervisee {number}",
        "time_zone": "UTC",
        "created_at": NOW,
    } | values
    return saved(
        session,
        Supervisee(agency_id=officer.agency_id, supervising_officer_id=officer.id, **chosen),
    )


def a_protected_person(session: Session, agency_id: int, **values: object) -> ProtectedPerson:
    chosen: dict[str, Any] = {
        "full_name": f"Protected {next(numbers)}",
        "safe_contact": "through the advocate",
        "created_at": NOW,
    } | values
    return saved(session, ProtectedPerson(agency_id=agency_id, **chosen))


def an_order(session: Session, supervisee: Supervisee, **values: object) -> CourtOrder:
    """Against this person, for a new protected person unless one is given."""
    agency_id = supervisee.agency_id
    if "protected_person_id" not in values:
        values["protected_person_id"] = a_protected_person(session, agency_id).id
    chosen: dict[str, Any] = {
        "court": "County Court",
        "court_case_number": f"C-{next(numbers)}",
        "begins_at": LONG_AGO,
        "ends_at": None,
        "created_at": NOW,
    } | values
    return saved(session, CourtOrder(agency_id=agency_id, supervisee_id=supervisee.id, **chosen))


def a_clause(session: Session, order: CourtOrder, **values: object) -> OrderClause:
    """Of this order: stay away from a place."""
    chosen: dict[str, Any] = {
        "condition_code": "04",
        "wording": "Stay away from her residence.",
        "created_at": NOW,
    } | values
    return saved(
        session,
        OrderClause(
            agency_id=order.agency_id,
            supervisee_id=order.supervisee_id,
            court_order_id=order.id,
            **chosen,
        ),
    )


def a_waiver(
    session: Session, clause: OrderClause, signed_by: Officer, **values: object
) -> ClauseWaiver:
    """Why this clause has no zone, signed by this officer."""
    chosen: dict[str, Any] = {
        "reason": "She lives outside the county.",
        "signed_at": NOW,
        "ends_at": None,
    } | values
    return saved(
        session,
        ClauseWaiver(
            agency_id=clause.agency_id,
            order_clause_id=clause.id,
            signed_by_id=signed_by.id,
            **chosen,
        ),
    )


def a_device(session: Session, agency_id: int, **values: object) -> Device:
    chosen: dict[str, Any] = {
        "uid": f"device-{next(numbers)}",
        "model": "Simulated bracelet",
        "created_at": NOW,
    } | values
    return saved(session, Device(agency_id=agency_id, **chosen))


def an_assignment(
    session: Session, device: Device, supervisee: Supervisee, **values: object
) -> DeviceAssignment:
    chosen: dict[str, Any] = {"assigned_at": LONG_AGO, "returned_at": None} | values
    return saved(
        session,
        DeviceAssignment(
            agency_id=device.agency_id,
            device_id=device.id,
            supervisee_id=supervisee.id,
            **chosen,
        ),
    )
