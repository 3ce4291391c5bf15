"""What a person tells by himself: once, in time or late, and what waits for the officer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from supervision.checkins.rules import Method, State
from supervision.checkins.service import NoPosition, Place, list_for_review
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.checkin_world import desk_does, do, happened, sweep
from tests.duties import ANSWERS, a_duty, told
from tests.harness import T0, Person, World

OPENS = T0.replace(hour=18, minute=0, second=0)
MISSED = OPENS + timedelta(minutes=75)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
HERE = Place(10.0, 50.0, 12.0, OPENS)


def duty(world: World, him: Person, opens_at: datetime = OPENS, **values: Any) -> int:
    with transaction(world.engine) as session:
        return a_duty(session, him.supervisee_id, opens_at, **values).id


def he(
    world: World, checkin_id: int, act: str, *arguments: Any, agency_id: int | None = None
) -> Any:
    """What the person does by his link; committed."""
    with transaction(world.engine) as session:
        side = world.monitor.checkin_person(session, agency_id or world.agency_id, checkin_id)
        return getattr(side, act)(*arguments)


def stored(world: World) -> Any:
    (row,) = world.rows("SELECT * FROM checkin_submission")
    return row


def state(world: World, checkin_id: int) -> str:
    return str(world.one("SELECT state FROM checkin WHERE id = :id", id=checkin_id))


def waiting(world: World) -> list[tuple[int, list[str]]]:
    with transaction(world.engine) as session:
        return [(row.id, row.concerns) for row in list_for_review(session, None, None, 100)]


@pytest.mark.parametrize("is_swept", [False, True])
def test_what_he_tells_in_time_waits_for_his_officer(
    world: World, him: Person, *, is_swept: bool
) -> None:
    one = duty(world, him)
    world.clock.now = OPENS
    if is_swept:
        sweep(world, OPENS)
    he(world, one, "submit", told(HERE, language="es"))
    row = stored(world)
    assert (row.submitted_at, row.language, row.answers) == (OPENS, "es", ANSWERS)
    place = Place(row.lon, row.lat, row.accuracy_m, row.located_at)
    assert place == HERE
    assert (row.wants_call, row.no_position_reason, row.concerns) == (False, None, [])
    assert state(world, one) == "submitted"
    assert happened(world, one) == ["opened", "submitted"]
    assert waiting(world) == [(one, [])]
    (line,) = world.rows("SELECT actor, subject FROM audit_entry WHERE tag = 'checkin:submitted'")
    assert tuple(line) == (f"supervisee:{him.supervisee_id}", f"checkin:{one}")
    assert sweep(world, MISSED) == 0


def test_what_worries_is_marked_and_a_wish_for_a_call_is_noted(world: World, him: Person) -> None:
    one = duty(world, him)
    world.clock.now = MISSED - SECOND
    answers = {"moved": "yes", "news": "A flat."}
    he(world, one, "submit", told(NoPosition.TIMEOUT, answers=answers, wants_call=True))
    row = stored(world)
    assert row.concerns == ["flagged_answer", "no_position", "wants_call"]
    assert row.no_position_reason == "timeout"
    assert happened(world, one) == ["opened", "submitted", "call_asked"]


def test_a_second_sending_changes_nothing(world: World, him: Person) -> None:
    one = duty(world, him)
    world.clock.now = OPENS
    he(world, one, "submit", told())
    with pytest.raises(Conflict):
        he(world, one, "submit", told(answers={"moved": "yes", "news": "x"}))
    assert stored(world).answers == ANSWERS
    assert he(world, one, "look").received.answers == ANSWERS


@pytest.mark.parametrize("at", [OPENS, MISSED], ids=["in time", "late"])
def test_of_many_phones_that_send_at_once_exactly_one_is_kept(
    world: World, him: Person, at: datetime
) -> None:
    one = duty(world, him)
    world.clock.now = at

    def send(number: int) -> bool:
        try:
            he(world, one, "submit", told(answers={"moved": "no", "news": str(number)}))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as phones:
        kept = list(phones.map(send, range(8)))
    assert kept.count(True) == 1
    assert stored(world).answers["news"] == str(kept.index(True))
    assert len([kind for kind in happened(world, one) if kind.startswith("submitted")]) == 1
    assert len(world.alerts()) == (at == MISSED)


@pytest.mark.parametrize("is_swept", [False, True])
def test_what_is_sent_after_the_miss_makes_up_for_it_and_it_stays_a_miss(
    world: World, him: Person, *, is_swept: bool
) -> None:
    one = duty(world, him)
    world.clock.now = MISSED
    if is_swept:
        sweep(world, MISSED)
    he(world, one, "submit", told(HERE))
    assert state(world, one) == "missed"
    assert stored(world).concerns == ["late"]
    assert happened(world, one)[-2:] == ["missed", "submitted_late"]
    (alert,) = world.alerts()
    assert (alert.kind, alert.handling, alert.cleared_at) == ("checkin_missed", "new", MISSED)
    assert sweep(world, MISSED + SECOND) == 0


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({}, OPENS - SECOND),
        ({"method": Method.PHONE}, OPENS),
        ({"state": State.CANCELLED}, OPENS),
        ({"state": State.ATTENDED, "attended_at": OPENS}, OPENS),
        ({"state": State.MISSED, "attended_at": MISSED}, MISSED),
    ],
)
def test_what_cannot_be_sent_now_is_refused(
    world: World, him: Person, values: dict[str, Any], at: datetime
) -> None:
    one = duty(world, him, **values)
    world.clock.now = at
    with pytest.raises(Conflict):
        he(world, one, "submit", told())
    assert world.rows("SELECT FROM checkin_submission") == []


@pytest.mark.parametrize(
    "wrong",
    [
        told(answers={"moved": "no"}),
        told(Place(181.0, 0.0, 5.0, OPENS)),
        told(Place(float("nan"), 0.0, 5.0, OPENS)),
        told(Place(0.0, 0.0, -1.0, OPENS)),
        told(Place(0.0, 0.0, float("inf"), OPENS)),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    world: World, him: Person, wrong: Any
) -> None:
    one = duty(world, him)
    world.clock.now = OPENS
    with pytest.raises(Invalid):
        he(world, one, "submit", wrong)
    assert state(world, one) == "scheduled"


def test_a_day_after_the_miss_and_for_another_agency_there_is_nothing(
    world: World, him: Person
) -> None:
    one = duty(world, him)
    for act in (("look",), ("submit", told()), ("ask_call",)):
        world.clock.now = OPENS
        with pytest.raises(NotFound):
            he(world, one, *act, agency_id=world.agency_id + 1)
        world.clock.now = MISSED + DAY
        with pytest.raises(NotFound):
            he(world, one, *act)


@pytest.mark.parametrize("method", list(Method))
def test_a_call_can_be_asked_for_once_whatever_the_method(
    world: World, him: Person, method: Method
) -> None:
    one = duty(world, him, method=method)
    world.clock.now = OPENS
    he(world, one, "ask_call")
    with pytest.raises(Conflict):
        he(world, one, "ask_call")
    assert happened(world, one) == ["opened", "call_asked"]
    assert he(world, one, "look").call_asked_at == OPENS
    (line,) = world.rows("SELECT actor FROM audit_entry WHERE tag = 'checkin:call_asked'")
    assert line.actor == f"supervisee:{him.supervisee_id}"


def test_a_call_asked_for_after_sending_is_a_concern_too(world: World, him: Person) -> None:
    one = duty(world, him)
    world.clock.now = OPENS
    he(world, one, "submit", told(HERE))
    he(world, one, "ask_call")
    assert waiting(world) == [(one, ["wants_call"])]
    with pytest.raises(Invalid):
        do(world, "review", one, " ")


def test_what_worries_comes_first_and_then_the_oldest(world: World, him: Person) -> None:
    opened = [OPENS - days * DAY for days in range(5, 0, -1)]
    fine, miss, flagged, fine_too, no_place = (duty(world, him, at) for at in opened)
    for one, at, what in (
        (fine, opened[0], told(HERE)),
        (flagged, opened[2], told(HERE, answers={"moved": "yes", "news": "x"})),
        (fine_too, opened[3], told(HERE)),
        (no_place, opened[4], told()),
    ):
        world.clock.now = at
        he(world, one, "submit", what)
    sweep(world, OPENS)
    assert [one for one, _ in waiting(world)] == [flagged, no_place, fine, miss, fine_too]
    with transaction(world.engine) as session:
        seen, after = [], None
        while page := list_for_review(session, him.officer_id, after, 2):
            seen += [row.id for row in page]
            after = page[-1].key
        assert list_for_review(session, him.officer_id + 1, None, 9) == []
    assert seen == [flagged, no_place, fine, miss, fine_too]


def test_what_was_told_is_reviewed_once_and_needs_a_note_only_where_it_worries(
    world: World, him: Person
) -> None:
    one, other = duty(world, him), duty(world, him, OPENS + timedelta(minutes=1))
    world.clock.now = OPENS + timedelta(minutes=1)
    he(world, one, "submit", told(HERE))
    he(world, other, "submit", told())
    assert do(world, "review", one, "").state == "reviewed"
    with pytest.raises(Invalid):
        do(world, "review", other, "")
    assert do(world, "review", other, " Called him. ").state == "reviewed"
    with pytest.raises(Conflict):
        do(world, "review", one, "Again.")
    assert waiting(world) == []
    (note,) = world.rows(
        "SELECT officer_id, detail FROM checkin_event WHERE kind = 'reviewed' AND checkin_id = :id",
        id=other,
    )
    assert tuple(note) == (him.officer_id, {"note": "Called him."})


def test_a_miss_that_was_looked_at_waits_again_once_he_tells_something(
    world: World, him: Person
) -> None:
    one = duty(world, him)
    sweep(world, MISSED)
    with pytest.raises(Invalid):
        do(world, "review", one, "")
    assert do(world, "review", one, "Nobody at home.").state == "missed"
    assert waiting(world) == []
    world.clock.forward(600)
    he(world, one, "submit", told(HERE))
    assert waiting(world) == [(one, ["late"])]
    assert do(world, "review", one, "He was asleep.").state == "missed"


@pytest.mark.parametrize("values", [{}, {"state": State.CANCELLED}])
def test_what_does_not_wait_cannot_be_reviewed(
    world: World, him: Person, values: dict[str, Any]
) -> None:
    one = duty(world, him, **values)
    world.clock.now = OPENS
    with pytest.raises(Conflict):
        do(world, "review", one, "A note.")


def test_only_who_supervises_reviews_and_only_his_own_people(world: World, him: Person) -> None:
    one = duty(world, him)
    world.clock.now = OPENS
    he(world, one, "submit", told(HERE))
    with pytest.raises(NotAllowed):
        desk_does(world, world.actor(Role.PRETRIAL), "review", one, "")
    with pytest.raises(NotFound):
        desk_does(world, world.actor(Role.OFFICER, world.officer()), "review", one, "")
