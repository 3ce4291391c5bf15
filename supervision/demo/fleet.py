"""Registers simulated fleets of any size, each tracker with its wearer, order and zones."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from ingest.simulator.truth import SimZone
from supervision.core.clock import Clock
from supervision.core.db import transaction

AGENCY = "Simulated fleets"
# The demonstration's own trackers are the first ones; fleets begin well behind them.
FIRST_INDEX = 100
COLUMNS = 100
BEGAN_BEFORE = timedelta(days=3650)
MORE_ZONES_APART_DEG = 0.015
HALF_APART_DEG = 0.025


def fleet_zone(index: int) -> SimZone:
    """The zone around which the tracker of this index plays; no two are near each other."""
    row, column = divmod(index, COLUMNS)
    return SimZone(-110.0 + 0.05 * column, 30.0 + 0.03 * row, 200.0)


def enrol_fleet(engine: Engine, clock: Clock, indices: Sequence[int], zones_each: int = 1) -> None:
    """Register the trackers that are not yet: wearer, order, circles, device, in bulk.

    Args:
        engine: Under the engine role. One transaction.
        clock: The time.
        indices: The trackers' places, from 0; tracker k is called `sim-` and k + 1.
        zones_each: Circles for each wearer; the first is `fleet_zone`, the others lie near it.
    """
    began_at = clock() - BEGAN_BEFORE
    with transaction(engine) as session:
        officer = _agency_and_officer(session)
        known = {
            row.uid
            for row in session.execute(text("SELECT uid FROM device WHERE uid LIKE 'sim-%'"))
        }
        new = [index for index in indices if _uid(index) not in known]
        values = officer | {"now": clock(), "began": began_at, "index": new}
        values |= {"uid": [_uid(index) for index in new]}
        session.execute(_PEOPLE, values)
        session.execute(_DEVICES, values)
        for number in range(zones_each):
            zones = [fleet_zone(index) for index in new]
            shift_deg = number * MORE_ZONES_APART_DEG
            values |= {
                "name": f"Zone {number + 1}",
                "lon": [zone.lon + shift_deg for zone in zones],
                "lat": [zone.lat for zone in zones],
                "radius": [zone.radius_m for zone in zones],
            }
            session.execute(_ZONES, values)


def share_zones(engine: Engine, clock: Clock, count: int) -> None:
    """Apply one set of so many circles, strewn over the fleet's ground, to every wearer of it.

    Args:
        engine: Under the engine role. One transaction.
        clock: The time.
        count: How many zones; a school is 150 m wide, and 5 km from the next.
    """
    now = clock()
    with transaction(engine) as session:
        places = [fleet_zone(FIRST_INDEX + number) for number in range(count)]
        values = _agency_and_officer(session) | {
            "now": now,
            "began": now - BEGAN_BEFORE,
            "n": list(range(count)),
            "lon": [place.lon + HALF_APART_DEG for place in places],
            "lat": [place.lat for place in places],
        }
        session.execute(_SHARED, values)


def _uid(index: int) -> str:
    return f"sim-{index + 1:04d}"


def _agency_and_officer(session: Session) -> dict[str, int]:
    found = session.execute(
        text(
            "SELECT o.agency_id AS agency, o.id AS officer FROM officer o"
            " JOIN agency a ON a.id = o.agency_id WHERE a.name = :name"
        ),
        {"name": AGENCY},
    ).one_or_none()
    row = found or session.execute(_AGENCY, {"name": AGENCY}).one()
    return {"agency": row.agency, "officer": row.officer}


# Nobody can sign in as this officer: no password has this hash.
_AGENCY = text(
    "WITH a AS (INSERT INTO agency (name, time_zone) VALUES (:name, 'UTC') RETURNING id),"
    " l AS (INSERT INTO agency_ledger (agency_id) SELECT id FROM a),"
    " e AS (INSERT INTO zone_epoch (agency_id, epoch) SELECT id, 0 FROM a)"
    " INSERT INTO officer (agency_id, email, display_name, role, password_hash)"
    " SELECT id, 'nobody@fleet.example', 'Nobody', 'officer', 'none' FROM a"
    " RETURNING agency_id AS agency, id AS officer"
)

_PEOPLE = text(
    "WITH wanted AS (SELECT unnest(CAST(:index AS bigint[])) AS n),"
    " person AS (INSERT INTO supervisee"
    "  (agency_id, case_number, full_name, time_zone, supervising_officer_id)"
    "  SELECT :agency, 'SIM-' || n, 'Simulated ' || n, 'UTC', :officer FROM wanted RETURNING id),"
    " protected AS (INSERT INTO protected_person (agency_id, full_name, safe_contact)"
    "  VALUES (:agency, 'Nobody', 'none') RETURNING id),"
    " ordered AS (INSERT INTO court_order (agency_id, supervisee_id, protected_person_id, court,"
    "  court_case_number, begins_at)"
    "  SELECT :agency, person.id, protected.id, 'Simulated', 'SIM', :began FROM person, protected"
    "  RETURNING id, supervisee_id)"
    " INSERT INTO order_clause (agency_id, supervisee_id, court_order_id, condition_code, wording,"
    "  created_at)"
    " SELECT :agency, supervisee_id, id, '04', 'Stay away from these places.', :now FROM ordered"
)

_DEVICES = text(
    "WITH wanted AS (SELECT * FROM unnest(CAST(:index AS bigint[]), CAST(:uid AS text[]))"
    "  AS w (n, uid)),"
    " made AS (INSERT INTO device (agency_id, uid, model)"
    "  SELECT :agency, uid, 'simulated' FROM wanted RETURNING id, uid)"
    " INSERT INTO device_assignment (agency_id, device_id, supervisee_id, assigned_at)"
    " SELECT :agency, made.id, s.id, :began FROM made JOIN wanted USING (uid)"
    " JOIN supervisee s ON s.agency_id = :agency AND s.case_number = 'SIM-' || wanted.n"
)

_ZONES = text(
    "WITH wanted AS (SELECT * FROM unnest(CAST(:index AS bigint[]), CAST(:lon AS float8[]),"
    "  CAST(:lat AS float8[]), CAST(:radius AS float8[])) AS w (n, lon, lat, radius)),"
    " counted AS (UPDATE zone_epoch SET epoch = epoch + 1 WHERE agency_id = :agency"
    "  RETURNING epoch),"
    " zone AS (INSERT INTO zone (agency_id, kind, supervisee_id, court_order_id, order_clause_id,"
    "  name)"
    "  SELECT :agency, 'exclusion', c.supervisee_id, c.court_order_id, c.id, :name FROM wanted"
    "  JOIN supervisee s ON s.agency_id = :agency AND s.case_number = 'SIM-' || wanted.n"
    "  JOIN order_clause c ON c.supervisee_id = s.id RETURNING id, supervisee_id)"
    " INSERT INTO zone_version (agency_id, supervisee_id, zone_id, version, epoch, shape, geom,"
    "  buffer_m, inradius_m, warning_m, time_zone, armed_at, notes, drawn_at)"
    " SELECT :agency, zone.supervisee_id, zone.id, 1, counted.epoch, 'circle',"
    "  ST_SetSRID(ST_MakePoint(wanted.lon, wanted.lat), 4326), wanted.radius, wanted.radius, 0,"
    "  'UTC', :began, '{}', :now"
    " FROM zone JOIN supervisee s ON s.id = zone.supervisee_id"
    " JOIN wanted ON s.case_number = 'SIM-' || wanted.n, counted"
)

_SHARED = text(
    "WITH made AS (INSERT INTO zone_set (agency_id, name, created_at)"
    "  VALUES (:agency, 'Schools', :now) RETURNING id),"
    " counted AS (UPDATE zone_epoch SET epoch = epoch + 1 WHERE agency_id = :agency"
    "  RETURNING epoch),"
    " member AS (INSERT INTO zone_set_member (agency_id, zone_set_id, supervisee_id,"
    "  order_clause_id, epoch, begins_at, added_at)"
    "  SELECT :agency, made.id, c.supervisee_id, c.id, counted.epoch, :began, :now"
    "  FROM made, counted, order_clause c WHERE c.agency_id = :agency),"
    " wanted AS (SELECT * FROM unnest(CAST(:n AS bigint[]), CAST(:lon AS float8[]),"
    "  CAST(:lat AS float8[])) AS w (n, lon, lat)),"
    " zone AS (INSERT INTO zone (agency_id, kind, zone_set_id, name, created_at)"
    "  SELECT :agency, 'exclusion', made.id, 'School ' || n, :now FROM made, wanted"
    "  RETURNING id, name)"
    " INSERT INTO zone_version (agency_id, zone_id, version, epoch, shape, geom, buffer_m,"
    "  inradius_m, warning_m, time_zone, armed_at, notes, drawn_at)"
    " SELECT :agency, zone.id, 1, counted.epoch, 'circle',"
    "  ST_SetSRID(ST_MakePoint(lon, lat), 4326), 75, 75, 0, 'UTC', :began, '{}', :now"
    " FROM zone JOIN wanted ON zone.name = 'School ' || wanted.n, counted"
)
