"""Promises about drills: they walk the real ladder by the real channels, and count nowhere."""

from datetime import timedelta

import pytest

from alerts.catalogue import AlertKind, Severity
from alerts.drilling import DrillReport, Outcome
from alerts.escalation import Ladder, Post, Rung
from alerts.load import Span
from alerts.rules import Means
from alerts.service import (
    NewDrill,
    answer_drill,
    end_drill,
    list_drills,
    read_drill,
    read_numbers,
    start_drill,
    write_ladder,
)
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, NotAllowed, NotFound
from tests.clean_database import ask
from tests.outbox import FakeLog, delivery, drain
from tests.reaching import Office

ENTRY, BUTTON = AlertKind.ZONE_ENTRY, AlertKind.BUTTON
MAILED = Means.EMAIL


@pytest.fixture
def supervisor(office: Office) -> int:
    return office.world.officer(Role.SUPERVISOR)


def start(office: Office, kind: AlertKind = ENTRY, *, is_at_once: bool = False) -> int:
    new = NewDrill(kind, is_at_once=is_at_once)
    with transaction(office.world.engine) as session:
        return start_drill(session, office.world.agency_id, new, None, office.world.clock.now)


def report(office: Office, drill_id: int) -> DrillReport:
    with transaction(office.world.engine) as session:
        return read_drill(session, drill_id)


def walk(office: Office, after_s: float) -> None:
    """Let time pass second by second of the sweeps, as scheduler and delivery would."""
    office.world.clock.forward(after_s)
    while office.world.monitor.escalate():
        pass
    office.deliver()


def outcomes(found: DrillReport) -> list[tuple[Post, Outcome]]:
    return [(step.post, outcome) for step, outcome in zip(found.steps, found.outcomes, strict=True)]


def test_a_drill_tells_each_rung_of_the_ladder_at_its_time(office: Office, supervisor: int) -> None:
    drill_id = start(office)
    began_at = office.world.clock.now
    walk(office, 0)
    assert outcomes(report(office, drill_id)) == [
        (Post.RESPONSIBLE, Outcome.REACHED),
        (Post.BACKUP, Outcome.AHEAD),
        (Post.SUPERVISORS, Outcome.AHEAD),
    ]
    walk(office, 180)
    walk(office, 120)
    found = report(office, drill_id)
    assert outcomes(found) == [
        (Post.RESPONSIBLE, Outcome.REACHED),
        (Post.BACKUP, Outcome.NOBODY),
        (Post.SUPERVISORS, Outcome.REACHED),
    ]
    last = found.steps[-1]
    assert (last.due_at, last.told_at) == 2 * (began_at + timedelta(seconds=300),)
    assert [one.officer_id for one in last.told] == [supervisor]
    assert found.is_settled
    assert found.has_passed


def test_every_message_of_a_drill_says_that_it_is_one(office: Office) -> None:
    office.outside(Means.WEBHOOK, "https://cad.example/alerts", frozenset({Severity.CRITICAL}))
    drill_id = start(office)
    walk(office, 0)
    to_officer, to_outside = office.ways[MAILED].sent[0], office.ways[Means.WEBHOOK].sent[0]
    for message in (to_officer, to_outside):
        assert message.is_drill
        assert message.subject.startswith(f"DRILL {drill_id}")
        assert "Nobody is in danger" in message.text
    assert f"/drills/{drill_id}" in to_officer.text
    assert "https://" not in to_outside.text
    steps = report(office, drill_id).steps
    assert (steps[1].post, steps[1].told[0].name) == (Post.OUTSIDE, "Monitoring centre")


def test_a_drill_goes_on_when_somebody_has_answered(office: Office, supervisor: int) -> None:
    drill_id = start(office)
    walk(office, 1)
    actor = office.world.actor(officer_id=office.him.officer_id)
    with transaction(office.world.engine) as session:
        answer_drill(session, actor, drill_id, office.world.clock.now)
    answered_at = office.world.clock.now
    with transaction(office.world.engine) as session:
        answer_drill(session, actor, drill_id, office.world.clock.now + timedelta(seconds=9))
    walk(office, 300)
    found = report(office, drill_id)
    assert [(one.officer_id, one.at) for one in found.answers] == [
        (office.him.officer_id, answered_at)
    ]
    assert [one.officer_id for one in found.steps[-1].told] == [supervisor]


def test_only_whoever_was_told_can_answer(office: Office) -> None:
    drill_id = start(office)
    other = office.world.actor(officer_id=office.world.officer())
    with transaction(office.world.engine) as session, pytest.raises(NotFound):
        answer_drill(session, other, drill_id, office.world.clock.now)


def test_a_drill_ends_by_itself_and_begins_no_second_round(office: Office, supervisor: int) -> None:
    drill_id = start(office)
    for _ in range(40):
        walk(office, 60)
    found = report(office, drill_id)
    assert found.ended_at is not None
    assert found.ended_at - found.started_at <= timedelta(seconds=300 + 600 + 60)
    assert sum("DRILL" in one for one in office.sent(MAILED)) == 2
    assert office.world.one("SELECT count(*) FROM alert_climb") == 0
    assert [one.officer_id for one in found.steps[-1].told] == [supervisor]


