"""Tenants apart, as PostgreSQL itself holds it: for every table there is, known here or not."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError

from supervision.core.db import make_engine, transaction
from supervision.stack.postgres import PrivatePostgres
from tests.integration.two_agencies import Two, fill

OURS = (
    "SELECT c.relname AS name, c.relrowsecurity, c.relforcerowsecurity,"
    " c.relispartition, a.attname FROM pg_class c"
    " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'agency_id'"
    " AND NOT a.attisdropped"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
)


OF_NO_AGENCY = {"alembic_version", "process_heartbeat", "roster_epoch", "sweep_mark"}


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
EVIDENCE += ["protected_event", "order_clause", "dispatch_opening"]


@pytest.mark.parametrize("table", EVIDENCE)
def test_evidence_cannot_be_rewritten_or_removed_by_the_web_role(two: Two, table: str) -> None:
    for statement in (f"UPDATE {table} SET agency_id = agency_id", f"DELETE FROM {table}"):
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            transaction(two.web, two.agency_a) as session,
        ):
            session.execute(text(statement))
