from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid, NotFound
from supervision.register import service
from supervision.stack.postgres import DatabaseUrls
from tests import factories
from tests.clean_database import lasting_engine
from tests.factories import LONG_AGO, NOW


@pytest.fixture
def session(database: DatabaseUrls) -> Iterator[Session]:
    with transaction(lasting_engine(database.engine_url)) as session:
        yield session


def test_a_new_agency_has_its_counters_and_its_first_line_of_audit(session: Session) -> None:
    agency = service.add_agency(session, "Agency", "America/Denver", NOW)
    values = {"id": agency.id}
    for table in ("agency_ledger", "zone_epoch"):
        row = session.execute(text(f"SELECT * FROM {table} WHERE agency_id = :id"), values)
        assert row.one(), table
    line = session.execute(text("SELECT seq, tag, actor, at FROM audit_entry")).one()
    assert tuple(line) == (1, "agency:added", audit.SYSTEM, NOW)
    assert list(audit.broken_links(session)) == []
    assert service.get_agency(session, agency.id) == agency


def test_an_agencys_name_is_taken_once(session: Session) -> None:
    service.add_agency(session, "Agency", "UTC", NOW)
    with pytest.raises(Conflict), session.begin_nested():
        service.add_agency(session, "Agency", "UTC", NOW)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "/etc/passwd", "../UTC", "America", "a\x00"])
def test_a_time_zone_nobody_lives_in_is_refused(session: Session, name: str) -> None:
    with pytest.raises(Invalid):
        service.add_agency(session, "Agency", name, NOW)


def test_an_officers_address_is_kept_in_lower_case(session: Session) -> None:
    agency = factories.a_agency(session)
    new = service.NewOfficer(" Dana@Example.ORG ", "Dana", Role.OFFICER, factories.PASSWORD)
    officer = service.add_officer(session, agency.id, new, NOW)
    assert officer.email == "dana@example.org"
    assert service.get_officer(session, agency.id, officer.id) == officer
    assert factories.PASSWORD not in repr(new)


def test_an_officer_of_another_agency_is_not_found_even_by_the_engine(session: Session) -> None:
    agency, other = factories.a_agency(session), factories.a_agency(session)
    officer = factories.an_officer(session, other)
    with pytest.raises(NotFound):
        service.get_officer(session, agency.id, officer.id)
    new = service.NewSupervisee("1", "Somebody", "UTC", officer.id)
    with pytest.raises(NotFound):
        service.enrol_supervisee(session, agency.id, new, NOW)


def test_an_order_joins_two_persons_of_one_agency_only(session: Session) -> None:
    agency, other = factories.a_agency(session), factories.a_agency(session)
    supervisee = factories.a_supervisee(session, factories.an_officer(session, agency))
    stranger = factories.a_protected_person(session, other.id)
    new = service.NewOrder(supervisee.id, stranger.id, "Court", "1", LONG_AGO, None)
    with pytest.raises(NotFound):
        service.add_order(session, agency.id, new, NOW)


def test_a_device_is_worn_by_one_person_at_a_time_and_by_the_next_from_its_return(
    session: Session,
) -> None:
    agency = factories.a_agency(session)
    officer = factories.an_officer(session, agency)
    first, second = (factories.a_supervisee(session, officer) for _ in range(2))
    device = factories.a_device(session, agency.id)
    service.put_assignment(session, agency.id, device.id, first.id, LONG_AGO)
    with pytest.raises(Conflict), session.begin_nested():
        service.put_assignment(session, agency.id, device.id, second.id, NOW)
    service.end_assignment(session, agency.id, device.id, NOW)
    service.put_assignment(session, agency.id, device.id, second.id, NOW)
    history = service.list_assignments(session, None, None, 10, device_id=device.id)
    assert [(one.supervisee_id, one.assigned_at, one.returned_at) for one in history] == [
        (first.id, LONG_AGO, NOW),
        (second.id, NOW, None),
    ]


def test_a_device_is_returned_after_it_was_handed_out_and_once(session: Session) -> None:
    agency = factories.a_agency(session)
    device = factories.a_device(session, agency.id)
    with pytest.raises(Conflict):
        service.end_assignment(session, agency.id, device.id, NOW)
    person = factories.a_supervisee(session, factories.an_officer(session, agency))
    service.put_assignment(session, agency.id, device.id, person.id, NOW)
    with pytest.raises(Invalid):
        service.end_assignment(session, agency.id, device.id, NOW)
    service.end_assignment(session, agency.id, device.id, NOW + timedelta(seconds=1))
    with pytest.raises(Conflict):
        service.end_assignment(session, agency.id, device.id, NOW + timedelta(seconds=2))


def test_a_device_of_another_agency_is_neither_handed_out_nor_taken_back(session: Session) -> None:
    agency, other = factories.a_agency(session), factories.a_agency(session)
    person = factories.a_supervisee(session, factories.an_officer(session, agency))
    device = factories.a_device(session, other.id)
    with pytest.raises(NotFound):
        service.put_assignment(session, agency.id, device.id, person.id, NOW)
    with pytest.raises(NotFound):
        service.end_assignment(session, agency.id, device.id, NOW)


def test_a_phone_can_be_registered_under_the_name_that_owntracks_gives_it(session: Session) -> None:
    agency = factories.a_agency(session)
    phone = service.add_device(session, agency.id, service.NewDevice("ann/phone", "Phone"), NOW)
    assert phone.uid == "ann/phone"


@pytest.mark.parametrize(
    "uid", ["", "a/b/c", "a/", "/b", "+", "#", "-a", "a b", "a\n", "\u00e4", "x" * 65]
)
def test_a_uid_the_broker_could_not_use_is_refused(session: Session, uid: str) -> None:
    agency = factories.a_agency(session)
    with pytest.raises(Invalid):
        service.add_device(session, agency.id, service.NewDevice(uid, "Bracelet"), NOW)


def test_the_whole_register_leaves_an_unbroken_trail(session: Session) -> None:
    agency = service.add_agency(session, "Agency", "UTC", NOW)
    new_officer = service.NewOfficer("o@example.org", "O", Role.OFFICER, factories.PASSWORD)
    officer = service.add_officer(session, agency.id, new_officer, NOW)
    by = audit.officer(officer.id)
    new_person = service.NewSupervisee("1", "S", "UTC", officer.id)
    person = service.enrol_supervisee(session, agency.id, new_person, NOW, by)
    new_protected = service.NewProtectedPerson("P", "none")
    protected = service.add_protected_person(session, agency.id, new_protected, NOW, by)
    new_order = service.NewOrder(person.id, protected.id, "C", "1", LONG_AGO, NOW)
    service.add_order(session, agency.id, new_order, NOW, by)
    service.add_device(session, agency.id, service.NewDevice("uid", "M"), NOW, by)
    tags = session.scalars(text("SELECT tag FROM audit_entry ORDER BY seq")).all()
    assert tags == [
        "agency:added",
        "officer:added",
        "supervisee:enrolled",
        "protected_person:added",
        "order:added",
        "device:added",
    ]
    assert list(audit.broken_links(session)) == []
