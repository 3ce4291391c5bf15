"""The numbers are those of the rows: whose alerts, how fast seen to, and what they were."""

from datetime import timedelta
from itertools import count

import numpy as np
import pytest

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.figures import Figures, Numbers, Spread, Waiting
from alerts.load import Span
from alerts.rules import Disposition
from supervision.core.access import Actor, Role
from supervision.core.db import transaction
from supervision.core.errors import NotAllowed
from tests.harness import Person, World
from tests.integration.alerts.conftest import RaiseOne

numbers = count(1)


@pytest.fixture
def found(raise_one: RaiseOne) -> RaiseOne:
    """Raise a task or an alarm about somebody, under a key of its own."""

    def work(kind: AlertKind = AlertKind.JAMMING, **other: object) -> int:
        return raise_one(kind=kind, grade=None, dedup_key=f"one:{next(numbers)}", **other)

    return work


def read(world: World, actor: Actor, days: float = 1) -> Numbers:
    now = world.clock()
    with transaction(world.engine) as session:
        return alerting.read_numbers(session, actor, Span(now - timedelta(days=days), now), now)


def close(world: World, alert_id: int, disposition: Disposition) -> None:
    with transaction(world.engine) as session:
        actor = world.actor(Role.SUPERVISOR)
        alerting.close(session, actor, alert_id, disposition, "N", world.clock())


def acknowledge(world: World, alert_id: int) -> None:
    with transaction(world.engine) as session:
        alerting.acknowledge(session, world.actor(Role.SUPERVISOR), alert_id, world.clock())


def agency(world: World, days: float = 1) -> Figures:
    return read(world, world.actor(Role.SUPERVISOR), days).agency


def test_times_are_those_until_somebody_first_did_something(world: World, found: RaiseOne) -> None:
    took_s = [30.0, 60.0, 100.0, 900.0]
    for seconds in took_s:
        alert = found()
        world.clock.forward(seconds)
        acknowledge(world, alert)
        world.clock.forward(50)
        close(world, alert, Disposition.AUTHORISED)
    found()
    world.clock.forward(1)
    figures = agency(world)
    assert figures.alerts == 5
    p50_s, p95_s = np.percentile(took_s, [50, 95])
    assert figures.acknowledged == Spread(4, p50_s, p95_s)
    assert figures.closed == Spread(4, p50_s + 50, p95_s + 50)
    # An alarm's ladder tells the next after 180 s; the newest still has time.
    assert figures.overdue == 1


def test_an_alert_that_was_new_again_counts_by_its_first_acknowledgement(
    world: World, found: RaiseOne
) -> None:
    alert = found()
    world.clock.forward(60)
    acknowledge(world, alert)
    world.clock.forward(3_600)
    world.monitor.escalate()
    assert agency(world).waiting.overdue == 0
    world.clock.forward(181)
    assert agency(world).waiting == Waiting(alerts=1, stale=0, overdue=1)
    acknowledge(world, alert)
    figures = agency(world)
    assert figures.acknowledged.p50_s == 60
    assert (figures.overdue, figures.waiting.overdue) == (0, 0)


def test_the_false_share_is_that_of_drift_and_faults_among_those_closed(
    world: World, found: RaiseOne
) -> None:
    judged = [
        Disposition.GPS_DRIFT,
        Disposition.DEVICE_FAULT,
        Disposition.AUTHORISED,
        Disposition.CONFIRMED_VIOLATION,
        Disposition.DUPLICATE,
    ]
    for disposition in judged:
        close(world, found(), disposition)
    found()
    world.clock.forward(1)
    figures = agency(world)
    assert figures.false_share == pytest.approx(2 / 5)
    assert figures.share(Disposition.DUPLICATE) == pytest.approx(1 / 5)
    assert figures.share(Disposition.OTHER) == 0


def test_nothing_found_is_no_failure(world: World) -> None:
    figures = agency(world)
    assert (figures.alerts, figures.false_share, figures.sources) == (0, None, ())
    assert figures.acknowledged == Spread()
    assert figures.load.alerts_per_10_min == 0


def test_the_span_is_half_open(world: World, found: RaiseOne) -> None:
    found()
    assert agency(world).alerts == 0
    world.clock.forward(86_400)
    assert agency(world).alerts == 1
    world.clock.forward(0.001)
    assert agency(world).alerts == 0


def test_what_waits_is_counted_whenever_it_was_found(world: World, found: RaiseOne) -> None:
    found()
    found(AlertKind.BATTERY_LOW)
    world.clock.forward(86_400)
    assert agency(world).waiting.stale == 0
    world.clock.forward(1)
    found(AlertKind.BATTERY_LOW)
    # A task's ladder tells the next after four hours.
    assert agency(world).waiting == Waiting(alerts=3, stale=2, overdue=2)


def test_sources_are_kind_and_person_and_the_ten_that_make_the_most(
    world: World, him: Person, found: RaiseOne
) -> None:
    people = [world.person() for _ in range(11)]
    for place, person in enumerate(people, start=2):
        for _ in range(place):
            found(supervisee_id=person.supervisee_id)
    found(AlertKind.BATTERY_LOW, supervisee_id=him.supervisee_id)
    world.clock.forward(1)
    sources = agency(world).sources
    assert sources is not None
    expected = [(AlertKind.JAMMING, one.supervisee_id) for one in reversed(people[1:])]
    assert [(one.kind, one.supervisee_id) for one in sources] == expected
    assert [one.alerts for one in sources] == list(range(12, 2, -1))


def test_officers_see_the_total_and_themselves_and_supervisors_everybody(
    world: World, found: RaiseOne
) -> None:
    other = world.officer()
    for _ in range(12):
        found(officer_id=other)
    found()
    world.clock.forward(1)
    own = read(world, world.actor())
    assert list(own.officers) == [world.officer_id]
    assert (own.agency.alerts, own.officers[world.officer_id].alerts) == (13, 1)
    assert own.agency.sources is None
    assert own.officers[world.officer_id].sources
    everybody = read(world, world.actor(Role.SUPERVISOR))
    assert list(everybody.officers) == [world.officer_id, other]
    assert [len(one.load.floods) for one in everybody.officers.values()] == [0, 1]
    assert everybody.agency.sources
    administrators = read(world, world.actor(Role.ADMINISTRATOR))
    assert list(administrators.officers) == [world.officer_id, other]
    assert all(one.sources is None for one in administrators.officers.values())
    assert administrators.agency.sources is None


def test_whoever_reads_no_numbers_gets_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supervision.core.access.GRANTS", {role: frozenset() for role in Role})
    with pytest.raises(NotAllowed):
        read(world, world.actor())
