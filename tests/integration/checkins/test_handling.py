"""What an officer does about a check-in, and what he cannot."""

from datetime import datetime, timedelta

import pytest

from supervision.checkins.rules import Attempt
from supervision.core.access import Role
from supervision.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.checkin_world import checkins, desk_does, do, happened, plan_for, sweep
from tests.harness import T0, World

DUE = T0.replace(hour=18, minute=0, second=0)
MISSED = DUE + timedelta(minutes=75)
SECOND = timedelta(seconds=1)


@pytest.fixture
def first(world: World) -> int:
    """The check-in of T0's evening, not open yet."""
    him = world.person()
    plan_for(world, him)
    return int(checkins(world, him)[0].id)


def test_a_check_in_that_is_due_can_be_logged_also_while_no_scheduler_runs(
    world: World, first: int
) -> None:
    world.clock.now = DUE
    assert do(world, "attend", first, DUE).state == "attended"
    assert happened(world, first) == ["opened", "attended"]


@pytest.mark.parametrize("is_swept", [False, True])
def test_what_is_logged_after_the_miss_makes_up_for_it_whether_a_scheduler_came_by_or_not(
    world: World, first: int, *, is_swept: bool
) -> None:
    world.clock.now = MISSED + SECOND
    if is_swept:
        sweep(world, world.clock.now)
    assert do(world, "attend", first, MISSED - SECOND).state == "missed"
    (alert,) = world.alerts()
    assert (alert.kind, alert.occurred_at, alert.cleared_at) == ("checkin_missed", MISSED, MISSED)
    assert happened(world, first) == ["missed", "attended_late"]
    with pytest.raises(Conflict):
        do(world, "attend", first, MISSED)
    assert sweep(world, world.clock.now) == 0


@pytest.mark.parametrize("at", [DUE - SECOND, DUE + 2 * SECOND], ids=["before", "to come"])
def test_attendance_lies_in_the_window_and_not_in_the_future(
    world: World, first: int, at: datetime
) -> None:
    sweep(world, DUE + SECOND)
    with pytest.raises(Invalid):
        do(world, "attend", first, at)
    assert happened(world, first) == ["opened"]


def test_what_has_not_opened_can_only_be_cancelled(world: World, first: int) -> None:
    for act in (("attempt", first, Attempt.BUSY), ("excuse", first, "No.")):
        with pytest.raises(Conflict):
            do(world, *act)
    assert do(world, "cancel", first, "A holiday.").state == "cancelled"


def test_calls_in_vain_are_logged_each_with_its_reason_before_and_after_the_miss(
    world: World, first: int
) -> None:
    sweep(world, DUE)
    do(world, "attempt", first, Attempt.NO_ANSWER)
    sweep(world, MISSED)
    do(world, "attempt", first, Attempt.VOICEMAIL)
    rows = world.rows(
        "SELECT kind, officer_id, detail FROM checkin_event WHERE checkin_id = :id ORDER BY id",
        id=first,
    )
    assert [(row.kind, row.detail.get("why"), row.officer_id is None) for row in rows] == [
        ("opened", None, True),
        ("attempted", "no_answer", False),
        ("missed", None, True),
        ("attempted", "voicemail", False),
    ]


def test_a_miss_is_excused_with_a_reason_and_its_alert_waits_to_be_closed(
    world: World, first: int
) -> None:
    sweep(world, MISSED)
    with pytest.raises(Invalid):
        do(world, "excuse", first, "  ")
    assert do(world, "excuse", first, " In hospital. ").state == "excused"
    (alert,) = world.alerts()
    assert (alert.handling, alert.cleared_at) == ("new", MISSED)
    (detail,) = world.rows("SELECT detail FROM checkin_event WHERE kind = 'excused'")
    assert detail.detail == {"reason": "In hospital."}


def test_what_is_over_stays_as_it_is(world: World, first: int) -> None:
    sweep(world, DUE)
    do(world, "attend", first, DUE)
    for act in (
        ("attend", first, DUE),
        ("attempt", first, Attempt.BUSY),
        ("excuse", first, "No."),
        ("cancel", first, "No."),
    ):
        with pytest.raises(Conflict):
            do(world, *act)
    assert happened(world, first) == ["opened", "attended"]


def test_only_who_supervises_handles_and_only_his_own_people(world: World, first: int) -> None:
    sweep(world, DUE)
    with pytest.raises(NotAllowed):
        desk_does(world, world.actor(Role.PRETRIAL), "attend", first, DUE)
    with pytest.raises(NotFound):
        desk_does(world, world.actor(Role.OFFICER, world.officer()), "attend", first, DUE)


def test_what_was_done_is_on_the_trail(world: World, first: int) -> None:
    sweep(world, MISSED)
    do(world, "attend", first, MISSED)
    do(world, "excuse", first, "Bus.")
    rows = world.rows("SELECT tag FROM audit_entry WHERE subject LIKE 'checkin:%' ORDER BY seq")
    assert [row.tag for row in rows] == ["checkin:attended", "checkin:excused"]
