"""Tenants apart, as PostgreSQL itself holds it: for every table there is, known here or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from supervision.core.db import make_engine, transaction
from supervision.stack.postgres import PrivatePostgres
from tests import factories

OURS = (
    "SELECT c.relname AS name, c.relrowsecurity, c.relforcerowsecurity,"
    " c.relispartition, a.attname FROM pg_class c"
    " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'agency_id'"
    " AND NOT a.attisdropped"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
)
OF_NO_AGENCY = {"alembic_version", "process_heartbeat", "roster_epoch", "sweep_mark"}


# What the factories do not make.
ROWS_BESIDE = (
    "INSERT INTO web_session VALUES (:hash, :agency, :officer, 'csrf', :now, :now)",
    "INSERT INTO device_session VALUES (:device, :agency, 'session', '{[1,2)}', :now)",
    """
    INSERT INTO device_event
        (agency_id, supervisee_id, device_id, kind, occurred_at, received_at, detail)
    VALUES (:agency, :person, :device, 'motion', :now, :now, '{}')
    """,
    """
    INSERT INTO zone_stay
        (agency_id, supervisee_id, zone_id, zone_version_id, ring, grade, evidence_kind,
         entered_at, last_seen_at, deepest_m, deepest_accuracy_m, entry_position_id,
         deepest_position_id, decided_at, decided_share, decided_distance_m, decided_accuracy_m,
         decided_position_id, fix_count, is_late, found_at)
    VALUES (:agency, :person, :zone, :version, 'zone', 'possible', 'fix', :now, :now,
        1, 5, :position, :position, :now, 0.5, -1, 5, :position, 1, false, :now)
    """,
    """
    INSERT INTO zone_silence
        (agency_id, supervisee_id, zone_id, zone_version_id, zones_in_reach, from_at, until_at,
         spare_m, found_at)
    VALUES (:agency, :person, :zone, :version, 1, :now - interval '1 hour', :now, 100, :now)
    """,
    """
    INSERT INTO device_command
        (agency_id, device_id, supervisee_id, kind, reason, idempotency_key, created_at, due_at,
         expires_at)
    VALUES (:agency, :device, :person, 'locate', 'reason', concat('of ', :agency), :now, :now,
        :now + interval '1 hour')
    """,
    "INSERT INTO zone_boundary VALUES (:agency, :person, :zone, :now)",
    """
    INSERT INTO clause_waiver (agency_id, order_clause_id, reason, signed_by_id, signed_at)
    SELECT :agency, id, 'reason', :officer, :now FROM order_clause WHERE agency_id = :agency
    """,
    """
    INSERT INTO checkin_plan (agency_id, supervisee_id, made_by_id, made_at)
    VALUES (:agency, :person, :officer, :now)
    """,
    """
    INSERT INTO checkin_plan_version
        (agency_id, checkin_plan_id, version, is_current, method, rrule, starts_on, at_local,
         time_zone, window_s, grace_s, written_by_id, written_at)
    SELECT :agency, id, 1, true, 'phone', 'FREQ=DAILY', '2026-09-01', '18:00', 'UTC', 3600, 0,
        :officer, :now FROM checkin_plan WHERE agency_id = :agency
    """,
    """
    INSERT INTO checkin
        (agency_id, supervisee_id, checkin_plan_id, checkin_plan_version_id, method, slot, room,
         local_date, opens_at, closes_at, missed_at, state, made_at)
    SELECT :agency, :person, checkin_plan_id, id, 'phone', '1', 'room', '2026-09-01', :now,
        :now + interval '1 hour', :now + interval '1 hour', 'scheduled', :now
    FROM checkin_plan_version WHERE agency_id = :agency
    """,
    """
    INSERT INTO checkin_event (agency_id, checkin_id, kind, at)
    SELECT :agency, id, 'opened', :now FROM checkin WHERE agency_id = :agency
    """,
    """
    INSERT INTO public_holiday (agency_id, on_date, name, added_by_id, added_at)
    VALUES (:agency, '2026-07-04', 'Independence Day', :officer, :now)
    """,
    """
    INSERT INTO checkin_pause (agency_id, supervisee_id, begins_at, reason, made_by_id, made_at)
    VALUES (:agency, :person, :now, 'hospital', :officer, :now)
    """,
    """
    INSERT INTO checkin_submission
        (agency_id, checkin_id, submitted_at, language, answers, wants_call, concerns)
    SELECT :agency, id, :now, 'en', '{}', false, '{}' FROM checkin WHERE agency_id = :agency
    """,
    """
    INSERT INTO checkin_sighting
        (agency_id, checkin_id, officer_id, seen_at, told_at, lon, lat, place)
    SELECT :agency, id, :officer, :now, :now, 10, 50, 'at the gate' FROM checkin
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO checkin_reminder (agency_id, checkin_id, kind, due_at)
    SELECT :agency, id, 'open', :now FROM checkin WHERE agency_id = :agency
    """,
    """
    INSERT INTO response_protocol (agency_id, kind, version, steps, written_by_id, written_at)
    VALUES (:agency, 'zone_entry', 1, '[]', :officer, :now)
    """,
    """
    INSERT INTO alert_step (agency_id, alert_id, step, wording, outcome, note, at, officer_id)
    SELECT :agency, id, 'call', 'Call', 'done', '', :now, :officer FROM alert
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO alert_contact
        (agency_id, alert_id, whom, means, was_reached, note, at, told_at, officer_id)
    SELECT :agency, id, 'police', 'phone', true, '', :now, :now, :officer FROM alert
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO contact_point
        (agency_id, officer_id, name, means, address, severities, made_by_id, made_at)
    VALUES (:agency, :officer, 'Phone', 'sms', '+13035550142', '{high}', :officer, :now)
    """,
    """
    INSERT INTO notification
        (agency_id, alert_id, officer_id, channel, idempotency_key, due_at, created_at)
    SELECT :agency, id, :officer, 'email', concat('of ', id), :now, :now FROM alert
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO delivery_receipt (agency_id, notification_id, status, at)
    SELECT :agency, id, 'delivered', :now FROM notification WHERE agency_id = :agency
    """,
    """
    INSERT INTO notification_attempt (agency_id, notification_id, number, began_at)
    SELECT :agency, id, 1, :now FROM notification WHERE agency_id = :agency
    """,
    """
    INSERT INTO escalation_ladder
        (agency_id, kind, version, rungs, again_s, untouched_s, written_by_id, written_at)
    VALUES (:agency, 'zone_entry', 1, '[]', 1, 1, :officer, :now)
    """,
    """
    INSERT INTO rota (agency_id, name, made_by_id, made_at)
    VALUES (:agency, 'Nights', :officer, :now)
    """,
    """
    INSERT INTO rota_version (agency_id, rota_id, version, officer_ids, starts_on, handover,
        shift_days, time_zone, written_by_id, written_at)
    SELECT :agency, id, 1, ARRAY[:officer], '2026-09-21', '08:00', 7, 'UTC', :officer, :now
    FROM rota WHERE agency_id = :agency
    """,
    """
    INSERT INTO rota_override
        (agency_id, rota_id, officer_id, begins_at, ends_at, made_by_id, made_at)
    SELECT :agency, id, :officer, :now, :now + interval '1 hour', :officer, :now FROM rota
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO calendar_feed (agency_id, token_hash, officer_id, made_by_id, made_at)
    VALUES (:agency, sha256(convert_to(concat(:agency), 'UTF8')), :officer, :officer, :now)
    """,
    """
    INSERT INTO dispatch_link
        (agency_id, alert_id, token_hash, shows_safe_contact, made_by_id, made_at, expires_at)
    SELECT :agency, id, sha256(convert_to(concat(:agency), 'UTF8')), false, :officer, :now,
        :now + interval '4 hours' FROM alert WHERE agency_id = :agency
    """,
    """
    INSERT INTO dispatch_opening (agency_id, dispatch_link_id, form, at)
    SELECT :agency, id, 'page', :now FROM dispatch_link WHERE agency_id = :agency
    """,
    """
    INSERT INTO alert_shelf
        (agency_id, supervisee_id, kind, reason, shelved_by_id, begins_at, ends_at,
         stretch_began_at)
    VALUES (:agency, :person, 'battery_low', 'reason', :officer, :now, :now + interval '1 hour',
        :now)
    """,
)


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


@pytest.fixture(scope="module")
def two(postgres: PrivatePostgres, template_database: str) -> Iterator[Two]:
    postgres.create_database("tenants", template=template_database)
    urls = postgres.urls("tenants")
    engine, web, owner = map(make_engine, (urls.engine_url, urls.web_url, urls.owner_url))
    with transaction(engine) as session:
        agency_a, agency_b = fill(session), fill(session)
    yield Two(engine, web, owner, agency_a, agency_b)
    for one in (engine, web, owner):
        one.dispose()
    postgres.drop_database("tenants")


def tables(two: Two) -> Sequence[Row[Any]]:
    """Every table of the schema, those of extensions aside."""
    with transaction(two.owner) as session:
        return session.execute(text(OURS)).all()


def owner_columns(two: Two) -> dict[str, str]:
    """For every table that holds an agency's rows, the column that says whose."""
    named = {row.name for row in tables(two) if row.attname and not row.relispartition}
    return dict.fromkeys(named, "agency_id") | {"agency": "id"}


