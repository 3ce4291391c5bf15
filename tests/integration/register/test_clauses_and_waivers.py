from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid, NotFound
from supervision.register import service
from supervision.register.clauses import ConditionCode
from supervision.register.models import Agency, CourtOrder, Officer, OrderClause
from supervision.stack.postgres import DatabaseUrls
from tests import factories
from tests.clean_database import lasting_engine
from tests.factories import LONG_AGO, NOW

AWAY = service.NewClause(ConditionCode.STAY_AWAY, "Stay away from her school.")
ABROAD = service.NewWaiver(" She lives abroad. ", None)


@pytest.fixture
def session(database: DatabaseUrls) -> Iterator[Session]:
    with transaction(lasting_engine(database.engine_url)) as session:
        yield session


@pytest.fixture
def agency(session: Session) -> Agency:
    return factories.a_agency(session)


@pytest.fixture
def officer(session: Session, agency: Agency) -> Officer:
    return factories.an_officer(session, agency)


@pytest.fixture
def order(session: Session, officer: Officer) -> CourtOrder:
    return factories.an_order(session, factories.a_supervisee(session, officer))


@pytest.fixture
def clause(session: Session, order: CourtOrder) -> OrderClause:
    return factories.a_clause(session, order)


def test_an_order_is_entered_with_its_clauses_in_their_order(
    session: Session, agency: Agency, order: CourtOrder
) -> None:
    firearm = service.NewClause(ConditionCode.NO_FIREARM, "None.")
    persons = (order.supervisee_id, order.protected_person_id)
    new = service.NewOrder(*persons, "Court", "2", LONG_AGO, None, (AWAY, firearm))
    entered = service.add_order(session, agency.id, new, NOW)
    found = service.list_clauses(session, entered.id, None)
    assert [one.condition_code for one in found] == ["04", "07"]
    assert {(one.supervisee_id, one.created_at) for one in found} == {(order.supervisee_id, NOW)}
    tags = session.scalars(text("SELECT tag FROM audit_entry ORDER BY seq")).all()
    assert tags[-3:] == ["order:added", "clause:added", "clause:added"]
    assert list(audit.broken_links(session)) == []


def test_a_clause_of_another_agencys_order_is_not_found_even_by_the_engine(
    session: Session, order: CourtOrder
) -> None:
    other = factories.a_agency(session)
    with pytest.raises(NotFound):
        service.add_clause(session, other.id, order.id, AWAY, NOW)


def test_a_clause_is_not_rewritten(session: Session, clause: OrderClause) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(
            text("UPDATE order_clause SET wording = '' WHERE id = :id"), {"id": clause.id}
        )


def test_a_clause_of_another_caseload_is_not_there(
    session: Session, agency: Agency, officer: Officer, clause: OrderClause
) -> None:
    colleague = factories.an_officer(session, agency)
    assert service.get_clause(session, clause.id, officer.id).id == clause.id
    with pytest.raises(NotFound):
        service.get_clause(session, clause.id, colleague.id)
    with pytest.raises(NotFound):
        service.list_waivers(session, clause.id, colleague.id)
    assert service.list_clauses(session, clause.court_order_id, colleague.id) == []


def test_a_waiver_keeps_reason_signature_and_withdrawal(
    session: Session, agency: Agency, officer: Officer, clause: OrderClause
) -> None:
    signed = service.sign_waiver(session, agency.id, clause.id, ABROAD, officer.id, NOW)
    assert (signed.reason, signed.signed_by_id) == ("She lives abroad.", officer.id)
    later = NOW + timedelta(hours=1)
    service.withdraw_waiver(session, agency.id, signed.id, officer.id, later)
    (found,) = service.list_waivers(session, clause.id, officer.id)
    assert (found.withdrawn_at, found.withdrawn_by_id) == (later, officer.id)
    with pytest.raises(Conflict):
        service.withdraw_waiver(session, agency.id, signed.id, officer.id, later)


def test_nobody_signs_or_withdraws_for_another_agency(
    session: Session, officer: Officer, clause: OrderClause
) -> None:
    waiver, other = factories.a_waiver(session, clause, officer), factories.a_agency(session)
    with pytest.raises(NotFound):
        service.sign_waiver(session, other.id, clause.id, ABROAD, officer.id, NOW)
    with pytest.raises(NotFound):
        service.withdraw_waiver(session, other.id, waiver.id, officer.id, NOW)


def test_a_waiver_without_a_reason_is_refused(
    session: Session, agency: Agency, officer: Officer, clause: OrderClause
) -> None:
    wordless = service.NewWaiver("  ", None)
    with pytest.raises(Invalid):
        service.sign_waiver(session, agency.id, clause.id, wordless, officer.id, NOW)
