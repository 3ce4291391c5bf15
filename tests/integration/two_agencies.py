"""Two agencies, each with a row in every table that has an agency."""

from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests import factories
from tests.integration.rows_beside import ROWS_BESIDE


@dataclass(frozen=True)
class Two:
    """Two agencies, each with a row in every table that has an agency."""

    engine: Engine
    web: Engine
    owner: Engine
    agency_a: int
    agency_b: int


def fill(session: Session) -> int:
    agency = factories.a_agency(session)
    officer = factories.an_officer(session, agency)
    supervisee = factories.a_supervisee(session, officer)
    order = factories.an_order(session, supervisee)
    device = factories.a_device(session, agency.id)
    zone = factories.a_zone(session, order)
    clause = factories.a_clause(session, order)
    factories.a_set_member(session, factories.a_zone_set(session, agency.id), clause)
    factories.an_exception(session, zone, supervisee, officer)
    position_id = factories.a_position(session, device, supervisee)
    factories.an_assignment(session, device, supervisee)
    factories.an_alert(session, supervisee)
    factories.a_rejected_message(session, agency.id)
    version_id = session.scalar(
        text("SELECT id FROM zone_version WHERE zone_id = :id"), {"id": zone.id}
    )
    values = {
        "agency": agency.id,
        "officer": officer.id,
        "person": supervisee.id,
        "device": device.id,
        "zone": zone.id,
        "version": version_id,
        "position": position_id,
        "now": factories.NOW,
        "hash": str(agency.id).encode(),
    }
    for statement in ROWS_BESIDE:
        session.execute(text(statement), values)
    factories.a_drill(session, officer)
    return agency.id