def partitions(two: Two) -> set[str]:
    return {row.name for row in tables(two) if row.relispartition}


def test_every_table_is_an_agencys_or_known_to_be_nobodys(two: Two) -> None:
    names = {row.name for row in tables(two)}
    assert names - owner_columns(two).keys() - partitions(two) == OF_NO_AGENCY
    assert {"position", "position_20260921", "web_session", "audit_entry"} <= names


def test_row_level_security_is_on_and_forced_everywhere(two: Two) -> None:
    guarded = {row.name for row in tables(two) if row.relrowsecurity and row.relforcerowsecurity}
    assert guarded == owner_columns(two).keys() | partitions(two)


def test_no_role_of_ours_goes_round_it(two: Two) -> None:
    with transaction(two.owner) as session:
        rows = session.execute(
            text(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE 'supervision%'"
                " AND (rolsuper OR rolbypassrls)"
            )
        )
        assert rows.all() == []
        views = session.execute(
            text(
                "SELECT relname FROM pg_class c WHERE relkind IN ('v', 'm')"
                " AND relnamespace = 'public'::regnamespace AND NOT EXISTS"
                " (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
            )
        )
        assert views.all() == []


def test_every_table_holds_rows_of_both_agencies(two: Two) -> None:
    for name, column in owner_columns(two).items():
        with transaction(two.engine) as session:
            owners = set(session.scalars(text(f"SELECT {column} FROM {name}")))
        assert {two.agency_a, two.agency_b} <= owners, name


