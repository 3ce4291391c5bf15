"""Promises about contacts outside the agency: on ladders, and told at once of what they ask for."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from alerts.catalogue import AlertKind
from alerts.escalation import Ladder, Post, Rung
from alerts.rules import Means
from alerts.service import end_point, restore_ladder, write_ladder
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict
from tests.harness import World
from tests.reaching import GRAVE, PHONE, Office


def ladder_to(world: World, point_id: int) -> None:
    rungs = (
        Rung(0, Post.RESPONSIBLE),
        Rung(60, Post.OUTSIDE, point_id),
        Rung(120, Post.SUPERVISORS),
    )
    with transaction(world.engine) as session:
        ladder = Ladder(rungs, 600, 1800)
        actor = world.actor(Role.SUPERVISOR)
        write_ladder(session, actor, AlertKind.ZONE_ENTRY, ladder, world.clock.now)


def test_a_monitoring_centre_on_the_ladder_is_told_whom_to_ask(
    office: Office, world: World
) -> None:
    ladder_to(world, office.outside(Means.VOICE, PHONE, frozenset()))
    (alert,) = office.find(["confirmed"])
    office.deliver()
    assert office.sent(Means.VOICE) == []
    world.clock.forward(60)
    world.monitor.escalate()
    office.deliver()
    assert office.sent(Means.VOICE) == [f"Critical alert {alert} of A"]
    (climbed,) = office.history(alert, "escalated")
    assert climbed["point_ids"] == [1]


def test_a_contact_that_was_ended_is_told_nothing_and_the_history_says_so(
    office: Office, world: World
) -> None:
    point = office.outside(Means.VOICE, PHONE, frozenset())
    ladder_to(world, point)
    (alert,) = office.find(["confirmed"])
    by = {"at": world.clock.now, "by": office.him.officer_id, "id": point}
    ended = "UPDATE contact_point SET ended_at = :at, ended_by_id = :by WHERE id = :id RETURNING id"
    world.rows(ended, **by)
    world.clock.forward(60)
    world.monitor.escalate()
    office.deliver()
    assert office.sent(Means.VOICE) == []
    (climbed,) = office.history(alert, "escalated")
    assert (climbed["officer_ids"], climbed["point_ids"]) == ([], [])


def test_no_contact_is_ended_while_a_ladder_leads_to_it(office: Office, world: World) -> None:
    point = office.outside(Means.VOICE, PHONE, frozenset())
    ladder_to(world, point)
    supervisor = world.actor(Role.SUPERVISOR)
    with transaction(world.engine) as session, pytest.raises(Conflict, match="zone entry"):
        end_point(session, supervisor, point, world.clock.now)
    with transaction(world.engine) as session:
        restore_ladder(session, supervisor, AlertKind.ZONE_ENTRY, world.clock.now)
        end_point(session, supervisor, point, world.clock.now)


def test_another_system_is_told_at_once_of_the_severities_it_asked_for(office: Office) -> None:
    office.outside(Means.WEBHOOK, "https://dispatch.example.org/", GRAVE)
    office.find(["possible", None])
    office.deliver()
    (message,) = office.ways[Means.WEBHOOK].sent
    assert message.subject == "High alert 1 of A"
    assert len(message.secrets) == 1


ENDED = "UPDATE contact_point SET ended_at = now(), ended_by_id = officer_id"


@pytest.mark.parametrize(
    "change",
    ["UPDATE contact_point SET address = 'x'", "DELETE FROM contact_point", f"{ENDED}; {ENDED}"],
)
def test_a_contact_point_is_ended_once_and_never_changed(
    office: Office, world: World, change: str
) -> None:
    office.reach_by(Means.SMS)
    with pytest.raises(DBAPIError), transaction(world.engine) as session:
        session.execute(text(change))