def test_a_way_that_fails_is_in_the_report_and_gone_around(office: Office) -> None:
    office.reach_by(Means.SMS)
    office.reach_by(Means.EMAIL, "me@office.example")
    office.ways[Means.SMS].is_away = True
    drill_id = start(office)
    walk(office, 0)
    walk(office, 10)
    found = report(office, drill_id)
    assert found.outcomes[0] is Outcome.REACHED
    assert {message.means for _, message in found.failures} == {Means.SMS}
    assert not found.has_passed


def test_what_was_only_logged_has_reached_nobody(office: Office) -> None:
    drill_id = start(office)
    drain(delivery(office.world, FakeLog()))
    found = report(office, drill_id)
    assert found.outcomes[0] is Outcome.UNREACHED
    assert [message.is_logged for _, message in found.failures] == [True]


def test_whoever_no_way_reaches_is_reported_unreached_when_the_drill_is_over(
    office: Office,
) -> None:
    office.ways[MAILED].is_away = True
    drill_id = start(office)
    walk(office, 0)
    assert report(office, drill_id).outcomes[0] is Outcome.UNDER_WAY
    for _ in range(20):
        walk(office, 60)
    found = report(office, drill_id)
    assert found.outcomes[0] is Outcome.UNREACHED
    assert [(name, message.error) for name, message in found.failures] == [
        (found.officer, "The channel is away.")
    ]


def test_a_drill_counts_in_no_number_and_is_on_no_list(office: Office, supervisor: int) -> None:
    start(office)
    walk(office, 5)
    now = office.world.clock.now
    actor = office.world.actor(Role.SUPERVISOR, supervisor)
    with transaction(office.world.engine) as session:
        span = Span(now - timedelta(hours=1), now)
        numbers = read_numbers(session, actor, span, now)
    assert (numbers.agency.alerts, numbers.agency.waiting.alerts, numbers.officers) == (0, 0, {})
    urls = office.world.database
    assert ask(urls, "SELECT * FROM count_open_alerts()") == []
    assert ask(urls, "SELECT alerts_raised FROM count_agencies()") == [(0,)]


def test_a_drill_takes_nobodys_turn_and_is_told_alone(office: Office) -> None:
    office.find([None] * 3)
    office.deliver()
    office.find([None] * 5)
    drill_id = start(office, BUTTON)
    office.deliver()
    assert office.sent(MAILED)[3:] == [f"DRILL {drill_id}: this is only a test"]
    office.deliver(61)
    assert office.sent(MAILED)[4:] == ["5 alerts wait for you"]


def test_a_drill_at_once_does_not_wait_for_the_delays(office: Office, supervisor: int) -> None:
    drill_id = start(office, BUTTON, is_at_once=True)
    walk(office, 0)
    found = report(office, drill_id)
    assert found.is_settled
    assert [one.officer_id for one in found.steps[-1].told] == [supervisor]


def test_a_drill_walks_the_agencys_own_ladder(office: Office, supervisor: int) -> None:
    third = office.world.officer()
    ladder = Ladder(
        (Rung(0, Post.RESPONSIBLE), Rung(60, Post.OFFICER, third), Rung(120, Post.SUPERVISORS)),
        again_s=1200,
        untouched_s=1200,
    )
    with transaction(office.world.engine) as session:
        actor = office.world.actor(Role.SUPERVISOR, supervisor)
        write_ladder(session, actor, ENTRY, ladder, office.world.clock.now)
    drill_id = start(office)
    walk(office, 60)
    walk(office, 60)
    told = [[one.officer_id for one in step.told] for step in report(office, drill_id).steps]
    assert told == [[office.him.officer_id], [third], [supervisor]]


def test_one_drill_of_an_agency_at_a_time(office: Office, supervisor: int) -> None:
    drill_id = start(office)
    with pytest.raises(Conflict, match=f"Drill {drill_id}"):
        start(office)
    with transaction(office.world.engine) as session:
        actor = office.world.actor(Role.SUPERVISOR, supervisor)
        end_drill(session, actor, drill_id, office.world.clock.now)
    walk(office, 1)
    assert office.sent(MAILED) == []
    found = report(office, drill_id)
    assert found.outcomes == (Outcome.UNREACHED, Outcome.NOT_TOLD, Outcome.NOT_TOLD)
    assert start(office) > drill_id


def test_drills_take_officers_in_turn(office: Office) -> None:
    others = [office.world.person(officer_id=office.world.officer()) for _ in range(2)]
    drilled = []
    for _ in range(4):
        drill_id = start(office, is_at_once=True)
        office.world.clock.forward(1)
        drilled.append(report(office, drill_id).officer_id)
        with transaction(office.world.engine) as session:
            end_drill(session, None, drill_id, office.world.clock.now)
    officers = [office.him.officer_id, *(one.officer_id for one in others)]
    assert drilled == [*officers, officers[0]]
    with transaction(office.world.engine) as session:
        assert [one.officer_id for one in list_drills(session, None, 2)] == drilled[:1:-1]


def test_an_officer_does_not_begin_drills(office: Office) -> None:
    actor, agency = office.world.actor(), office.world.agency_id
    with transaction(office.world.engine) as session, pytest.raises(NotAllowed):
        start_drill(session, agency, NewDrill(ENTRY), actor, office.world.clock.now)