def test_the_web_role_without_an_agency_sees_no_row(two: Two) -> None:
    for name in owner_columns(two):
        with transaction(two.web) as session:
            assert session.scalar(text(f"SELECT count(*) FROM {name}")) == 0, name


def test_the_web_role_sees_its_own_agencys_rows_only(two: Two) -> None:
    for agency_id in (two.agency_a, two.agency_b):
        for name, column in owner_columns(two).items():
            with transaction(two.web, agency_id) as session:
                owners = set(session.scalars(text(f"SELECT {column} FROM {name}")))
            assert owners == {agency_id}, name


def test_a_partition_cannot_be_read_past_its_parent(two: Two) -> None:
    assert partitions(two)
    for name in partitions(two):
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            transaction(two.web, two.agency_a) as session,
        ):
            session.execute(text(f"SELECT FROM {name}"))


def test_a_partition_made_later_is_guarded_too(two: Two) -> None:
    with transaction(two.engine) as session:
        assert session.scalar(text("SELECT ensure_position_partition('2027-02-28')")) is True
        assert session.scalar(text("SELECT ensure_position_partition('2027-02-28')")) is False
    assert "position_20270228" in partitions(two)
    test_row_level_security_is_on_and_forced_everywhere(two)


def test_an_agency_does_not_outlive_its_transaction(two: Two) -> None:
    with two.web.connect() as connection:
        bind = text("SELECT set_config('app.agency', :agency, true)")
        with connection.begin():
            connection.execute(bind, {"agency": str(two.agency_a)})
            assert connection.scalar(text("SELECT count(*) FROM supervisee")) == 1
        with connection.begin():
            assert connection.scalar(text("SELECT count(*) FROM supervisee")) == 0


def test_the_web_role_cannot_write_into_another_agency(two: Two) -> None:
    insert = text("INSERT INTO device (agency_id, uid, model) VALUES (:agency, 'stolen', 'model')")
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        transaction(two.web, two.agency_a) as session,
    ):
        session.execute(insert, {"agency": two.agency_b})


def test_the_web_role_cannot_give_a_row_to_another_agency(two: Two) -> None:
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        transaction(two.web, two.agency_a) as session,
    ):
        session.execute(text("UPDATE device SET agency_id = :b"), {"b": two.agency_b})


EVIDENCE = ["position", "device_event", "zone_version", "alert_event", "audit_entry"]
EVIDENCE += ["order_clause", "dispatch_opening"]


@pytest.mark.parametrize("table", EVIDENCE)
def test_evidence_cannot_be_rewritten_or_removed_by_the_web_role(two: Two, table: str) -> None:
    for statement in (f"UPDATE {table} SET agency_id = agency_id", f"DELETE FROM {table}"):
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            transaction(two.web, two.agency_a) as session,
        ):
            session.execute(text(statement))
