"""What the database itself refuses, whoever asks: rewriting history, reopening, closing alone."""

from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from alerts.rules import Disposition
from alerts.service import close
from supervision.core.db import transaction
from supervision.stack.postgres_config import SUPERUSER
from tests.harness import T0, World

Raise = Callable[..., int]


def attempt(world: World, statement: str) -> None:
    """Try it as a superuser, whom no missing grant stops."""
    engine = create_engine(
        world.database.engine_url.replace("supervision_engine@", f"{SUPERUSER}@")
    )
    try:
        with transaction(engine) as session:
            session.execute(text(statement))
    finally:
        engine.dispose()


@pytest.mark.parametrize("table", ["alert_event", "audit_entry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
def test_history_is_added_to_and_never_rewritten(
    world: World, raise_one: Raise, table: str, statement: str
) -> None:
    raise_one()
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        attempt(world, statement.format(table))


@pytest.mark.parametrize("state", ["open", "acknowledged"])
def test_a_closed_alert_stays_closed(world: World, raise_one: Raise, state: str) -> None:
    alert_id = raise_one()
    with transaction(world.engine) as session:
        close(session, world.actor(), alert_id, Disposition.GPS_DRIFT, "", T0)
    with pytest.raises(DBAPIError, match="cannot be opened again"):
        attempt(
            world,
            f"UPDATE alert SET state = '{state}', closed_by_id = NULL, disposition = NULL,"
            " acknowledged_by_id = officer_id",
        )


@pytest.mark.parametrize(
    "change",
    [
        "state = 'closed'",
        "state = 'closed', disposition = 'gps_drift'",
        "state = 'closed', closed_by_id = officer_id",
        "closed_by_id = officer_id, disposition = 'gps_drift'",
    ],
)
def test_an_alert_is_closed_by_a_person_with_a_judgement_or_not_at_all(
    world: World, raise_one: Raise, change: str
) -> None:
    raise_one()
    with pytest.raises(DBAPIError, match="ck_alert_closed_by_a_person"):
        attempt(world, f"UPDATE alert SET {change}")


def test_an_alert_is_acknowledged_by_a_person(world: World, raise_one: Raise) -> None:
    raise_one()
    with pytest.raises(DBAPIError, match="ck_alert_acknowledged"):
        attempt(world, "UPDATE alert SET state = 'acknowledged'")


def test_one_occurrence_cannot_have_two_alerts(world: World, raise_one: Raise) -> None:
    raise_one()
    columns = (
        "agency_id, supervisee_id, officer_id, kind, severity, dedup_key, occurred_at, found_at,"
        " is_late, evidence"
    )
    with pytest.raises(DBAPIError, match="uq_alert_agency_id_dedup_key"):
        attempt(world, f"INSERT INTO alert ({columns}) SELECT {columns} FROM alert")


@pytest.mark.parametrize(
    "change", ["state = 'sent'", "state = 'sending'", "sent_at = now()", "claimed_at = now()"]
)
def test_a_message_is_sent_or_claimed_only_with_the_time_of_it(
    world: World, raise_one: Raise, change: str
) -> None:
    raise_one()
    with pytest.raises(DBAPIError, match=r"ck_notification_sen(t|ding)"):
        attempt(world, f"UPDATE notification SET {change}")
