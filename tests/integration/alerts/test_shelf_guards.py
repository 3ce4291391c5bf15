"""What the database itself refuses of a shelf, whoever asks."""

import pytest
from sqlalchemy.exc import DBAPIError

from tests.harness import Person, World
from tests.integration.alerts.test_guards import attempt
from tests.shelving import Desk

AGAIN = (
    "INSERT INTO alert_shelf (agency_id, supervisee_id, kind, reason, shelved_by_id, begins_at,"
    " ends_at, stretch_began_at) SELECT agency_id, supervisee_id, kind, reason, shelved_by_id,"
    " {0}, {0} + interval '{1}', {0} FROM alert_shelf"
)


@pytest.fixture
def shelf_id(world: World, him: Person) -> int:
    return Desk(world, him).shelve(8)


@pytest.mark.usefixtures("shelf_id")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alert_shelf SET ends_at = ends_at + interval '1 hour'",
        "UPDATE alert_shelf SET reason = 'another'",
        "DELETE FROM alert_shelf",
    ],
)
def test_a_shelf_is_only_ended(world: World, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only ended"):
        attempt(world, statement)


def test_a_shelf_that_was_ended_stays_so(world: World, shelf_id: int) -> None:
    again = f"UPDATE alert_shelf SET ended_at = NULL, ended_by_id = NULL WHERE id = {shelf_id}"
    Desk(world, world.person()).take_back(shelf_id)
    with pytest.raises(DBAPIError, match="only ended"):
        attempt(world, again)


@pytest.mark.usefixtures("shelf_id")
@pytest.mark.parametrize(
    ("begins_at", "lasts", "words"),
    [
        ("ends_at", "1 hour", "no new stretch"),
        ("begins_at + interval '1 hour'", "1 hour", "one_at_a_time"),
        ("ends_at + interval '1 hour'", "12 hours 1 second", "ck_alert_shelf_ends_at"),
        ("ends_at + interval '1 hour'", "0 hours", "ck_alert_shelf_ends_at"),
    ],
)
def test_a_shelf_never_outlasts_a_shift(
    world: World, begins_at: str, lasts: str, words: str
) -> None:
    with pytest.raises(DBAPIError, match=words):
        attempt(world, AGAIN.format(begins_at, lasts))
    attempt(world, AGAIN.format("ends_at + interval '1 second'", "12 hours"))
