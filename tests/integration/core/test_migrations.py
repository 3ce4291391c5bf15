"""What an installation already holds when it is brought up to date."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from supervision import migrations
from supervision.core.db import migrate
from supervision.stack.postgres import DatabaseUrls, PrivatePostgres
from tests.clean_database import ask

_ROWS = """
INSERT INTO agency (name, time_zone) VALUES ('A', 'UTC');
INSERT INTO agency_ledger (agency_id) SELECT id FROM agency;
INSERT INTO officer (agency_id, email, display_name, role, password_hash)
SELECT id, 'o@example.org', 'O', 'officer', 'x' FROM agency;
INSERT INTO supervisee (agency_id, case_number, full_name, time_zone, supervising_officer_id)
SELECT agency_id, '1', 'S', 'UTC', id FROM officer;
INSERT INTO alert (agency_id, supervisee_id, officer_id, kind, severity, dedup_key, occurred_at,
    found_at, is_late, state, evidence)
SELECT agency_id, id, supervising_officer_id, 'strap_tamper', 'critical', 'k', now(), now(), false,
    'open', '{}' FROM supervisee;
"""
_ROTA = """
INSERT INTO rota (agency_id, name, officer_ids, starts_on, handover, shift_days, time_zone,
    made_by_id, made_at)
SELECT agency_id, 'Nights', ARRAY[id], '2026-09-21', '08:00', 7, 'UTC', id, now() FROM officer;
"""


@pytest.fixture
def old(postgres: PrivatePostgres, blank_database: str) -> Iterator[DatabaseUrls]:
    """A database as it was before alerts had a handling, with an alert that is open."""
    postgres.create_database("old", template=blank_database)
    urls = postgres.urls("old")
    bring_to(urls, "0004")
    ask(urls, _ROWS)
    yield urls
    postgres.drop_database("old")


def bring_to(urls: DatabaseUrls, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["url"] = urls.owner_url
    command.upgrade(config, revision)


def test_an_alert_of_before_is_new_and_climbs(old: DatabaseUrls) -> None:
    migrate(old.owner_url)
    assert ask(old, "SELECT handling, severity FROM alert") == [("new", "critical")]
    assert ask(old, "SELECT count(*) FROM alert_climb WHERE due_at <= now()") == [(1,)]


def test_afterwards_no_table_lets_its_owner_round_the_fence(old: DatabaseUrls) -> None:
    migrate(old.owner_url)
    open_tables = "SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity"
    assert ask(old, open_tables) == []
    fenced = "SELECT count(*) FROM pg_class WHERE relrowsecurity AND relname IN ('alert', 'agency')"
    assert ask(old, fenced) == [(2,)]


def test_a_rota_of_before_has_the_same_officers_in_turn(old: DatabaseUrls) -> None:
    bring_to(old, "0010")
    ask(old, _ROTA)
    migrate(old.owner_url)
    turns = "SELECT v.version, v.shift_days, o.email FROM rota r"
    turns += " JOIN rota_version v ON v.rota_id = r.id"
    turns += " JOIN officer o ON v.officer_ids = ARRAY[o.id] WHERE r.ended_at IS NULL"
    assert ask(old, turns) == [(1, 7, "o@example.org")]
