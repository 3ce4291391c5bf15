"""What a person may do to an alert, whose it must be, and what it takes to close one."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from alerts.models import Alert
from alerts.rules import Disposition
from alerts.service import acknowledge, clear, close
from supervision.core.access import Actor, Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, NotAllowed, NotFound, StaleVersion
from tests.clean_database import lasting_engine
from tests.harness import T0, World

LATER = T0 + timedelta(minutes=5)
Raise = Callable[..., int]


@pytest.fixture
def office(world: World) -> "Office":
    return Office(world)


class Office:
    """Officers at work under the web role."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.engine = lasting_engine(world.database.web_url)

    def acknowledge(self, actor: Actor, alert_id: int, version: int | None = None) -> Alert:
        with transaction(self.engine, actor.agency_id) as session:
            return acknowledge(session, actor, alert_id, LATER, version)

    def close(
        self,
        actor: Actor,
        alert_id: int,
        disposition: Disposition = Disposition.GPS_DRIFT,
        note: str = "",
        version: int | None = None,
    ) -> Alert:
        with transaction(self.engine, actor.agency_id) as session:
            return close(session, actor, alert_id, disposition, note, LATER, version)


def test_an_officer_takes_an_alert_in_hand_and_closes_it_with_a_judgement(
    world: World, office: Office, raise_one: Raise
) -> None:
    alert_id, officer = raise_one(), world.actor()
    office.acknowledge(officer, alert_id)
    office.close(officer, alert_id, Disposition.AUTHORISED, "  Court date.  ")
    (alert,) = world.alerts()
    assert (alert.handling, alert.disposition, alert.note) == (
        "closed",
        "authorised",
        "Court date.",
    )
    assert (alert.acknowledged_by_id, alert.closed_by_id) == (officer.officer_id,) * 2
    assert (alert.acknowledged_at, alert.closed_at) == (LATER, LATER)
    assert world.history(alert_id) == ["raised", "acknowledged", "closed"]
    trail = world.rows("SELECT tag, actor FROM audit_entry ORDER BY seq OFFSET 1")
    actor = f"officer:{officer.officer_id}"
    assert [tuple(row) for row in trail] == [
        ("alert:acknowledged", actor),
        ("alert:closed", actor),
    ]


def test_a_second_hand_finds_it_taken_and_a_third_finds_it_closed(
    world: World, office: Office, raise_one: Raise
) -> None:
    alert_id, officer = raise_one(), world.actor()
    office.acknowledge(officer, alert_id)
    with pytest.raises(Conflict):
        office.acknowledge(officer, alert_id)
    office.close(officer, alert_id)
    for again in (office.acknowledge, office.close):
        with pytest.raises(Conflict):
            again(officer, alert_id)
    assert world.history(alert_id) == ["raised", "acknowledged", "closed"]


def test_another_officers_alert_is_not_there_and_a_supervisor_sees_it(
    world: World, office: Office, raise_one: Raise
) -> None:
    alert_id = raise_one()
    stranger = world.actor(officer_id=world.officer())
    for attempt in (office.acknowledge, office.close):
        with pytest.raises(NotFound):
            attempt(stranger, alert_id)
    supervisor = world.actor(Role.SUPERVISOR, world.officer(Role.SUPERVISOR))
    assert office.acknowledge(supervisor, alert_id).acknowledged_by_id == supervisor.officer_id


def test_another_agencys_alert_is_not_there(world: World, office: Office, raise_one: Raise) -> None:
    alert_id = raise_one()
    foreigner = Actor(world.officer_id, world.agency_id + 1, Role.SUPERVISOR, "O")
    with pytest.raises(NotFound):
        office.acknowledge(foreigner, alert_id)


@pytest.mark.parametrize("role", [Role.PRETRIAL, Role.ADMINISTRATOR])
def test_only_those_who_supervise_handle_alerts(
    world: World, office: Office, raise_one: Raise, role: Role
) -> None:
    alert_id = raise_one()
    for attempt in (office.acknowledge, office.close):
        with pytest.raises(NotAllowed):
            attempt(world.actor(role), alert_id)
    assert world.history(alert_id) == ["raised"]


def test_a_critical_alert_is_not_closed_without_words(
    world: World, office: Office, raise_one: Raise
) -> None:
    alert_id, officer = raise_one(grade="confirmed"), world.actor()
    with pytest.raises(Conflict, match="note"):
        office.close(officer, alert_id, Disposition.DUPLICATE, " ")
    assert office.close(officer, alert_id, Disposition.DUPLICATE, "7.").handling == "closed"


def test_whoever_saw_an_older_state_is_told_and_changes_nothing(
    world: World, office: Office, raise_one: Raise
) -> None:
    alert_id, officer = raise_one(), world.actor()
    with transaction(world.engine) as session:
        clear(session, world.agency_id, "zone_entry:1:stay:1", LATER, LATER)
    with pytest.raises(StaleVersion):
        office.acknowledge(officer, alert_id, version=1)
    with pytest.raises(StaleVersion):
        office.close(officer, alert_id, version=1)
    assert world.history(alert_id) == ["raised", "cleared"]
    assert office.acknowledge(officer, alert_id, version=2).version == 3
