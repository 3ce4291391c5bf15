"""What the database itself refuses, whoever asks: rewriting history, reopening, closing alone."""

import itertools
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from alerts.protocols import Medium, Outcome, Whom
from alerts.rules import TRANSITIONS, Handling
from alerts.service import Contact, Tick, log_contact, tick
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


@pytest.mark.parametrize("table", ["alert_event", "audit_entry", "alert_step", "alert_contact"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
def test_history_is_added_to_and_never_rewritten(
    world: World, raise_one: Raise, table: str, statement: str
) -> None:
    alert_id = raise_one()
    with transaction(world.engine) as session:
        tick(session, world.actor(), alert_id, Tick("call_participant", Outcome.DONE), T0)
        spoken = Contact(Whom.POLICE, Medium.PHONE, was_reached=True, at=T0)
        log_contact(session, world.actor(), alert_id, spoken, T0)
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        attempt(world, statement.format(table))


STEPS = {(before, after) for (before, _), after in TRANSITIONS.items()}
OTHERS = sorted(set(itertools.permutations(Handling, 2)) - STEPS)


BELONGS = (
    "handling = '{0}', closed_by_id = CASE WHEN '{0}' = 'closed' THEN officer_id END,"
    " disposition = CASE WHEN '{0}' = 'closed' THEN 'other' END, acknowledged_by_id = officer_id,"
    " in_hand_at = found_at, in_hand_by_id = officer_id"
)


def move(world: World, before: Handling, after: Handling) -> None:
    """Put the alert where it is to be, past the guard, and take the step."""
    past_the_guard = "SET session_replication_role = replica; UPDATE alert SET "
    attempt(world, past_the_guard + BELONGS.format(before))
    attempt(world, f"UPDATE alert SET {BELONGS.format(after)}")


@pytest.mark.parametrize(("before", "after"), OTHERS)
def test_no_step_that_the_rules_do_not_know_gets_past_the_database(
    world: World, raise_one: Raise, before: Handling, after: Handling
) -> None:
    raise_one()
    with pytest.raises(DBAPIError, match=f"that is {before} cannot become {after}"):
        move(world, before, after)


def test_every_step_of_the_rules_is_one_of_the_databases(world: World, raise_one: Raise) -> None:
    raise_one()
    for before, after in sorted(STEPS):
        move(world, before, after)


@pytest.mark.parametrize(
    "change",
    [
        "handling = 'closed'",
        "handling = 'closed', disposition = 'gps_drift'",
        "handling = 'closed', closed_by_id = officer_id",
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
        attempt(world, "UPDATE alert SET handling = 'acknowledged'")


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
