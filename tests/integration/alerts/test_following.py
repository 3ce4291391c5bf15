"""Whoever reads on by numbers misses no step, gets none twice, and begins where he asked to."""

from datetime import timedelta

import pytest

from alerts import following
from alerts import service as alerting
from alerts.following import Place, Step, find_place, read_on
from alerts.rules import TRANSITIONS, Change, Disposition, Handling
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import NotFound
from tests import factories
from tests.harness import World
from tests.integration.alerts.conftest import RaiseOne


def read_all(world: World, place: Place, agency_id: int | None = None) -> list[Step]:
    found: list[Step] = []
    with transaction(world.engine) as session:
        while True:
            steps, further = read_on(session, agency_id, place)
            found += steps
            if further == place:
                return found
            place = further


def begin(world: World, agency_id: int | None = None, ago_s: float | None = None) -> Place:
    since = None if ago_s is None else world.clock() - timedelta(seconds=ago_s)
    with transaction(world.engine) as session:
        return find_place(session, agency_id, since)


def handled(world: World, raise_one: RaiseOne, key: str) -> int:
    """Raised, found again, acknowledged, taken, closed; each a minute after the other."""
    actor = world.actor(Role.SUPERVISOR)
    alert = raise_one(dedup_key=key)
    world.clock.forward(60)
    raise_one(dedup_key=key)
    for act in (alerting.acknowledge, alerting.take_in_hand):
        world.clock.forward(60)
        with transaction(world.engine) as session:
            act(session, actor, alert, world.clock())
    world.clock.forward(60)
    with transaction(world.engine) as session:
        alerting.close(session, actor, alert, Disposition.OTHER, "N", world.clock())
    return alert


def test_a_change_of_handling_always_becomes_the_same() -> None:
    targets = {(change, handling) for (_, change), handling in TRANSITIONS.items()}
    assert len(targets) == len({change for change, _ in targets})
    assert following.BECAME[Change.RAISED] is Handling.NEW


def test_each_step_comes_once_with_what_the_handling_became(
    world: World, raise_one: RaiseOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "READ_AT_ONCE", 2)
    at_the_beginning = begin(world)
    alerts = [handled(world, raise_one, key) for key in ("one", "two")]
    steps = read_all(world, at_the_beginning)
    became = [Handling.NEW, Handling.ACKNOWLEDGED, Handling.IN_HAND, Handling.CLOSED]
    assert [(one.alert_id, one.handling) for one in steps] == [
        (alert, handling) for alert in alerts for handling in became
    ]
    assert read_all(world, begin(world)) == []


def test_since_begins_with_the_first_line_then(world: World, raise_one: RaiseOne) -> None:
    handled(world, raise_one, "one")
    steps = read_all(world, begin(world, ago_s=60))
    assert [one.handling for one in steps] == [Handling.IN_HAND, Handling.CLOSED]
    assert len(read_all(world, begin(world, ago_s=3_600))) == 4
    assert read_all(world, begin(world, ago_s=-1)) == []


def test_agencies_are_read_apart_and_one_that_is_new_from_its_beginning(
    world: World, raise_one: RaiseOne
) -> None:
    of_all, of_one = begin(world), begin(world, world.agency_id)
    with transaction(world.engine) as session:
        officer = factories.an_officer(session, factories.a_agency(session))
        theirs = factories.an_alert(session, factories.a_supervisee(session, officer)).id
    ours = raise_one()
    assert {one.alert_id for one in read_all(world, of_all)} == {ours, theirs}
    assert [one.alert_id for one in read_all(world, of_one, world.agency_id)] == [ours]


def test_an_agency_that_is_not_there_is_said(world: World) -> None:
    with pytest.raises(NotFound, match="no agency 77"):
        begin(world, 77)
